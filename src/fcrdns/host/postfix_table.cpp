// Which text a table is made of, and what stands in it. Indexed files (hash:, lmdb: ...) are not opened: postmap(1) makes them
// of a text of the same name, and that is read.
#include "fcrdns/host/postfix_table.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr std::size_t max_entries = 50'000;
constexpr std::size_t max_tables = 50;

enum class Form { text, index, rules, within, same, elsewhere };
struct Type {
  std::string_view name;
  Form form;
  std::string_view suffix{};  // of the index
};
constexpr Type types[] = {
    {"hash", Form::index, ".db"},  {"btree", Form::index, ".db"}, {"lmdb", Form::index, ".lmdb"}, {"cdb", Form::index, ".cdb"},
    {"dbm", Form::index, ".pag"},  {"sdbm", Form::index, ".pag"}, {"texthash", Form::text},       {"regexp", Form::rules},
    {"pcre", Form::rules},         {"inline", Form::within},      {"static", Form::same},
};

/// Where a table is named, and what is read of it.
struct Reading {
  Files& files;
  const Origin& named_by;
  std::string shown;  // "hash:/etc/postfix/transport"
  Problems& problems;
  void not_read(std::string_view why) const {
    add_problem(problems, named_by.file, named_by.line, shown + " is not read: " + std::string(why) + "; its mails may go elsewhere");
  }
  void remark(std::string_view what) const { add_problem(problems, named_by.file, named_by.line, shown + " " + std::string(what)); }
};

/// Of two entries with one key the first counts. False: there was one.
bool add(Table& table, std::string_view key, std::string_view value, Origin origin) {
  return table.entries.size() >= max_entries || table.entries.try_emplace(base::to_lower(key), Entry{std::string(value), std::move(origin)}).second;
}

std::optional<std::string> read_text(const Reading& reading, const std::string& path) {
  if (!path.starts_with('/')) return reading.not_read("its path is not absolute"), std::nullopt;
  auto text = reading.files.read(path);
  if (text) return std::move(*text);
  reading.not_read("its text " + std::string(to_word(text.error())));
  return std::nullopt;
}

/// key, white space, value. A key may be quoted, with white space inside.
void read_entries(const Reading& reading, Table& table, std::string_view text, const std::string& path, bool is_index) {
  for (const auto& line : logical_lines(text)) {
    const std::string_view all = base::trim(line.text);
    std::size_t end = 0;
    for (bool quoted = false; end < all.size() && (quoted || white_space.find(all[end]) == std::string_view::npos); ++end)
      if (all[end] == '"') quoted = !quoted;
    const auto value = base::trim(all.substr(end));
    if (value.empty() || add(table, all.substr(0, end), value, {path, line.line(), base::escape(all, 200)})) continue;
    if (!is_index) add_problem(reading.problems, path, line.line(), "names a key for the second time: Postfix takes nothing from this table");
  }
}

void look_at_index(const Reading& reading, const std::string& path, std::string_view suffix) {
  const auto index = path + std::string(suffix);
  if (!reading.files.exists(index))
    return reading.remark("has no " + base::escape(index) + ": Postfix cannot look anything up (postmap makes it)");
  std::error_code trouble;
  const auto made = std::filesystem::last_write_time(reading.files.outside(index), trouble);
  const auto written = std::filesystem::last_write_time(reading.files.outside(path), trouble);
  if (!trouble && made < written) reading.remark("was changed after postmap was run: Postfix goes by what was there before");
}

/// /expression/flags value; "!" in front turns it round; "if" and "endif" hold others together.
void read_rules(const Reading& reading, Table& table, std::string_view text, const std::string& path) {
  std::size_t inside_if = 0;
  for (const auto& line : logical_lines(text)) {
    const std::string_view all = base::trim(line.text);
    if (all.starts_with("if") && all.substr(2).find_first_of(" \t/!") == 0) ++inside_if;
    const bool is_plain = all.front() == '/' && inside_if == 0;
    if (base::equals_ignoring_case(all, "endif") && inside_if > 0) {
      --inside_if;
      continue;
    }
    const auto end = is_plain ? all.rfind('/', all.find_first_of(white_space)) : 0;
    const auto behind = std::min(all.find_first_of(white_space, end), all.size());
    auto patterns = end == 0 ? std::vector<std::string>{} : addresses_of(all.substr(1, end - 1));
    if (const auto flags = all.substr(end, behind - end); flags != "/" && flags != "/i") patterns.clear();
    const auto value = base::trim(all.substr(behind));
    if (patterns.empty() || value.empty() || value.find('$') != std::string_view::npos)
      add_problem(reading.problems, path, line.line(), "this rule is not read, its mails may go elsewhere: " + base::escape(all, 80));
    else if (table.rules.size() < max_entries)
      table.rules.push_back({std::move(patterns), {std::string(value), {path, line.line(), base::escape(all, 200)}}});
  }
}

