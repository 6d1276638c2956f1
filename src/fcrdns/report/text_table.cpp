// The addresses, a row each, and what the name of --expect would do for them.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/report/expectation.hpp"
#include "fcrdns/report/groups.hpp"
#include "fcrdns/report/table.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::report {
namespace {

using evidence::AddressEvidence;
using verdict::Iprev;

constexpr std::size_t names_shown = 3;   // per address, unless -v
constexpr std::size_t groups_shown = 24;  // likewise

std::string ptr_cell(const AddressEvidence& at) {
  switch (at.ptr.status) {
    case dns::Status::nxdomain: return "none (NXDOMAIN)";
    case dns::Status::nodata: return "none (NODATA)";
    case dns::Status::not_asked: return "none possible";
    default: return outcome_text(at.ptr);
  }
}

std::string forward_cell(const evidence::NameEvidence& name, const net::Address& client) {
  const std::string type = client.is_v4() ? "A" : "AAAA";
  switch (name.own.status) {
    case dns::Status::unusable: return "not a host name";
    case dns::Status::not_checked: return "not looked up";
    case dns::Status::nxdomain: return "does not exist";
    case dns::Status::nodata: return "no " + type;
    case dns::Status::noerror: return type + " " + outcome_text(name.own);
    default: return outcome_text(name.own);
  }
}

/// In a prefix the client's own address says less than that it is the same.
std::string short_forward_cell(const evidence::NameEvidence& name, const net::Address& client) {
  return evidence::addresses_in(name.own) == std::vector{client} ? "same" : forward_cell(name, client);
}

class Table {
 public:
  Table(const Result& result, const Style& style)
      : result_(result), style_(style), colours_(colours_of(style)),
        is_prefix_(result.evidence.subject.kind == subject::Kind::prefix),
        names_candidates_(result.evidence.subject.kind == subject::Kind::domain) {}

  std::string build() {
    if (!is_prefix_) row("ADDRESS", names_candidates_ ? "NAMED BY" : "", "PTR", "FORWARD", "VERDICT");
    auto all = groups(result_);
    if (style_.verbose) {
      all.clear();
      for (std::size_t i = 0; i < result_.evidence.addresses.size(); ++i) all.push_back({{i}});
    }
    const auto shown = style_.verbose ? all.size() : std::min(all.size(), groups_shown);
    for (std::size_t i = 0; i < shown; ++i) {
      if (is_prefix_ && !style_.verbose) group(all[i]);
      else address(all[i].indices.front());
    }
    auto out = table(rows_, 2);
    if (shown < all.size()) out += fmt::format("  and {} more (-v)\n", all.size() - shown);
    return out;
  }

 private:
  void row(std::string address, std::string by, std::string ptr, std::string forward, std::string verdict) {
    Row cells{std::move(address)};
    if (names_candidates_) cells.push_back(std::move(by));
    cells.insert(cells.end(), {std::move(ptr), std::move(forward), std::move(verdict)});
    rows_.push_back(std::move(cells));
  }

  /// Colour goes into the last cell only: it has a width that the table does not see.
  std::string verdict_cell(std::size_t index) const {
    const auto& at = result_.evidence.addresses[index];
    const auto iprev = result_.verdicts[index].iprev;
    auto text = fmt::format("{}{}{}", colour(colours_, iprev), verdict_word(iprev), colours_.off);
    if (iprev != Iprev::pass) text += fmt::format("  {}", brief(at, iprev));
    for (const auto& finding : result_.findings)
      if (finding.id == finding::Id::ptr_generic && finding.address == at.address) text += ", generic";
    const auto& blame = result_.evidence.blame;
    if (blame && blame->quoted && result_.evidence.addresses.size() > 1 && result_.evidence.subject.address == at.address)
      text += fmt::format("   the one {} saw", blame->receiver);
    if (names_candidates_ && evidence::is_only_mx(at)) text += "  (only receives, as far as the DNS tells)";
    return text;
  }

  /// "mail.example.com. (mx, spf:a)"
  static std::string named_by(const AddressEvidence& at) {
    std::string from;
    for (const auto& way : at.from) from += (from.empty() ? "" : ", ") + way;
    return at.host ? fmt::format("{} ({})", at.host->text(), from) : from;
  }

