// Whose an address is. Prefixes may lie in each other, the longest wins: sorted by begin and length they are cut into ranges
// that do not overlap, of which the table holds the begin; so one look-up finds the tags.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/address_key.hpp"
#include "fcrdns/fleet/columns.hpp"
#include "fcrdns/fleet/csv.hpp"
#include "fcrdns/fleet/sorted_table.hpp"

namespace fcrdns::fleet {
namespace {

constexpr std::size_t longest_name = 64;
/// Keys of the rows themselves.
constexpr std::string_view taken[] = {"address", "iprev", "confirmed_name", "confirmed", "names", "detail", "notes", "was"};

base::Expected<net::Prefix> parse_block(std::string_view cell) {
  if (cell.find('/') != std::string_view::npos) return net::Prefix::parse(cell);
  const auto address = net::Address::parse(cell);
  if (!address) return std::unexpected(address.error());
  const auto plain = address->unmapped();
  return net::Prefix{plain, static_cast<std::uint8_t>(plain.is_v4() ? 32 : 128)};
}

/// Cuts sorted prefixes into ranges. A range goes on until the next begins; one without a value is a gap.
class Ranges {
 public:
  explicit Ranges(SortedTable& table) : table_(table) {}

  base::Expected<void> add(std::string_view key, std::string_view value) {
    const auto length = static_cast<unsigned char>(key.back());
    const std::string begin(key.substr(0, key.size() - 1));
    if (auto closed = close(&begin); !closed) return closed;
    open_.push_back({last_of(begin, length), std::string(value)});
    return this->begin(begin, open_.back().value);
  }
  base::Expected<void> finish() {
    if (auto closed = close(nullptr); !closed) return closed;
    if (auto last = put(); !last) return last;
    return table_.finish();
  }

 private:
  struct Open {
    std::string last;  ///< its last address
    std::string value;
  };
  /// Those that end before this address: what is around them goes on behind.
  base::Expected<void> close(const std::string* before) {
    while (!open_.empty() && (before == nullptr || open_.back().last < *before)) {
      const auto behind = next_of(std::move(open_.back().last));
      open_.pop_back();
      if (behind.empty()) continue;
      if (auto begun = begin(behind, open_.empty() ? std::string() : open_.back().value); !begun) return begun;
    }
    return {};
  }
  base::Expected<void> begin(const std::string& key, const std::string& value) {
    if (key != key_)
      if (auto done = put(); !done) return done;
    key_ = key;
    value_ = value;
    return {};
  }
  /// What began last, now that nothing else begins there; nothing, when the one before it says the same.
  base::Expected<void> put() {
    if (key_.empty() || (!last_.empty() && last_[0] == key_[0] && value_ == last_value_)) return {};
    last_ = key_;
    last_value_ = value_;
    return table_.append(key_, value_);
  }

  SortedTable& table_;
  std::vector<Open> open_;  ///< each lies in the one before it
  std::string key_, value_, last_, last_value_;
};

class CsvTags : public Tags {
 public:
  base::Expected<void> read(Csv& csv, std::size_t memory) {
    Sorter sorter(memory);
    std::string value;
    bool first = true;
    for (;;) {
      const auto any = csv.next();
      if (!any) return std::unexpected(any.error());
      if (!*any) break;
      const auto block = parse_block(csv.cells()[0]);
      if (std::exchange(first, false)) {
        if (auto named = name(csv, !block); !named) return named;
        if (!block) continue;
      }
      if (!block) return csv.bad(block.error().message);
      if (auto put = values(csv, value); !put) return put;
      if (auto added = sorter.add(key_of(block->base) + static_cast<char>(block->length), value); !added) return added;
    }
    Ranges ranges(table_);
    if (auto all = sorter.each([&](std::string_view key, std::string_view of) { return ranges.add(key, of); }); !all) return all;
    return ranges.finish();
  }

  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  [[nodiscard]] const std::vector<std::string_view>& find(const net::Address& address) override {
    const auto key = key_of(address.unmapped());
    std::ranges::fill(values_, std::string_view());
    const auto found = table_.at_or_before(key);
    if (!found || found->key.size() != key.size() || found->value.empty()) return values_;
    auto left = found->value;
    for (auto& value : values_) {
      const auto size = static_cast<std::size_t>(static_cast<unsigned char>(left[0]) << 8 | static_cast<unsigned char>(left[1]));
      value = left.substr(2, size);
      left.remove_prefix(2 + size);
    }
    return values_;
  }

 private:
  base::Expected<void> name(const Csv& csv, bool header) {
    const auto& cells = csv.cells();
    if (cells.size() < 2) return csv.bad("no column behind the address; a line is ADDRESS,TAG");
    for (std::size_t i = 1; i < cells.size(); ++i) {
      auto word = header ? std::string(cells[i].substr(0, longest_name)) : std::string();
      if (word.empty()) word = i == 1 ? "tag" : fmt::format("tag{}", i);
      if (std::ranges::find(taken, word) != std::end(taken)) word = "tag_" + word;
      for (int n = 2; std::ranges::find(names_, word) != names_.end(); ++n) word = fmt::format("{}_{}", word, n);
      names_.push_back(word);
    }
    values_.resize(names_.size());
    return {};
  }
  /// Two octets of size before each.
  base::Expected<void> values(const Csv& csv, std::string& out) const {
    const auto& cells = csv.cells();
    out.clear();
    for (std::size_t i = names_.size() + 1; i < cells.size(); ++i)
      if (!cells[i].empty()) return csv.bad(fmt::format("{} columns, where the first line has {}", cells.size(), names_.size() + 1));
    for (std::size_t i = 1; i <= names_.size(); ++i) {
      const auto cell = i < cells.size() ? cells[i] : std::string_view();
      if (out.size() + 2 + cell.size() > longest_value) return csv.bad(fmt::format("more than {} octets of tags", longest_value));
      out += static_cast<char>(cell.size() >> 8);
      out += static_cast<char>(cell.size() & 0xff);
      out += cell;
    }
    return {};
  }

  SortedTable table_;
  std::vector<std::string> names_;
  std::vector<std::string_view> values_;
};

}  // namespace

base::Expected<std::unique_ptr<Tags>> Tags::open(const std::string& path, std::size_t memory) {
  auto source = input::Source::open(path);
  if (!source) return std::unexpected(source.error());
  Csv csv(std::move(*source), base::escape(path));
  auto tags = std::make_unique<CsvTags>();
  if (auto read = tags->read(csv, memory); !read) return std::unexpected(read.error());
  return tags;
}

}  // namespace fcrdns::fleet
