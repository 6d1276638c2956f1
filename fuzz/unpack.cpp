// Packed octets: whatever they are, unpacking ends, with or without a fault. At most 4 MiB are taken out.
#include "fcrdns/input/unpack.hpp"

#include <algorithm>
#include <vector>

#include "fuzz.hpp"

using namespace fcrdns;

namespace {

class Memory : public input::Source {
 public:
  explicit Memory(std::string_view octets) : octets_(octets) {}
  base::Expected<std::size_t> read(std::span<char> room) override {
    const auto count = std::min({room.size(), octets_.size() - at_, std::size_t{1000}});
    std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(at_), count, room.begin());
    at_ += count;
    return count;
  }
  [[nodiscard]] std::uint64_t octets_read() const override { return at_; }
  [[nodiscard]] std::uint64_t octets_in_all() const override { return octets_.size(); }

 private:
  std::string_view octets_;
  std::size_t at_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto input = input::unpack(std::make_unique<Memory>(text), text.substr(0, input::magic_size), "fuzz");
  std::vector<char> room(64 << 10);
  for (int i = 0; i < 64; ++i) {
    const auto got = input->read(room);
    if (!got) fuzz::require(!got.error().message.empty());
    if (!got || *got == 0) break;
    fuzz::require(*got <= room.size());
  }
  fuzz::require(input->octets_read() <= size);
  return 0;
}
