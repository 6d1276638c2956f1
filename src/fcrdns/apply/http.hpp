// Asking the HTTP API of a DNS server or a provider: one request at a time, shown to the observer before it goes, its
// answer as an outcome (RFC 9110 15, RFC 6585 4). Credentials are added last and appear in nothing that is said.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/transport/http.hpp"

namespace fcrdns::apply {

struct HttpCall {
  std::string method = "GET";
  std::string path;                  ///< behind the API's base; a whole URL leaves the base
  bool changes = false;              ///< not sent in a dry run; without an answer it is undecided
  std::string content_type, body;    ///< with a body and no type: JSON
  std::string shown;                 ///< instead of the body, when that is secret
  std::vector<std::string> headers;  ///< beside those of `sign`
  bool may_be_absent = false;        ///< 404 is an answer, not a problem...
  std::string_view absent_word;      ///< ...if this stands in it
  bool bare = false;                 ///< no credentials: nothing is signed
  std::size_t max_body = 4 << 20;    ///< of the answer, octets
};

/// What an answer means at one API where its status alone does not say it.
struct Meaning {
  int status;
  std::string_view word;  ///< in its body, whatever the case
  Trouble trouble;
};

class HttpApi {
 public:
  /// `title` begins each message. The user's setting "url" goes before `base`; a base over plain http must be his, or on
  /// this machine (`local`).
  HttpApi(const Context& context, std::string title, std::string base, std::span<const Meaning> meanings = {}, bool local = false);

  /// Gives each request its credentials.
  std::function<void(HttpCall&)> sign;
  /// Text that is cut out of everything that is shown: call it for each secret and for what is made of it.
  void hide(std::string_view secret);

  /// The answer with a status of 2xx, or the 404 that was allowed for. Status 0: a dry run, it was not sent.
  [[nodiscard]] Outcome<transport::HttpReply> ask(HttpCall call);
  /// As a deed: what `answered` is when it was sent.
  [[nodiscard]] Outcome<Deed> change(HttpCall call, Deed answered = Deed::changed);

  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] const std::string& base() const { return base_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  /// A setting, or this.
  [[nodiscard]] std::string setting(const std::string& key, std::string otherwise = {}) const;
  /// A problem in the API's own words: escaped, secrets cut out.
  [[nodiscard]] std::unexpected<Problem> says(Trouble trouble, std::string_view what, std::string_view raw = {},
                                              std::optional<base::Seconds> retry_after = {}) const;

 private:
  [[nodiscard]] std::string without_secrets(std::string text) const;
  [[nodiscard]] std::unexpected<Problem> refusal(const HttpCall& call, const transport::HttpReply& reply) const;
  [[nodiscard]] transport::HttpReply wait_for(transport::HttpRequest request);

  Context context_;
  std::string title_, base_;
  std::span<const Meaning> meanings_;
  std::vector<Secret> hidden_;
  std::unique_ptr<transport::HttpClient> client_;
};

/// For one segment of a path or one value of a query or a form (RFC 3986 2.3; ":" stays).
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// "ip=203.0.113.5&ptr=mail.example.com"
[[nodiscard]] std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields);

}  // namespace fcrdns::apply
