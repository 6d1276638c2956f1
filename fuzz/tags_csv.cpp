// CSV of anybody: every record is bounded, every fault is one printable line.
#include "fcrdns/fleet/csv.hpp"

#include <algorithm>

#include "fuzz.hpp"

using namespace fcrdns;

namespace {

class Memory : public input::Source {
 public:
  explicit Memory(std::string_view octets) : octets_(octets) {}
  base::Expected<std::size_t> read(std::span<char> room) override {
    const auto count = std::min({room.size(), octets_.size() - at_, std::size_t{100}});
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
  fleet::Csv csv(std::make_unique<Memory>(fuzz::text_of(data, size)), "tags.csv");
  for (;;) {
    const auto any = csv.next();
    if (!any) fuzz::require(any.error().message.starts_with("tags.csv line ") && std::ranges::count(any.error().message, '\n') == 0);
    if (!any || !*any) return 0;
    fuzz::require(!csv.cells().empty() && csv.cells().size() <= 256);
    std::size_t octets = 0;
    for (const auto cell : csv.cells()) octets += cell.size();
    fuzz::require(octets <= size);
  }
}
