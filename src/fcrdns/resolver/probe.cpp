#include "fcrdns/resolver/probe.hpp"

#include <algorithm>
#include <utility>

namespace fcrdns::resolver {
namespace {

constexpr std::size_t of_each_family = 3;

}  // namespace

RootProbe::RootProbe(transport::Loop& loop, const std::vector<net::Endpoint>& roots, base::Milliseconds patience,
                     std::move_only_function<void(bool reachable)> done)
    : exchanger_(loop), open_(roots.size()), done_(std::move(done)) {
  const auto on_end = [this](const Exchanged& e) {
    const bool reached = e.answer.status == dns::Status::noerror;
    if (--open_ > 0 && !reached) return;
    under_way_.clear();
    std::exchange(done_, {})(reached);
  };
  for (const auto& root : roots)
    under_way_.push_back(exchanger_.start({root}, {{}, dns::Type::ns}, {.source = dns::Source::authoritative},
                                          loop.now() + patience, on_end));
  if (roots.empty()) under_way_.push_back(loop.at(loop.now(), [this] { std::exchange(done_, {})(false); }));
}

std::vector<net::Endpoint> choose_roots(std::vector<net::Address> servers, std::optional<net::Family> family,
                                        base::Random& random) {
  for (auto i = servers.size(); i > 1; --i)
    std::swap(servers[i - 1], servers[random.below(static_cast<std::uint32_t>(i))]);
  std::vector<net::Endpoint> chosen;
  for (const auto wanted : {net::Family::v4, net::Family::v6}) {
    if (family && *family != wanted) continue;
    std::size_t count = 0;
    for (const auto& server : servers)
      if (server.family() == wanted && count++ < of_each_family) chosen.push_back({server, 53});
  }
  return chosen;
}

}  // namespace fcrdns::resolver