  void address(std::size_t index) {
    const auto& at = result_.evidence.addresses[index];
    if (at.names.empty()) return row(at.address.text(), named_by(at), ptr_cell(at), "-", verdict_cell(index));
    const auto shown = style_.verbose ? at.names.size() : std::min(at.names.size(), names_shown);
    for (std::size_t n = 0; n < shown; ++n) {
      const bool first = n == 0;
      row(first ? at.address.text() : "", first ? named_by(at) : "", at.names[n].name.text(),
          forward_cell(at.names[n], at.address), first ? verdict_cell(index) : "");
    }
    if (shown < at.names.size()) row("", "", fmt::format("and {} more (-v)", at.names.size() - shown), "", "");
  }

  /// One of them in full, the others by their likeness to it.
  void group(const Group& group) {
    std::vector<net::Address> all;
    for (const auto index : group.indices) all.push_back(result_.evidence.addresses[index].address);
    const auto first = group.indices.front();
    const auto& at = result_.evidence.addresses[first];
    if (at.names.empty()) return row(address_list(all), "", ptr_cell(at), "-", verdict_cell(first));
    const auto forward = short_forward_cell(at.names.front(), at.address);
    const auto& name = at.names.front().name;
    auto shown = std::ranges::find(shown_, name_pattern(name), name_pattern);
    if (shown == shown_.end()) {
      const auto more = at.names.size() > 1 ? fmt::format(" +{}", at.names.size() - 1) : "";
      row(all.front().text(), "", name.text() + more, forward, verdict_cell(first));
      all.erase(all.begin());
      shown = shown_.insert(shown_.end(), name);
      if (all.empty()) return;
    }
    const bool one_name = std::ranges::all_of(group.indices, [&](std::size_t index) {
      return result_.evidence.addresses[index].names.front().name == *shown;
    });
    row(address_list(all), "", one_name ? "same name" : "same pattern", forward == "same" ? "same" : "likewise",
        verdict_cell(first));
  }

  const Result& result_;
  const Style& style_;
  const Colours& colours_;
  bool is_prefix_, names_candidates_;
  std::vector<Row> rows_;
  std::vector<dns::Name> shown_;  ///< names told in full
};

}  // namespace

std::string address_table(const Result& result, const Style& style) {
  std::string out;
  if (result.evidence.subject.kind == subject::Kind::domain)
    out = wrap("Which of these sends? The mail server's configuration or a bounce tells; what only receives (MX) needs no "
               "PTR.", 2);
  return out + Table(result, style).build();
}

std::string expectation_text(const Result& result) {
  const auto seen = expectation(result);
  if (!seen) return "";
  auto out = fmt::format("\nWould {} do as the PTR?\n", seen->name.text());
  if (!seen->usable) return out + "  No: it cannot be a host name.\n";
  for (const auto& at : seen->at) {
    if (at.open) out += fmt::format("  {}: not known, its addresses could not be read\n", at.address.text());
    else if (at.confirms) out += fmt::format("  {}: yes, the name points to it\n", at.address.text());
    else out += fmt::format("  {}: not yet, the name does not point to it; create first: {} 3600 IN {} {}\n", at.address.text(),
                            seen->name.text(), at.address.is_v4() ? "A" : "AAAA", at.address.text());
  }
  std::string others;
  for (const auto& address : seen->addresses)
    if (std::ranges::find(seen->at, address, &Expectation::At::address) == seen->at.end())
      others += (others.empty() ? "" : ", ") + address.text();
  if (!others.empty())
    out += wrap("It also points to " + others + ": if a web site lives there, an added address takes a share of its "
                "visitors.", 2);
  if (seen->generic)
    out += wrap(fmt::format("It looks generic ({}): some receivers refuse such names.", seen->generic->what), 2);
  if (seen->proxied)
    out += "  It looks like it points to a proxy: with the proxy on, it never shows the address that sends.\n";
  if (seen->is_mx)
    out += "  It is also an MX: an added address receives mail too; see first that port 25 answers there.\n";
  return out;
}

}  // namespace fcrdns::report
