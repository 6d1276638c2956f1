// The words of the rows, each set in its enumerators' order.
#include <algorithm>
#include <array>

#include "fcrdns/sweep/row.hpp"

namespace fcrdns::sweep {
namespace {

constexpr std::array<std::string_view, 26> details{
    "-", "nxdomain", "nodata", "servfail", "refused", "formerr", "lame", "timeout", "bogus", "malformed", "loop",
    "unusable_name", "special_purpose", "bad_input",
    "forward_nxdomain", "forward_nodata", "forward_mismatch", "forward_servfail", "forward_refused", "forward_formerr", "forward_lame",
    "forward_timeout", "forward_bogus", "forward_malformed", "forward_loop", "forward_unusable"};
constexpr std::array<std::string_view, 8> notes_words{
    "", "alias", "multiple", "multiple,alias", "generic", "generic,alias", "generic,multiple", "generic,multiple,alias"};
constexpr std::array<std::string_view, 3> formats{"tsv", "ndjson", "csv"};
constexpr std::array<std::string_view, 4> only_words{"broken", "generic", "undetermined", "pass"};

template <typename Enum>
std::optional<Enum> find(const auto& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return {};
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::string_view to_word(Detail detail) { return details[static_cast<std::size_t>(detail)]; }
std::optional<Detail> parse_detail(std::string_view word) { return find<Detail>(details, word); }
std::string_view to_words(Notes notes) { return notes_words[notes.generic * 4U + notes.multiple * 2U + notes.alias * 1U]; }
std::string_view to_word(Format format) { return formats[static_cast<std::size_t>(format)]; }
std::optional<Format> parse_format(std::string_view word) { return find<Format>(formats, word); }
std::string_view to_word(Only only) { return only_words[static_cast<std::size_t>(only)]; }
std::optional<Only> parse_only(std::string_view word) { return find<Only>(only_words, word); }

bool lets_through(Only only, const Row& row) {
  if (!row.iprev) return true;
  switch (only) {
    case Only::broken: return *row.iprev == verdict::Iprev::fail || *row.iprev == verdict::Iprev::permerror;
    case Only::generic: return row.notes.generic;
    case Only::undetermined: return *row.iprev == verdict::Iprev::temperror;
    case Only::pass: return *row.iprev == verdict::Iprev::pass;
  }
  return true;
}

}  // namespace fcrdns::sweep
