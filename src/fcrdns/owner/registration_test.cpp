#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fcrdns/owner/rdap.hpp"
#include "fcrdns/owner/rdap_status.hpp"

namespace fcrdns::owner {

void PrintTo(Registration::Outcome outcome, std::ostream* out) { *out << to_word(outcome); }
void PrintTo(const Registration& r, std::ostream* out) {
  *out << to_word(r.outcome);
  for (const auto& field : {r.organisation, r.network, r.handle, r.range, r.country, r.contact, r.problem})
    *out << " | " << field;
}

namespace {

using enum Registration::Outcome;

Registration found_as(std::string organisation, std::string network = "", std::string handle = "", std::string range = "",
                      std::string country = "", std::string contact = "") {
  return {found, std::move(organisation), std::move(network), std::move(handle), std::move(range), std::move(country),
          std::move(contact), "", ""};
}

/// One entity with a jCard of these rows.
std::string entity(const std::string& roles, const std::string& rows, const std::string& more = "") {
  return R"({"roles":[)" + roles + R"(],"vcardArray":["vcard",[)" + rows + "]]" + more + "}";
}
std::string network(const std::string& entities) { return R"({"objectClassName":"ip network","entities":[)" + entities + "]}"; }

const std::string card_fn = R"(["fn",{},"text","Joe"])";
const std::string card_org = R"(["org",{},"text","Example Org"])";
const std::string card_kind_org = R"(["kind",{},"text","org"])";
std::string mail(const std::string& address) { return R"(["email",{},"text",")" + address + R"("])"; }

TEST(Registration, EveryShape) {
  struct Case {
    const char* what;
    std::string json;
    Registration expected;
  };
  const Case table[] = {
      {"a block without entities",
       R"({"objectClassName":"ip network","handle":"XXXX-RIR","startAddress":"192.0.2.0","endAddress":"192.0.2.255","name":"NET-RTR-1"})",
       found_as("", "NET-RTR-1", "XXXX-RIR", "192.0.2.0 - 192.0.2.255")},
      {"without its class it is read all the same", R"({"name":"N"})", found_as("", "N")},
      {"an organisation of a person's card", network(entity(R"("registrant")", card_fn + "," + card_org)), found_as("Example Org")},
      {"an organisation in units", network(entity(R"("registrant")", R"(["org",{},"text",["Example","Mail"]])")), found_as("Example")},
      {"a card that calls itself an organisation goes before others",
       network(entity(R"("registrant")", card_fn + "," + card_org) + "," +
               entity(R"("registrant")", R"(["fn",{},"text","Holder AG"],)" + card_kind_org)),
       found_as("Holder AG")},
      {"a person alone", network(entity(R"("registrant")", card_fn)), found_as("Joe")},
      {"others than the registrant hold nothing", network(entity(R"("technical")", card_org + "," + mail("t@example.net"))),
       found_as("", "", "", "", "", "t@example.net")},
      {"abuse goes before technical, nested or not",
       network(entity(R"("technical")", mail("t@example.net")) + "," +
               entity(R"("registrant")", card_org, R"(,"entities":[)" + entity(R"("abuse")", mail("mailto:a@example.net")) + "]")),
       found_as("Example Org", "", "", "", "", "a@example.net")},
      {"no mail address", network(entity(R"("registrant","abuse")", card_org + "," + mail("call us @ once"))), found_as("Example Org")},
      {"roles in capitals", network(entity(R"("REGISTRANT")", card_org)), found_as("Example Org")},
      {"a description stands in for the registrant",
       R"({"name":"N","remarks":[{"title":"description","description":["Example Corp","Street 1"]}]})", found_as("Example Corp", "N")},
      {"ends of two families", R"({"name":"N","startAddress":"192.0.2.0","endAddress":"2001:db8::"})", found_as("", "N")},
      {"ends in the wrong order", R"({"name":"N","startAddress":"192.0.2.9","endAddress":"192.0.2.0"})", found_as("", "N")},
      {"a country of two letters", R"({"name":"N","country":"DE"})", found_as("", "N", "", "", "DE")},
      {"no country", R"({"name":"N","country":"D\u0000"})", found_as("", "N")},
      {"octets that are no ASCII", R"({"name":"Universität\\x"})", found_as("", "Universit\\195\\164t\\092x")},
      {"escape sequences", R"({"name":"\u001b[31m","handle":"a\r\nb"})", found_as("", "\\027[31m", "a  b")},
      {"200 octets of anything", R"({"name":")" + std::string(5000, 'a') + "\"}", found_as("", std::string(200, 'a') + "...")},
  };
  for (const auto& row : table) EXPECT_EQ(read_registration(row.json), row.expected) << row.what;
}

TEST(Registration, TheExampleOfRfc9083) {
  std::ifstream file(FCRDNS_SOURCE_DIR "/fuzz/corpus/registration/rfc9083_08_ip_network.json");
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(read_registration(json), found_as("Example", "NET-RTR-1", "XXXX-RIR", "2001:db8:: - 2001:db8:0:ffff:ffff:ffff:ffff:ffff",
                                              "AU", "joe.user@example.com"));
}

TEST(Registration, H081_WhatIsBrokenIsLeftOut) {
  struct Case {
    const char* what;
    std::string json;
    Registration::Outcome outcome;
    const char* network = "";
    const char* organisation = "";
  };
  const auto nested = [](std::size_t depth) { return R"({"name":"N","a":)" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
  const Case table[] = {
      {"depth 64", nested(63), found, "N"},
      {"depth 65", nested(64), malformed},
      {"depth 100,000", nested(100'000), malformed},
      {"depth that is never closed", std::string(100'000, '{'), malformed},
      {"brackets in a text are no depth", R"({"name":"N","a":"\")" + std::string(100, '[') + "\"}", found, "N"},
      {"1 MB and one octet", R"({"name":"N"})" + std::string((1 << 20) - 11, ' '), malformed},
      {"1 MB", R"({"name":"N"})" + std::string((1 << 20) - 12, ' '), found, "N"},
      {"nothing", "", malformed},
      {"no object", "[1]", malformed},
      {"an object that says nothing", "{}", malformed},
      {"HTML", "<html></html>", malformed},
      {"octets that are no UTF-8", "{\"name\":\"\xff\"}", malformed},
      {"a number beyond all bounds", R"({"name":1e99999})", malformed},
      {"another class", R"({"objectClassName":"domain","name":"N"})", malformed},
      {"wrong types", R"({"objectClassName":7,"name":"N","handle":[1],"startAddress":{},"endAddress":null,"country":5,
          "entities":[null,1,"x",[],{"roles":"registrant"},{"roles":[1],"vcardArray":7}],"remarks":[[],{"description":7}]})", found, "N"},
      {"entities are an object", R"({"name":"N","entities":{"a":1}})", found, "N"},
      {"of duplicate keys the last", R"({"name":"ONE","name":"TWO"})", found, "TWO"},
      {"bad rows of a card", R"({"name":"N","entities":[{"roles":["registrant"],"vcardArray":["vcard",[[],7,["fn"],["fn",{},"text"],
          ["fn",{},"text",{}],["fn",{},"text",[]],["fn",{},"text",[[1]]],["fn",{},"text","Second Try"]]]}]})", found, "N", "Second Try"},
      {"a card that is none", R"({"name":"N","entities":[{"roles":["registrant"],"vcardArray":["vcard"]},
          {"roles":["registrant"],"vcardArray":"fn"}]})", found, "N"},
  };
  for (const auto& row : table) {
    SCOPED_TRACE(row.what);
    const auto read = read_registration(row.json);
    EXPECT_EQ(read.outcome, row.outcome) << read.problem;
    EXPECT_EQ(read.network, row.network);
    EXPECT_EQ(read.organisation, row.organisation);
    EXPECT_EQ(read.problem.empty(), row.outcome == found);
  }
}

