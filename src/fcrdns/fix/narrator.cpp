#include "fcrdns/fix/narrator.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace fcrdns::fix {
namespace {

using remedy::Station;
using apply::State;

std::string_view title(Station station) {
  switch (station) {
    case Station::forward: return "forward record";
    case Station::wait_forward: return "seen everywhere";
    case Station::ptr: return "PTR";
    case Station::wait_ptr: return "seen everywhere";
    case Station::verify: return "both ways";
  }
  return "";
}

std::string_view mark(State state) {
  switch (state) {
    case State::done: return "ok";
    case State::failed: return "FAILED";
    case State::by_hand: return "by hand";
    case State::waiting: return "...";
    case State::todo: return "-";
  }
  return "";
}

}  // namespace

void Narrator::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

void Narrator::line(std::string_view text) {
  clear();
  if (told_) out_.write(std::string(text) + "\n");
}

void Narrator::station(const apply::StationReport& report) {
  const auto text = fmt::format("  {}  {:<15}  {:<7}  {}", static_cast<int>(report.station) + 1, title(report.station), mark(report.state), report.detail);
  if (report.state != State::waiting) return line(text);
  if (live_ && told_) {
    clear();
    fmt::print(stderr, "{}", text.substr(0, 118));
    std::fflush(stderr);
    drawn_ = true;
  } else {
    line(text);
  }
}

void Narrator::request(std::string_view text, bool changes) {
  if (requests_) line(fmt::format("     {} {}", changes ? ">" : "?", text));
}

}  // namespace fcrdns::fix
