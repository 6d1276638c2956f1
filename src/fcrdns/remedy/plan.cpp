#include <algorithm>
#include <array>

#include "fcrdns/remedy/remedy.hpp"
#include "fcrdns/remedy/words.hpp"

namespace fcrdns::remedy {
namespace {

using evidence::Evidence;
using finding::Finding;
using finding::Id;

constexpr std::array<std::string_view, 7> actions{"add_record",    "change_record", "remove_record", "change_config",
                                                  "contact_owner", "wait",          "verify"};

std::string forward_type(const net::Address& address) { return address.is_v4() ? "A" : "AAAA"; }

std::vector<std::string> list_of(const Finding& finding, std::string_view key) {
  const auto found = std::ranges::find(finding.arguments, key, &finding::Arguments::value_type::first);
  if (found == finding.arguments.end()) return {};
  if (const auto* list = std::get_if<std::vector<std::string>>(&found->second)) return *list;
  if (const auto* text = std::get_if<std::string>(&found->second)) return {*text};
  return {};
}
std::string first_of(const Finding& finding, std::string_view key) {
  const auto list = list_of(finding, key);
  return list.empty() ? "" : list.front();
}

/// Collects the steps of one finding; choices and steps number themselves.
class Steps {
 public:
  Steps(const Finding& finding, std::vector<Step>& out) : finding_(finding), out_(out) {}

  void choice() {
    ++choice_;
    step_ = 0;
  }
  Step& add(Action action, std::string_view who) {
    auto& step = out_.emplace_back();
    step.finding = finding_.id;
    step.address = finding_.address;
    step.choice = choice_;
    step.step = ++step_;
    step.action = action;
    step.who = who;
    return step;
  }
  Step& record(Action action, std::string_view who, std::string name, std::string type, std::string data) {
    auto& step = add(action, who);
    step.record = {std::move(name), {}, std::move(type), 3600, std::move(data)};
    return step;
  }
  Step& forward(Action action, std::string name, const net::Address& address) {
    return record(action, words::owner_of_name, std::move(name), forward_type(address), address.text());
  }
  Step& ptr(Action action, const net::Address& address, std::string name) {
    auto& step = record(action, words::owner_of_address, net::reverse_name(address), "PTR", std::move(name));
    step.how.emplace_back(words::not_registrar);
    step.how.emplace_back(words::set_ptr);
    return step;
  }
  void verify(const net::Address& address) { add(Action::verify, words::anybody).how.push_back("fcrdns check " + address.text()); }

  /// A name of its own for mail: forward record first, then the PTR.
  void dedicated_name(Action ptr_action, const net::Address& address) {
    forward(Action::add_record, std::string(name_to_choose), address).how.emplace_back(words::choose_name);
    ptr(ptr_action, address, std::string(name_to_choose)).caution = words::forward_first;
    verify(address);
  }

