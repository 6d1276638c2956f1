// The lab's own recursive resolvers, as small front ends that speak to clients as any resolver would.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fcrdns/authority/listeners.hpp"
#include "fcrdns/base/fault.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::lab {

/// Validating recursion from the root (libunbound), for the namespace. With CD the answer is not validated.
class Recursive {
 public:
  /// `trust_anchor`: the root's key as a line of text; empty when the world is unsigned. Borrows what the world says
  /// its resolvers still hold: that is not asked for again.
  [[nodiscard]] static base::Expected<std::unique_ptr<Recursive>> start(const std::string& trust_anchor,
                                                                        const world::World& world,
                                                                        authority::Listeners& listeners);
  ~Recursive();
  Recursive(const Recursive&) = delete;
  Recursive& operator=(const Recursive&) = delete;

  /// For Listeners::add.
  [[nodiscard]] authority::Handler handler();

 private:
  struct Impl;
  explicit Recursive(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Answers from the world itself, as a perfect validating resolver would (resolver::Scripted): for `lab --plain`.
class Plain {
 public:
  Plain(world::World world, authority::Listeners& listeners);
  [[nodiscard]] authority::Handler handler();

 private:
  world::World world_, unvalidated_;
  authority::Listeners& listeners_;
};

}  // namespace fcrdns::lab
