// The key of an entry is its first address and how many follow, the larger block first: of two prefixes one holds the other
// or they are apart, so whatever lies inside what came last is left out.
#include "fcrdns/scan/unique.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "fcrdns/fleet/scratch_file.hpp"
#include "fcrdns/fleet/sorter.hpp"
#include "fcrdns/sweep/opt_out.hpp"
#include "fcrdns/sweep/units.hpp"

namespace fcrdns::scan {
namespace {

constexpr std::size_t memory = 4 << 20;
constexpr std::size_t address_size = 17, key_size = address_size + 1, record_size = address_size + 8;

std::string octets_of(const net::Address& address) {
  std::string out(address_size, '\0');
  out[0] = address.is_v4() ? 4 : 6;
  std::ranges::copy(address.octets(), out.begin() + 1);
  return out;
}
net::Address address_of(std::string_view octets) {
  const base::OctetView view(reinterpret_cast<const std::uint8_t*>(octets.data()) + 1, octets[0] == 4 ? 4 : 16);
  return *net::Address::from_octets(view);
}
std::string key_of(const Span& span) { return octets_of(span.first) + static_cast<char>(key_size * 8 - static_cast<unsigned>(std::countr_zero(span.count))); }
net::Prefix prefix_of(std::string_view key) {
  const auto first = address_of(key);
  const auto bits = key_size * 8 - static_cast<unsigned char>(key.back());
  return {first, static_cast<std::uint8_t>(sweep::full_length(first.family()) - bits)};
}

/// How many addresses from one to the other, both counted; of one block, so the last eight octets tell.
std::uint64_t count_from_to(const net::Address& first, const net::Address& last) {
  const auto low = [](const net::Address& address) {
    std::uint64_t value = 0;
    const auto octets = address.octets();
    for (const auto octet : octets.last(std::min<std::size_t>(octets.size(), 8))) value = value << 8 | octet;
    return value;
  };
  return low(last) - low(first) + 1;
}

class Unique final : public Entries {
 public:
  Unique(std::unique_ptr<Entries> from, const std::vector<net::Prefix>& elsewhere) : from_(std::move(from)), elsewhere_(elsewhere) {}

  base::Expected<void> gather(const std::function<bool()>& go_on) {
    fleet::Sorter sorter(memory);
    Span span;
    std::string_view bad;
    for (bool over = false; !over && go_on();) {
      base::Expected<void> kept;
      switch (from_->next(span, bad)) {
        case Next::span: kept = sorter.add(key_of(span), {}); break;
        case Next::bad: kept = bad_.append(std::string(1, static_cast<char>(std::min<std::size_t>(bad.size(), 255))) + std::string(bad.substr(0, 255))); break;
        case Next::not_yet: break;
        case Next::end: over = true; break;
      }
      if (!kept) return kept;
    }
    auto sorted = sorter.each([this](std::string_view key, std::string_view) { return take(prefix_of(key)); });
    if (sorted) sorted = bad_.flush();
    return sorted ? spans_.flush() : sorted;
  }

  Next next(Span& span, std::string_view& bad) override {
    if (bad_at_ < bad_.size()) {
      unsigned char size = 0;
      (void)bad_.read_at(bad_at_, reinterpret_cast<char*>(&size), 1);
      line_.resize(size);
      (void)bad_.read_at(bad_at_ + 1, line_.data(), size);
      bad_at_ += 1U + size;
      bad = line_;
      return Next::bad;
    }
    if (at_ == room_.size() && !fill()) return Next::end;
    span.first = address_of(std::string_view(room_).substr(at_, address_size));
    std::memcpy(&span.count, room_.data() + at_ + address_size, sizeof span.count);
    at_ += record_size;
    return Next::span;
  }
  [[nodiscard]] double share_read() const override { return 1; }
  [[nodiscard]] std::uint64_t addresses() const override { return addresses_; }
  [[nodiscard]] const Complaints& complaints() const override { return from_->complaints(); }

 private:
  base::Expected<void> take(const net::Prefix& prefix) {
    if (covered_ && prefix.base <= *covered_) return {};
    auto from = prefix.base;
    const auto end = sweep::last_of(prefix);
    covered_ = end;
    for (const auto& [first, last] : elsewhere_.within(prefix)) {
      if (from < first) {
        if (auto kept = keep({from, count_from_to(from, first) - 1}); !kept) return kept;
      }
      if (last == end) return {};
      from = plus(last, 1);
    }
    return keep({from, count_from_to(from, end)});
  }
  base::Expected<void> keep(const Span& span) {
    addresses_ += span.count;
    std::string record = octets_of(span.first);
    record.append(reinterpret_cast<const char*>(&span.count), sizeof span.count);
    return spans_.append(record);
  }
  bool fill() {
    room_.resize(record_size * 1024);
    at_ = 0;
    room_.resize(spans_.read_at(read_, room_.data(), room_.size()));
    read_ += room_.size();
    return !room_.empty();
  }

  std::unique_ptr<Entries> from_;
  const sweep::OptOut elsewhere_;
  fleet::ScratchFile bad_, spans_;
  std::optional<net::Address> covered_;  ///< the last address that was taken
  std::uint64_t addresses_ = 0, bad_at_ = 0, read_ = 0;
  std::string line_, room_;
  std::size_t at_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<Entries>> make_unique_entries(std::unique_ptr<Entries> from, const std::vector<net::Prefix>& elsewhere,
                                                            const std::function<bool()>& go_on) {
  auto unique = std::make_unique<Unique>(std::move(from), elsewhere);
  if (const auto gathered = unique->gather(go_on); !gathered) return std::unexpected(gathered.error());
  return unique;
}

}  // namespace fcrdns::scan