 private:
  const Finding& finding_;
  std::vector<Step>& out_;
  int choice_ = 1;
  int step_ = 0;
};

/// A host that already points here may be given as the PTR; otherwise only the user knows the name.
std::optional<std::string> known_name(const Evidence& evidence) {
  if (evidence.subject.kind != subject::Kind::host) return std::nullopt;
  return evidence.subject.host.text();
}

void give_ptr(Steps& steps, const Evidence& evidence, const net::Address& address) {
  if (const auto name = known_name(evidence)) {
    steps.ptr(Action::add_record, address, *name);
    steps.verify(address);
  } else {
    steps.dedicated_name(Action::add_record, address);
  }
}

/// "mail.example.com.113.0.203.in-addr.arpa." -> "mail.example.com.": what the author meant before the zone was appended.
std::string without_reverse_tail(const std::string& text, const net::Address& address) {
  const auto name = dns::Name::parse(text);
  const auto reverse = dns::Name::parse(net::reverse_name(address));
  if (!name || !reverse) return std::string(name_to_choose);
  for (std::size_t labels = reverse->label_count(); labels >= 2; --labels) {
    const auto zone = reverse->ancestor(labels);
    if (!name->is_within(zone)) continue;
    const auto meant = name->with_suffix(zone, dns::Name());
    if (meant && is_usable(verdict::usability(*meant, address))) return meant->text();
  }
  return std::string(name_to_choose);
}

void forward_choices(Steps& steps, const Finding& finding, const net::Address& address) {
  steps.forward(Action::add_record, first_of(finding, "names"), address).caution = words::name_has_other_use;
  steps.verify(address);
  steps.choice();
  steps.dedicated_name(Action::change_record, address);
}

void steps_for(const Finding& finding, const Evidence& evidence, std::vector<Step>& out) {
  Steps steps(finding, out);
  const auto address = finding.address.value_or(net::Address());
  switch (finding.id) {
    case Id::ptr_missing:
      give_ptr(steps, evidence, address);
      return;
    case Id::classless_broken: {
      const auto name = known_name(evidence).value_or(std::string(name_to_choose));
      auto& step = steps.record(Action::add_record, words::owner_of_address, first_of(finding, "target"), "PTR", name);
      step.how.emplace_back(words::child_zone);
      step.caution = words::not_at_alias;
      steps.verify(address);
      return;
    }
    case Id::ptr_malformed: {
      const auto meant = known_name(evidence).value_or(without_reverse_tail(first_of(finding, "names"), address));
      steps.ptr(Action::change_record, address, meant).how.emplace_back(words::final_dot);
      steps.verify(address);
      return;
    }
    case Id::forward_mismatch:
      forward_choices(steps, finding, address);
      steps.choice();
      steps.forward(Action::change_record, first_of(finding, "names"), address).caution = words::old_address_dead;
      steps.verify(address);
      return;
    case Id::forward_missing:
      forward_choices(steps, finding, address);
      return;
    case Id::forward_family_missing:
      steps.forward(Action::add_record, first_of(finding, "names"), address).caution =
          address.is_v6() ? words::opens_ipv6 : words::opens_ipv4;
      steps.verify(address);
      steps.choice();
      steps.dedicated_name(Action::change_record, address);
      return;
    case Id::forward_proxied: {
      steps.dedicated_name(Action::change_record, address);
      steps.choice();
      auto& step = steps.add(Action::change_config, words::owner_of_name);
      step.how.emplace_back(words::proxy_off);
      step.caution = words::proxy_off_caution;
      steps.verify(address);
      return;
    }
    case Id::forward_private: {
      auto& step = steps.forward(Action::change_record, first_of(finding, "names"), address);
      step.how.emplace_back(words::split_view);
      step.caution = words::split_view_caution;
      steps.verify(address);
      return;
    }
    case Id::ptr_multiple:
      for (const auto& name : list_of(finding, "do_not_confirm")) {
        const auto parsed = dns::Name::parse(name);
        if (!parsed || !is_usable(verdict::usability(*parsed, address))) continue;  // not for pasting; the finding shows it
        auto& step = steps.record(Action::remove_record, words::owner_of_address, net::reverse_name(address), "PTR", name);
        step.how.emplace_back(words::prune);
        step.caution = words::prune_caution;
        if (step.step == 3) return;  // the pattern is clear; the names stand in the finding
      }
      return;
    case Id::ptr_oversized: {
      auto& step = steps.add(Action::remove_record, words::owner_of_address);
      step.how.emplace_back(words::prune);
      step.caution = words::prune_caution;
      return;
    }
    case Id::ptr_target_alias:
      steps.ptr(Action::change_record, address, first_of(finding, "targets")).how.emplace_back(words::canonical_name);
      return;
    case Id::special_purpose_address:
      if (finding.severity == finding::Severity::error)
        steps.add(Action::verify, words::mail_admin).how.emplace_back(words::find_public);
      return;
    case Id::ipv6_source_without_ptr: {
      auto& step = steps.add(Action::change_config, words::mail_admin);
      step.how.assign(std::begin(words::ipv4_only), std::end(words::ipv4_only));
      step.caution = words::ipv4_only_caution;
      return;  // the other way, a name of its own for IPv6, is the remedy of what is wrong with that address
    }
    case Id::subject_not_found:
      steps.add(Action::verify, words::anybody).how.emplace_back(words::check_spelling);
      return;
    case Id::dnssec_bogus:
      steps.add(Action::contact_owner, words::owner_of_name).how.emplace_back(words::resign);
      return;
    case Id::reverse_unreachable:
    case Id::forward_unreachable:
      steps.add(Action::wait, words::anybody).how.emplace_back(words::ask_again);
      steps.add(Action::contact_owner,
                finding.id == Id::reverse_unreachable ? words::owner_of_address : words::owner_of_name)
          .how.emplace_back(words::mend_servers);
      return;
    case Id::ptr_in_forward_zone:
    case Id::reverse_name_wrong:
    case Id::reverse_not_delegated:
    case Id::ptr_foreign_name:
    case Id::ptr_on_neighbour:
    case Id::ptr_generic:
    case Id::wildcard_ptr:
      give_ptr(steps, evidence, address);
      return;
    case Id::servers_disagree:
    case Id::stale_cache:
    case Id::own_dns_path_blocked:
    case Id::ttl_extreme:
    case Id::helo_differs:
    case Id::helo_forward_mismatch:
    case Id::owner_cannot_set:
    case Id::owner_needs_forward_first:
    case Id::ptr_from_server_name:
    case Id::wrong_subject:
      return;
  }
}

/// Seconds that what was seen may still be held (left in the cache that answered) and may be held at all.
struct Span {
  std::uint32_t left = 0, whole = 0;
  void include(std::uint32_t seen, std::uint32_t full) {
    left = std::max(left, seen);
    whole = std::max({whole, seen, full});
  }
  void include(const resolver::Answer& answer) {
    if (answer.soa) include(dns::negative_ttl(*answer.soa), negative_whole(*answer.soa));
    for (const auto& record : answer.records) include(record.ttl, record.ttl);
  }
  static std::uint32_t negative_whole(const dns::Record& soa) {
    const auto* data = std::get_if<dns::Soa>(&soa.data);
    return data == nullptr ? 0 : data->minimum;  // the SOA's own TTL was counted down on the way
  }
};

std::optional<SafeToResend> safe_to_resend(const Evidence& evidence, std::span<const verdict::Verdict> verdicts) {
  Span span;
  bool failed = false;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const auto& at = evidence.addresses[i];
    if (verdicts[i].iprev == verdict::Iprev::pass || verdicts[i].iprev == verdict::Iprev::temperror ||
        at.ptr.status == dns::Status::not_asked)
      continue;
    failed = true;
    span.include(at.ptr);
    for (const auto& name : at.names) span.include(name.own);
  }
  if (!failed) return std::nullopt;
  // A resolver counts whole seconds and may serve a record until the next one begins.
  const auto after = [&](std::uint32_t seconds) { return evidence.time + base::Seconds{seconds} + base::Seconds{1}; };
  return SafeToResend{false, after(span.left), after(span.whole), {}};
}

}  // namespace

std::string_view to_word(Action action) { return actions[static_cast<std::size_t>(action)]; }

Plan plan(const finding::Considered& considered, std::span<const Finding> findings) {
  const auto& [evidence, verdicts, owners] = considered;
  Plan out;
  for (const auto& finding : findings)
    if (finding.severity != finding::Severity::info) steps_for(finding, evidence, out.steps);
  out.safe_to_resend = safe_to_resend(evidence, verdicts);
  return out;
}

}  // namespace fcrdns::remedy
