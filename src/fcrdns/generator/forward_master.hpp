// Entries of a master file (RFC 1035 5.1, $TTL: RFC 2308 4, $GENERATE: BIND), one after the other; bounded whatever is in it.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "fcrdns/dns/record.hpp"
#include "fcrdns/generator/forward_lines.hpp"

namespace fcrdns::generator {

struct MasterEntry {
  dns::Name owner;
  std::string_view type;               ///< as it was written; one that is registered, or TYPEnnn
  std::optional<std::uint32_t> ttl;    ///< its own, else that of $TTL, else the last one that was said (RFC 1035 5.1)
  std::string_view data;               ///< the first word of the data, borrowed for the call; empty: there is none
  std::size_t words = 0;               ///< of the data
  dns::Name origin;                    ///< for names in the data; the root when there is none
  std::size_t line = 0;                ///< where it begins
  bool opted_out = false;              ///< a comment on it says no-ptr
};

class MasterReader {
 public:
  using Take = std::function<void(const MasterEntry& entry)>;
  using Refuse = std::function<void(std::size_t line, std::string_view text, std::string_view why)>;
  /// `origin` serves until there is an $ORIGIN. Entries of other classes than IN are handed on with an empty type.
  MasterReader(std::istream& in, const std::optional<dns::Name>& origin, Take take, Refuse refuse);

  void read();
  [[nodiscard]] std::size_t lines() const { return lines_.number(); }

 private:
  struct Words;
  void whole_entry(std::string_view text, std::size_t line);
  void join(std::string_view first);
  const char* directive(const Words& words, std::size_t line);
  const char* generate(const Words& words, std::size_t line);
  const char* record(const Words& words, std::size_t at, std::size_t line);

  ForwardLines lines_;
  Take take_;
  Refuse refuse_;
  std::string joined_;
  std::optional<dns::Name> origin_, owner_;
  std::optional<std::uint32_t> default_ttl_, last_ttl_;
  std::size_t generated_ = 0;
  MasterEntry entry_;
};

/// A name of a master file: "@" is the origin, and what has no final dot is completed with it. A sentence when it cannot be.
[[nodiscard]] const char* parse_master_name(std::string_view text, const std::optional<dns::Name>& origin, dns::Name& out);

/// `text` of a $GENERATE line for one number: $ and ${OFFSET,WIDTH,BASE} are put in (base d o x X n N). Nothing when it is no
/// such text, or what comes out is longer than a name can be.
[[nodiscard]] std::optional<std::string> put_number(std::string_view text, std::uint32_t number);

}  // namespace fcrdns::generator
