// Rows read back: of an earlier scan (--diff), of a scan that was interrupted, of another machine. A parser of what anybody
// may have written: each line on its own, linear, bounded by the line.
#include <algorithm>
#include <array>

#include "fcrdns/base/text.hpp"
#include "fcrdns/sweep/row.hpp"

namespace fcrdns::sweep {
namespace {

enum Column : std::size_t { address, iprev, confirmed, names, detail, notes };
constexpr std::size_t column_count = 6;
constexpr std::array<std::string_view, column_count> columns{"address", "iprev", "confirmed_name", "names", "detail", "notes"};

using Cells = std::array<std::string_view, column_count>;
using Read = base::Expected<std::optional<ReadRow>>;

base::Expected<Cells> cells_of_tsv(std::string_view line) {
  Cells cells;
  for (std::size_t i = 0; i < column_count; ++i) {
    const auto end = line.find('\t');
    if (end == line.npos && i + 1 < column_count) return base::fault("a row of a scan has six columns; this has fewer");
    cells[i] = line.substr(0, end);
    line.remove_prefix(end == line.npos ? line.size() : end + 1);
  }
  return cells;
}

/// RFC 4180; doubled quotes inside quotes stay as they are.
base::Expected<Cells> cells_of_csv(std::string_view line) {
  Cells cells;
  for (std::size_t i = 0; i < column_count; ++i) {
    std::size_t end = 0;
    if (line.starts_with('"')) {
      for (end = 1;; ++end) {
        end = line.find('"', end);
        if (end == line.npos) return base::fault("a quoted cell has no end");
        if (end + 1 == line.size() || line[end + 1] != '"') break;
        ++end;
      }
      cells[i] = line.substr(1, end - 1);
      ++end;
      if (end < line.size() && line[end] != ',') return base::fault("behind a quoted cell stands no comma");
    } else {
      end = std::min(line.find(','), line.size());
      cells[i] = line.substr(0, end);
    }
    if (end == line.size() && i + 1 < column_count) return base::fault("a row of a scan has six columns; this has fewer");
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return cells;
}

/// Goes through one flat JSON object.
class Json {
 public:
  explicit Json(std::string_view text) : rest_(text) {}

  bool take(char c) {
    skip_space();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at_end() {
    skip_space();
    return rest_.empty();
  }
  /// The inside of a string, escapes as they stand there.
  std::optional<std::string_view> string() {
    if (!take('"')) return {};
    for (std::size_t at = 0; (at = rest_.find_first_of("\"\\", at)) != rest_.npos;) {
      if (rest_[at] == '\\') {
        at += 2;
        continue;
      }
      const auto inside = rest_.substr(0, at);
      rest_.remove_prefix(at + 1);
      return inside;
    }
    return {};
  }
  /// A string's inside, an array's inside (of strings), or a word (null, a number); null is empty.
  std::optional<std::string_view> value() {
    skip_space();
    if (rest_.starts_with('"')) return string();
    if (rest_.starts_with('[')) return array();
    const auto size = std::min(rest_.find_first_of(",} \t"), rest_.size());
    const auto word = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (word.empty() || !std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'E'; })) return {};
    return word == "null" ? std::string_view() : word;
  }

 private:
  std::optional<std::string_view> array() {
    const auto whole = rest_;
    rest_.remove_prefix(1);
    if (take(']')) return std::string_view();
    do
      if (!string()) return {};
    while (take(','));
    if (!take(']')) return {};
    return whole.substr(1, whole.size() - rest_.size() - 2);
  }
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }

  std::string_view rest_;
};

base::Expected<Cells> cells_of_ndjson(std::string_view line) {
  const auto broken = [] { return base::fault("a row of a scan is a JSON object of strings; this is none"); };
  Json json(line);
  Cells cells;
  if (!json.take('{')) return broken();
  if (!json.take('}')) {
    do {
      const auto key = json.string();
      if (!key || !json.take(':')) return broken();
      const auto value = json.value();
      if (!value) return broken();
      if (const auto column = std::ranges::find(columns, *key); column != columns.end())
        cells[static_cast<std::size_t>(column - columns.begin())] = *value;
    } while (json.take(','));
    if (!json.take('}')) return broken();
  }
  if (!json.at_end()) return broken();
  return cells;
}

/// A TSV row always has a tab, and the others never: there it is written as \009.
base::Expected<Cells> cells_of(std::string_view line) {
  if (line.find('\t') != line.npos) return cells_of_tsv(line);
  return line.starts_with('{') ? cells_of_ndjson(line) : cells_of_csv(line);
}

/// The notes that are known here; of an array, the quotes do not count.
Notes parse_notes(std::string_view text) {
  Notes notes;
  for (auto word : base::split(text, ',')) {
    word = base::trim(word);
    if (word.size() > 1 && word.starts_with('"') && word.ends_with('"')) word = word.substr(1, word.size() - 2);
    notes.generic = notes.generic || word == "generic";
    notes.multiple = notes.multiple || word == "multiple";
    notes.alias = notes.alias || word == "alias";
  }
  return notes;
}

std::optional<verdict::Iprev> parse_iprev(std::string_view word) {
  using enum verdict::Iprev;
  for (const auto iprev : {pass, permerror, fail, temperror})
    if (word == verdict::to_word(iprev)) return iprev;
  return {};
}

}  // namespace

base::Expected<std::optional<ReadRow>> read_row(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto cells = cells_of(line);
  if (!cells) return std::unexpected(std::move(cells.error()));
  for (auto& cell : *cells)
    if (cell == "-") cell = {};
  if (std::ranges::equal(*cells, columns)) return Read();  // the header
  const auto what = parse_detail((*cells)[detail].empty() ? "-" : (*cells)[detail]);
  if (!what) return base::fault("\"" + base::escape((*cells)[detail], 40) + "\": no word of the column detail");
  if (*what == Detail::bad_input) return Read();
  const auto read = net::Address::parse((*cells)[address]);
  if (!read) return std::unexpected(read.error());
  const auto word = parse_iprev((*cells)[iprev]);
  if (!word) return base::fault("\"" + base::escape((*cells)[iprev], 40) + "\": no word of the column iprev");
  const auto known_notes = (*cells)[notes].empty() ? std::string_view() : to_words(parse_notes((*cells)[notes]));
  return ReadRow{*read, word, (*cells)[confirmed], (*cells)[names], (*cells)[detail], known_notes};
}

}  // namespace fcrdns::sweep
