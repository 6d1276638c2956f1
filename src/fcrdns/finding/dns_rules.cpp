// The DNS itself: servers that fail, disagree or are out of reach, and caches that still hold what was. RFC 1034 4.3.5,
// RFC 2308 5, RFC 4035 5.5.
#include <algorithm>
#include <set>

#include "fcrdns/finding/rules.hpp"

namespace fcrdns::finding::rules {

using dns::Name;
using dns::Status;
using resolver::Walk;

namespace {

constexpr std::uint32_t a_day = 86400;

/// Why there is no answer: the servers are proven bad, or only the resolver has trouble, or nobody knows.
void unreachable(const Case& c, Id id, const std::string& question, const resolver::Answer& said, std::span<const Walk> walks) {
  const auto* walk = walks.empty() ? nullptr : &walks.back();
  auto arguments = trouble_of(question, said);
  if (walk != nullptr && walk->root_reached) {
    if (const auto* rung = walk->deepest()) arguments.emplace_back("zone", rung->apex.text());
    arguments.emplace_back("servers", outcomes(*walk));
    if (walk->all_proven_bad()) {
      arguments.emplace_back("form", "broken");
      arguments.emplace_back("broken", std::int64_t{1});
    } else if (dns::is_definite(walk->answer.status) && !walk->alias) {
      arguments.emplace_back("form", "resolver_only");
    }
    if (walk->cyclic) arguments.emplace_back("cyclic", std::int64_t{1});
    if (!walk->problem.empty()) arguments.emplace_back("problem", walk->problem);
  }
  c.add(id, Severity::undetermined, std::move(arguments));
}

/// Bogus twice, by different servers: not one resolver's fault.
void bogus(const Case& c, const std::string& question, const resolver::Answer& said, std::span<const Walk> walks) {
  auto arguments = trouble_of(question, said);
  std::set<std::string> paths;
  for (const auto& attempt : said.attempts)
    if (attempt.outcome == to_word(Status::bogus)) paths.insert(attempt.server);
  if (paths.size() > 1) arguments.emplace_back("broken", std::int64_t{1});
  // What an unvalidated question shows, for whoever compares; nothing is judged by it.
  if (!walks.empty()) arguments.emplace_back("unvalidated", std::string(to_word(walks.back().answer.status)));
  c.add(Id::dnssec_bogus, Severity::undetermined, std::move(arguments));
}

void reverse_trouble(const Case& c) {
  const auto& said = c.at.ptr;
  if (said.status == Status::bogus) return bogus(c, c.reverse_name(), said, c.at.reverse);
  const bool lame_child = c.at.reverse.size() > 1 && proven_bad(c.at.reverse);  // classless_broken tells it
  if (dns::is_trouble(said.status) ? !lame_child : proven_bad(c.at.reverse))
    unreachable(c, Id::reverse_unreachable, c.reverse_name(), said, c.at.reverse);
}

void forward_trouble(const Case& c) {
  for (const auto& view : c.names) {
    const auto& name = *view.name;
    const auto question = name.name.text();
    if (dns::is_trouble(name.own.status)) {
      if (c.verdict.iprev != verdict::Iprev::temperror) continue;  // another name decided it
      if (name.own.status == Status::bogus) bogus(c, question, name.own, name.forward);
      else unreachable(c, Id::forward_unreachable, question, name.own, name.forward);
    } else if (proven_bad(name.forward) && (view.cause == Cause::confirms || c.verdict.iprev != verdict::Iprev::pass)) {
      unreachable(c, Id::forward_unreachable, question, name.own, name.forward);
    }
  }
}

// ---- servers that disagree ---------------------------------------------------------------------------------------

struct Sides {
  std::vector<std::string> having, lacking;
};

void add_once(std::vector<std::string>& list, std::string text) {
  if (!holds(list, text)) list.push_back(std::move(text));
}

/// Servers whose definite answer has, and has not, what `wanted` asks for. A server whose addresses differ stands on both
/// sides, each with its address.
template <typename Wanted>
Sides sides_of(const Walk& walk, Wanted wanted) {
  struct Said {
    const resolver::ServerReport* server;
    bool has;
  };
  std::vector<Said> said;
  for (const auto& server : walk.servers) {
    if (!dns::is_definite(server.answer.status)) continue;
    if (!server.answer.via.empty() && !walk.alias) continue;  // a CNAME where others have the record: told by itself
    said.push_back({&server, wanted(server.answer)});
  }
  Sides sides;
  for (const auto& [server, has] : said) {
    const bool split = std::ranges::any_of(said, [&, at = server, is = has](const Said& other) {
      return other.server->name == at->name && other.has != is;
    });
    add_once(has ? sides.having : sides.lacking,
             server->name.text() + (split ? " (" + server->address.text() + ")" : ""));
  }
  return sides;
}

void tell_sides(const Case& c, const Walk& walk, Sides sides) {
  if (sides.having.empty() || sides.lacking.empty()) return;
  const auto* rung = walk.deepest();
  c.add(Id::servers_disagree, Severity::error,
        {{"form", "lacking"}, {"question", walk.question.name.text()}, {"zone", rung == nullptr ? "" : rung->apex.text()},
         {"having", std::move(sides.having)}, {"lacking", std::move(sides.lacking)}});
}

bool told_serials(const Case& c, const std::string& zone) {
  return std::ranges::any_of(c.out, [&](const Finding& finding) {
    const auto* known = argument(finding, "zone");
    return finding.id == Id::servers_disagree && finding.address == c.at.address && known != nullptr && *known == Value(zone);
  });
}

/// Equal data, different versions: one of the servers lags behind.
void serials(const Case& c, const Walk& walk) {
  std::set<std::uint32_t> different;
  std::vector<std::string> shown;
  for (const auto& server : walk.servers) {
    if (!server.serial || !dns::is_definite(server.answer.status)) continue;
    different.insert(*server.serial);
    add_once(shown, server.name.text() + ": " + std::to_string(*server.serial));
  }
  const auto* rung = walk.deepest();
  if (different.size() < 2 || rung == nullptr || told_serials(c, rung->apex.text())) return;
  c.add(Id::servers_disagree, Severity::warning,
        {{"form", "serials"}, {"question", walk.question.name.text()}, {"zone", rung->apex.text()}, {"serials", std::move(shown)}});
}

bool has_all_names(const resolver::Answer& answer, const std::vector<Name>& names) {
  const auto held = names_in(answer);
  return std::ranges::all_of(names, [&](const Name& name) { return holds(held, name); });
}

/// What every listed server must have: all the names there are. When none has all of them, the old and the new PTR stand
/// on different servers: then the names that lead back, or else those of the first server.
std::vector<Name> names_to_have(const Case& c, const Walk& walk) {
  auto all = names_in(walk.answer);
  const auto has_names = [](const resolver::ServerReport& server) { return server.answer.status == Status::noerror; };
  if (std::ranges::any_of(walk.servers, [&](const auto& server) { return has_names(server) && has_all_names(server.answer, all); }))
    return all;
  std::vector<Name> confirming;
  for (const auto* view : c.names_with(Cause::confirms)) confirming.push_back(view->name->name);
  const auto first = std::ranges::find_if(walk.servers, has_names);
  return confirming.empty() && first != walk.servers.end() ? names_in(first->answer) : confirming;
}

// ---- caches ------------------------------------------------------------------------------------------------------

/// What caches hold that no listed server says any more.
class Stale {
 public:
  Stale(const Case& c, const dns::Question& question) : case_(c), question_(question) {}

