// One address and its verdict, and the line it makes. The columns are a fixed interface (docs/scan.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::sweep {

/// Why it is no pass. In order of the words: the PTR question's, then what there is without a question, then those of
/// the forward questions.
enum class Detail : std::uint8_t {
  none, nxdomain, nodata, servfail, refused, formerr, lame, timeout, bogus, malformed, loop,
  unusable_name, special_purpose, bad_input,
  forward_nxdomain, forward_nodata, forward_mismatch, forward_servfail, forward_refused, forward_formerr, forward_lame,
  forward_timeout, forward_bogus, forward_malformed, forward_loop, forward_unusable,
};
[[nodiscard]] std::string_view to_word(Detail detail);  ///< "-" for none
[[nodiscard]] std::optional<Detail> parse_detail(std::string_view word);

struct Notes {
  bool generic = false;   ///< a name looks generic (generic::classify)
  bool multiple = false;  ///< more than one PTR name
  bool alias = false;     ///< an alias (CNAME, RFC 2317; DNAME) led to the PTR or to an address
  friend bool operator==(const Notes&, const Notes&) = default;
};
[[nodiscard]] std::string_view to_words(Notes notes);  ///< divided by commas: "generic,alias"; empty for none

/// Borrows what it points to: it lives for one call.
struct Row {
  net::Address address;
  std::string_view bad_input;                 ///< the line itself when it is no address; then nothing else is set
  std::optional<verdict::Iprev> iprev;        ///< empty with bad_input only
  std::optional<std::size_t> confirmed;       ///< index into names
  std::span<const dns::Name> names;
  Detail detail = Detail::none;
  Notes notes;
  /// Further columns behind the fixed ones, unescaped: --tags, --diff.
  std::span<const std::string_view> more;
};

enum class Format { tsv, ndjson, csv };
[[nodiscard]] std::string_view to_word(Format format);
[[nodiscard]] std::optional<Format> parse_format(std::string_view word);

/// Appends the row as one line with its end. TSV and CSV: address, iprev, confirmed name, names, detail, notes, then
/// what is more; an empty column is "-" (CSV: empty). Names with final dot; comma, tab and control octets in them as \DDD.
/// `more_names` are the keys of Row::more in NDJSON.
void write_row(std::string& out, const Row& row, Format format, std::span<const std::string> more_names = {});
/// The line that comes first (CSV); empty for the others.
[[nodiscard]] std::string header_line(Format format, std::span<const std::string> more_names = {});

/// A row that was read back, as far as others need it. Views into the line, and to words that live for ever.
struct ReadRow {
  net::Address address;
  std::optional<verdict::Iprev> iprev;               ///< always set
  std::string_view confirmed, names, detail, notes;  ///< as they stand there; "-", null and empty are all empty here
};
/// Reads a line that write_row has written, in whichever format, with or without its end; a Fault says what is wrong with
/// it. A header line and a bad_input row have no address: nothing. The notes are those known here, divided by commas;
/// the names of an NDJSON row are the inside of its array.
[[nodiscard]] base::Expected<std::optional<ReadRow>> read_row(std::string_view line);

/// What `--only` lets through.
enum class Only { broken, generic, undetermined, pass };
[[nodiscard]] std::string_view to_word(Only only);
[[nodiscard]] std::optional<Only> parse_only(std::string_view word);
/// broken: fail and permerror; undetermined: temperror; generic: a name is generic, whatever the verdict. A bad_input row always passes.
[[nodiscard]] bool lets_through(Only only, const Row& row);

}  // namespace fcrdns::sweep
