// check and scan, side by side: every address that a world of the scenario tests knows has the same word, the same names,
// the same confirmed name and the same reason in a row of a scan as in a check without a walk.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "fcrdns/resolver/bulk_over_test.hpp"
#include "fcrdns/sweep/detail.hpp"
#include "fcrdns/sweep/sweep.hpp"
#include "iprev_examples.hpp"
#include "run_world.hpp"

namespace fcrdns {
namespace {

struct Named {
  std::string name;
  world::World world;
  std::set<net::Address> addresses;
};

/// Whatever is an address in it: data of A and AAAA, whole reverse names, subjects.
std::set<net::Address> addresses_of(const world::World& world) {
  std::set<net::Address> out;
  const auto from_name = [&](const dns::Name& name) {
    if (const auto address = net::parse_reverse_name(name.text())) out.insert(address->unmapped());
  };
  for (const auto& zone : world.zones) {
    for (const auto& record : zone.records) {
      from_name(record.owner);
      if (const auto* address = std::get_if<net::Address>(&record.data)) out.insert(address->unmapped());
    }
    for (const auto& [of, behaviour] : zone.behaviours) from_name(of.first);
  }
  for (const auto& host : world.hosts)
    if (const auto address = net::Address::parse(host.subject)) out.insert(address->unmapped());
  return out;
}

Named named(std::string name, world::World world) {
  auto addresses = addresses_of(world);
  return {std::move(name), std::move(world), std::move(addresses)};
}

std::vector<Named> worlds_in_files() {
  std::vector<Named> out;
  for (const auto* folder : {"/data/worlds", "/tests"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FCRDNS_SOURCE_DIR + std::string(folder))) {
      if (entry.path().extension() != ".world") continue;
      std::ifstream in(entry.path());
      auto world = world::parse_world(std::string(std::istreambuf_iterator<char>(in), {}));
      if (!world) throw std::runtime_error(entry.path().string() + ": " + world.error().message);
      out.push_back(named(entry.path().stem(), *std::move(world)));
    }
  return out;
}

std::vector<Named> worlds_of_examples() {
  std::vector<Named> out;
  for (const auto& example : scenarios::iprev_examples()) {
    out.push_back(named(example.at("id"), scenarios::world_of(example)));
    out.back().addresses.insert(net::Address::parse(example.at("ip").get<std::string>()).value());
  }
  return out;
}

std::string lines(const char* form, int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += fmt::format(fmt::runtime(form), i, i / 250, i % 250);
  return out;
}

/// Hostile by size or shape: what 203.0.113.5 is answered, and what example.com holds.
std::vector<Named> hostile_worlds() {
  std::string longest;
  for (int i = 0; i < 3; ++i) longest += std::string(63, static_cast<char>('a' + i)) + ".";
  const std::string junk = "\"" + std::string(255, 'x') + "\" ";
  struct Row {
    const char* name;
    std::string reverse, forward;
  };
  const Row rows[] = {
      {"H011_3000_names", lines("5 PTR m{0}.example.com.\n", 3000), "m1 A 203.0.113.5\n"},
      {"H011_3000_names_none_confirms", lines("5 PTR m{0}.example.com.\n", 3000), lines("m{0} A 198.51.100.1\n", 3000)},
      {"H012_4000_addresses", "5 PTR m.example.com.\n", lines("m A 198.18.{1}.{2}\n", 4000) + "m A 203.0.113.5\n"},
      {"H022_damaged_ptr", "5 PTR !malformed\n", ""},
      {"H022_damaged_forward", "5 PTR m.example.com.\n", "m ANY !malformed\n"},
      {"H023_alias_to_itself", "5 CNAME 5\n", ""},
      {"H023_aliases_in_a_circle", "5 CNAME 6\n6 CNAME 5\n", ""},
      {"H023_forward_alias_to_itself", "5 PTR m.example.com.\n", "m CNAME m\n"},
      {"H023_forward_circle", "5 PTR m.example.com.\n", "m CNAME n\nn CNAME m\n"},
      {"sixteen_aliases", "5 CNAME c1.example.com.\n", lines("c{0} CNAME d{0}\n", 15) + "d1 PTR m.example.com.\nm A 203.0.113.5\n"},
      {"H026_silence", "5 PTR !timeout\n", ""},
      {"H026_silence_forward", "5 PTR m.example.com.\n5 PTR n.example.com.\n", "m ANY !timeout\nn A 203.0.113.5\n"},
      {"octets_of_all_kinds", "5 PTR a\\009b.example.com.\n5 PTR a\\044b.example.com.\n5 PTR a\\010b.example.com.\n5 PTR \\195\\164.example.com.\n"
                              "5 PTR \\027[31m.example.com.\n5 PTR a\\.b.example.com.\n5 PTR \\000.example.com.\n5 PTR \\255\\254.example.com.\n5 PTR a\\\"b.example.com.\n", ""},
      {"255_octets", "5 PTR " + longest + std::string(61, 'd') + ".\n", ""},
      {"its_own_reverse_name", "5 PTR 5.113.0.203.in-addr.arpa.\n", ""},
      {"no_host_names", "5 PTR localhost.\n5 PTR .\n5 PTR 203.0.113.5.\n5 PTR mail.local.\n5 PTR x.onion.\n5 PTR -a.example.com.\n", ""},
      {"only_the_root", "5 PTR .\n", ""},
      {"letter_cases", "5 PTR MAIL.example.com.\n5 PTR mail.EXAMPLE.com.\n", "mail A 203.0.113.5\n"},
      {"huge_txt_beside", "5 PTR m.example.com.\n5 TXT " + junk + junk + junk + "\n", "m A 203.0.113.5\nm TXT " + junk + junk + "\n"},
  };
  std::vector<Named> out;
  for (const auto& row : rows) {
    auto world = world::parse_world("$SERVER ns1.example.com. 198.51.100.53\n$ZONE . ns1.example.com.\n$ZONE 113.0.203.in-addr.arpa. ns1.example.com.\n" +
                                    row.reverse + "$ZONE example.com. ns1.example.com.\n" + row.forward);
    if (!world) throw std::runtime_error(std::string(row.name) + ": " + world.error().message);
    out.push_back({row.name, *std::move(world), {*net::Address::parse("203.0.113.5"), *net::Address::parse("203.0.113.6")}});
  }
  return out;
}

/// What both are asked for.
struct Said {
  std::string iprev, confirmed, names, detail;
  bool alias = false;
  friend bool operator==(const Said&, const Said&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Said& said) {
    return out << said.iprev << " | " << said.confirmed << " | " << said.names << " | " << said.detail << (said.alias ? " | alias" : "");
  }
};

class Every final : public sweep::Targets {
 public:
  explicit Every(const std::set<net::Address>& addresses) : at_(addresses.begin()), end_(addresses.end()) {}
  Next next(sweep::Target& target) override {
    if (at_ == end_) return Next::end;
    target = {.address = *at_++};
    return Next::target;
  }