  void held(const resolver::Answer& answer, std::string resolver, std::vector<std::string> data) {
    const auto left = dns::is_negative(answer.status) ? (answer.soa ? dns::negative_ttl(*answer.soa) : 0) : ttl_of(answer);
    left_ = std::max(left_, left);
    add_once(resolvers_, std::move(resolver));
    for (auto& text : data) add_once(data_, std::move(text));
  }
  void tell() {
    if (resolvers_.empty()) return;
    Arguments arguments{{"question", question_.name.text()}, {"type", dns::to_text(question_.type)},
                        {"resolvers", std::move(resolvers_)}, {"remaining_ttl", static_cast<std::int64_t>(left_)}};
    if (data_.empty()) arguments.emplace_back("form", "negative");
    arguments.emplace_back("held", std::move(data_));
    case_.add(Id::stale_cache, Severity::info, std::move(arguments));
  }

 private:
  static std::uint32_t ttl_of(const resolver::Answer& answer) {
    std::uint32_t ttl = 0;
    for (const auto& record : answer.records) ttl = std::max(ttl, record.ttl);
    return ttl;
  }

  const Case& case_;
  const dns::Question& question_;
  std::vector<std::string> resolvers_, data_;
  std::uint32_t left_ = 0;
};

std::string resolver_of(const resolver::Answer& answer) {
  return answer.attempts.empty() ? "the resolver" : answer.attempts.back().server;
}

/// Resolver and caches about one question, against what the last of its walks found. `same` compares what matters.
template <typename Same, typename Data>
void tell_stale(const Case& c, const resolver::Answer& said, std::span<const Walk> walks, Same same, Data data) {
  const auto& question = walks.front().question;
  const auto& now = walks.back();
  Stale stale(c, question);
  const auto is_old = [&](const resolver::Answer& answer) {
    // When a listed server on the way says so too, it is no old answer: the servers disagree.
    return dns::is_definite(answer.status) && !same(answer, now.answer) && std::ranges::none_of(walks, [&](const Walk& walk) {
      return std::ranges::any_of(walk.servers, [&](const resolver::ServerReport& server) {
        const auto& told = server.answer;
        return (dns::is_negative(told.status) || !told.records.empty()) && same(answer, told);
      });
    });
  };
  if (is_old(said)) stale.held(said, resolver_of(said), data(said));
  for (const auto& cache : c.at.caches)
    if (cache.question == question && is_old(cache.answer)) stale.held(cache.answer, cache.resolver.text(), data(cache.answer));
  stale.tell();
}

}  // namespace

Arguments trouble_of(std::string question, const resolver::Answer& answer) {
  Arguments arguments{{"question", std::move(question)}, {"status", std::string(to_word(answer.status))}};
  if (!answer.detail.empty()) arguments.emplace_back("reason", answer.detail);
  return arguments;
}

void trouble(const Case& c) {
  reverse_trouble(c);
  if (!dns::is_trouble(c.at.ptr.status)) forward_trouble(c);
}

void servers_disagree(const Case& c) {
  for (const auto& walk : c.at.reverse) {
    if (!walk.root_reached) continue;
    if (walk.alias) {
      tell_sides(c, walk, sides_of(walk, [](const resolver::Answer& answer) { return answer.status == Status::noerror; }));
    } else if (const auto wanted = names_to_have(c, walk); !wanted.empty()) {
      tell_sides(c, walk, sides_of(walk, [&](const resolver::Answer& answer) { return has_all_names(answer, wanted); }));
    }
    serials(c, walk);
  }
  for (const auto& view : c.names) {
    if (view.name->forward.empty() || !view.name->forward.back().root_reached) continue;
    const auto& walk = view.name->forward.back();
    if (view.cause == Cause::confirms)
      tell_sides(c, walk, sides_of(walk, [&](const resolver::Answer& answer) {
                   return holds(evidence::addresses_in(answer), c.at.address);
                 }));
    serials(c, walk);
  }
}

void stale_cache(const Case& c) {
  // "Nothing to change" may be said only where the authority is right.
  if (c.fails()) return;
  if (c.ptr.authority && c.ptr.status() == Status::noerror)
    tell_stale(c, c.at.ptr, c.at.reverse,
               [](const resolver::Answer& a, const resolver::Answer& b) { return names_in(a) == names_in(b); },
               [](const resolver::Answer& held) { return texts(names_in(held)); });
  for (const auto& view : c.names)
    if (view.forward.authority && view.cause == Cause::confirms)
      tell_stale(c, view.name->own, view.name->forward,
                 [&](const resolver::Answer& a, const resolver::Answer& b) {
                   return holds(evidence::addresses_in(a), c.at.address) == holds(evidence::addresses_in(b), c.at.address);
                 },
                 [](const resolver::Answer& held) { return texts(evidence::addresses_in(held)); });
}

void ttl_extreme(const Case& c) {
  const bool planned = c.fails() || c.evidence().expect.has_value();
  const auto look_at = [&](const std::string& question, const resolver::Answer& answer) {
    if (answer.status != Status::noerror || answer.records.empty()) return;
    const auto ttl = std::ranges::max_element(answer.records, {}, &dns::Record::ttl)->ttl;
    if (ttl > a_day && planned)
      c.add(Id::ttl_extreme, Severity::warning,
            {{"form", "long"}, {"question", question}, {"ttl", static_cast<std::int64_t>(ttl)}});
    else if (ttl == 0)
      c.add(Id::ttl_extreme, Severity::info, {{"question", question}, {"ttl", std::int64_t{0}}});
  };
  look_at(c.reverse_name(), *c.ptr.answer);
  for (const auto& view : c.names) look_at(view.name->name.text(), *view.forward.answer);
}

void own_dns_path_blocked(const evidence::Evidence& evidence, std::vector<Finding>& out) {
  if (evidence.authority == resolver::Resolver::Authority::unreachable)
    out.push_back({Id::own_dns_path_blocked, Severity::info, {}, {}});
}

}  // namespace fcrdns::finding::rules
