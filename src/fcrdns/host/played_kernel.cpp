#include "fcrdns/host/played_kernel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/kernel_source.hpp"

namespace fcrdns::host {
namespace {

using Words = std::span<const std::string_view>;
constexpr std::string_view unreachable = "Network is unreachable";

struct Way {
  net::Prefix to;
  Choice choice;
};

class PlayedKernel final : public Kernel {
 public:
  std::vector<InterfaceAddress> addresses() override { return addresses_; }
  std::vector<KernelRoute> routes() override { return routes_; }
  std::vector<Rule> rules() override { return rules_; }
  std::string hostname() override { return hostname_; }
  std::optional<int> use_tempaddr(std::string_view interface) override {
    const auto found = tempaddr_.find(interface);
    return found == tempaddr_.end() ? std::nullopt : std::optional(found->second);
  }
  Choice source_for(const net::Address& destination, const std::optional<net::Address>& bind) override {
    const auto has = [&] { return std::ranges::find(addresses_, *bind, &InterfaceAddress::address); };
    if (bind && bind->family() != destination.family()) return {{}, {}, bind->text() + " is of the other family"};
    if (bind && has() == addresses_.end()) return {{}, {}, absent(*bind)};
    const Way* way = nullptr;
    for (const auto& one : ways_)
      if (one.to.contains(destination) && (way == nullptr || one.to.length > way->to.length)) way = &one;
    if (way == nullptr) return {{}, {}, std::string(unreachable)};
    return bind && way->choice.source ? Choice{bind, has()->interface, {}} : way->choice;
  }

  base::Expected<std::vector<Translation>> translations() override { return translations_; }

  std::vector<InterfaceAddress> addresses_;
  base::Expected<std::vector<Translation>> translations_;
  std::vector<KernelRoute> routes_;
  std::vector<Rule> rules_;
  std::vector<Way> ways_;
  std::map<std::string, int, std::less<>> tempaddr_;
  std::string hostname_;
};

std::optional<std::uint32_t> number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}
template <typename T>
bool take(base::Expected<T> value, auto& into) {
  if (value) into = *value;
  return value.has_value();
}
bool take_number(std::string_view text, auto& into) {
  const auto value = number(text);
  if (value) into = *value;
  return value.has_value();
}

bool set_flag(InterfaceAddress& address, std::string_view word) {
  const std::pair<std::string_view, bool InterfaceAddress::*> flags[] = {
      {"temporary", &InterfaceAddress::temporary}, {"deprecated", &InterfaceAddress::deprecated},
      {"tentative", &InterfaceAddress::tentative}, {"ra", &InterfaceAddress::by_advertisement}};
  for (const auto& [name, member] : flags)
    if (word == name) return address.*member = true;
  if (word == "dynamic" || word == "down") return (word == "down" ? address.is_up : address.permanent) = false, true;
  const auto seconds = number(word.substr(std::min(word.find('=') + 1, word.size())));
  if (word.starts_with("preferred=") && seconds) return address.preferred = base::Seconds(*seconds), true;
  if (word.starts_with("valid=") && seconds) return address.valid = base::Seconds(*seconds), true;
  return false;
}

bool read_address(PlayedKernel& kernel, Words words) {
  if (words.size() < 2) return false;
  InterfaceAddress out;
  out.interface = words[0];
  const auto slash = words[1].find('/');
  if (!take(net::Address::parse(words[1].substr(0, slash)), out.address)) return false;
  out.prefix_length = out.address.is_v4() ? 32 : 128;
  if (slash != words[1].npos && !take_number(words[1].substr(slash + 1), out.prefix_length)) return false;
  for (const auto word : words.subspan(2))
    if (!set_flag(out, word)) return false;
  kernel.addresses_.push_back(std::move(out));
  return true;
}

bool read_route_line(PlayedKernel& kernel, Words words) {
  KernelRoute out;
  if (words.empty() || !take(net::Prefix::parse(words[0]), out.to)) return false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto key = words[i];
    if (key == "unreachable" || key == "blackhole" || key == "prohibit") {
      out.refuses = key;
      continue;
    }
    if (++i == words.size()) return false;
    const auto value = words[i];
    if (key == "dev") out.interface = value;
    else if (!(key == "via" ? take(net::Address::parse(value), out.via) : key == "src" ? take(net::Address::parse(value), out.source)
               : key == "table" ? take_number(value, out.table) : key == "metric" && take_number(value, out.metric)))
      return false;
  }
  kernel.routes_.push_back(std::move(out));
  return true;
}

bool read_source(PlayedKernel& kernel, Words words, std::string_view line) {
  Way way;
  if (words.size() < 2 || !take(net::Prefix::parse(words[0]), way.to)) return false;
  if (words[1] == "unreachable") way.choice.trouble = unreachable;
  else if (words[1] == "trouble" && words.size() > 2) way.choice.trouble = line.substr(static_cast<std::size_t>(words[2].data() - line.data()));
  else if (!take(net::Address::parse(words[1]), way.choice.source)) return false;
  else if (words.size() > 2) way.choice.interface = words[2];
  kernel.ways_.push_back(std::move(way));
  return true;
}

bool read_nat(PlayedKernel& kernel, Words words, std::string_view line) {
  if (words.size() == 1 && words[0] == "hidden") return kernel.translations_ = base::fault("NAT is told to root only: sudo"), true;
  Translation out;
  if (words.size() < 2 || !kernel.translations_ || !take(net::Prefix::parse(words[0]), out.of)) return false;
  if (words[1] != "masquerade" && !take(net::Address::parse(words[1]), out.to)) return false;
  for (const auto word : words.subspan(2)) {
    if (word == "conditional") out.conditional = true;
    else out.interface = word;
  }
  out.text = line;
  kernel.translations_->push_back(std::move(out));
  return true;
}

bool read_line(PlayedKernel& kernel, std::string_view line) {
  const auto all = base::words(line);
  const auto words = Words(all).subspan(1);
  if (all[0] == "address") return read_address(kernel, words);
  if (all[0] == "route") return read_route_line(kernel, words);
  if (all[0] == "source") return read_source(kernel, words, line);
  if (all[0] == "nat") return read_nat(kernel, words, line);
  if (words.empty()) return false;
  if (all[0] == "rule") return kernel.rules_.emplace_back(line.substr(static_cast<std::size_t>(words[0].data() - line.data()))), true;
  if (all[0] == "hostname") return kernel.hostname_ = words[0], true;
  return all[0] == "tempaddr" && words.size() == 2 && take_number(words[1], kernel.tempaddr_[std::string(words[0])]);
}

}  // namespace

base::Expected<std::unique_ptr<Kernel>> parse_played_kernel(std::string_view text) {
  auto kernel = std::make_unique<PlayedKernel>();
  std::size_t number = 0;
  for (const auto raw : base::split(text, '\n')) {
    ++number;
    const auto line = base::trim(raw.substr(0, raw.find('#')));
    if (!line.empty() && !read_line(*kernel, line))
      return base::fault(fmt::format("line {} of the played kernel cannot be read: {}", number, base::escape(line, 120)));
  }
  return kernel;
}

}  // namespace fcrdns::host