/// {name=value, {name = value with spaces}}
void read_inline(const Reading& reading, Table& table, const Word& name) {
  if (!name.in_braces() || !name.text.ends_with('}')) return reading.not_read("it needs inline:{name=value}");
  for (const auto& word : split_words(name.inside(), list_space)) {
    const auto setting = split_setting(word.inside());
    if (!setting) return reading.not_read("it needs inline:{name=value}");
    add(table, setting->first, setting->second, {reading.named_by.file, reading.named_by.line, base::escape(word.text, 200)});
  }
}

bool matches(std::string_view pattern, const Mailbox& mailbox) {
  if (pattern == "*") return true;
  if (pattern.starts_with('.')) return mailbox.domain.size() > pattern.size() && mailbox.domain.ends_with(pattern);
  return pattern.starts_with('@') ? pattern.substr(1) == mailbox.domain : pattern == mailbox.text();
}

}  // namespace

Table read_table(Files& files, const Word& spec, const Origin& named_by, Problems& problems) {
  auto text = spec.text;
  const Reading reading{files, named_by, base::escape(text, 80), problems};
  while (text.starts_with("proxy:")) text.remove_prefix(6);
  const auto colon = std::min(text.find(':'), text.size());
  const auto* const type = std::ranges::find(types, text.substr(0, colon), &Type::name);
  const Word name{text.substr(std::min(colon + 1, text.size())), 0};
  const auto path = std::string(name.text);
  Table table;
  switch (type == std::end(types) ? Form::elsewhere : type->form) {
    case Form::within: read_inline(reading, table, name); break;
    case Form::same: table.always = Entry{std::string(name.inside()), named_by}; break;
    case Form::rules:
      if (const auto rules = read_text(reading, path)) read_rules(reading, table, *rules, path);
      break;
    case Form::index: case Form::text:
      if (const auto entries = read_text(reading, path)) {
        if (type->form == Form::index) look_at_index(reading, path, type->suffix);
        read_entries(reading, table, *entries, path, type->form == Form::index);
      }
      break;
    case Form::elsewhere: reading.not_read("what is in it no file tells"); break;
  }
  return table;
}

Tables read_tables(Files& files, std::string_view list, const Origin& named_by, Problems& problems) {
  Tables tables;
  for (const auto& spec : split_words(list, list_space))
    if (tables.size() < max_tables) tables.push_back(read_table(files, spec, named_by, problems));
  return tables;
}

const Entry* find_address(const Tables& tables, const Mailbox& mailbox) {
  for (const auto& table : tables) {
    if (!mailbox.local.empty())
      if (const auto found = table.entries.find(mailbox.text()); found != table.entries.end()) return &found->second;
    for (const auto& rule : table.rules)
      if (std::ranges::any_of(rule.patterns, [&](const std::string& p) { return matches(p, mailbox); })) return &rule.entry;
    if (table.always) return &*table.always;
  }
  return nullptr;
}

const Entry* find_key(const Tables& tables, std::string_view key) {
  for (const auto& table : tables) {
    if (const auto found = table.entries.find(key); found != table.entries.end()) return &found->second;
    if (table.always) return &*table.always;
  }
  return nullptr;
}

const DomainList::Item* DomainList::find(std::string_view domain) const {
  for (const auto& item : items) {
    const std::string_view one = item.domain;
    const bool below = domain.size() > one.size() && domain.ends_with(one) &&
                       (one.starts_with('.') || (with_subdomains && domain[domain.size() - one.size() - 1] == '.'));
    if (one == domain || below) return item.except ? nullptr : &item;
  }
  return nullptr;
}

DomainList read_domains(Files& files, const Instance& instance, std::string_view parameter) {
  DomainList list;
  const auto set = instance.value(parameter);
  const auto parents = instance.value("parent_domain_matches_subdomains").value;
  list.with_subdomains = std::ranges::any_of(split_words(parents, list_space), [&](const Word& w) { return w.text == parameter; });
  const Origin by_default{instance.file("main.cf"), 0, std::string(parameter) + " = " + base::escape(set.value, 200)};
  const auto& origin = set.origin ? *set.origin : by_default;
  Problems unimportant;
  const auto put = [&](std::string_view domain, bool except, Origin from) {
    if (list.items.size() < max_entries && domain.find('@') == std::string_view::npos)
      list.items.push_back({base::to_lower(domain), except, std::move(from)});
  };
  for (const auto& word : split_words(set.value, list_space)) {
    auto item = word.text;
    const bool except = item.starts_with('!');
    if (except) item.remove_prefix(1);
    if (item.starts_with('/')) {
      const auto text = files.read(item);
      for (const auto& line : logical_lines(text ? std::string_view(*text) : std::string_view()))
        for (const auto& domain : split_words(line.text, list_space))
          put(domain.text, except, {std::string(item), line.line(), base::escape(domain.text)});
    } else if (item.find(':') != std::string_view::npos) {
      for (const auto& [key, entry] : read_table(files, {item, 0}, origin, unimportant).entries) put(key, except, entry.origin);
    } else {
      put(item, except, origin);
    }
  }
  return list;
}

}  // namespace fcrdns::host::postfix
