// Built-in recursion against one server that holds whole top-level domains, and says one odd thing about one name.
#include "fcrdns/resolver/recursion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "fcrdns/resolver/odd_server_test.hpp"
#include "fcrdns/resolver/root.hpp"

namespace fcrdns::resolver {
namespace {

using base::Milliseconds;
using dns::Status;

const std::string name_text = "5.113.0.203.in-addr.arpa.";
const std::string soa_data = " 900 SOA ns.example.net. hostmaster.example.net. 1 2 3 4 300";

dns::Question ptr_question(const std::string& name = name_text) { return {*dns::Name::parse(name), dns::Type::ptr}; }

/// Authoritative for the top-level domains it is asked about; every name exists, and holds what `lines` says.
Script tree(std::vector<std::string> lines, std::function<void(const Heard&, dns::Message&)> odd = {}) {
  return [=](const Heard& h) {
    auto reply = reply_to(h);
    reply.authoritative = true;
    reply.recursion_available = false;
    const auto& question = h.query.questions.front();
    dns::Name at = question.name;
    for (const auto& line : lines) {
      const auto r = record(line);
      const bool alias = r.type == dns::Type::cname;
      if (!(r.owner == at) || !(r.type == question.type || alias)) continue;
      reply.answers.push_back(r);
      if (alias && question.type != dns::Type::cname) at = std::get<dns::Name>(r.data);
    }
    if (reply.answers.empty()) reply.authority.push_back(record(question.name.ancestor(1).text() + soa_data));
    if (odd && question == ptr_question()) odd(h, reply);
    return std::vector{say(h, reply)};
  };
}

std::vector<std::string> chain(int links) {
  std::vector<std::string> lines;
  const auto name = [&](int i) { return i == 0 ? name_text : "l" + std::to_string(i) + ".113.0.203.in-addr.arpa."; };
  for (int i = 0; i < links; ++i) lines.push_back(name(i) + " 60 CNAME " + name(i + 1));
  lines.push_back(name(links) + " 60 PTR mail.example.com.");
  return lines;
}

struct Row {
  const char* name;
  Script script;
  Status status;
  std::size_t via = 0;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.name; }

const std::vector<Row>& rows() {
  static const std::string ptr_line = name_text + " 3600 PTR mail.example.com.";
  static const std::vector<Row> table{
      {"answer", tree({ptr_line}), Status::noerror},
      {"nodata", tree({}), Status::nodata},
      {"nxdomain", tree({}, [](auto&, dns::Message& m) { m.rcode = dns::Rcode::nxdomain; }), Status::nxdomain},
      {"servfail", tree({}, [](auto&, dns::Message& m) { m.rcode = dns::Rcode::servfail; }), Status::servfail},
      {"refused", tree({}, [](auto&, dns::Message& m) { m.rcode = dns::Rcode::refused; }), Status::servfail},
      {"empty_without_soa", tree({}, [](auto&, dns::Message& m) { m.authority.clear(); }), Status::lame},
      {"empty_without_soa_and_aa",
       tree({}, [](auto&, dns::Message& m) {
         m.authority.clear();
         m.authoritative = false;
       }), Status::lame},
      {"truncated", tree({ptr_line}, [](const Heard& h, dns::Message& m) {
         if (h.tcp) return;
         m.answers.clear();
         m.truncated = true;
       }), Status::noerror},
      {"alias", tree(chain(1)), Status::noerror, 1},
      {"alias_into_nothing", tree({name_text + " 60 CNAME nothing.example.net."}), Status::nodata, 1},
      {"chain_of_16", tree(chain(16)), Status::noerror, 16},
      {"chain_of_17", tree(chain(17)), Status::loop, 16},
      {"aliases_in_a_ring",
       tree({name_text + " 60 CNAME a.example.net.", "a.example.net. 60 CNAME " + name_text}), Status::servfail},
  };
  return table;
}

Options without_dnssec() {
  Options options;
  options.dnssec = false;
  return options;
}

std::vector<Recursion::Stub> below_arpa_net_and_test(const OddServer& server) {
  return {{"arpa.", server.endpoint()}, {"net.", server.endpoint()}, {"test.", server.endpoint()}};
}

class Tree : public testing::TestWithParam<Row> {};

TEST_P(Tree, ends_as_it_should) {
  const auto& row = GetParam();
  transport::Loop loop;
  OddServer server(loop, row.script);
  const auto recursion = Recursion::make(loop, without_dnssec(), below_arpa_net_and_test(server));
  ASSERT_TRUE(recursion) << recursion.error().message;
  std::optional<Answer> answer;
  (*recursion)->ask(ptr_question(), loop.now() + Milliseconds{5000}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*recursion)->wait(Milliseconds{6000}));
  EXPECT_EQ(dns::to_word(answer->status), dns::to_word(row.status)) << answer->detail;
  EXPECT_EQ(answer->via.size(), row.via);
  EXPECT_EQ(answer->dnssec, Dnssec::unknown);
  ASSERT_EQ(answer->attempts.size(), 1U);
  EXPECT_EQ(answer->attempts.front().server, "built-in recursion");
  EXPECT_EQ(answer->soa.has_value(), dns::is_negative(row.status));
  ASSERT_EQ(answer->records.size(), row.status == Status::noerror ? 1U : 0U);
  EXPECT_EQ(answer->size > 0, answer->status != Status::servfail);
}

INSTANTIATE_TEST_SUITE_P(Recursion, Tree, testing::ValuesIn(rows()),
                         [](const auto& param) { return std::string(param.param.name); });

/// A file of this test's own; gone at its end.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& text) {
    path_ = testing::TempDir() + "fcrdns_" + testing::UnitTest::GetInstance()->current_test_info()->name() +
            std::to_string(++made_);
    std::ofstream(path_) << text;
  }
  ~ScratchFile() { std::filesystem::remove(path_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static inline int made_ = 0;
  std::string path_;
};

TEST(Recursion, a_zone_that_its_trust_anchor_does_not_fit_is_bogus) {
  transport::Loop loop;
  const ScratchFile anchor("arpa. IN DS 4711 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
  OddServer server(loop, tree({name_text + " 3600 PTR mail.example.com."}));
  Options options;
  options.trust_anchor = anchor.path();
  const auto recursion = Recursion::make(loop, options, below_arpa_net_and_test(server));
  ASSERT_TRUE(recursion);
  std::optional<Answer> answer;
  (*recursion)->ask(ptr_question(), loop.now() + Milliseconds{5000}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*recursion)->wait(Milliseconds{6000}));
  EXPECT_EQ(answer->status, Status::bogus);
  EXPECT_EQ(answer->dnssec, Dnssec::bogus);
  EXPECT_NE(answer->detail.find("DNSKEY"), std::string::npos) << answer->detail;
}

TEST(Recursion, a_zone_below_no_trust_anchor_is_insecure) {
  transport::Loop loop;
  const ScratchFile anchor("com. IN DS 4711 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n");
  OddServer server(loop, tree({name_text + " 3600 PTR mail.example.com."}));
  Options options;
  options.trust_anchor = anchor.path();
  const auto recursion = Recursion::make(loop, options, below_arpa_net_and_test(server));
  ASSERT_TRUE(recursion);
  std::optional<Answer> answer;
  (*recursion)->ask(ptr_question(), loop.now() + Milliseconds{5000}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*recursion)->wait(Milliseconds{6000}));
  EXPECT_EQ(answer->status, Status::noerror);
  EXPECT_EQ(answer->dnssec, Dnssec::insecure);
}

