// zstd (RFC 8878) and gzip (RFC 1952) as they are written: each piece is a frame, or member, of its own, so that a file that
// is cut behind one unpacks to whole rows.
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include <array>
#include <memory>
#include <vector>

#include "fcrdns/scan/row_file.hpp"

namespace fcrdns::scan {
namespace {

constexpr std::size_t step = 64 << 10;

class Zstd final : public Packing {
 public:
  void add(std::string_view rows, std::string& out) override { pack(rows, ZSTD_e_continue, out); }
  void end_piece(std::string& out) override { pack({}, ZSTD_e_end, out); }

 private:
  void pack(std::string_view rows, ZSTD_EndDirective how, std::string& out) {
    ZSTD_inBuffer in{rows.data(), rows.size(), 0};
    for (;;) {
      const auto before = out.size();
      out.resize(before + step);
      ZSTD_outBuffer room{out.data() + before, step, 0};
      const auto left = ZSTD_compressStream2(stream_.get(), &room, &in, how);
      out.resize(before + room.pos);
      if (ZSTD_isError(left) != 0) throw std::bad_alloc();  // nothing else can go wrong with these arguments
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) return;
    }
  }
  struct Free {
    void operator()(ZSTD_CStream* stream) const { ZSTD_freeCStream(stream); }
  };
  std::unique_ptr<ZSTD_CStream, Free> stream_{ZSTD_createCStream()};
};

class Gzip final : public Packing {
 public:
  Gzip() { begin(); }
  void add(std::string_view rows, std::string& out) override { pack(rows, false, out); }
  void end_piece(std::string& out) override {
    pack({}, true, out);
    begin();
  }

 private:
  void begin() {
    isal_deflate_init(&stream_);
    stream_.gzip_flag = IGZIP_GZIP;
    stream_.level = 1;
    stream_.level_buf = level_.data();
    stream_.level_buf_size = static_cast<std::uint32_t>(level_.size());
  }
  void pack(std::string_view rows, bool end, std::string& out) {
    stream_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(rows.data()));
    stream_.avail_in = static_cast<std::uint32_t>(rows.size());
    stream_.end_of_stream = end ? 1 : 0;
    for (;;) {
      const auto before = out.size();
      out.resize(before + step);
      stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data() + before);
      stream_.avail_out = step;
      isal_deflate(&stream_);
      out.resize(before + step - stream_.avail_out);
      if (end ? stream_.internal_state.state == ZSTATE_END : stream_.avail_in == 0) return;
    }
  }
  isal_zstream stream_{};
  std::vector<std::uint8_t> level_ = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
};

template <typename P>
std::unique_ptr<Packing> make() { return std::make_unique<P>(); }

struct Row {
  std::string_view ending;
  std::unique_ptr<Packing> (*make)();
};
constexpr std::array<Row, 2> packings{{{".zst", make<Zstd>}, {".gz", make<Gzip>}}};

}  // namespace

std::unique_ptr<Packing> packing_of(std::string_view name) {
  for (const auto& packing : packings)
    if (name.ends_with(packing.ending)) return packing.make();
  return nullptr;
}

}  // namespace fcrdns::scan
