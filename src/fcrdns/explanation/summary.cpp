#include "fcrdns/explanation/summary.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/explanation/words.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::explanation {
namespace {

using bounce::Claim;
using bounce::Direction;

constexpr std::size_t max_others = 10, max_notes = 20;

/// Whether the reply speaks of what the sender's domain proves, beside the address.
bool names_authentication(const mail::Reply& reply) {
  const auto text = base::to_lower(reply.text);
  return std::ranges::any_of(std::initializer_list<std::string_view>{"authentication", "spf", "dkim", "dmarc"},
                             [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool is_newer(const Claim& claim, const Claim& known) { return !known.time || (claim.time && *claim.time >= *known.time); }

/// A log without host names is one host's.
bool is_of_same_host(const Claim& a, const Claim& b) {
  const bool same = base::equals_ignoring_case(base::without_final_dot(a.sending_host), base::without_final_dot(b.sending_host));
  const bool log = a.format == b.format && a.source == b.source && a.format != "dsn" && a.format != "text";
  return same && (!a.sending_host.empty() || log);
}

void count(Topic& topic, const Claim& claim) {
  auto& blame = topic.blame;
  blame.mails = blame.causes.empty() ? 1 : blame.mails + 1;
  if (claim.time) {
    if (!blame.first || *claim.time < *blame.first) blame.first = claim.time;
    if (!blame.last || *claim.time > *blame.last) blame.last = claim.time;
  }
  if (!blame.causes.empty() && !is_newer(claim, topic.latest)) return;
  // Copying costs; of thousands of alike refusals the latest differs from the one before in its time alone.
  const bool alike = !blame.causes.empty() && claim.reply.text == topic.latest.reply.text && claim.remote_mta == topic.latest.remote_mta;
  if (alike) {
    topic.latest.time = claim.time;
    return;
  }
  topic.latest = claim;
  blame.causes = claim.meaning.causes;
  blame.receiver = receiver_text(claim);
  blame.quoted = claim.address_source == bounce::AddressSource::reply;
  blame.names_authentication = names_authentication(claim.reply);
  if (auto host = sending_host(claim)) blame.sending_host = std::move(host);
}

}  // namespace

std::string receiver_text(const Claim& claim) {
  if (const auto* known = bounce::find_receiver(claim.meaning.receiver); known != nullptr && !known->name.empty()) return known->name;
  return claim.remote_mta.empty() ? "the receiver" : base::escape(base::without_final_dot(claim.remote_mta), 255);
}

std::optional<std::string> envelope_sender(const Claim& claim) {
  auto sender = subject::parse_sender(claim.sender);
  return sender ? std::optional(*std::move(sender)) : std::nullopt;
}

std::optional<dns::Name> sending_host(const Claim& claim) {
  if (claim.sending_host.empty()) return std::nullopt;
  auto name = subject::parse_name(claim.sending_host);
  return name ? std::optional(*std::move(name)) : std::nullopt;
}

void Collector::claim(const Claim& claim) {
  ++summary_.messages;
  const bool inbound = claim.direction == Direction::inbound, concerns = claim.meaning.reverse_dns();
  if (concerns) ++summary_.reverse_dns;
  if (inbound) ++summary_.inbound;
  else {
    ++summary_.refused_elsewhere;
    if (claim.permanent) ++summary_.permanent;
  }
  ++summary_.by_cause[claim.meaning.cause()];
  if (claim.address) {
    const auto known = summary_.by_address.find(*claim.address);
    if (known != summary_.by_address.end()) ++known->second;
    else if (summary_.by_address.size() < max_addresses) summary_.by_address.emplace(*claim.address, 1);
    else ++summary_.other_addresses;
  }
  const std::string_view receiver = claim.meaning.receiver.empty() ? std::string_view(claim.remote_mta) : claim.meaning.receiver;
  if (!receiver.empty() && !inbound) {
    const auto known = summary_.by_receiver.find(receiver);
    if (known != summary_.by_receiver.end()) ++known->second;
    else if (summary_.by_receiver.size() < max_receivers) summary_.by_receiver.emplace(receiver, 1);
    else ++summary_.other_receivers;
  }
  if (claim.time && !inbound) {
    const auto hour = std::chrono::floor<std::chrono::hours>(*claim.time);
    if (summary_.timeline.size() < max_hours || summary_.timeline.contains(hour)) {
      auto& counts = summary_.timeline[hour];
      ++(concerns ? counts.reverse_dns : counts.other);
    }
  }
  if (!inbound && concerns) count_topic(claim);
  if (!inbound && !concerns) keep_other(claim);
  if (each_) each_(claim);
}

void Collector::count_topic(const Claim& claim) {
  ++summary_.reverse_dns_elsewhere;
  if (claim.time) {
    if (!summary_.first || *claim.time < *summary_.first) summary_.first = claim.time;
    if (!summary_.last || *claim.time > *summary_.last) summary_.last = claim.time;
  }
  if (claim.address) {
    const auto known = by_address_.find(*claim.address);
    if (known == by_address_.end() && by_address_.size() >= max_addresses) return;
    auto& topic = known != by_address_.end() ? known->second : by_address_[*claim.address];
    topic.address = claim.address;
    return count(topic, claim);
  }
  const auto host = base::to_lower(base::without_final_dot(claim.sending_host));
  const auto known = by_host_.find(host);
  if (known == by_host_.end() && by_host_.size() >= max_receivers) return;
  count(known != by_host_.end() ? known->second : by_host_[host], claim);
}

/// One of each kind: what it is about, and with which codes.
void Collector::keep_other(const Claim& claim) {
  auto& kept = summary_.others;
  if (kept.size() >= max_others) return;
  const auto same = [&](const Claim& other) {
    return other.meaning.cause() == claim.meaning.cause() && other.reply.code == claim.reply.code && other.reply.enhanced == claim.reply.enhanced;
  };
  if (std::ranges::none_of(kept, same)) kept.push_back(claim);
}

void Collector::note(std::string line) {
  if (summary_.notes.size() < max_notes) summary_.notes.push_back(std::move(line));
  else ++summary_.more_notes;
}

void Collector::advised(bounce::Advice advice) { note(std::string(advice_text(advice))); }

Summary Collector::take() {
  for (auto& [host, topic] : by_host_) {
    // A host whose address another of its mails tells is that topic, not one of its own.
    Topic* known = nullptr;
    for (auto& [address, other] : by_address_)
      if (is_of_same_host(other.latest, topic.latest) && (known == nullptr || other.blame.mails > known->blame.mails)) known = &other;
    if (known == nullptr) summary_.topics.push_back(std::move(topic));
    else known->blame.mails += topic.blame.mails;
  }
  for (auto& [address, topic] : by_address_) summary_.topics.push_back(std::move(topic));
  std::ranges::sort(summary_.topics, [](const Topic& a, const Topic& b) {
    return a.blame.mails != b.blame.mails ? a.blame.mails > b.blame.mails : a.address < b.address;
  });
  return std::move(summary_);
}

}  // namespace fcrdns::explanation
