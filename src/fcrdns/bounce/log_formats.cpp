#include "fcrdns/bounce/log_formats.hpp"

#include <algorithm>

#include "fcrdns/bounce/find_words.hpp"
#include "fcrdns/bounce/received.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_field = 1024;


}  // namespace

void put(std::string& field, std::string_view text) { field.assign(text.substr(0, max_field)); }

std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const auto from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const auto to = text.find(end, from + begin.size());
  if (to == std::string_view::npos) return {};
  return text.substr(from + begin.size(), to - from - begin.size());
}

std::string_view in_brackets(std::string_view text) {
  const auto from = text.rfind('[');
  if (from == std::string_view::npos) return {};
  const auto to = text.find(']', from);
  return to == std::string_view::npos ? std::string_view{} : text.substr(from + 1, to - from - 1);
}

std::string_view server_of(std::string_view relay) {
  auto name = relay.substr(0, std::min(relay.find('['), relay.find(' ')));
  while (name.ends_with('.')) name.remove_suffix(1);
  return name.empty() || name == "unknown" ? in_brackets(relay) : name;
}

void put_address(Claim& claim, std::string_view text) {
  if (text.starts_with("IPv6:")) text.remove_prefix(5);
  const auto address = net::Address::parse(text);
  if (!address || !is_public(address->unmapped())) return;
  claim.address = address->unmapped();
  claim.address_source = AddressSource::log;
}

void Reporter::at(std::string_view source, std::size_t line, std::string_view before, std::string_view long_before) {
  source_ = source;
  line_ = line;
  before_ = before;
  long_before_ = long_before;
}

Claim& Reporter::begin(std::string_view format, Direction direction, const LogLine& line) {
  claim_.source.assign(source_);
  claim_.line = line_;
  claim_.format = format;
  claim_.direction = direction;
  claim_.time = line.time;
  claim_.queue_id.clear();
  claim_.sender.clear();
  claim_.recipient.clear();
  claim_.remote_mta.clear();
  put(claim_.sending_host, line.host);
  claim_.permanent = true;
  claim_.address.reset();
  claim_.address_source = AddressSource::none;
  return claim_;
}

void Reporter::finish(std::string_view text, std::optional<Cause> known) {
  if (is_too_old(claim_, options_)) return;
  memo_.read(text.substr(0, mail::max_reply), claim_.remote_mta, claim_.reply, claim_.meaning);
  if (known) claim_.meaning.causes.assign(1, *known);
  hand_over(claim_, options_, sink_);
}

std::string_view Reporter::behind(std::string_view key, std::string_view ends) const {
  const auto near = before_.substr(before_.size() - std::min(before_.size(), look_back));
  const auto far = long_before_.substr(long_before_.size() - std::min(long_before_.size(), look_back - near.size()));
  for (const auto text : {near, far}) {
    const auto found = find_last(text, key);
    if (found == std::string_view::npos) continue;
    const auto rest = text.substr(found + key.size(), max_field);
    auto end = std::string_view::npos;
    for (const char c : ends) end = std::min(end, rest.substr(0, end).find(c));
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
  }
  return {};
}

}  // namespace fcrdns::bounce
