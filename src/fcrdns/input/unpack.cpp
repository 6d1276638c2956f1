#include "fcrdns/input/unpack.hpp"

#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

namespace fcrdns::input {
namespace {

constexpr std::size_t piece = 256 << 10;              // packed octets read at a time
constexpr std::size_t given_back = 16;                // octets that the inflater may have taken too many
constexpr std::uint64_t memory_limit = 128 << 20;     // of a decoder: xz -9 needs 65 MiB, zstd --long=26 the same
constexpr int window_limit = 26;                      // log2, zstd

/// What all packings share: packed octets come from a file, a piece at a time.
class Packed : public Source {
 public:
  Packed(std::unique_ptr<Source> from, std::string name) : from_(std::move(from)), name_(std::move(name)), piece_(given_back + piece) {}
  [[nodiscard]] std::uint64_t octets_read() const override { return from_->octets_read(); }
  [[nodiscard]] std::uint64_t octets_in_all() const override { return from_->octets_in_all(); }
  [[nodiscard]] bool packed() const override { return true; }

  base::Expected<std::size_t> read(std::span<char> room) final {
    std::size_t filled = 0;
    while (filled == 0 && !ended_ && !room.empty()) {
      if (left_.empty() && !at_end_) {
        std::memmove(piece_.data(), piece_.data() + size_, given_back);
        const auto got = from_->read(std::span(piece_).subspan(given_back));
        if (!got) return std::unexpected(got.error());
        size_ = *got;
        left_ = std::string_view(piece_.data() + given_back, size_);
        at_end_ = size_ == 0;
      }
      const auto wrong = step(room, filled);
      if (wrong.empty()) continue;
      ended_ = true;
      if (filled > 0) {
        late_ = wrong;  // first what there is
        return filled;
      }
      return damaged(wrong);
    }
    if (filled == 0 && !late_.empty()) return damaged(std::exchange(late_, {}));
    return filled;
  }

 protected:
  /// Unpacks from left_ into `room`; says what is wrong, in a few words. Sets ended_ at the end of all.
  virtual std::string_view step(std::span<char> room, std::size_t& filled) = 0;

  static constexpr std::string_view cut_off = "it is cut off";

  std::string_view left_;
  bool at_end_ = false;  ///< there will be no more behind left_
  bool ended_ = false;

 private:
  [[nodiscard]] std::unexpected<base::Fault> damaged(std::string_view wrong) const {
    return base::fault(name_ + ": cannot be unpacked to its end: " + std::string(wrong));
  }

  std::unique_ptr<Source> from_;
  std::string name_;
  std::vector<char> piece_;  ///< the last octets of the one before stand in front
  std::size_t size_ = 0;
  std::string_view late_;
};

class Gzip : public Packed {
 public:
  Gzip(std::unique_ptr<Source> from, std::string name) : Packed(std::move(from), std::move(name)), state_(std::make_unique<inflate_state>()) {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
  }

 private:
  std::string_view step(std::span<char> room, std::size_t& filled) override {
    if (between_) {  // another member, or padding, which is no fault (as gzip itself has it)
      if (left_.empty() && at_end_) return ended_ = true, "";
      if (left_.front() != '\x1f') return ended_ = true, "";
      isal_inflate_reset(state_.get());
      between_ = false;
    }
    auto& state = *state_;
    state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(left_.data()));
    state.avail_in = static_cast<std::uint32_t>(left_.size());
    state.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    state.avail_out = static_cast<std::uint32_t>(std::min<std::size_t>(room.size(), std::numeric_limits<std::int32_t>::max()));
    const auto offered = state.avail_out;
    const int result = isal_inflate(&state);
    left_ = std::string_view(reinterpret_cast<const char*>(state.next_in), state.avail_in);  // may begin before the piece
    filled = offered - state.avail_out;
    if (result == ISAL_INCORRECT_CHECKSUM) return "its checksum is wrong";
    if (result < 0) return "it is damaged";
    if (state.block_state == ISAL_BLOCK_FINISH) between_ = true;
    else if (at_end_ && filled == 0) return cut_off;
    return "";
  }

  std::unique_ptr<inflate_state> state_;
  bool between_ = false;
};

class Xz : public Packed {
 public:
  Xz(std::unique_ptr<Source> from, std::string name) : Packed(std::move(from), std::move(name)) {
    usable_ = lzma_stream_decoder(&stream_, memory_limit, LZMA_CONCATENATED) == LZMA_OK;
  }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;
  ~Xz() override { lzma_end(&stream_); }

 private:
  std::string_view step(std::span<char> room, std::size_t& filled) override {
    if (!usable_) return "there is no memory for it";
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(left_.data());
    stream_.avail_in = left_.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(room.data());
    stream_.avail_out = room.size();
    const auto result = lzma_code(&stream_, at_end_ ? LZMA_FINISH : LZMA_RUN);
    left_.remove_prefix(left_.size() - stream_.avail_in);
    filled = room.size() - stream_.avail_out;
    if (result == LZMA_STREAM_END) return ended_ = true, "";
    if (result == LZMA_MEMLIMIT_ERROR) return "it needs more than 128 MiB of memory";
    if (result == LZMA_BUF_ERROR) return at_end_ ? cut_off : "";
    return result == LZMA_OK ? "" : "it is damaged";
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool usable_ = false;
};

class Zstd : public Packed {
 public:
  Zstd(std::unique_ptr<Source> from, std::string name) : Packed(std::move(from), std::move(name)), stream_(ZSTD_createDStream()) {
    if (stream_) ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, window_limit);
  }

 private:
  std::string_view step(std::span<char> room, std::size_t& filled) override {
    if (!stream_) return "there is no memory for it";
    if (left_.empty() && at_end_ && !inside_) return ended_ = true, "";
    ZSTD_inBuffer in{left_.data(), left_.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const auto result = ZSTD_decompressStream(stream_.get(), &out, &in);
    left_.remove_prefix(in.pos);
    filled = out.pos;
    if (ZSTD_isError(result) != 0)
      return ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge ? "it needs more than 64 MiB of memory" : "it is damaged";
    inside_ = result != 0;
    if (at_end_ && filled == 0 && inside_) return cut_off;
    return "";
  }

  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool inside_ = false;  ///< a frame that has not ended
};

template <typename Packing>
std::unique_ptr<Source> make(std::unique_ptr<Source> from, std::string name) {
  return std::make_unique<Packing>(std::move(from), std::move(name));
}

struct Magic {
  std::string_view octets;
  std::unique_ptr<Source> (*make)(std::unique_ptr<Source>, std::string);
};
constexpr Magic magics[] = {
    {std::string_view("\x1f\x8b\x08", 3), make<Gzip>},
    {std::string_view("\xfd"
                      "7zXZ\0",
                      6),
     make<Xz>},
    {std::string_view("\x28\xb5\x2f\xfd", 4), make<Zstd>},
};

}  // namespace

std::unique_ptr<Source> unpack(std::unique_ptr<Source> packed, std::string_view first_octets, std::string name) {
  for (const auto& magic : magics)
    if (first_octets.starts_with(magic.octets)) return magic.make(std::move(packed), std::move(name));
  return packed;
}

}  // namespace fcrdns::input
