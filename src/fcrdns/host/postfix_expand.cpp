// The value of an expression in main.cf. postconf(5): "The expressions $name, $(name) or ${name} are recursively replaced",
// with ? and : for a parameter that is set or not, and with comparisons of texts, numbers and levels of compatibility.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <compare>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/postfix_lines.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr int max_depth = 100;               // as Postfix
constexpr std::size_t max_octets = 1 << 16;
constexpr std::size_t max_look_ups = 2'000;  // each parameter may name the next one twice

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// "3.6" as one number; empty: no level.
std::optional<long> level_of(std::string_view text) {
  long level = 0, parts = 0;
  for (const auto part : base::split(text, '.')) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size() || number > 999 || ++parts > 3) return std::nullopt;
    level = level * 1000 + number;
  }
  for (; parts < 3; ++parts) level *= 1000;
  return level;
}

std::optional<long long> number_of(std::string_view text) {
  long long number = 0;
  if (text.empty() || !std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; })) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional(number) : std::nullopt;
}

struct Operator {
  std::string_view sign;
  bool (*holds)(std::strong_ordering);
};
constexpr Operator operators[] = {
    {"==", [](std::strong_ordering o) { return o == 0; }}, {"!=", [](std::strong_ordering o) { return o != 0; }},
    {"<=", [](std::strong_ordering o) { return o <= 0; }}, {">=", [](std::strong_ordering o) { return o >= 0; }},
    {"<", [](std::strong_ordering o) { return o < 0; }},   {">", [](std::strong_ordering o) { return o > 0; }},
};

/// What stands between braces is read from its front.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest(text) {}
  void skip_space() { rest.remove_prefix(std::min(rest.find_first_not_of(white_space), rest.size())); }
  bool take(std::string_view sign) {
    if (!rest.starts_with(sign)) return false;
    rest.remove_prefix(sign.size());
    return true;
  }
  /// {text} and the white space around it.
  std::optional<std::string_view> take_braces() {
    const auto begin = rest.find_first_not_of(white_space);
    if (begin == std::string_view::npos || rest[begin] != '{') return std::nullopt;
    std::size_t depth = 0;
    for (auto i = begin; i < rest.size(); ++i) {
      if (rest[i] == '{') ++depth;
      if (rest[i] != '}' || --depth != 0) continue;
      const auto inside = rest.substr(begin + 1, i - begin - 1);
      rest.remove_prefix(i + 1);
      skip_space();
      return inside;
    }
    return std::nullopt;
  }
  std::string_view rest;
};

class Expansion {
 public:
  explicit Expansion(const Lookup& lookup) : lookup_(lookup) {}

  void text(std::string_view expression, int depth) {
    for (std::size_t i = 0; i < expression.size() && trouble.empty();) {
      if (expression[i] != '$') {
        const auto end = std::min(expression.find('$', i), expression.size());
        put(expression.substr(i, end - i));
        i = end;
      } else if (expression.substr(i + 1).starts_with('$')) {
        put("$");
        i += 2;
      } else {
        i = reference(expression, i + 1, depth);
      }
    }
  }

  std::string result, trouble;

 private:
  void put(std::string_view piece) {
    if (result.size() + piece.size() > max_octets) trouble = "it is too long";
    else result += piece;
  }
  void fail(std::string_view why, std::string_view where) {
    if (trouble.empty()) trouble = std::string(why) + ": \"" + base::escape(where, 80) + '"';
  }

  /// What follows a '$' at `at`; gives where the text goes on.
  std::size_t reference(std::string_view text, std::size_t at, int depth) {
    const char open = at < text.size() ? text[at] : '\0';
    auto end = at;
    std::string_view body;
    if (open == '{' || open == '(') {
      const char close = open == '{' ? '}' : ')';
      int level = 0;
      for (;; ++end) {
        if (end == text.size()) return fail("a bracket is not closed", text), end;
        if (text[end] == open) ++level;
        if (text[end] == close && --level == 0) break;
      }
      body = text.substr(at + 1, end++ - at - 1);
    } else {
      while (end < text.size() && is_name(text[end])) ++end;
      body = text.substr(at, end - at);
    }
    if (body.empty()) fail("no name stands behind '$'", text);
    else if (depth >= max_depth || ++look_ups_ > max_look_ups) fail("it leads to itself, or too deep", body);
    else evaluate(body, depth + 1);
    return end;
  }

