// What of the lab needs no namespace; tests/lab runs the rest from end to end.
#include "fcrdns/lab/lab.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fcrdns/authority/responder.hpp"
#include "fcrdns/lab/processes.hpp"
#include "fcrdns/lab/recursive.hpp"

namespace fcrdns::lab {
namespace {

TEST(Lab, LoadsWorlds) {
  EXPECT_TRUE(load("lab"));
  EXPECT_TRUE(load(FCRDNS_SOURCE_DIR "/data/worlds/lab.world"));
  const auto unknown = load("nowhere");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "no world named nowhere; there are: blocked, lab");
  EXPECT_EQ(load("./no-such.world").error().message, "cannot read ./no-such.world");
  const auto bad = std::filesystem::path(testing::TempDir()) / "bad.world";
  std::ofstream(bad) << "$ZONE .\nno record\n";
  EXPECT_EQ(load(bad.string()).error().message, "world " + bad.string() + ": line 2: no such record type: record");
}

TEST(Lab, ListsHosts) {
  const auto world = world::parse_world(R"(
$HOST 192.0.2.1 iprev=pass exit=0 or=temperror:2:reverse_unreachable "all is well"
$HOST bücher.example iprev=- findings=subject_not_found exit=1 "there is no such host"
$HOST 192.0.2.1 options="--helo a.example" iprev=pass exit=0 findings=helo_differs unwalked=pass:0: "another name"
)").value();
  EXPECT_EQ(list(world, false),
            "SUBJECT                     VERDICT    EXIT  WHAT IS WRONG WITH IT\n"
            "192.0.2.1                   pass          0  all is well\n"
            "bücher.example              -             1  there is no such host (subject_not_found)\n"
            "192.0.2.1 --helo a.example  pass          0  another name (helo_differs)\n");
  const auto document = nlohmann::json::parse(list(world, true));
  EXPECT_EQ(document["schema"], "fcrdns/lab/1");
  EXPECT_EQ(document["hosts"][0]["outcomes"].size(), 2U);
  EXPECT_EQ(document["hosts"][1]["subject"], "bücher.example");
  EXPECT_TRUE(document["hosts"][1]["outcomes"][0]["iprev"].is_null());
  EXPECT_TRUE(document["hosts"][1]["unwalked"].is_null());
  EXPECT_EQ(document["hosts"][2]["options"], (std::vector<std::string>{"--helo", "a.example"}));
  EXPECT_TRUE(document["hosts"][2]["unwalked"]["findings"].empty());
}

TEST(Lab, PassesOnHowTheCommandEnded) {
  ::setenv("PATH", "/usr/bin:/bin", 1);  // a folder in it that may not be read would turn 127 into 126
  const std::pair<std::vector<std::string>, int> rows[] = {{{"true"}, 0},
                                                           {{"sh", "-c", "exit 7"}, 7},
                                                           {{"sh", "-c", "kill -TERM $$"}, 143},
                                                           {{"no-such-program"}, 127},
                                                           {{"/"}, 126}};
  for (const auto& [command, code] : rows) EXPECT_EQ(run_command(command).value(), code) << command.back();
}

TEST(Lab, AServerProcessTellsWhetherItServes) {
  const auto good = ServerProcess::start([](const auto& ready) { ready(std::string("ready")); });
  ASSERT_TRUE(good);
  EXPECT_EQ(good->second, "ready");
  EXPECT_EQ(ServerProcess::start([](const auto& ready) { ready(base::fault("no port")); }).error().message, "no port");
  EXPECT_EQ(ServerProcess::start([](const auto&) {}).error().message, "the server ended early");
}

struct Row {
  std::string_view asked;
  bool checking_disabled = false;
  int rcode = -1;  ///< -1: silence
  bool authentic = false;
  std::size_t answers = 0, soa = 0;
};

TEST(Lab, ThePlainResolverAnswersFromTheWorld) {
  constexpr std::string_view text = R"(
$SERVER ns. 192.0.2.53
$ZONE . ns. signed
host A 192.0.2.1
alias CNAME host
servfail A !servfail
refused A !refused
timeout A !timeout
$ZONE bogus. ns. bogus
host A 192.0.2.2
)";
  const Row rows[] = {
      {"host.", false, 0, true, 1, 0},   {"alias.", false, 0, true, 2, 0},   {"none.", false, 3, true, 0, 1},
      {"servfail.", false, 2},           {"refused.", false, 5},             {"timeout."},
      {"host.bogus.", false, 2},         {"host.bogus.", true, 0, false, 1}, {"host.", true, 0, false, 1},
  };
  authority::Listeners listeners;
  Plain plain(world::parse_world(text).value(), listeners);
  const auto handle = plain.handler();
  for (const auto& row : rows) {
    SCOPED_TRACE(row.asked);
    dns::Message query;
    query.questions = {{dns::Name::parse(row.asked).value(), dns::Type::a, dns::Class::in}};
    query.checking_disabled = row.checking_disabled;
    query.edns = dns::Edns{.udp_payload = 1232, .version = 0, .dnssec_ok = true, .options = {}};
    std::optional<dns::Message> reply;
    handle(dns::write_message(query), authority::Transport::udp,
           [&](const base::Octets& octets) { reply = dns::read_message(octets).value(); });
    EXPECT_EQ(reply.has_value(), row.rcode >= 0);
    if (!reply) continue;
    EXPECT_EQ(static_cast<int>(reply->rcode), row.rcode);
    EXPECT_EQ(reply->authentic, row.authentic);
    EXPECT_EQ(reply->answers.size(), row.answers);
    EXPECT_EQ(reply->authority.size(), row.soa);
    const bool bogus = row.asked == "host.bogus." && !row.checking_disabled;
    EXPECT_EQ(dns::extended_error(*reply).value_or(dns::ExtendedError{}).code == 6, bogus);
  }
}

}  // namespace
}  // namespace fcrdns::lab
