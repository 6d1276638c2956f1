// Several resolvers, each at its own pace, under one cap: who is asked, who is asked again, and when.
#pragma once

#include <vector>

#include "fcrdns/resolver/pace.hpp"

namespace fcrdns::resolver {

class Paces {
 public:
  static constexpr std::uint16_t nobody = 0xffff;

  /// `cap`: packets a second over all of them, never to be passed; 0: none.
  Paces(base::SteadyTime now, std::size_t resolvers, double cap);

  /// To be called every turn: what may leave until the next.
  void turn(base::SteadyTime now);
  /// There is room for no more than that on the way to this one.
  void at_most(std::uint16_t resolver, std::uint32_t packets);
  [[nodiscard]] std::uint32_t room() const;
  [[nodiscard]] bool allows(std::uint16_t resolver) const { return each_[resolver].allowed > 0 && room() > 0; }
  /// One that may be asked now; for a question that `last` was asked already another one, and none that seems dead, if
  /// there is such; the one with most room.
  [[nodiscard]] std::uint16_t choose(std::uint16_t last = nobody) const;
  [[nodiscard]] Sent sent(std::uint16_t resolver, base::SteadyTime now);

  [[nodiscard]] Pace& operator[](std::uint16_t resolver) { return each_[resolver].pace; }
  [[nodiscard]] const Pace& operator[](std::uint16_t resolver) const { return each_[resolver].pace; }

  /// How long a question rests whose `tries`th packet was answered with trouble.
  [[nodiscard]] static base::Milliseconds rest(unsigned tries);

 private:
  struct One {
    Pace pace;
    std::uint32_t allowed = 0;
  };
  std::vector<One> each_;
  double cap_, left_ = 0;       // left_: of the cap
  std::uint32_t allowed_ = 0;   // the sum
  base::SteadyTime last_;
};

}  // namespace fcrdns::resolver
