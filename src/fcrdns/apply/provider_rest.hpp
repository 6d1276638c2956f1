// The providers whose APIs are alike: find the thing that has the address, read its PTR, write it. One row each.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/http.hpp"

namespace fcrdns::apply {

// In paths and bodies stand {id} {kind} {single} (kind without its final s), {ip}, {name}, {old} (the name it had), and
// {page}. In paths of JSON (json_reply.hpp) {single} too.

/// One list to look for the address in.
struct Finder {
  std::string_view kind;          ///< what {kind} becomes: a sort of resource, a zone
  std::string_view path;
  std::string_view items, id;     ///< paths of JSON: the array; inside an item
  std::string_view addresses[2];  ///< inside an item: texts that are the address or a block with it
  std::size_t page_size = 0;      ///< with {page}: a page with as many has another after it
};

struct RestCall {
  std::string_view method, path, body;  ///< a body that begins with { or [ is JSON, any other a form
};
/// How it goes for one family.
struct RestWay {
  RestCall look;
  std::string_view value;        ///< path of JSON to the PTR's name
  RestCall set;
  RestCall reset;                ///< brings the default back; no method: it has no such call
  std::string_view absent_word;  ///< 404 with this word: there is none; "": 404 means the address is not there
  bool may_be_absent = false;
};

enum class Sign { bearer, basic, x_auth_token, ovh };

struct RestRow {
  std::string_view id, title, summary, base;
  Sign sign = Sign::bearer;
  std::vector<std::string_view> keys;  ///< names of the secret's variables
  std::string_view kind_setting;       ///< the setting that names {kind}; its default is the first finder's
  std::vector<Finder> finders;         ///< none: the address itself is the key
  RestWay v4, v6;                      ///< an empty v6: as v4
  bool has_v6 = true;
  bool final_dot = false;              ///< names with a final dot
  bool renames = false;                ///< the PTR is the machine's name: only with --set rename=yes
  // An answer that says "accepted": where its id stands, where to ask, the words.
  std::string_view action, action_path, action_status, running, failed;
  std::vector<Meaning> meanings;
};

/// Lives as long as the program.
[[nodiscard]] const std::vector<RestRow>& rest_rows();
[[nodiscard]] Outcome<std::unique_ptr<Backend>> make_rest(const RestRow& row, const Context& context);

enum class Encoding { json, url };
/// Puts the values, encoded for where they will stand, in the place of {word}s.
[[nodiscard]] std::string filled(std::string_view text, Encoding encoding,
                                 std::initializer_list<std::pair<std::string_view, std::string_view>> words);

/// Gives every request the credentials of that kind; a problem when there are none.
[[nodiscard]] Outcome<void> sign_with(HttpApi& api, Sign sign, std::span<const std::string_view> keys);
/// OVH's way: "$1$" and SHA-1 over secret, consumer, method, URL, body and the API's own time.
[[nodiscard]] std::string ovh_signature(std::string_view secret, std::string_view consumer, const HttpCall& call, std::string_view time);

}  // namespace fcrdns::apply
