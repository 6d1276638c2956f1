// The credentials of an API: one value, or several by the names of the environment's variables they usually stand in.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/apply/http.hpp"

namespace fcrdns::apply {

/// Where a secret file is given, it alone counts: lines NAME=VALUE ("export " before and quotes around are taken off), or a
/// text without any of the names, which is the first name's value. Else the environment.
class Keys {
 public:
  static Outcome<Keys> find(const Context& context, std::span<const std::string_view> names);

  /// Empty when there is none. Lives as long as this.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;
  /// Trouble::secret, naming what is missing, unless all of them are there.
  [[nodiscard]] Outcome<void> require(std::span<const std::string_view> names) const;
  /// Cuts all of them out of what the API shows.
  void hide_from(HttpApi& api) const;

 private:
  std::map<std::string, Secret, std::less<>> values_;
  std::string from_;  ///< "in FILE" or "in the environment"
};

/// "Authorization: Basic ..." (RFC 7617); the header is hidden from what the API shows.
[[nodiscard]] std::string basic_authorization(HttpApi& api, std::string_view user, std::string_view password);

}  // namespace fcrdns::apply
