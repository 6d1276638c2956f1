#include "fcrdns/lease/parts.hpp"

#include <zstd.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fcrdns::lease {
namespace {

constexpr std::size_t largest_raw = 512 << 10;
constexpr int level = 3;

ZSTD_CCtx* context_of(void* context) { return static_cast<ZSTD_CCtx*>(context); }

}  // namespace

// What does not get smaller by packing grows by less than 1/128 (ZSTD_COMPRESSBOUND).
Packer::Packer(std::size_t largest_part)
    : raw_size_(std::clamp<std::size_t>(largest_part - std::min(largest_part, largest_part / 64 + 1024), 1024, largest_raw)), context_(ZSTD_createCCtx()) {
  if (context_ == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context_of(context_), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(context_of(context_), ZSTD_c_checksumFlag, 1);
  raw_.reserve(raw_size_);
}

Packer::~Packer() { ZSTD_freeCCtx(context_of(context_)); }

void Packer::add(std::string_view rows) {
  while (!rows.empty()) {
    const auto now = rows.substr(0, raw_size_ - raw_.size());
    raw_ += now;
    rows.remove_prefix(now.size());
    if (raw_.size() == raw_size_) pack();
  }
}

void Packer::pack() {
  std::string part(ZSTD_compressBound(raw_.size()), '\0');
  const auto size = ZSTD_compress2(context_of(context_), part.data(), part.size(), raw_.data(), raw_.size());
  if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
  part.resize(size);
  part.shrink_to_fit();
  waiting_ += part.size();
  parts_.push_back(std::move(part));
  raw_.clear();
}

std::vector<std::string> Packer::take(bool all) {
  if (all && !raw_.empty()) pack();
  waiting_ = 0;
  return std::exchange(parts_, {});
}

base::Expected<std::string> unpack(std::string_view part) {
  const auto size = ZSTD_getFrameContentSize(part.data(), part.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) return base::fault("these are no packed rows");
  if (size > largest_raw) return base::fault("a part that would unpack to more than 512 KiB");
  std::string rows(static_cast<std::size_t>(size), '\0');
  const auto got = ZSTD_decompress(rows.data(), rows.size(), part.data(), part.size());
  if (ZSTD_isError(got) != 0) return base::fault(std::string("damaged rows: ") + ZSTD_getErrorName(got));
  rows.resize(got);
  return rows;
}

std::uint64_t lines_in(std::string_view rows) { return static_cast<std::uint64_t>(std::ranges::count(rows, '\n')); }

}  // namespace fcrdns::lease
