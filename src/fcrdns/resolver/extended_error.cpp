#include "fcrdns/resolver/extended_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace fcrdns::resolver {
namespace {

struct Row {
  std::uint16_t code;
  std::string_view words;  // RFC 8914 4
  Blame blame;
};
constexpr std::array<Row, 25> rows{{
    {0, "Other", Blame::open},
    {1, "Unsupported DNSKEY Algorithm", Blame::something_else},
    {2, "Unsupported DS Digest Type", Blame::something_else},
    {3, "Stale Answer", Blame::something_else},
    {4, "Forged Answer", Blame::something_else},
    {5, "DNSSEC Indeterminate", Blame::open},
    {6, "DNSSEC Bogus", Blame::validation},
    {7, "Signature Expired", Blame::validation},
    {8, "Signature Not Yet Valid", Blame::validation},
    {9, "DNSKEY Missing", Blame::validation},
    {10, "RRSIGs Missing", Blame::validation},
    {11, "No Zone Key Bit Set", Blame::validation},
    {12, "NSEC Missing", Blame::validation},
    {13, "Cached Error", Blame::open},  // of what kind, it does not say
    {14, "Not Ready", Blame::something_else},
    {15, "Blocked", Blame::something_else},
    {16, "Censored", Blame::something_else},
    {17, "Filtered", Blame::something_else},
    {18, "Prohibited", Blame::something_else},
    {19, "Stale NXDomain Answer", Blame::something_else},
    {20, "Not Authoritative", Blame::something_else},
    {21, "Not Supported", Blame::something_else},
    {22, "No Reachable Authority", Blame::something_else},
    {23, "Network Error", Blame::something_else},
    {24, "Invalid Data", Blame::something_else},
}};

const Row* row_of(std::uint16_t code) {
  const auto row = std::ranges::find(rows, code, &Row::code);
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace

std::string describe(const dns::ExtendedError& error) {
  const auto* row = row_of(error.code);
  auto text = row ? std::string(row->words) : fmt::format("extended error {}", error.code);
  if (!error.text.empty()) text += ": " + error.text;
  return text;
}

Blame blame_of(const dns::ExtendedError& error) {
  const auto* row = row_of(error.code);
  return row ? row->blame : Blame::open;
}

}  // namespace fcrdns::resolver
