// What all mail servers' configurations have in common: their names, the route a mail takes, and all readers in a row.
#include "fcrdns/host/mta.hpp"

#include <algorithm>
#include <iterator>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host {
namespace {

struct Named {
  Kind kind;
  std::string_view word, text;
};
constexpr Named kinds[] = {
    {Kind::postfix, "postfix", "Postfix"},    {Kind::exim, "exim", "Exim"},    {Kind::opensmtpd, "opensmtpd", "OpenSMTPD"},
    {Kind::sendmail, "sendmail", "Sendmail"}, {Kind::haraka, "haraka", "Haraka"}, {Kind::stalwart, "stalwart", "Stalwart"},
};
const Named& named(Kind kind) { return *std::ranges::find(kinds, kind, &Named::kind); }

bool takes_domain(std::string_view pattern, std::string_view domain) {
  if (pattern.starts_with('.')) return domain.size() > pattern.size() && domain.ends_with(pattern);
  return domain == pattern;
}

/// A sender's pattern may name the whole address; of a recipient only the domain is known.
bool takes(const Route& route, std::string_view recipient_domain, std::string_view sender) {
  const std::string_view pattern = route.pattern;
  switch (route.of) {
    case Route::Of::all: return true;
    case Route::Of::recipient:
      return pattern.starts_with('@') ? pattern.substr(1) == recipient_domain : takes_domain(pattern, recipient_domain);
    case Route::Of::sender: break;
  }
  const auto at = sender.rfind('@');
  if (at == std::string_view::npos) return !sender.empty() && sender == pattern;
  const auto domain = sender.substr(at + 1);
  if (pattern.starts_with('@')) return pattern.substr(1) == domain;
  return pattern.find('@') != std::string_view::npos ? pattern == sender : takes_domain(pattern, domain);
}

}  // namespace

std::string_view to_word(Kind kind) { return named(kind).word; }
std::string_view to_text(Kind kind) { return named(kind).text; }

const Client* Mta::client(std::string_view name) const {
  const auto found = std::ranges::find(clients, name, &Client::name);
  return found == clients.end() ? nullptr : &*found;
}

std::vector<Mta> read_all(Files& files, const Names& names, std::string_view config) {
  auto found = read_postfix(files, names, config);
  for (const auto reader : {read_exim, read_opensmtpd, read_sendmail, read_haraka, read_stalwart})
    if (auto mta = reader(files, names, config)) found.push_back(std::move(*mta));
  return found;
}

const Route* route_for(const Mta& mta, std::string_view recipient_domain, std::string_view sender) {
  const auto route = std::ranges::find_if(mta.routes, [&](const Route& r) { return takes(r, recipient_domain, sender); });
  return route == mta.routes.end() ? nullptr : &*route;
}

}  // namespace fcrdns::host
