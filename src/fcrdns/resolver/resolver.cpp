#include "fcrdns/resolver/resolver.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fcrdns::resolver {
namespace {

constexpr std::array<std::pair<Dnssec, std::string_view>, 4> dnssec_words{{
    {Dnssec::unknown, "unknown"},
    {Dnssec::insecure, "insecure"},
    {Dnssec::secure, "secure"},
    {Dnssec::bogus, "bogus"},
}};

/// Troubles from the most telling to the least: what somebody said before what nobody said.
constexpr std::array telling{
    dns::Status::bogus,     dns::Status::servfail, dns::Status::refused, dns::Status::formerr,
    dns::Status::malformed, dns::Status::lame,     dns::Status::loop,    dns::Status::timeout,
    dns::Status::unreachable,
};

std::size_t rank(dns::Status status) {
  if (dns::is_definite(status)) return 0;
  return 1 + static_cast<std::size_t>(std::ranges::find(telling, status) - telling.begin());
}

}  // namespace

std::string_view to_word(Dnssec state) {
  return std::ranges::find(dnssec_words, state, &std::pair<Dnssec, std::string_view>::first)->second;
}

std::optional<Dnssec> parse_dnssec(std::string_view word) {
  for (const auto& [state, text] : dnssec_words)
    if (text == word) return state;
  return std::nullopt;
}

void Resolver::ask_server(ServerQuestion, base::SteadyTime, ServerDone done) {
  ServerAnswer answer;
  answer.answer.status = dns::Status::unreachable;
  done(std::move(answer));
}

void Resolver::at(base::SteadyTime, std::move_only_function<void()> call) { call(); }

bool says_more(dns::Status a, dns::Status b) { return rank(a) < rank(b); }

}  // namespace fcrdns::resolver
