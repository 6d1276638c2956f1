// The providers that need code of their own: signatures, tokens, answers that come later.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/http.hpp"

namespace fcrdns::apply {

[[nodiscard]] BackendRow aws_ec2();
[[nodiscard]] BackendRow gcp();
[[nodiscard]] BackendRow azure();

/// What AWS Signature Version 4 is made of.
struct AwsRequest {
  std::string method, path, query, body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< lower case, in order: host and x-amz-date among them
};
struct AwsScope {
  std::string date, region, service;  ///< date as in x-amz-date: "20150830T123600Z"
};
/// The value of the Authorization header.
[[nodiscard]] std::string aws_authorization(std::string_view key_id, std::string_view secret, const AwsScope& scope, const AwsRequest& request);

/// A JSON Web Token (RFC 7519) signed with RSASSA-PKCS1-v1_5 and SHA-256 (RS256, RFC 7518 3.3); empty when the PEM holds
/// no such key.
[[nodiscard]] std::string signed_token(std::string_view pem_key, std::string_view header_json, std::string_view claims_json);

struct TokenAsk {
  std::string title, url;
  std::string form, shown;      ///< what is sent, and what is said of it
  std::string_view secret;      ///< cut out of what the endpoint says
  bool named_by_user = false;   ///< the URL: then it may be anywhere, and plain http
};
/// "access_token" of a token endpoint (RFC 6749 5.1).
[[nodiscard]] Outcome<Secret> fetch_token(const Context& context, TokenAsk ask);

}  // namespace fcrdns::apply
