// Domain names: presentation (RFC 1035 5.1), wire (RFC 1035 3.1, 4.1.4), comparison (RFC 4343), order (RFC 4034 6.1).
#include "fcrdns/dns/name.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "fcrdns/dns/wire.hpp"

namespace fcrdns::dns {
namespace {

constexpr std::size_t max_wire = 255;   // RFC 1035 2.3.4
constexpr std::size_t max_label = 63;   // RFC 1035 2.3.4
constexpr std::size_t max_labels = 127; // 127 labels of one octet and the root fill 255 octets

// Length octets are at most 63, below 'A': folding a whole wire name leaves them as they are.
constexpr auto fold_table = [] {
  std::array<unsigned char, 256> table{};
  for (std::size_t i = 0; i < 256; ++i) table[i] = static_cast<unsigned char>(i >= 'A' && i <= 'Z' ? i | 0x20 : i);
  return table;
}();
unsigned char fold(char c) { return fold_table[static_cast<unsigned char>(c)]; }

bool equal_folded(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (std::memcmp(a.data(), b.data(), a.size()) == 0 || std::ranges::equal(a, b, {}, fold, fold));
}

std::size_t label_size(std::string_view wire, std::size_t at) { return static_cast<unsigned char>(wire[at]); }

/// Where each label's length octet stands, the root's last.
struct LabelStarts {
  std::array<std::uint8_t, max_labels + 1> at;
  std::size_t count = 0;  // without the root
  explicit LabelStarts(std::string_view wire) {
    std::size_t position = 0;
    for (; wire[position] != '\0'; position += 1 + label_size(wire, position))
      at[count++] = static_cast<std::uint8_t>(position);
    at[count] = static_cast<std::uint8_t>(position);
  }
  [[nodiscard]] std::string_view label(std::string_view wire, std::size_t index) const {
    return wire.substr(at[index] + 1U, label_size(wire, at[index]));
  }
};

void append_ddd(std::string& out, unsigned char octet) {
  out += '\\';
  out += static_cast<char>('0' + octet / 100);
  out += static_cast<char>('0' + octet / 10 % 10);
  out += static_cast<char>('0' + octet % 10);
}

/// The octet behind a backslash at text[at]; moves `at` behind the escape.
base::Expected<char> read_escape(std::string_view text, std::size_t& at) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (at + 1 >= text.size()) return base::fault("a name ends in a lone backslash");
  if (!is_digit(text[at + 1])) {
    at += 2;
    return text[at - 1];
  }
  if (at + 3 >= text.size() || !is_digit(text[at + 2]) || !is_digit(text[at + 3]))
    return base::fault("a name's \\DDD escape needs three digits");
  const int value = (text[at + 1] - '0') * 100 + (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (value > 255) return base::fault("a name's \\DDD escape is above 255");
  at += 4;
  return static_cast<char>(value);
}

}  // namespace

base::Expected<Name> Name::parse(std::string_view presentation) {
  if (presentation == ".") return Name();
  if (presentation.empty()) return base::fault("a name may not be empty");
  std::string wire;
  std::size_t start = 0;  // of the current label's length octet
  const auto close_label = [&]() -> bool {
    const auto size = wire.size() - start - 1;
    if (size == 0 || size > max_label) return false;
    wire[start] = static_cast<char>(size);
    start = wire.size();
    return true;
  };
  wire += '\0';
  for (std::size_t at = 0; at < presentation.size();) {
    if (wire.size() > max_wire) return base::fault("a name is longer than 255 octets");
    if (presentation[at] == '.') {
      if (!close_label()) return base::fault("a name has a label that is empty or longer than 63 octets");
      wire += '\0';
      ++at;
    } else if (presentation[at] == '\\') {
      const auto octet = read_escape(presentation, at);
      if (!octet) return std::unexpected(octet.error());
      wire += *octet;
    } else {
      wire += presentation[at++];
    }
  }
  if (start + 1 != wire.size()) {  // no final dot: the last label is still open
    if (!close_label()) return base::fault("a name has a label that is empty or longer than 63 octets");
    wire += '\0';
  }
  if (wire.size() > max_wire) return base::fault("a name is longer than 255 octets");
  return Name(wire);
}

base::Expected<Name> Name::from_wire(base::OctetView wire) {
  std::size_t at = 0;
  while (at < wire.size() && wire[at] != 0) {
    if (wire[at] > max_label) return base::fault("a label is longer than 63 octets");
    at += 1U + wire[at];
  }
  if (at + 1 != wire.size()) return base::fault("a name does not end where its octets end");
  if (wire.size() > max_wire) return base::fault("a name is longer than 255 octets");
  return Name(std::string_view(reinterpret_cast<const char*>(wire.data()), wire.size()));
}

base::Expected<Name> Name::read(base::Cursor& cursor) {
  base::Expected<Name> name;
  if (const auto why = read_name(cursor, *name)) return base::fault(why);
  return name;
}

Refusal read_name(base::Cursor& cursor, Name& out) {
  constexpr Refusal runs_out = "name runs past the end of the message";
  const auto octets = cursor.all();
  std::array<char, max_wire> wire;
  std::size_t size = 0;
  std::size_t part = cursor.position();  // where the part being read begins: a pointer must lead to before it
  std::size_t at = part;
  std::size_t behind = 0;  // where the cursor goes on; known at the first pointer
  std::size_t pointers = 0;
  for (;;) {
    if (at >= octets.size()) return runs_out;
    const std::size_t length = octets[at];
    if (length != 0 && length <= max_label) {
      at += length + 1;
      if (size + (at - part) >= max_wire) return "name longer than 255 octets";
      continue;
    }
    if (length > max_label && length < 0xc0) return "label of a reserved type";
    // The labels up to the root or a pointer, in one go; straight into the name when they are all of it.
    const auto piece = octets.subspan(part, at - part + (length == 0 ? 1 : 0));
    if (length == 0 && size == 0) {
      cursor = base::Cursor(octets, pointers == 0 ? at + 1 : behind);
      out.wire_.assign({reinterpret_cast<const char*>(piece.data()), piece.size()});
      return nullptr;
    }
    if (!piece.empty()) std::memcpy(wire.data() + size, piece.data(), piece.size());
    size += piece.size();
    if (length == 0) break;
    if (at + 1 >= octets.size()) return runs_out;
    const std::size_t target = (length & 0x3f) << 8 | octets[at + 1];
    if (pointers == 0) behind = at + 2;
    if (target >= part) return "compression pointer does not go backward";
    if (++pointers > max_labels) return "too many compression pointers in a name";
    part = at = target;
  }
  cursor = base::Cursor(octets, behind);
  out.wire_.assign({wire.data(), size});
  return nullptr;
}

std::string Name::text() const {
  if (is_root()) return ".";
  const auto wire = wire_.view();
  std::string out;
  out.reserve(wire.size() + 8);
  for (std::size_t at = 0; wire[at] != '\0'; at += 1 + label_size(wire, at)) {
    for (const char c : wire.substr(at + 1, label_size(wire, at))) {
      const auto octet = static_cast<unsigned char>(c);
      if (octet <= 0x20 || octet >= 0x7f) {
        append_ddd(out, octet);
        continue;
      }
      // The characters that mean something in a zone file are quoted, so that a name can be pasted into one.
      if (std::string_view(".\\\"();@$").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    out += '.';
  }
  return out;
}

std::size_t Name::label_count() const { return LabelStarts(wire_.view()).count; }

std::string_view Name::label(std::size_t index) const { return LabelStarts(wire_.view()).label(wire_.view(), index); }

Name Name::parent() const {
  return is_root() ? Name() : Name(wire_.view().substr(1 + label_size(wire_.view(), 0)));
}

Name Name::ancestor(std::size_t labels) const {
  const LabelStarts starts(wire_.view());
  if (labels >= starts.count) return *this;
  return Name(wire_.view().substr(starts.at[starts.count - labels]));
}

bool Name::is_within(const Name& ancestor) const {
  const auto wire = wire_.view();
  std::size_t at = 0;
  while (wire.size() - at > ancestor.wire_.size()) at += 1 + label_size(wire, at);
  return equal_folded(wire.substr(at), ancestor.wire_.view());
}

base::Expected<Name> Name::prepend(std::string_view label) const {
  if (label.empty() || label.size() > max_label) return base::fault("a label must have 1 to 63 octets");
  if (1 + label.size() + wire_.size() > max_wire) return base::fault("the name would be longer than 255 octets");
  std::string wire(1, static_cast<char>(label.size()));
  return Name(wire.append(label).append(wire_.view()));
}

base::Expected<Name> Name::with_suffix(const Name& from, const Name& to) const {
  if (!is_within(from)) return base::fault(text() + " is not below " + from.text());
  const auto kept = wire_.size() - from.wire_.size();
  if (kept + to.wire_.size() > max_wire) return base::fault("the name would be longer than 255 octets");
  return Name(std::string(wire_.view().substr(0, kept)).append(to.wire_.view()));
}

Name Name::lowered() const {
  Name out(*this);
  std::ranges::transform(wire_.view(), out.wire_.data(), [](char c) { return static_cast<char>(fold(c)); });
  return out;
}

bool operator==(const Name& a, const Name& b) { return equal_folded(a.wire_.view(), b.wire_.view()); }

std::weak_ordering operator<=>(const Name& a, const Name& b) {
  const auto wire_a = a.wire_.view(), wire_b = b.wire_.view();
  const LabelStarts in_a(wire_a), in_b(wire_b);
  for (std::size_t back = 1; back <= std::min(in_a.count, in_b.count); ++back) {
    const auto x = in_a.label(wire_a, in_a.count - back), y = in_b.label(wire_b, in_b.count - back);
    const auto order = std::lexicographical_compare_three_way(
        x.begin(), x.end(), y.begin(), y.end(), [](char l, char r) { return fold(l) <=> fold(r); });
    if (order != 0) return order;
  }
  return in_a.count <=> in_b.count;
}

}  // namespace fcrdns::dns

std::size_t std::hash<fcrdns::dns::Name>::operator()(const fcrdns::dns::Name& name) const noexcept {
  std::uint64_t sum = 14695981039346656037U;  // FNV-1a over the folded octets
  for (const auto octet : name.wire()) {
    sum ^= fcrdns::dns::fold_table[octet];
    sum *= 1099511628211U;
  }
  return sum;
}
