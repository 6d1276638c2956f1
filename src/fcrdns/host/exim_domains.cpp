#include "fcrdns/host/exim_domains.hpp"

#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::exim {
namespace {

using What = Item::What;
constexpr std::size_t max_items = 1'000;

/// "*.example.net" is everything below it; "*example.net" is that and more, and not told apart here.
Item item_of(std::string_view text, bool negated) {
  auto lower = base::to_lower(text);
  if (lower == "*") return {What::all, negated, {}};
  if (lower.starts_with("*.")) lower.erase(0, 1);
  const bool plain = !lower.empty() && lower.find_first_of("*^$@/;\\ ") == std::string::npos;
  return {plain ? What::pattern : What::unknown, negated, base::escape(lower, 255)};
}

/// "partial-lsearch;FILE": the words before the semicolon.
bool is_text_lookup(std::string_view kind, bool& partial) {
  partial = kind.starts_with("partial");
  if (partial) kind = kind.substr(std::min(kind.find('-'), kind.size() - 1) + 1);
  return kind == "lsearch" || kind == "wildlsearch" || kind == "nwildlsearch" || kind == "lsearch*";
}

}  // namespace

std::vector<Domains::Entry> Domains::entries(std::string_view file, bool partial) const {
  std::vector<Entry> out;
  const auto content = files_.read(file);
  if (!content) return out;
  std::size_t number = 0;
  for (const auto raw : base::split(*content, '\n')) {
    ++number;
    if (raw.empty() || raw.front() == '#' || raw.front() == ' ' || raw.front() == '\t') continue;  // data that goes on: not needed
    const auto line = base::trim(raw);
    const auto end = line.find_first_of(": \t");
    auto key = base::to_lower(line.substr(0, end));
    auto data = end == std::string_view::npos ? std::string_view{} : base::trim(line.substr(end));
    if (data.starts_with(':')) data = base::trim(data.substr(1));
    if (key.empty() || out.size() >= max_items) continue;
    if (key == "*") key.clear();
    if (key.starts_with("*.")) {
      key.erase(0, 1);
      if (partial)  // the domain itself, and all below it
        out.push_back({base::escape(key.substr(1), 255), std::string(data), {std::string(file), number, base::escape(line, 200)}});
    }
    out.push_back({base::escape(key, 255), std::string(data), {std::string(file), number, base::escape(line, 200)}});
  }
  return out;
}

void Domains::add(std::string_view item, bool negated, int depth, std::vector<Item>& out) const {
  if (out.size() >= max_items) return;
  if (item.starts_with('!')) {
    negated = !negated;
    item = base::trim(item.substr(1));
  }
  if (item.starts_with('+')) {
    const auto list = config_.domain_lists.find(item.substr(1));
    if (list != config_.domain_lists.end() && depth < 8) return add_list(list->second.value, negated, depth + 1, out);
    return out.push_back({What::unknown, negated, base::escape(item, 255)});
  }
  if (item == "@") return out.push_back(item_of(variables_.primary_hostname, negated));
  if (item == "@[]") return;  // address literals: no domain is one
  const auto semicolon = item.find(';');
  const bool is_lookup = semicolon != std::string_view::npos;
  bool partial = false;
  if (is_lookup && is_text_lookup(base::trim(item.substr(0, semicolon)), partial)) {
    const auto file = base::trim(item.substr(semicolon + 1));
    if (file.starts_with('/') && files_.exists(file)) {
      for (const auto& entry : entries(file, partial))
        if (out.size() < max_items)
          out.push_back(entry.pattern.empty() ? Item{What::all, negated} : Item{What::pattern, negated, entry.pattern});
      return;
    }
  }
  if (!is_lookup && item.starts_with('/') && depth < 8) {
    const auto content = files_.read(item);
    if (!content) return out.push_back({What::unknown, negated, base::escape(item, 255)});
    for (const auto raw : base::split(*content, '\n'))
      if (const auto line = base::trim(raw.substr(0, raw.find('#'))); !line.empty()) add(line, negated, 8, out);
    return;
  }
  out.push_back(item_of(item, negated));
}

void Domains::add_list(std::string_view list, bool negated, int depth, std::vector<Item>& out) const {
  const auto expansion = expand(list, variables_, files_);
  if (expansion.what == Expansion::What::fail) return;
  if (expansion.what == Expansion::What::computed) return out.push_back({What::unknown, negated, base::escape(list, 255)});
  const auto before = out.size();
  const auto items = split_list(expansion.text);
  for (const auto& item : items) add(item, negated, depth, out);
  if (!negated && !items.empty() && items.back().starts_with('!')) out.push_back({What::all});  // whatever the last one does not name
  // Inside a list that is negated as a whole, one with exceptions of its own says more than a flat list can.
  if (negated && std::any_of(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(), [](const Item& item) { return !item.negated; })) {
    out.resize(before);
    out.push_back({What::unknown, negated, base::escape(list, 255)});
  }
}

std::vector<Item> Domains::read(std::string_view list) const {
  std::vector<Item> out;
  add_list(list, false, 0, out);
  return out;
}

std::vector<Item> Domains::read_senders(std::string_view list) const {
  std::vector<Item> out;
  const auto expansion = expand(list, variables_, files_);
  if (expansion.what != Expansion::What::text) return {{What::unknown, false, base::escape(list, 255)}};
  for (const auto& text : split_list(expansion.text)) {
    if (out.size() >= max_items) break;
    std::string_view sender = text;
    const auto at = sender.rfind('@');
    if (sender == ":" || sender.empty()) continue;  // a bounce has no sender
    const bool anybody = sender.starts_with("*@");
    auto item = at == std::string_view::npos ? item_of(sender, false) : item_of(sender.substr(at + 1), false);
    if (at != std::string_view::npos && item.what == What::pattern) {
      const auto local = base::to_lower(sender.substr(0, at));
      const bool plain = anybody || local.find_first_of("*^!;/\\$\" ") == std::string::npos;
      if (!plain) item.what = What::unknown;
      else if (!item.pattern.starts_with('.')) item.pattern = (anybody ? "" : base::escape(local, 255)) + "@" + item.pattern;
    } else if (item.what == What::pattern && !item.pattern.starts_with('.')) item.pattern.insert(0, "@");
    out.push_back(std::move(item));
  }
  return out;
}

In contains(const std::vector<Item>& items, std::string_view pattern) {
  bool unknown = false;
  for (const auto& item : items) {
    const bool hit = item.what == What::all || (item.what == What::pattern &&
                                                      (item.pattern == pattern || (item.pattern.starts_with('.') && pattern.ends_with(item.pattern))));
    if (item.what == What::unknown) unknown = true;
    else if (hit) return unknown ? In::unknown : item.negated ? In::no : In::yes;
  }
  return unknown ? In::unknown : In::no;
}

}  // namespace fcrdns::host::exim
