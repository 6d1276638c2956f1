#include "fcrdns/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/owner/registry_zone.hpp"

namespace fcrdns::report {
namespace {

using dns::Status;
using evidence::AddressEvidence;
using resolver::Walk;

std::string without_dot(const dns::Name& name) { return base::without_final_dot(name.text()); }

/// "2001:db8:12::/48" for a zone of ip6.arpa: thirty nibbles are for machines. Empty when it is none.
std::string as_prefix(const dns::Name& apex) {
  static const auto tree = dns::Name::parse("ip6.arpa").value();
  if (!apex.is_within(tree) || apex.label_count() < 3 || apex.label_count() > 34) return {};
  std::array<std::uint8_t, 16> octets{};
  const auto nibbles = apex.label_count() - 2;
  for (std::size_t i = 0; i < nibbles; ++i) {
    const auto label = apex.label(nibbles - 1 - i);
    const auto digit = std::string_view("0123456789abcdef").find(label.size() == 1 ? label[0] | 0x20 : '-');
    if (digit == std::string_view::npos) return {};
    octets[i / 2] |= static_cast<std::uint8_t>(i % 2 == 0 ? digit << 4 : digit);
  }
  return fmt::format("{}/{}", net::Address::v6(octets).text(), nibbles * 4);
}

std::string servers_note(const resolver::Rung& rung) {
  if (rung.nameservers.empty()) return "";
  const auto more = rung.nameservers.size() - 1;
  return without_dot(rung.nameservers.front()) + (more > 0 ? fmt::format(" +{}", more) : "");
}

/// What keeps a zone's servers from answering, in two or three words; empty when one of them does.
std::string why_no_answer(const Walk& walk) {
  if (dns::is_definite(walk.answer.status)) return "";
  if (walk.cyclic) return "its servers' names lead in a circle";
  if (walk.servers.empty()) return "none of its servers has an address";
  std::vector<Status> seen;
  for (const auto& server : walk.servers)
    if (std::ranges::find(seen, server.answer.status) == seen.end()) seen.push_back(server.answer.status);
  std::string words;
  for (const auto status : seen) words += fmt::format("{}{}", words.empty() ? "" : ", ", to_word(status));
  return fmt::format("{}: {}", walk.servers.size() == 1 ? "its server" : "its servers", words);
}

bool has_zone(const Walk& walk, const dns::Name& apex) {
  return std::ranges::find(walk.rungs, apex, &resolver::Rung::apex) != walk.rungs.end();
}

class Ladder {
 public:
  Ladder(const AddressEvidence& at, const verdict::Verdict& verdict) : at_(at), verdict_(verdict) {}

  std::vector<Rung> build() {
    for (std::size_t i = 0; i < at_.reverse.size(); ++i) {
      const auto& walk = at_.reverse[i];
      climb_down(walk, i == 0 ? nullptr : &at_.reverse[i - 1], at_.registration ? &*at_.registration : nullptr);
      if (broken()) return rungs_;
      if (walk.alias) rungs_.push_back({"CNAME " + without_dot(*walk.alias), "RFC 2317", false});
    }
    record();
    return rungs_;
  }

 private:
  [[nodiscard]] bool broken() const { return !rungs_.empty() && rungs_.back().broken; }

  void climb_down(const Walk& walk, const Walk* before, const owner::Registration* registration) {
    if (!walk.root_reached) {
      rungs_.push_back({".", "no root server answers from here", true});
      return;
    }
    for (const auto& rung : walk.rungs) {
      const bool deepest = &rung == walk.deepest();
      const bool known = before != nullptr && has_zone(*before, rung.apex);
      const bool arpa = rung.apex.label_count() == 1 && rung.apex.text() == "arpa.";
      if (!deepest && (known || arpa)) continue;
      const auto prefix = deepest ? "" : as_prefix(rung.apex);
      rungs_.push_back({prefix.empty() ? without_dot(rung.apex) : prefix, note(rung, registration), false});
    }
    if (rungs_.empty()) return;
    if (const auto why = why_no_answer(walk); !why.empty()) {
      rungs_.back().note = why;
      rungs_.back().broken = true;
    }
  }

  std::string note(const resolver::Rung& rung, const owner::Registration* registration) const {
    if (!owner::is_registry_zone(rung.apex, rung.nameservers, at_.address, registration)) return servers_note(rung);
    return rung.apex.label_count() > 2 ? "registry" : "";
  }

  /// The PTR as the servers have it, and the way back.
  void record() {
    const auto& answer = at_.reverse.back().answer;
    if (dns::is_negative(answer.status)) {
      rungs_.push_back({"no PTR", "", true});
      return;
    }
    if (dns::is_negative(at_.ptr.status)) {  // a cache is behind
      rungs_.push_back({"PTR", "a resolver still holds that there is none", false});
      return;
    }
    if (at_.names.empty()) return;
    const auto shown = verdict_.confirmed.value_or(0);
    const auto& name = at_.names[shown];
    const auto others = at_.names.size() - 1;
    rungs_.push_back({"PTR " + without_dot(name.name), others > 0 ? fmt::format("+{} names", others) : "", false});
    way_back(name);
  }

  void way_back(const evidence::NameEvidence& name) {
    const std::string type = at_.address.is_v4() ? "A" : "AAAA";
    if (!is_usable(name.usability)) {
      rungs_.back().note = "not a host name";
      rungs_.back().broken = true;
      return;
    }
    if (name.own.status == Status::not_checked) return;
    if (verdict_.confirmed) {
      rungs_.push_back({type + " " + at_.address.text(), "leads back", false});
      return;
    }
    if (!name.forward.empty() && !name.forward.back().rungs.empty()) {
      climb_down_forward(name.forward.back());
      if (broken()) return;
    }
    if (dns::is_negative(name.own.status)) rungs_.push_back({"no " + type, "", true});
    else if (name.own.status == Status::noerror)
      rungs_.push_back({type + " " + outcome_text(name.own), "not " + at_.address.text(), true});
    else rungs_.push_back({type + ": " + outcome_text(name.own), "", true});
  }

  /// Of the forward tree only the zone that holds the name: the rest is no news.
  void climb_down_forward(const Walk& walk) {
    const auto& zone = *walk.deepest();
    const auto why = why_no_answer(walk);
    rungs_.push_back({without_dot(zone.apex), why.empty() ? servers_note(zone) : why, !why.empty()});
  }

  const AddressEvidence& at_;
  const verdict::Verdict& verdict_;
  std::vector<Rung> rungs_;
};

}  // namespace

std::vector<Rung> ladder(const Result& result, std::size_t index) {
  const auto& at = result.evidence.addresses[index];
  if (at.reverse.empty()) return {};
  return Ladder(at, result.verdicts[index]).build();
}

std::string ladder_title(const net::Address& address) {
  return "The way from the root to the record of " + address.text();
}

std::string ladder_text(std::span<const Rung> rungs, std::size_t indent, std::size_t width) {
  std::string out(indent, ' ');
  std::size_t column = indent;
  for (const auto& rung : rungs) {
    const auto text = (rung.broken ? "x  " : "") + rung.label + (rung.note.empty() ? "" : " (" + rung.note + ")");
    if (&rung != rungs.data()) {
      if (column + 5 + text.size() > width) {
        out += '\n';
        out.append(indent, ' ');
        column = indent;
      }
      out += column == indent ? "   >  " : "  >  ";
      column += column == indent ? 6 : 5;
    }
    out += text;
    column += text.size();
  }
  return out + '\n';
}

}  // namespace fcrdns::report
