// Where mail to a domain goes: what is asked about it, and what the answers come to (RFC 5321 5.1, RFC 7505). Pure but for
// the questions themselves, which somebody else puts.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/local_names.hpp"
#include "fcrdns/host/predict.hpp"
#include "fcrdns/resolver/resolver.hpp"

namespace fcrdns::doctor {

/// Answers by name (lower case, final dot) and type.
using Answers = std::map<std::pair<std::string, dns::Type>, resolver::Answer>;
/// Puts questions, all at once, and adds their answers.
using AskAll = std::function<void(const std::vector<dns::Question>&, Answers&)>;

[[nodiscard]] std::pair<std::string, dns::Type> key_of(const dns::Name& name, dns::Type type);
/// Null: not asked.
[[nodiscard]] const resolver::Answer* answer_to(const Answers& answers, std::string_view name, dns::Type type);
/// The addresses of a name, those of one family.
[[nodiscard]] std::vector<net::Address> addresses_of(const Answers& answers, std::string_view name, net::Family family);

/// Puts what is needed for the way to each of the domains. `local` serves for relays that only this machine knows.
[[nodiscard]] std::vector<host::Destination> destinations_of(const host::Mta& sender, std::string_view mail_from, const std::vector<std::string>& domains,
                                                             const host::LocalNames& local, const AskAll& ask, Answers& answers);

}  // namespace fcrdns::doctor
