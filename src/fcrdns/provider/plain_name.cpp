#include "fcrdns/provider/plain_name.hpp"

namespace fcrdns::provider {
namespace {

constexpr auto plain_table = [] {
  std::array<char, 256> table{};
  table.fill('?');
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789-_")) table[static_cast<unsigned char>(c)] = c;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = static_cast<char>(c | 0x20);
  return table;
}();

}  // namespace

PlainName::PlainName(const dns::Name& name) {
  const auto wire = name.wire();
  for (std::size_t at = 0; wire[at] != 0; at += 1U + wire[at]) {
    if (labels_ > 0) text_[size_++] = '.';
    starts_[labels_++] = static_cast<std::uint16_t>(size_);
    for (const auto octet : wire.subspan(at + 1, wire[at])) text_[size_++] = plain_table[octet];
  }
  starts_[labels_] = static_cast<std::uint16_t>(size_ + 1);
}

}  // namespace fcrdns::provider
