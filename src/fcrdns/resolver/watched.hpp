// Built-in recursion, watched by a probe of the root servers. When none of them can be reached from here, every
// question that is not answered yet, and every later one, goes to the system's resolvers instead.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fcrdns/resolver/given.hpp"
#include "fcrdns/resolver/on_loop.hpp"
#include "fcrdns/resolver/probe.hpp"

namespace fcrdns::resolver {

class Watched final : public OnLoop {
 public:
  /// What takes part, besides the loop (borrowed). `roots` are probed with the first question.
  struct Parts {
    std::unique_ptr<OnLoop> recursion;
    std::vector<net::Endpoint> roots;
    std::unique_ptr<OnLoop> system;
  };
  Watched(transport::Loop& loop, Parts parts);
  void ask(dns::Question question, base::SteadyTime deadline, Done done) override;
  [[nodiscard]] Authority authority() const override { return authority_; }
  [[nodiscard]] std::vector<net::Endpoint> caches() const override {
    return authority_ == Authority::unreachable ? parts_.system->caches() : std::vector<net::Endpoint>();
  }

 private:
  using Number = std::uint64_t;
  struct Asked {
    dns::Question question;
    base::SteadyTime deadline{};
    Done done;
    base::SteadyTime asked{};
    std::optional<Answer> recursed{};  ///< trouble, kept until the probe says whose it is
  };
  void on_recursion(Number number, Answer answer);
  void on_probe(bool reachable);
  void ask_system(Number number, std::vector<Attempt> before);
  void end(Number number, Answer answer);

  Parts parts_;
  Authority authority_ = Authority::not_asked;
  std::map<Number, Asked> asked_;  ///< by number, for an answer may come when its question has ended
  Number last_ = 0;
  std::unique_ptr<RootProbe> probe_;
};

/// The resolvers in the text of a resolv.conf(5), at most three; those of the other family left out.
[[nodiscard]] std::vector<net::Endpoint> parse_resolv_conf(std::string_view text, std::optional<net::Family> family);

}  // namespace fcrdns::resolver
