#include "fcrdns/provider/provider.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "fcrdns/base/data_files.hpp"

namespace fcrdns::provider {
namespace {

dns::Name name_of(std::string_view text) { return *dns::Name::parse(text); }
net::Address address_of(std::string_view text) { return *net::Address::parse(text); }

std::vector<std::string> ids(const std::vector<Match>& matches) {
  std::vector<std::string> out;
  for (const auto& match : matches) out.push_back(match.provider->id);
  return out;
}

std::vector<std::string_view> shipped() {
  auto files = base::data_files("providers/");
  std::erase_if(files, [](std::string_view file) { return !file.ends_with(".json"); });
  return files;
}

TEST(Catalogue, every_file_is_in_it_under_its_own_name) {
  std::set<std::string> seen;
  for (const auto file : shipped()) {
    const auto provider = parse_provider(*base::data_file(file));
    ASSERT_TRUE(provider) << file << ": " << provider.error().message;
    EXPECT_EQ("providers/" + provider->id + ".json", file);
    EXPECT_TRUE(seen.insert(provider->id).second);
    EXPECT_NE(find(provider->id), nullptr);
  }
  EXPECT_EQ(seen.size(), 84U);
  EXPECT_EQ(catalogue().size(), seen.size());
  EXPECT_TRUE(std::ranges::is_sorted(catalogue(), {}, &Provider::id));
  EXPECT_EQ(find("no-such"), nullptr);
}

// An example tells a provider by its octets when the pattern has groups, else by the pattern.
TEST(Catalogue, every_example_is_recognised) {
  std::size_t examples = 0;
  for (const auto file : shipped()) {
    const auto json = nlohmann::json::parse(*base::data_file(file));
    const auto ptr = json["recognise"].value("ptr", nlohmann::json::object());
    EXPECT_EQ(ptr.contains("pattern"), ptr.contains("example")) << file;
    if (!ptr.contains("example")) continue;
    ++examples;
    const auto with_octets = ptr.contains("example_address");
    const auto address = address_of(ptr.value("example_address", "203.0.113.77"));
    const auto name = ptr["example"].get<std::string>();
    const auto id = json["id"].get<std::string>();
    const auto fit_at = [&](const net::Address& at) {
      const auto matches = by_ptr(name_of(name), at);
      const auto found = std::ranges::find(matches, id, [](const Match& match) { return match.provider->id; });
      return found == matches.end() ? Fit::none : found->fit;
    };
    EXPECT_EQ(fit_at(address), with_octets ? Fit::octets : Fit::pattern) << id;
    if (with_octets) {
      EXPECT_LE(fit_at(address_of("233.252.0.66")), Fit::suffix) << id << ": another address's octets";
      EXPECT_LE(fit_at(address_of("2001:db8::1")), Fit::suffix) << id;
    }
  }
  EXPECT_EQ(examples, 37U);
}

TEST(Catalogue, what_nobody_confirmed_is_marked) {
  std::size_t organisations = 0;
  for (const auto& provider : catalogue()) organisations += provider.rdap_orgs.size();
  EXPECT_GT(organisations, 70U);
  const auto& hetzner = *find("hetzner-cloud");
  EXPECT_FALSE(hetzner.ns_suffixes.at(0).verified);
  EXPECT_FALSE(hetzner.panel->verified);
  EXPECT_FALSE(hetzner.api->verified);
  EXPECT_TRUE(hetzner.cli->verified);
  EXPECT_TRUE(hetzner.ptr_suffixes.at(0).verified);
  EXPECT_TRUE(find("aws-ec2")->ns_suffixes.at(0).verified);
  EXPECT_FALSE(find("route53-zone")->cli->verified);
  for (const auto& suffix : find("ionos-server")->ptr_suffixes) EXPECT_FALSE(suffix.verified);
}

TEST(Catalogue, what_findings_rest_on) {
  const auto all = catalogue();
  EXPECT_EQ(std::ranges::count(all, true, &Provider::forward_first), 14);
  EXPECT_EQ(std::ranges::count(all, true, &Provider::from_server_name), 4);
  const struct {
    std::string_view id;
    bool forward_first, from_server_name;
    Known v4, v6;
  } rows[] = {
      {"linode", true, false, Known::yes, Known::yes},       {"azure", true, false, Known::yes, Known::no},
      {"digitalocean", false, true, Known::yes, Known::unknown}, {"orange-fr", false, false, Known::no, Known::no},
      {"free-fr", false, false, Known::yes, Known::no},      {"godaddy", false, false, Known::unknown, Known::unknown},
      {"hetzner-robot", false, false, Known::yes, Known::yes}, {"strato", false, false, Known::unknown, Known::unknown},
  };
  for (const auto& row : rows) {
    const auto* found = find(row.id);
    ASSERT_NE(found, nullptr) << row.id;
    EXPECT_EQ(found->forward_first, row.forward_first) << row.id;
    EXPECT_EQ(found->from_server_name, row.from_server_name) << row.id;
    EXPECT_EQ(found->customer_sets_v4, row.v4) << row.id;
    EXPECT_EQ(found->customer_sets_v6, row.v6) << row.id;
  }
}

TEST(Recognise, by_ptr) {
  const struct {
    const char *name, *address, *id;  // "": nobody
    Fit fit;
  } rows[] = {
      {"static.5.113.0.203.clients.your-server.de", "203.0.113.5", "hetzner-cloud", Fit::octets},
      {"STATIC.5.113.0.203.Clients.Your-Server.DE", "203.0.113.5", "hetzner-cloud", Fit::octets},
      {"static.5.113.0.203.clients.your-server.de", "::ffff:203.0.113.5", "hetzner-cloud", Fit::octets},
      {"static.5.113.0.203.clients.your-server.de", "203.0.113.6", "hetzner-cloud", Fit::suffix},
      {"mail.clients.your-server.de", "203.0.113.6", "hetzner-cloud", Fit::suffix},
      {"clients.your-server.de", "203.0.113.6", "hetzner-cloud", Fit::suffix},
      {"your-server.de", "203.0.113.6", "", Fit::none},
      {"static.5.113.0.203.clients.your-server.de.example.com", "203.0.113.5", "", Fit::none},
      {"xclients.your-server.de", "203.0.113.5", "", Fit::none},
      {"li99-005.members.linode.com", "203.0.113.5", "linode", Fit::octets},
      {"li99-6.members.linode.com", "203.0.113.5", "linode", Fit::suffix},
      {"203-0-113-5.ip.linodeusercontent.com", "203.0.113.5", "linode", Fit::octets},
      {"vmi12345.contaboserver.net", "203.0.113.5", "contabo", Fit::pattern},
      {"vmi12345.contaboserver.net", "2001:db8::5", "contabo", Fit::pattern},
      {"d012-0de2-2b06-816d.v6.fi-hel1.upcloud.host", "2001:db8::5", "upcloud", Fit::pattern},
      {"c-203-0-113-5.hsd1.ca.comcast.net", "203.0.113.5", "comcast", Fit::octets},
      {"other.hsd1.ca.comcast.net", "203.0.113.5", "comcast", Fit::suffix},
      {"hsd1.comcast.net", "203.0.113.5", "", Fit::none},
      {"syn-203-000-113-005.biz.spectrum.com", "203.0.113.5", "spectrum", Fit::octets},
      {R"(static\.5\.113\.0\.203.clients.your-server.de)", "203.0.113.5", "hetzner-cloud", Fit::suffix},
      {"static.4294967301.113.0.203.clients.your-server.de", "203.0.113.5", "hetzner-cloud", Fit::suffix},
      {".", "203.0.113.5", "", Fit::none},
      {"mail.example.com", "203.0.113.5", "", Fit::none},
  };
  for (const auto& row : rows) {
    const auto found = by_ptr(name_of(row.name), address_of(row.address));
    ASSERT_EQ(found.empty(), *row.id == '\0') << row.name;
    if (found.empty()) continue;
    EXPECT_EQ(found.front().provider->id, row.id) << row.name;
    EXPECT_EQ(found.front().fit, row.fit) << row.name;
  }
  EXPECT_EQ(ids(by_ptr(name_of("static.5.113.0.203.clients.your-server.de"), address_of("203.0.113.5"))),
            (std::vector<std::string>{"hetzner-cloud", "hetzner-robot"}));
}

TEST(Recognise, by_nameserver) {
  const struct {
    const char* nameserver;
    std::vector<std::string> ids;
    bool verified;
  } rows[] = {
      {"x1.amazonaws.com.", {"aws-ec2", "aws-lightsail"}, true},
      {"X3.AmazonAWS.org", {"aws-ec2"}, true},
      {"y1.amazonaws.com", {}, true},
      {"cruz.ns.cloudflare.com", {"cloudflare-zone"}, true},
      {"cloudflare.com", {}, true},
      {"ns3.second-ns.de", {"hetzner-cloud", "hetzner-robot"}, false},
      {"ns-1234.awsdns-56.co.uk", {"route53-zone"}, false},
      {"ns-1234.awsdns-56.example.org", {}, true},
      {"ns1042.ui-dns.org", {"ionos-cloud"}, false},
      {"ns1.he.net", {"he"}, true},
      {"ns2.he.net", {"he"}, false},
      {".", {}, true},
  };
  for (const auto& row : rows) {
    const auto found = by_nameserver(name_of(row.nameserver));
    EXPECT_EQ(ids(found), row.ids) << row.nameserver;
    for (const auto& match : found) EXPECT_EQ(match.verified, row.verified) << row.nameserver;
  }
}

TEST(Recognise, by_organisation) {
  const struct {
    const char* organisation;
    std::vector<std::string> ids;
  } rows[] = {
      {"Hetzner Online GmbH", {"hetzner-cloud", "hetzner-robot"}},
      {" hetzner online gmbh\n", {"hetzner-cloud", "hetzner-robot"}},
      {"Hetzner Online GmbHX", {}},
      {"Amazon Data Services Ireland Ltd", {"aws-ec2"}},
      {"LeaseWeb Netherlands B.V.", {"leaseweb"}},
      {"Lease", {}},
      {"", {}},
  };
  for (const auto& row : rows) {
    const auto found = by_organisation(row.organisation);
    EXPECT_EQ(ids(found), row.ids) << row.organisation;
    for (const auto& match : found) EXPECT_FALSE(match.verified);
  }
}

/// A small file with one field exchanged.
std::string file_with(std::string_view field, const nlohmann::json& value) {
  auto json = nlohmann::json::parse(R"({"id": "x", "name": "X", "kind": "host",
    "recognise": {"ptr": {"pattern": "(?P<a>\\d+)\\.x\\.example"}, "nameservers": [{"suffix": "ns.x.example"}]},
    "set_via": {"api": {"method": "PUT", "path": "/x", "body": {"ptr": "NAME"}}},
    "customer_sets": {"ipv4": "yes"}, "sources": ["the page"]})");
  json[nlohmann::json::json_pointer(std::string(field))] = value;
  return json.dump();
}

TEST(Parse, reads_what_the_schema_says) {
  const auto provider = parse_provider(file_with("/forward_first", true));
  ASSERT_TRUE(provider) << provider.error().message;
  EXPECT_EQ(provider->id, "x");
  EXPECT_TRUE(provider->forward_first);
  EXPECT_EQ(provider->customer_sets_v4, Known::yes);
  EXPECT_EQ(provider->customer_sets_v6, Known::unknown);
  EXPECT_EQ(provider->api->body, R"({"ptr":"NAME"})");
  EXPECT_EQ(provider->ns_suffixes.at(0).name.text(), "ns.x.example.");
  EXPECT_TRUE(provider->ns_suffixes.at(0).verified);
}

TEST(Parse, refuses_with_the_field_at_fault) {
  using nlohmann::json;
  const std::string long_text(1001, 'x');
  const auto many = std::vector<std::string>(65, "x");
  const struct {
    std::string text, says;
  } rows[] = {
      {"", "no JSON"},
      {"{", "no JSON"},
      {"[]", "the file: must be an object"},
      {"{}", "lacks \"id\""},
      {std::string(64 * 1024, ' ') + "{}", "64 KiB"},
      {std::string(30000, '['), "16 deep"},
      {file_with("/set_via/api/body", json::parse(std::string(40, '[') + std::string(40, ']'))), "16 deep"},
      {file_with("/surprise", 1), "unknown field \"surprise\""},
      {file_with("/sur\x1b[2Jprise", 1), "unknown field \"sur\\027[2Jprise\""},
      {file_with("/id", "../x"), "id: must be a-z"},
      {file_with("/id", 5), "id: must be a string"},
      {file_with("/kind", "hotel"), "kind: must be"},
      {file_with("/name", ""), "name: is empty"},
      {file_with("/name", long_text), "name: is longer"},
      {file_with("/name", "a\nb"), "name: holds something else"},
      {file_with("/name", "\u00fc"), "name: holds something else"},
      {file_with("/notes", nullptr), "notes: must be a string"},
      {file_with("/forward_first", "yes"), "forward_first: must be true or false"},
      {file_with("/customer_sets/ipv6", "maybe"), "customer_sets.ipv6: must be yes, no or unknown"},
      {file_with("/customer_sets/ipv5", "yes"), "unknown field \"ipv5\""},
      {file_with("/sources", many), "sources: has more than 64"},
      {file_with("/sources", "page"), "sources: must be a list"},
      {file_with("/recognise/nameservers/0/suffix", "com"), "recognise.nameservers[0].suffix: must be a name of two"},
      {file_with("/recognise/nameservers/0/suffix", "a..b"), "recognise.nameservers[0].suffix: must be a name"},
      {file_with("/recognise/nameservers/0/suffix", "*a*.b"), "one *"},
      {file_with("/recognise/nameservers/0", "ns.example"), "recognise.nameservers[0]: must be an object"},
      {file_with("/recognise/organisations", json::array({{{"name", "X"}}})), "recognise.organisations[0]: an organisation"},
      {file_with("/recognise/ptr/pattern", "("), "recognise.ptr.pattern: is no RE2 expression"},
      {file_with("/recognise/ptr/pattern", "(?=x)"), "recognise.ptr.pattern: is no RE2 expression"},
      {file_with("/recognise/ptr/pattern", "(?P<e>x)"), "named group"},
      {file_with("/recognise/ptr/pattern", "(((x{100}){10}){10})"), "recognise.ptr.pattern: is"},
      {file_with("/recognise/ptr/pattern", "[a-z]{999}[0-9]{999}[a-z]{999}"), "too large"},
      {file_with("/set_via/api/body", 7), "set_via.api.body: must be"},
      {file_with("/set_via/api/method", true), "set_via.api.method: must be a string"},
      {file_with("/set_via/pigeon", "x"), "unknown field \"pigeon\""},
  };
  for (const auto& row : rows) {
    const auto provider = parse_provider(row.text);
    ASSERT_FALSE(provider) << row.text.substr(0, 200);
    EXPECT_NE(provider.error().message.find(row.says), std::string::npos)
        << row.says << " is not in: " << provider.error().message;
    EXPECT_TRUE(std::ranges::all_of(provider.error().message, [](char c) { return c >= ' ' && c <= '~'; }));
  }
}

/// A folder of this test's own, gone afterwards.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("fcrdns-provider-" + std::to_string(::getpid()));
  Folder() { std::filesystem::create_directories(path / "providers"); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void write(const std::string& file, const std::string& text) const { std::ofstream(path / "providers" / file) << text; }
};

TEST(DataDir, replaces_by_id_and_adds) {
  const Folder folder;
  auto own = nlohmann::json::parse(file_with("/id", "hetzner-cloud"));
  own["name"] = "Mine";
  folder.write("hetzner-cloud.json", own.dump());
  folder.write("x.json", file_with("/id", "x"));
  folder.write("README.txt", "not looked at");
  const auto all = built_in_and(folder.path);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->size(), built_in().size() + 1);
  EXPECT_TRUE(std::ranges::is_sorted(*all, {}, &Provider::id));
  EXPECT_EQ(std::ranges::find(*all, "hetzner-cloud", &Provider::id)->name, "Mine");
  EXPECT_NE(std::ranges::find(*all, "x", &Provider::id), all->end());
}