TEST(Recursion, asks_about_private_and_documentation_prefixes_too) {
  transport::Loop loop;
  OddServer server(loop, tree({}));
  const auto recursion = Recursion::make(loop, without_dnssec(), below_arpa_net_and_test(server));
  ASSERT_TRUE(recursion);
  int asked = 0, ended = 0, answered = 0;
  for (const auto* name :
       {"1.0.0.10.in-addr.arpa.", "1.0.0.127.in-addr.arpa.", "1.2.0.192.in-addr.arpa.", "1.100.51.198.in-addr.arpa.",
        "1.1.168.192.in-addr.arpa.", "1.100.64.100.in-addr.arpa.",
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.", "mail.lab.test."}) {
    ++asked;
    (*recursion)->ask(ptr_question(name), loop.now() + Milliseconds{5000}, [&](Answer a) {
      ++ended;
      const auto* soa = a.soa ? std::get_if<dns::Soa>(&a.soa->data) : nullptr;
      if (soa && soa->rname == *dns::Name::parse("hostmaster.example.net.")) ++answered;
    });
  }
  while (ended < asked) ASSERT_TRUE((*recursion)->wait(Milliseconds{6000}));
  EXPECT_EQ(answered, asked);
}

TEST(Recursion, the_callers_deadline_ends_it) {
  transport::Loop loop;
  OddServer server(loop, [](const Heard&) { return std::vector<Said>{}; });
  const auto recursion = Recursion::make(loop, without_dnssec(), below_arpa_net_and_test(server));
  ASSERT_TRUE(recursion);
  std::optional<Answer> answer;
  (*recursion)->ask(ptr_question(), loop.now() + Milliseconds{100}, [&](Answer a) { answer = std::move(a); });
  ASSERT_TRUE((*recursion)->wait(Milliseconds{6000}));
  EXPECT_EQ(answer->status, Status::timeout);
  EXPECT_LT(answer->answered - answer->asked, Milliseconds{2000});  // its own patience is 29 s
}

// ---- the root ------------------------------------------------------------------------------------------------------

TEST(Recursion, files_that_cannot_be_used_are_named) {
  transport::Loop loop;
  const ScratchFile nonsense("this is not a zone file\n");
  for (const auto& path : {std::string("/nonexistent/file"), nonsense.path()}) {
    Options hints, anchor;
    hints.root_hints = anchor.trust_anchor = path;
    for (const auto& options : {hints, anchor}) {
      const auto made = Recursion::make(loop, options);
      ASSERT_FALSE(made);
      EXPECT_NE(made.error().message.find(path), std::string::npos) << made.error().message;
    }
  }
}

TEST(Root, has_26_servers_half_of_them_v6) {
  EXPECT_EQ(root_servers().size(), 26U);
  EXPECT_EQ(std::ranges::count_if(root_servers(), &net::Address::is_v6), 13);
}

TEST(Root, hints_are_read_from_a_zone_file) {
  const ScratchFile hints(
      "; comment 9.9.9.9\n. 3600000 NS A.ROOT-SERVERS.NET.\nA.ROOT-SERVERS.NET. 3600000 A 198.41.0.4\n"
      "A.ROOT-SERVERS.NET. 3600000 IN AAAA 2001:503:ba3e::2:30 ; why not\n\n");
  const auto read = read_root_hints(hints.path());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, (std::vector{root_servers()[0], root_servers()[1]}));
  EXPECT_FALSE(read_root_hints(ScratchFile("").path()));
  EXPECT_FALSE(read_root_hints(ScratchFile("a. A 1.2.3.4.5\n").path()));
}