TEST(Registration, H083_ErrorCodesCountWhateverTheStatus) {
  struct Case {
    const char* json;
    Registration::Outcome outcome;
  };
  constexpr Case table[] = {
      {R"({"errorCode":404})", not_found},
      {R"({"errorCode":429,"title":"Slow down"})", limited},
      {R"({"errorCode":403})", refused},
      {R"({"errorCode":418,"title":"Your Beverage Choice is Not Available"})", refused},
      {R"({"errorCode":503})", unreachable},
      {R"({"errorCode":200,"name":"N"})", malformed},
      {R"({"errorCode":-99999999999999999999,"name":"N"})", found},  // no whole number: no error code
      {R"({"errorCode":"404","name":"N"})", found},
  };
  for (const auto& row : table) EXPECT_EQ(read_registration(row.json).outcome, row.outcome) << row.json;
  EXPECT_EQ(read_registration(R"({"errorCode":418,"title":"\u001b[2J"})").problem,
            "the registry does not answer this question (418, \\027[2J)");
}

TEST(Registration, H083_StatusCodes) {
  struct Case {
    int status;
    Registration::Outcome outcome;
  };
  constexpr Case table[] = {{404, not_found}, {429, limited}, {400, refused},   {401, refused},   {403, refused},
                            {451, refused},   {500, unreachable}, {503, unreachable}, {302, malformed}, {204, malformed}};
  for (const auto& [status, outcome] : table) {
    EXPECT_EQ(from_status(status).outcome, outcome) << status;
    EXPECT_FALSE(from_status(status).problem.empty());
  }
  EXPECT_NE(from_status(404).problem.find("unknown owner"), std::string::npos);
}

}  // namespace
}  // namespace fcrdns::owner
