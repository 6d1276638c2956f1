// hosts(5): address, name, aliases, "#" and a comment. The first name is the host's own and gets the PTR.
#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_lines.hpp"
#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {
namespace {

std::string_view take_word(std::string_view& rest) {
  rest = base::trim(rest);
  const auto word = rest.substr(0, rest.find_first_of(" \t"));
  rest.remove_prefix(word.size());
  return word;
}

}  // namespace

base::Expected<void> read_hosts(std::istream& in, ForwardRows& out) {
  ForwardLines lines(in);
  for (std::string_view line; lines.next(line);) {
    out.derived.lines = lines.number();
    if (lines.too_long()) {
      out.unreadable(lines.number(), line, "longer than 64 KiB");
      continue;
    }
    const auto hash = line.find('#');
    const auto comment = hash == std::string_view::npos ? std::string_view{} : line.substr(hash + 1);
    auto rest = line.substr(0, hash);
    auto word = take_word(rest);
    if (word.empty()) continue;
    const auto address = net::Address::parse(word.substr(0, word.find('%')));  // fe80::1%lo0: which link does not matter here
    if (!address) {
      out.unreadable(lines.number(), line, "a line of a hosts file begins with an address");
      continue;
    }
    word = take_word(rest);
    const auto name = parse_host(word, out.options().origin);
    if (!name) {
      out.unreadable(lines.number(), line, word.empty() ? "there is no name behind the address" : name.error().message);
      continue;
    }
    out.add(*address, *name, std::nullopt, lines.number(), opts_out(comment));
  }
  return {};
}

}  // namespace fcrdns::generator
