#include "fcrdns/verdict/iprev.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace fcrdns::verdict {
namespace {

using dns::Status;

const net::Address client = net::Address::v4({203, 0, 113, 5});
const net::Address other = net::Address::v4({203, 0, 113, 9});
const net::Address mapped = net::Address::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 5});

struct Name {
  Status forward;
  std::vector<net::Address> addresses;
};
struct Row {
  const char* what;
  Status ptr;
  std::vector<Name> names;
  Iprev expected;
  std::optional<std::size_t> confirmed = {};
};

const Row rows[] = {
    {"no PTR", Status::nxdomain, {}, Iprev::permerror},
    {"other types only", Status::nodata, {}, Iprev::permerror},
    {"no public PTR possible", Status::not_asked, {}, Iprev::permerror},
    {"SERVFAIL is not no-PTR", Status::servfail, {}, Iprev::temperror},
    {"REFUSED is not no-PTR", Status::refused, {}, Iprev::temperror},
    {"timeout is not no-PTR", Status::timeout, {}, Iprev::temperror},
    {"bogus is not no-PTR", Status::bogus, {}, Iprev::temperror},
    {"lame is not no-PTR", Status::lame, {}, Iprev::temperror},
    {"loop is not no-PTR", Status::loop, {}, Iprev::temperror},
    {"malformed is not no-PTR", Status::malformed, {}, Iprev::temperror},
    {"FORMERR is not no-PTR", Status::formerr, {}, Iprev::temperror},
    {"unreachable is not no-PTR", Status::unreachable, {}, Iprev::temperror},
    {"leads back", Status::noerror, {{Status::noerror, {client}}}, Iprev::pass, 0},
    {"one of several addresses", Status::noerror, {{Status::noerror, {other, client}}}, Iprev::pass, 0},
    {"leads elsewhere", Status::noerror, {{Status::noerror, {other}}}, Iprev::fail},
    {"v4-mapped never confirms", Status::noerror, {{Status::noerror, {mapped}}}, Iprev::fail},
    {"name does not exist", Status::noerror, {{Status::nxdomain, {}}}, Iprev::fail},
    {"no usable name", Status::noerror, {{Status::unusable, {}}}, Iprev::fail},
    {"unusable never confirms", Status::noerror, {{Status::unusable, {client}}}, Iprev::fail},
    {"second name confirms", Status::noerror, {{Status::noerror, {other}}, {Status::noerror, {client}}}, Iprev::pass, 1},
    {"pass outranks trouble", Status::noerror, {{Status::servfail, {}}, {Status::noerror, {client}}}, Iprev::pass, 1},
    {"trouble outranks mismatch", Status::noerror, {{Status::noerror, {other}}, {Status::timeout, {}}}, Iprev::temperror},
    {"names beyond the limit are no trouble", Status::noerror, {{Status::noerror, {other}}, {Status::not_checked, {}}}, Iprev::fail},
};

}  // namespace

TEST(Iprev, EveryRow) {
  for (const auto& row : rows) {
    std::vector<NameFacts> names;
    for (const auto& name : row.names) names.push_back({name.forward, name.addresses});
    const auto verdict = iprev({.client = client, .ptr = row.ptr, .names = names});
    EXPECT_EQ(to_word(verdict.iprev), to_word(row.expected)) << row.what;
    EXPECT_EQ(verdict.confirmed, row.confirmed) << row.what;
  }
}

TEST(Iprev, OnlyTheRootIsNoPtr) {
  const NameFacts root{Status::unusable, {}};
  EXPECT_EQ(iprev({.client = client, .ptr = Status::noerror, .only_root = true, .names = {&root, 1}}).iprev, Iprev::permerror);
}

TEST(Iprev, WorstWordOfASubject) {
  EXPECT_EQ(worse(Iprev::pass, Iprev::temperror), Iprev::temperror);
  EXPECT_EQ(worse(Iprev::permerror, Iprev::temperror), Iprev::permerror);
  EXPECT_EQ(worse(Iprev::permerror, Iprev::fail), Iprev::fail);
  EXPECT_EQ(worse(Iprev::pass, Iprev::pass), Iprev::pass);
}

}  // namespace fcrdns::verdict