TEST(DataDir, without_providers_changes_nothing) {
  const auto all = built_in_and("/nonexistent/fcrdns");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), built_in().size());
}

TEST(DataDir, names_the_file_at_fault) {
  const struct {
    const char *file, *says;
    std::string text;
  } rows[] = {
      {"y.json", "y.json: its id must be", file_with("/id", "x")},
      {"x.json", "x.json: no JSON", "nonsense"},
      {"x.json", "64 KiB", std::string(70000, ' ')},
      {"x.json", "cannot read", ""},
  };
  for (const auto& row : rows) {
    const Folder folder;
    folder.write(row.file, row.text);
    const auto all = built_in_and(folder.path);
    ASSERT_FALSE(all) << row.says;
    EXPECT_NE(all.error().message.find(row.says), std::string::npos) << all.error().message;
  }
}

TEST(DataDir, comes_before_the_first_look) {
  (void)catalogue();
  const auto late = load("/nonexistent/fcrdns");
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("in use"), std::string::npos);
}

}  // namespace
// What follows from a condition for findings is said once, as a field of its own; and a condition tells why.
TEST(Conditions, agree_with_the_fields_beside_them) {
  for (const auto& each : built_in()) {
    SCOPED_TRACE(each.id);
    const auto has = [&](Condition kind) { return std::ranges::any_of(each.conditions, [&](const Needed& one) { return one.kind == kind; }); };
    EXPECT_EQ(has(Condition::forward_first), each.forward_first);
    EXPECT_EQ(has(Condition::from_server_name), each.from_server_name);
    EXPECT_EQ(has(Condition::no_ipv6), each.customer_sets_v6 == Known::no);
    EXPECT_TRUE(!has(Condition::ticket_only) || !each.api) << "who asks a person has no API";
  }
}

