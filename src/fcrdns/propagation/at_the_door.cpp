#include "fcrdns/propagation/at_the_door.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

#include "fcrdns/base/text.hpp"
#include "fcrdns/resolver/watched.hpp"
#include "fcrdns/subject/subject.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::propagation {
namespace {

constexpr base::Milliseconds at_a_time{100};  // how soon an interruption is noticed
constexpr std::size_t longest_resolv_conf = 65'536;

std::vector<net::Endpoint> system_resolvers(const resolver::Options& options) {
  std::ifstream file(options.resolv_conf, std::ios::binary);
  std::string text(longest_resolv_conf, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return resolver::parse_resolv_conf(text, options.transport);
}

}  // namespace

base::Expected<Goal> parse_goal(const std::vector<std::string>& words) {
  if (words.size() != 2) return base::fault("give the address and the host name it is to bear: 203.0.113.5 mail.example.com");
  const auto subject = subject::parse(words[0]);
  if (!subject) return base::fault(subject.error().message);
  if (!subject->address) return base::fault("'" + base::escape(words[0], 80) + "' is no address; the address comes first, then the host name");
  auto name = subject::parse_name(words[1]);
  if (!name) return base::fault(name.error().message);
  if (!verdict::is_usable(verdict::usability(*name, *subject->address)))
    return base::fault("'" + base::escape(words[1], 80) + "' cannot be a host name that confirms an address; give one like mail.example.com");
  return Goal{*subject->address, *std::move(name)};
}

std::vector<net::Endpoint> caches_to_see(const resolver::Resolver& resolver, std::vector<net::Endpoint> named, const resolver::Options& options) {
  std::ranges::copy(resolver.caches(), std::back_inserter(named));
  if (options.resolvers.empty()) std::ranges::copy(system_resolvers(options), std::back_inserter(named));
  std::ranges::sort(named);
  const auto doubles = std::ranges::unique(named);
  named.erase(doubles.begin(), doubles.end());
  return named;
}

bool pause(resolver::Resolver& resolver, base::Milliseconds how_long, const std::function<bool()>& stop) {
  const auto over = std::make_shared<bool>(false);  // the timer may outlive the pause
  resolver.at(resolver.now() + how_long, [over] { *over = true; });
  while (!*over && !stop()) resolver.wait(at_a_time);
  return !stop();
}

}  // namespace fcrdns::propagation
