// As octets, all integers of 64 bits with the lowest octet first: count, first, how many words, the words, how many units are
// half way, each as its number and four words.
#include "fcrdns/scan/done.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::scan {
namespace {

constexpr std::uint64_t bits = 64;
constexpr std::size_t words_of_unit = sweep::unit_size / bits;
/// No scan comes near: 2^40 units are 2^48 addresses.
constexpr std::uint64_t most_units = std::uint64_t{1} << 40;

void put(std::string& out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i, value >>= 8) out += static_cast<char>(value & 0xff);
}

class Reader {
 public:
  explicit Reader(std::string_view octets) : octets_(octets) {}
  std::uint64_t word() {
    if (octets_.size() < 8) return short_ = true, 0;
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(octets_[i]);
    octets_.remove_prefix(8);
    return value;
  }
  /// How many things of so many octets follow; never more than there is room for.
  std::uint64_t count(std::size_t octets_each) {
    const auto value = word();
    if (value <= octets_.size() / octets_each) return value;
    return short_ = true, 0;
  }
  [[nodiscard]] bool well() const { return !short_ && octets_.empty(); }

 private:
  std::string_view octets_;
  bool short_ = false;
};

}  // namespace

void Done::add(const sweep::Place& place) {
  if (target(place)) return;
  ++count_;
  auto& places = half_way_[place.unit];
  places.set(place.index);
  if (!places.all()) return;
  half_way_.erase(place.unit);
  finish(place.unit);
}

void Done::finish(std::uint64_t number) {
  const auto word = number / bits - first_;
  if (word >= through_.size()) through_.resize(word + 1);
  through_[word] |= std::uint64_t{1} << number % bits;
  const auto whole = std::ranges::find_if(through_, [](auto each) { return ~each != 0; }) - through_.begin();
  // Moving the others costs: many at a time.
  if (whole < 1024 && static_cast<std::size_t>(whole) < through_.size()) return;
  through_.erase(through_.begin(), through_.begin() + whole);
  first_ += static_cast<std::uint64_t>(whole);
}

bool Done::unit(std::uint64_t number) const {
  if (number / bits < first_) return true;
  const auto word = number / bits - first_;
  return word < through_.size() && (through_[word] >> number % bits & 1) != 0;
}

bool Done::target(const sweep::Place& place) const {
  if (unit(place.unit)) return true;
  const auto found = half_way_.find(place.unit);
  return found != half_way_.end() && found->second.test(place.index % sweep::unit_size);
}

void Done::write(std::string& out) const {
  out.reserve(out.size() + 8 * (4 + through_.size() + half_way_.size() * (1 + words_of_unit)));
  put(out, count_);
  put(out, first_);
  put(out, through_.size());
  for (const auto word : through_) put(out, word);
  put(out, half_way_.size());
  for (const auto& [unit, places] : half_way_) {
    put(out, unit);
    std::array<std::uint64_t, words_of_unit> words{};
    for (std::size_t i = 0; i < places.size(); ++i) words[i / bits] |= std::uint64_t{places.test(i)} << i % bits;
    for (const auto word : words) put(out, word);
  }
}

base::Expected<Done> Done::read(std::string_view octets) {
  Reader reader(octets);
  Done done;
  done.count_ = reader.word();
  done.first_ = reader.word();
  done.through_.resize(reader.count(8));
  for (auto& word : done.through_) word = reader.word();
  for (auto left = reader.count(8 * (1 + words_of_unit)); left > 0; --left) {
    const auto unit = reader.word();
    const auto [at, fresh] = done.half_way_.try_emplace(unit);
    if (!fresh || unit >= most_units) return base::fault("its figures make no sense");
    auto& places = at->second;
    for (std::size_t word = 0; word < words_of_unit; ++word) {
      auto value = reader.word();
      for (std::size_t i = 0; i < bits; ++i, value >>= 1) places.set(word * bits + i, (value & 1) != 0);
    }
  }
  if (!reader.well() || done.first_ >= most_units) return base::fault("it is cut off");
  return done;
}

}  // namespace fcrdns::scan