 private:
  std::set<net::Address>::const_iterator at_, end_;
};

std::map<net::Address, Said> scan(const Named& its, bool ask_special) {
  resolver::Scripted resolver(its.world);
  resolver::BulkOver bulk(resolver, 50);
  Every targets(its.addresses);
  std::map<net::Address, Said> out;
  sweep::Sweep sweep(bulk, targets, {.ask_special = ask_special}, [&](const sweep::Row& row, const sweep::Place&) {
    Said said{std::string(to_word(row.iprev.value())), row.confirmed ? row.names[*row.confirmed].text() : "", "", std::string(to_word(row.detail)), row.notes.alias};
    for (const auto& name : row.names) said.names += name.text() + " ";
    EXPECT_TRUE(out.emplace(row.address, std::move(said)).second);
  });
  while (sweep.turn()) {}
  return out;
}

Said check(const Named& its, const net::Address& address, bool ask_special) {
  resolver::Scripted resolver(its.world);
  const auto evidence = scenarios::gather(resolver, address.text(), {.walk = false, .rdap = false, .ask_special = ask_special});
  const auto& at = evidence.addresses.at(0);
  const auto verdict = evidence::verdict_of(at);
  Said said{std::string(to_word(verdict.iprev)), verdict.confirmed ? at.names[*verdict.confirmed].name.text() : "", "", "", !at.ptr.via.empty()};
  std::vector<verdict::NameFacts> names;
  for (const auto& name : at.names) {
    said.names += name.name.text() + " ";
    said.alias = said.alias || !name.own.via.empty();
    names.push_back({name.own.status == dns::Status::unusable ? dns::Status::not_asked : name.own.status, {}});
  }
  const bool only_root = !at.names.empty() && std::ranges::all_of(at.names, [](const auto& name) { return name.name.is_root(); });
  said.detail = to_word(sweep::detail_of({address, at.ptr.status, only_root, names}, verdict.iprev));
  return said;
}

struct Compared {
  std::size_t worlds = 0, addresses = 0;
  std::map<std::string, std::size_t> details;
};

Compared compare(const std::vector<Named>& worlds) {
  Compared done;
  for (const auto& its : worlds) {
    ++done.worlds;
    for (const bool ask_special : {false, true}) {
      const auto rows = scan(its, ask_special);
      EXPECT_EQ(rows.size(), its.addresses.size()) << its.name;
      for (const auto& address : its.addresses) {
        ++done.addresses;
        const auto row = rows.find(address);
        if (row == rows.end()) {
          ADD_FAILURE() << its.name << " " << address.text() << ": no row";
          continue;
        }
        EXPECT_EQ(row->second, check(its, address, ask_special)) << its.name << " " << address.text();
        ++done.details[row->second.iprev + " " + row->second.detail];
      }
    }
  }
  std::string words;
  for (const auto& [word, count] : done.details) words += fmt::format("  {} {}\n", word, count);
  fmt::print("{} worlds, {} addresses compared\n{}", done.worlds, done.addresses, words);
  return done;
}

}  // namespace

TEST(ScanAgreement, WorldsInFiles) {
  const auto done = compare(worlds_in_files());
  EXPECT_GE(done.worlds, 5U);
  EXPECT_GE(done.details.size(), 12U) << "the worlds hold many ways to fail";
}

TEST(ScanAgreement, IprevExamples) { EXPECT_GE(compare(worlds_of_examples()).worlds, 18U); }

TEST(ScanAgreement, HostileWorlds) { EXPECT_GE(compare(hostile_worlds()).worlds, 19U); }

}  // namespace fcrdns
