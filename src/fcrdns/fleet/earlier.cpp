// What an address was before: the class of its row, one octet.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/fleet/address_key.hpp"
#include "fcrdns/fleet/columns.hpp"
#include "fcrdns/fleet/sorted_table.hpp"
#include "fcrdns/input/source.hpp"

namespace fcrdns::fleet {
namespace {

constexpr std::size_t read_size = 64 << 10, longest_line = 1 << 20;

class Rows : public Earlier {
 public:
  explicit Rows(std::string name) : name_(std::move(name)) {}

  base::Expected<void> read(input::Source& source, std::size_t memory) {
    Sorter sorter(memory);
    std::string room;
    for (bool more = true; more;) {
      const auto have = room.size();
      room.resize(have + read_size);
      const auto got = source.read(std::span(room).subspan(have));
      room.resize(have + (got ? *got : 0));
      if (!got) return std::unexpected(got.error());
      more = *got > 0;
      if (!more && !room.empty()) room += '\n';
      std::string_view left = room;
      for (auto end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
        ++line_;
        if (auto taken = take(left.substr(0, end), sorter); !taken) return taken;
        left.remove_prefix(end + 1);
      }
      room.erase(0, room.size() - left.size());
      if (room.size() <= longest_line) continue;
      ++line_;
      return bad("longer than a row can be");
    }
    auto all = sorter.each([&](std::string_view key, std::string_view value) {
      ++counts_[static_cast<std::size_t>(value[0])];
      return table_.append(key, value);
    });
    return all ? table_.finish() : all;
  }

  [[nodiscard]] std::optional<Class> find(const net::Address& address) override {
    const auto key = key_of(address.unmapped());
    const auto found = table_.at_or_before(key);
    if (!found || found->key != key) return {};
    return static_cast<Class>(found->value[0]);
  }
  [[nodiscard]] const Counts& all() const override { return counts_; }

 private:
  [[nodiscard]] std::unexpected<base::Fault> bad(std::string_view why) const {
    return base::fault(fmt::format("{} line {}: {}", name_, line_, why));
  }
  base::Expected<void> take(std::string_view line, Sorter& sorter) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return {};
    const auto row = sweep::read_row(line);
    if (!row) return bad(row.error().message);
    if (!*row) {
      if (line.find("bad_input") != std::string_view::npos) ++counts_[static_cast<std::size_t>(Class::bad_input)];
      return {};
    }
    return sorter.add(key_of((*row)->address.unmapped()), std::string(1, static_cast<char>(class_of(**row))));
  }

  std::string name_;
  SortedTable table_;
  Counts counts_{};
  std::uint64_t line_ = 0;
};

}  // namespace

base::Expected<std::unique_ptr<Earlier>> Earlier::open(const std::string& path, std::size_t memory) {
  auto source = input::Source::open(path);
  if (!source) return std::unexpected(source.error());
  auto rows = std::make_unique<Rows>(base::escape(path));
  if (auto read = rows->read(**source, memory); !read) return std::unexpected(read.error());
  return rows;
}

}  // namespace fcrdns::fleet
