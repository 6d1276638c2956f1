// Names and addresses as CSV (RFC 4180; a semicolon or a tab serves as well, the first line tells). A header finds the columns;
// without one they are name, address.
#include <algorithm>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_lines.hpp"
#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {
namespace {

using base::equals_ignoring_case;
constexpr std::size_t none = static_cast<std::size_t>(-1), most_cells = 256;

bool is_one_of(std::string_view cell, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](auto word) { return equals_ignoring_case(cell, word); });
}

/// The cells of one row; the strings are used again row after row.
class Cells {
 public:
  std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t i) const { return i < count_ ? std::string_view(cells_[i]) : std::string_view{}; }
  /// False: a quote is open at the end.
  bool split(std::string_view row, char separator) {
    count_ = 0;
    for (std::size_t at = 0;; ++at) {
      auto& cell = next();
      while (at < row.size() && row[at] == ' ') ++at;
      if (at < row.size() && row[at] == '"') {
        for (++at;; ++at) {
          if (at >= row.size()) return false;
          if (row[at] == '"' && !row.substr(at + 1).starts_with('"')) break;
          if (row[at] == '"') ++at;
          cell += row[at];
        }
        ++at;
      }
      const auto end = std::min(row.find(separator, at), row.size());
      cell += row.substr(at, end - at);
      tidy(cell);
      at = end;
      if (at == row.size()) return true;
    }
  }

 private:
  std::string& next() {
    if (count_ < most_cells) ++count_;
    if (cells_.size() < count_) cells_.emplace_back();
    cells_[count_ - 1].clear();
    return cells_[count_ - 1];
  }
  /// Blanks around it go, and the apostrophe that keeps a spreadsheet from running it.
  static void tidy(std::string& cell) {
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.pop_back();
    if (cell.size() > 1 && cell[0] == '\'' && std::string_view("=+-@").find(cell[1]) != std::string_view::npos) cell.erase(0, 1);
  }

  std::vector<std::string> cells_;
  std::size_t count_ = 0;
};

struct Columns {
  std::size_t name = none, ttl = none, ptr = none;
  std::vector<std::size_t> addresses;
};

class CsvReader {
 public:
  CsvReader(std::istream& in, ForwardRows& out) : lines_(in), out_(out) {}

  base::Expected<void> read() {
    for (std::string_view line; lines_.next(line);) {
      out_.derived.lines = number_ = lines_.number();
      if (number_ == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);  // a byte order mark
      if (lines_.too_long()) {
        out_.unreadable(number_, line, "longer than 64 KiB");
        continue;
      }
      if (base::trim(line).empty() || line.starts_with('#') || line == header_) continue;
      if (!std::exchange(begun_, true)) {
        if (auto begun = begin(line); !begun || *begun) {
          if (!begun) return std::unexpected(begun.error());
          continue;
        }
      }
      if (cells_.split(line, separator_)) row(line);
      else join(line);
    }
    return {};
  }

 private:
  /// Whether the first line is a header.
  base::Expected<bool> begin(std::string_view line) {
    const auto count = [&](char c) { return std::ranges::count(line, c); };
    for (const char c : {';', '\t'})
      if (count(c) > count(separator_)) separator_ = c;
    columns_ = {.name = 0, .addresses = {1}};
    if (!cells_.split(line, separator_)) return false;
    Columns found;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (found.name == none && is_one_of(cells_[i], {"name", "host", "hostname", "fqdn"})) found.name = i;
      else if (is_one_of(cells_[i], {"address", "ip", "ipv4", "ipv6", "ip address", "ip_address"})) found.addresses.push_back(i);
      else if (found.ttl == none && equals_ignoring_case(cells_[i], "ttl")) found.ttl = i;
      else if (found.ptr == none && equals_ignoring_case(cells_[i], "ptr")) found.ptr = i;
    }
    if (found.name == none && found.addresses.empty()) return false;
    const auto at = "line " + std::to_string(number_) + ": ";
    if (found.name == none) return base::fault(at + "the header has no column for the name; call it name, host or hostname");
    if (found.addresses.empty()) return base::fault(at + "the header has no column for the address; call it address, ip, ipv4 or ipv6");
    columns_ = found;
    header_ = line;  // it comes again where files are put one behind the other
    return true;
  }

  /// A quoted cell may go on over lines (RFC 4180 2.6). When it is not closed soon, only its first line is lost.
  void join(std::string_view first) {
    const auto begin = number_;
    joined_ = first;
    for (std::string_view line; lines_.number() - begin < 100 && joined_.size() < most_line && lines_.next(line) && !lines_.too_long();) {
      out_.derived.lines = lines_.number();
      (joined_ += '\n') += line;
      if (line.find('"') != std::string_view::npos && cells_.split(joined_, separator_)) return row(joined_);
    }
    out_.derived.lines = lines_.number();
    const auto parts = base::split(joined_, '\n');
    for (std::size_t i = 0; i < parts.size(); ++i, ++number_) {
      if (base::trim(parts[i]).empty()) continue;
      if (cells_.split(parts[i], separator_)) row(parts[i]);
      else out_.unreadable(number_, parts[i], "a quote is not closed");
    }
    if (lines_.too_long()) out_.unreadable(lines_.number(), "", "longer than 64 KiB");
  }

  void row(std::string_view line) {
    const auto refuse = [&](std::string_view why) { out_.unreadable(number_, line, why); };
    const auto name = parse_host(cells_[columns_.name], out_.options().origin);
    if (!name) return refuse(cells_[columns_.name].empty() ? "there is no name" : name.error().message);
    const auto ttl = parse_ttl(cells_[columns_.ttl]);
    if (!ttl && !cells_[columns_.ttl].empty()) return refuse("the TTL is a number of seconds, or a time like 1h30m");
    const bool opted_out = is_one_of(cells_[columns_.ptr], {"no", "false", "0", "n", "off"});
    bool any = false;
    for (const auto column : columns_.addresses) {
      if (cells_[column].empty()) continue;
      const auto address = net::Address::parse(cells_[column]);
      if (!address) return refuse(address.error().message);
      out_.add(*address, *name, ttl, number_, opted_out);
      any = true;
    }
    if (!any) refuse("there is no address");
  }

  ForwardLines lines_;
  ForwardRows& out_;
  Columns columns_;
  Cells cells_;
  std::string joined_, header_;
  std::size_t number_ = 0;
  char separator_ = ',';
  bool begun_ = false;
};

}  // namespace

base::Expected<void> read_csv(std::istream& in, ForwardRows& out) { return CsvReader(in, out).read(); }

}  // namespace fcrdns::generator
