// Rows as lines. TSV as plain as it gets; CSV after RFC 4180; NDJSON, a JSON object (RFC 8259) a line. All of it comes
// from the network or from a file of strangers, so whatever could break a line, a cell or a terminal is written as \DDD.
//
// Spreadsheets take a cell that begins with = + - @ for a formula. No cell of a CSV begins so but those of --tags, which
// are the user's own: in names and bad lines such an octet is written as \DDD, too.
#include "fcrdns/sweep/row.hpp"

#include <algorithm>
#include <array>

namespace fcrdns::sweep {
namespace {

constexpr std::array<std::string_view, 6> columns{"address", "iprev", "confirmed_name", "names", "detail", "notes"};
constexpr std::size_t most_shown = 200;  // octets of a bad line

/// Octets of a label that are written as they are.
constexpr auto plain = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();
bool is_plain(std::string_view label) {
  bool all = true;
  for (const char c : label) all = all && plain[static_cast<unsigned char>(c)];
  return all;
}
bool begins_formula(char c) { return c == '=' || c == '+' || c == '-' || c == '@'; }

void put_ddd(std::string& out, char c) {
  const auto octet = static_cast<unsigned char>(c);
  const char text[] = {'\\', static_cast<char>('0' + octet / 100), static_cast<char>('0' + octet / 10 % 10), static_cast<char>('0' + octet % 10)};
  out.append(text, sizeof text);
}

void put_label(std::string& out, std::string_view label) {
  for (const char c : label) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= 0x20 || octet >= 0x7f || c == ',') {
      put_ddd(out, c);
      continue;
    }
    if (std::string_view(".\\\"();@$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

/// Name::text(), and a comma as \044.
void put_name(std::string& out, const dns::Name& name) {
  const auto octets = name.wire();
  const std::string_view wire(reinterpret_cast<const char*>(octets.data()), octets.size());
  if (name.is_root()) out += '.';
  // Nearly every name is its own text but for the dots, which stand where the next length did.
  const auto start = out.size();
  out += wire.substr(1);
  bool all_plain = true;
  for (std::size_t at = 0; wire[at] != '\0' && all_plain; at += 1U + octets[at]) {
    all_plain = is_plain(wire.substr(at + 1, octets[at]));
    out[start + at + octets[at]] = '.';
  }
  if (all_plain) return;
  out.resize(start);
  for (std::size_t at = 0; wire[at] != '\0'; at += 1U + octets[at]) {
    put_label(out, wire.substr(at + 1, octets[at]));
    out += '.';
  }
}

/// A bad line: printable ASCII as it is, all else as \DDD.
void put_bad_input(std::string& out, std::string_view line) {
  for (const char c : line.substr(0, most_shown)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet <= 0x20 || octet >= 0x7f || c == ',' || c == '\\') put_ddd(out, c);
    else out += c;
  }
  if (line.size() > most_shown) out += "...";
}

/// The octets of the well-formed UTF-8 character (RFC 3629 4) at the beginning; 0: there is none.
std::size_t character_size(std::string_view text) {
  const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xbf) { return octet(i) >= low && octet(i) <= high; };
  const unsigned first = octet(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef)
    return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (first >= 0xf0 && first <= 0xf4)
    return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

/// The user's own words: UTF-8 as it is, control characters (C1 as well) and stray octets as \DDD.
void put_words(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto size = character_size(text);
    const auto octet = static_cast<unsigned char>(text[0]);
    const bool control = octet < 0x20 || octet == 0x7f || (octet == 0xc2 && size == 2 && static_cast<unsigned char>(text[1]) < 0xa0);
    const auto taken = std::max<std::size_t>(size, 1);
    if (size == 0 || control)
      for (const char c : text.substr(0, taken)) put_ddd(out, c);
    else
      out += text.substr(0, taken);
    text.remove_prefix(taken);
  }
}

/// The address, or the line that is none.
void put_target(std::string& out, const Row& row) {
  if (row.iprev) out += row.address.text();
  else put_bad_input(out, row.bad_input);
}

std::string_view iprev_word(const Row& row) { return row.iprev ? verdict::to_word(*row.iprev) : "-"; }

// --- TSV ---

void write_tsv(std::string& out, const Row& row, std::size_t more) {
  const auto empty_is_dash = [&out](std::size_t start) {
    if (out.size() == start) out += '-';
    out += '\t';
  };
  put_target(out, row);
  out += '\t';
  (out += iprev_word(row)) += '\t';
  auto start = out.size();
  if (row.confirmed) put_name(out, row.names[*row.confirmed]);
  empty_is_dash(start);
  start = out.size();
  for (const auto& name : row.names) {
    if (out.size() > start) out += ',';
    put_name(out, name);
  }
  empty_is_dash(start);
  (out += to_word(row.detail)) += '\t';
  const auto notes = to_words(row.notes);
  out += notes.empty() ? "-" : notes;
  for (std::size_t i = 0; i < more; ++i) {
    out += '\t';
    if (i < row.more.size() && !row.more[i].empty()) put_words(out, row.more[i]);
    else out += '-';
  }
  out += '\n';
}

// --- CSV ---

/// One cell of what was written behind `start`: in quotes where RFC 4180 2 wants them.
void quote_cell(std::string& out, std::size_t start) {
  if (out.find_first_of(",\"", start) == std::string::npos) return;
  for (auto at = out.find('"', start); at != std::string::npos; at = out.find('"', at + 2)) out.insert(at, 1, '"');
  out.insert(start, 1, '"');
  out += '"';
}

/// What was written behind `start` is no formula.
void disarm(std::string& out, std::size_t start) {
  if (out.size() == start || !begins_formula(out[start])) return;
  std::string octet;
  put_ddd(octet, out[start]);
  out.replace(start, 1, octet);
}

void write_csv(std::string& out, const Row& row, std::size_t more) {
  const auto name = [&out](const dns::Name& its) {
    const auto start = out.size();
    put_name(out, its);
    disarm(out, start);
  };
  const auto end_cell = [&out](std::size_t& start) {
    quote_cell(out, start);
    out += ',';
    start = out.size();
  };
  auto start = out.size();
  put_target(out, row);
  disarm(out, start);
  end_cell(start);
  out += iprev_word(row);
  end_cell(start);
  if (row.confirmed) name(row.names[*row.confirmed]);
  end_cell(start);
  for (const auto& its : row.names) {
    if (out.size() > start) out += ',';
    name(its);
  }
  end_cell(start);
  if (row.detail != Detail::none) out += to_word(row.detail);
  end_cell(start);
  out += to_words(row.notes);
  quote_cell(out, start);
  for (std::size_t i = 0; i < more; ++i) {
    out += ',';
    start = out.size();
    if (i < row.more.size()) put_words(out, row.more[i]);
    quote_cell(out, start);
  }
  out += "\r\n";
}

// --- NDJSON ---

/// What was written behind `start`, as a JSON string: no control octet is in it, so two characters are left to escape.
void quote_json(std::string& out, std::size_t start) {
  for (auto at = out.find_first_of("\"\\", start); at != std::string::npos; at = out.find_first_of("\"\\", at + 2)) out.insert(at, 1, '\\');
  out.insert(start, 1, '"');
  out += '"';
}

void put_json(std::string& out, std::string_view words) {
  const auto start = out.size();
  put_words(out, words);
  quote_json(out, start);
}

void put_json(std::string& out, const dns::Name& name) {
  const auto start = out.size();
  put_name(out, name);
  quote_json(out, start);
}

void write_ndjson(std::string& out, const Row& row, std::span<const std::string> more_names) {
  out += R"({"address":)";
  const auto start = out.size();
  put_target(out, row);
  quote_json(out, start);
  ((out += R"(,"iprev":")") += iprev_word(row)) += R"(","confirmed_name":)";
  if (row.confirmed) put_json(out, row.names[*row.confirmed]);
  else out += "null";
  out += R"(,"names":[)";
  for (std::size_t i = 0; i < row.names.size(); ++i) {
    if (i > 0) out += ',';
    put_json(out, row.names[i]);
  }
  out += R"(],"detail":)";
  if (row.detail == Detail::none) out += "null";
  else ((out += '"') += to_word(row.detail)) += '"';
  out += R"(,"notes":[)";
  for (const char c : to_words(row.notes)) {
    if (out.back() == '[') out += '"';
    if (c == ',') out += R"(",")";
    else out += c;
  }
  if (out.back() != '[') out += '"';
  out += ']';
  for (std::size_t i = 0; i < more_names.size(); ++i) {
    out += ',';
    put_json(out, more_names[i]);
    out += ':';
    put_json(out, i < row.more.size() ? row.more[i] : std::string_view());
  }
  out += "}\n";
}

}  // namespace

void write_row(std::string& out, const Row& row, Format format, std::span<const std::string> more_names) {
  const auto more = std::max(row.more.size(), more_names.size());
  switch (format) {
    case Format::tsv: return write_tsv(out, row, more);
    case Format::csv: return write_csv(out, row, more);
    case Format::ndjson: return write_ndjson(out, row, more_names);
  }
}

std::string header_line(Format format, std::span<const std::string> more_names) {
  if (format != Format::csv) return {};
  std::string out;
  for (const auto column : columns) {
    if (!out.empty()) out += ',';
    out += column;
  }
  for (const auto& name : more_names) {
    out += ',';
    const auto start = out.size();
    put_words(out, name);
    quote_cell(out, start);
  }
  return out += "\r\n";
}

}  // namespace fcrdns::sweep
