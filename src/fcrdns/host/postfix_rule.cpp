// Regular expressions over mail addresses are mostly a domain in disguise: "/@example\.net$/", "/@(.*\.)?example\.net$/". Those
// are told as what they stand for; others are not guessed at.
#include <algorithm>
#include <cctype>
#include <iterator>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/postfix_table.hpp"

namespace fcrdns::host::postfix {
namespace {

constexpr std::string_view any_address[] = {"", "^", ".", "$", "^.", ".$", ".*", ".*$", "^.*", "^.*$", ".+", ".+$", "^.+", "^.+$", "(.*)", "^(.*)$"};
constexpr std::string_view any_begin[] = {"^.*", "^.+", "^[^@]+", "^[^@]*", ".*", ".+", ""};

/// What may stand before the domain, and which addresses that makes of it.
struct Before {
  std::string_view expression;
  std::string_view first, second;  // signs put before the domain
};
constexpr Before befores[] = {
    {R"(@(.*\.)?)", "@", "."}, {R"(@(.+\.)?)", "@", "."}, {R"(@(|.*\.))", "@", "."}, {R"(@([^@]+\.)?)", "@", "."},
    {R"([@.])", "@", "."},     {R"([.@])", "@", "."},     {R"((@|\.))", "@", "."},   {R"((\.|@))", "@", "."},
    {R"(@.*\.)", ".", {}},     {R"(@.+\.)", ".", {}},     {R"(\.)", ".", {}},        {R"(@)", "@", {}},
};

/// Text without operators, "\." read as a dot; empty: there are operators.
std::string literal_of(std::string_view expression) {
  std::string text;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const bool escaped = expression[i] == '\\' && i + 1 < expression.size();
    const char c = expression[escaped ? ++i : i];
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
    if (escaped ? c != '.' && c != '-' && c != '+' && c != '@' : !plain && c != '@') return {};
    text += c;
  }
  return base::to_lower(text);
}

}  // namespace

std::vector<std::string> addresses_of(std::string_view expression) {
  if (expression.starts_with('^') && expression.ends_with('$') && expression.size() > 1) {  // one address
    const auto address = literal_of(expression.substr(1, expression.size() - 2));
    if (const auto at = address.find('@'); at != std::string::npos && at > 0 && at == address.rfind('@')) return {address};
  }
  if (std::ranges::find(any_address, expression) != std::end(any_address)) return {"*"};
  const auto* const begin = std::ranges::find_if(any_begin, [&](std::string_view b) { return expression.starts_with(b); });
  const auto rest = expression.substr(begin->size());
  if (!rest.ends_with('$')) return {};
  for (const auto& before : befores) {
    if (!rest.starts_with(before.expression)) continue;
    const auto domain = literal_of(rest.substr(before.expression.size(), rest.size() - before.expression.size() - 1));
    if (domain.empty() || domain.find('@') != std::string::npos) return {};
    std::vector<std::string> patterns{std::string(before.first) + domain};
    if (!before.second.empty()) patterns.push_back(std::string(before.second) + domain);
    return patterns;
  }
  return {};
}

}  // namespace fcrdns::host::postfix
