// A subject of a world, walked through every station without a socket.
#pragma once

#include <string>

#include "fcrdns/diagnosis/diagnose.hpp"
#include "walkable.hpp"

namespace fcrdns::scenarios {

/// Delegations are walked where the resolver plays servers (walkable.hpp).
inline evidence::Evidence gather(resolver::Resolver& resolver, const std::string& text, const evidence::Options& options = {}) {
  auto subject = subject::parse(text, options.as);
  if (!subject) throw std::runtime_error(text + ": " + subject.error().message);
  resolver::Walker walker(resolver);
  evidence::Gathering gathering(*subject, options, {.resolver = resolver, .walker = &walker}, some_time);
  while (!gathering.finished())
    if (!resolver.wait(options.timeout + options.walk_budget)) throw std::runtime_error(text + ": nothing under way, yet not finished");
  return gathering.take();
}

/// On what a resolver answers, without a walk.
inline report::Result check(const world::World& world, const std::string& text, const evidence::Options& options = {},
                            finding::Profile profile = finding::Profile::google) {
  resolver::Scripted resolver(world);
  return diagnosis::report_on(gather(resolver, text, options), profile);
}

/// On what the authority says.
inline report::Result check_walked(const authority::SignedWorld& world, const std::string& text,
                                   const evidence::Options& options = {}, finding::Profile profile = finding::Profile::google) {
  Played played(world);
  return diagnosis::report_on(gather(played.resolver(), text, options), profile);
}

inline std::string rendered(const report::Result& result, report::Format format) {
  const auto renderer = report::make_renderer(format, {.verbose = true, .trace = true});
  auto text = renderer->begin();
  text += renderer->result(result);
  text += renderer->end(result.exit_code);
  return text;
}

}  // namespace fcrdns::scenarios
