// A subject of a world, walked through every station without a socket.
#pragma once

#include <stdexcept>
#include <string>

#include "fcrdns/diagnosis/diagnose.hpp"
#include "fcrdns/resolver/scripted.hpp"

namespace fcrdns::scenarios {

inline constexpr base::WallTime some_time{base::Milliseconds{1'795'266'120'000}};  // 2026-11-21T13:02:00Z

inline evidence::Evidence gather(resolver::Resolver& resolver, const std::string& text, const evidence::Options& options = {}) {
  auto subject = subject::parse(text);
  if (!subject) throw std::runtime_error(text + ": " + subject.error().message);
  evidence::Gathering gathering(*subject, options, resolver, some_time, nullptr);
  while (!gathering.finished())
    if (!resolver.wait(options.timeout)) throw std::runtime_error(text + ": nothing under way, yet not finished");
  return gathering.take();
}

inline report::Result check(const world::World& world, const std::string& text, const evidence::Options& options = {}) {
  resolver::Scripted resolver(world);
  return diagnosis::report_on(gather(resolver, text, options));
}

inline std::string rendered(const report::Result& result, report::Format format) {
  const auto renderer = report::make_renderer(format, {.verbose = true, .trace = true});
  auto text = renderer->begin();
  text += renderer->result(result);
  text += renderer->end(result.exit_code);
  return text;
}

}  // namespace fcrdns::scenarios