TEST(Root, a_newer_key_file_goes_before_the_keys_built_in) {
  const ScratchFile keys(
      "; autotrust trust anchor file\n;;id: . 1\n"
      ". 86400 IN DNSKEY 257 3 8 AwEA= ;{id = 1 (ksk)} ;;state=2 [  VALID  ] ;;count=0\n"
      ". 86400 IN DNSKEY 257 3 8 BwEA= ;{id = 2 (ksk)} ;;state=1 [ ADDPEND ] ;;count=0\n"
      ". IN DS 4711 8 2 00\nexample. IN DS 4712 8 2 00\n");
  EXPECT_EQ(root_trust_anchors(std::vector{keys.path()}),
            (std::vector<std::string>{". 86400 IN DNSKEY 257 3 8 AwEA=", ". IN DS 4711 8 2 00"}));
  std::filesystem::last_write_time(
      keys.path(),
      std::chrono::file_clock::from_sys(base::WallTime{std::chrono::sys_days{std::chrono::January / 1 / 2020}}));
  const auto built_in = root_trust_anchors(std::vector{keys.path(), std::string("/nonexistent")});
  ASSERT_EQ(built_in.size(), 2U);
  EXPECT_NE(built_in[0].find(" 20326 "), std::string::npos);
  EXPECT_NE(built_in[1].find(" 38696 "), std::string::npos);
}

}  // namespace
}  // namespace fcrdns::resolver