TEST(Conditions, have_words) {
  for (const auto* word : {"forward_first", "proof_of_domain", "from_server_name", "ticket_only", "no_ipv6", "asynchronous", "one_ptr_only",
                           "delete_is_default", "other"}) {
    ASSERT_TRUE(parse_condition(word)) << word;
    EXPECT_EQ(to_word(*parse_condition(word)), word);
  }
  EXPECT_FALSE(parse_condition("ticket"));
}

// Whoever asks is told by a variable of the environment: no value of a secret stands in a file.
TEST(Ways, hold_no_secret_and_no_example_name) {
  for (const auto& each : built_in()) {
    SCOPED_TRACE(each.id);
    const auto auth = each.api ? each.api->auth : std::vector<std::string>();
    for (const auto& argument : auth)
      EXPECT_TRUE(argument.find('$') != argument.npos || argument.starts_with("--aws-sigv4")) << argument;
    const auto check = [](const std::string& text) { EXPECT_EQ(text.find("example."), text.npos) << text; };
    for (const auto* way : {&each.panel, &each.cli, &each.terraform, &each.ansible, &each.ticket})
      if (*way) {
        check((*way)->text);
        check((*way)->ipv6);
        for (const auto& line : (*way)->block) check(line);
      }
    if (each.api) check(each.api->body);
  }
}

}  // namespace fcrdns::provider
