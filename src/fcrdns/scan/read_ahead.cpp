#include "fcrdns/scan/read_ahead.hpp"

#include <span>
#include <utility>

#include "fcrdns/input/source.hpp"

namespace fcrdns::scan {
namespace {
constexpr std::size_t piece_size = 64 << 10, most_pieces = 4;
}

ReadAhead::ReadAhead(std::string path) : path_(std::move(path)), thread_([this] { read(); }) {}

ReadAhead::~ReadAhead() {
  stopped_ = true;
  changed_.notify_all();
  thread_.join();
}

void ReadAhead::read() {
  std::string why;
  if (auto source = input::Source::open(path_, [this] { return stopped_.load(); }); !source) {
    why = source.error().message;
  } else {
    while (!stopped_) {
      std::string piece(piece_size, '\0');
      const auto got = (*source)->read(std::span(piece));
      if (!got) why = got.error().message;
      if (!got || *got == 0) break;
      piece.resize(*got);
      if (const auto all = (*source)->octets_in_all(); all > 0)
        share_ = static_cast<double>((*source)->octets_read()) / static_cast<double>(all);
      hand_over(std::move(piece));
    }
  }
  const std::lock_guard lock(mutex_);
  why_ = std::move(why);
  ended_ = true;
  changed_.notify_all();
}

void ReadAhead::hand_over(std::string piece) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return stopped_ || pieces_.size() < most_pieces; });
  pieces_.push_back(std::move(piece));
  changed_.notify_all();
}

base::Expected<ReadAhead::Next> ReadAhead::next(std::string& piece, base::Milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return ended_ || !pieces_.empty(); });
  if (!pieces_.empty()) {
    piece = std::move(pieces_.front());
    pieces_.pop_front();
    changed_.notify_all();
    return Next::piece;
  }
  if (!ended_) return Next::not_yet;
  if (!why_.empty()) return base::fault(std::exchange(why_, {}));
  return Next::end;
}

}  // namespace fcrdns::scan
