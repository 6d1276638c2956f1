// What the words behind `fcrdns ptr` are: one address or block, and host names.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/dns/name.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::ptr {

enum class Kind { address, reverse_name, prefix, zone_name };

struct Words {
  Kind kind = Kind::address;
  net::Prefix block;              ///< of an address: a /32 or /128
  std::string text;               ///< the word itself, as given
  std::vector<dns::Name> hosts;   ///< in the order given; the address or block may stand anywhere
  std::vector<std::string> notes;  ///< what was understood differently than written

  [[nodiscard]] bool is_block() const { return kind == Kind::prefix || kind == Kind::zone_name; }
};
/// A Fault says which word is wrong and why; exactly one address or block is needed.
[[nodiscard]] base::Expected<Words> read_words(std::span<const std::string> words);

}  // namespace fcrdns::ptr