  /// The inside of ${...}.
  void evaluate(std::string_view body, int depth) {
    Reader reader(body);
    std::optional<std::string> value;
    reader.skip_space();
    if (reader.rest.starts_with('{')) {
      value = comparison(reader, depth);
    } else {
      const auto size = static_cast<std::size_t>(std::ranges::find_if_not(reader.rest, is_name) - reader.rest.begin());
      const auto name = reader.rest.substr(0, size);
      reader.rest.remove_prefix(size);
      reader.skip_space();
      value = lookup_(name);
      if (name.empty() || (!reader.rest.empty() && reader.rest.front() != '?' && reader.rest.front() != ':'))
        fail("this is no name of a parameter", body);
      else if (reader.rest.empty() && value) text(*value, depth);
    }
    if (!trouble.empty()) return;
    const bool is_set = value && !value->empty();
    if (reader.rest.empty()) return;
    if (reader.take("?") && !branch(reader, is_set, depth)) return;
    if (reader.rest.empty()) return;
    if (!reader.take(":")) return fail("':' is expected", reader.rest);
    if (branch(reader, !is_set, depth) && !reader.rest.empty()) fail("there is something behind the last '}'", reader.rest);
  }

  /// {text}, or all that is left. False: nothing can follow.
  bool branch(Reader& reader, bool taken, int depth) {
    const auto end = reader.rest.find_first_not_of(white_space);
    const bool braces = end != std::string_view::npos && reader.rest[end] == '{';
    const auto inside = braces ? reader.take_braces() : std::nullopt;
    if (braces && !inside) return fail("a brace is not closed", reader.rest), false;
    if (taken) text(inside ? *inside : reader.rest, depth);
    return inside && trouble.empty();
  }

  /// {a} == {b}: "true" or empty.
  std::optional<std::string> comparison(Reader& reader, int depth) {
    const auto left = reader.take_braces();
    const auto* const found = std::ranges::find_if(operators, [&](const Operator& o) { return reader.rest.starts_with(o.sign); });
    if (!left || found == std::end(operators)) return fail("'==', '!=', '<', '<=', '>=' or '>' is expected", reader.rest), std::nullopt;
    reader.take(found->sign);
    const bool of_levels = reader.take("level");
    const auto right = reader.take_braces();
    if (!right) return fail("{text} is expected", reader.rest), std::nullopt;
    const auto a = part(*left, depth), b = part(*right, depth);
    const auto order = of_levels ? levels(a, b) : texts(a, b);
    const std::string truth = found->holds(order) ? "true" : "";
    if (reader.rest.empty()) put(truth);
    return truth;
  }
  std::strong_ordering levels(std::string_view a, std::string_view b) {
    const auto x = level_of(a), y = level_of(b);
    if (!x || !y) fail("this is no level of compatibility", x ? b : a);
    return x.value_or(0) <=> y.value_or(0);
  }
  static std::strong_ordering texts(std::string_view a, std::string_view b) {
    const auto x = number_of(a), y = number_of(b);
    return x && y ? *x <=> *y : a <=> b;
  }
  std::string part(std::string_view expression, int depth) {
    const auto before = std::exchange(result, {});
    text(expression, depth);
    return std::exchange(result, before);
  }

  const Lookup& lookup_;
  std::size_t look_ups_ = 0;
};

}  // namespace

Expanded expand(std::string_view expression, const Lookup& lookup) {
  Expansion expansion(lookup);
  expansion.text(expression, 0);
  return {std::move(expansion.result), std::move(expansion.trouble)};
}

}  // namespace fcrdns::host::postfix
