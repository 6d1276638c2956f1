#include "fcrdns/apply/json_reply.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fcrdns/apply/provider_clouds.hpp"
#include "fcrdns/apply/provider_keys.hpp"
#include "fcrdns/apply/provider_rest.hpp"

namespace fcrdns::apply {
namespace {

TEST(JsonReply, PathsLeadToValuesAndNowhereElse) {
  const auto value = parse_reply(R"({"a":{"b":[1,"two",null]},"ips":[{"ip":"192.0.2.1","ptr":"x."},{"ip":"203.0.113.0/29","ptr":"y."},7],"deep":{"k":{"v":"w"}}})");
  const auto address = net::Address::parse("203.0.113.5");
  struct Case {
    const char *path, *text;
    std::size_t count;
  };
  constexpr Case table[] = {
      {"/a/b/0", "1", 1},  {"/a/b/1", "two", 1}, {"/a/b/2", "", 1},  {"/a/b/3", "", 0},       {"/a/b/x", "", 0},        {"/a/b/1/c", "", 0},
      {"/a/b/*", "1", 3},  {"/deep/*/v", "w", 1}, {"/none", "", 0},  {"/ips/?/ptr", "y.", 1}, {"/ips/*/ptr", "x.", 2}, {"/a/?/b", "", 0},
      {"", "", 1},         {"/", "", 0},
  };
  for (const auto& row : table) {
    EXPECT_EQ(text_at(value, row.path, *address), row.text) << row.path;
    EXPECT_EQ(at(value, row.path, *address).size(), row.count) << row.path;
  }
  EXPECT_TRUE(at(value, "/ips/?/ptr").empty());
}

TEST(JsonReply, H086_WhatIsNoJsonOrTooDeepIsNull) {
  for (const auto& text : {std::string(""), std::string("{"), std::string("\"\xff\""), std::string(100, '[') + std::string(100, ']')})
    EXPECT_TRUE(parse_reply(text).is_null());
}

TEST(JsonReply, ErrorsInTheApisOwnWords) {
  struct Case {
    const char *body, *text;
  };
  constexpr Case table[] = {
      {R"({"error":{"code":"invalid_input","message":"no such name"}})", "no such name (invalid_input)"},
      {R"({"errors":[{"field":"rdns","reason":"Not found"}]})", "Not found"},
      {R"({"error":"Invalid API token.","status":401})", "Invalid API token."},
      {R"({"errorCode":"INVALID_CREDENTIAL","message":"not valid"})", "not valid (INVALID_CREDENTIAL)"},
      {R"({"message":"invalid arguments","details":[{"help_message":"Your reverse must resolve."}]})", "Your reverse must resolve."},
      {R"({"error":{"error_code":"X","error_message":"y"}})", "y (X)"},
      {"<Response><Errors><Error><Code>AuthFailure</Code><Message>a &lt; b</Message></Error></Errors></Response>", "a < b (AuthFailure)"},
      {"<html><body>502 Bad Gateway</body></html>", ""},
      {"Unauthorized\nmore", "Unauthorized"},
      {"[1,2]", "[1,2]"},
      {"", ""},
  };
  for (const auto& row : table) EXPECT_EQ(error_text(row.body), row.text) << row.body;
  EXPECT_EQ(error_text(std::string(5000, 'x')).size(), 600U);
}

TEST(JsonReply, XmlElements) {
  struct Case {
    const char *xml, *name;
    std::optional<std::string> content;
  };
  const Case table[] = {
      {"<a><b>1</b><b>2</b></a>", "b", "1"}, {"<a><b>1</b></a>", "a", "<b>1</b>"}, {"<a/>", "a", std::nullopt},
      {"<a>open", "a", std::nullopt},        {"<a>&amp;lt;&quot;</a>", "a", "&lt;\""}, {"<ab>1</ab>", "a", std::nullopt},
  };
  for (const auto& row : table) EXPECT_EQ(xml_element(row.xml, row.name), row.content) << row.xml;
}

TEST(ProviderRest, WordsAreEncodedForWhereTheyStand) {
  EXPECT_EQ(filled("/ip/{id}/{ip}?x={id}", Encoding::url, {{"id", "203.0.113.0/29"}, {"ip", "2001:db8::1"}}), "/ip/203.0.113.0%2F29/2001:db8::1?x=203.0.113.0%2F29");
  EXPECT_EQ(filled(R"({"a":"{name}","b":{"c":"{old}"}})", Encoding::json, {{"name", "a\"\\b"}, {"old", "{name}"}}), R"({"a":"a\"\\b","b":{"c":"{name}"}})");
  EXPECT_EQ(filled("{unknown}{", Encoding::url, {{"id", "1"}}), "{unknown}{");
}

/// The example that AWS publishes with its description of Signature Version 4 (IAM ListUsers).
TEST(ProviderSign, AwsPublishedExample) {
  const AwsScope scope{.date = "20150830T123600Z", .region = "us-east-1", .service = "iam"};
  const AwsRequest request{.method = "GET", .path = "/", .query = "Action=ListUsers&Version=2010-05-08", .body = "",
                           .headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}, {"host", "iam.amazonaws.com"}, {"x-amz-date", scope.date}}};
  EXPECT_EQ(aws_authorization("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope, request),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(ProviderSign, OthersByHand) {
  // printf 's+c+GET+https://eu.api.ovh.com/1.0/me++1500000000' | sha1sum
  EXPECT_EQ(ovh_signature("s", "c", {.path = "https://eu.api.ovh.com/1.0/me"}, "1500000000"), "$1$542c73845a8ea9726521c606b72ec0e4547ca234");
  EXPECT_EQ(signed_token("no key", "{}", "{}"), "");
  EXPECT_EQ(form({{"ptr", "mail.example.com"}, {"a b", "&=+\xc3"}}), "ptr=mail.example.com&a%20b=%26%3D%2B%C3");
}

}  // namespace
}  // namespace fcrdns::apply
