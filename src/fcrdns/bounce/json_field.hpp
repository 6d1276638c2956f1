// A value of a catalogue file and the way to it, for the fault: "receivers[3].texts[0].means: ...".
#pragma once

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/base/fault.hpp"

namespace fcrdns::bounce {

/// Thrown by JsonField, caught by read_catalogue; leaves no function of this room.
struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class JsonField {
 public:
  JsonField(const nlohmann::json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  [[noreturn]] void refuse(std::string_view why) const;
  /// An object of none but these fields.
  void object(std::initializer_list<std::string_view> known) const;
  [[nodiscard]] std::optional<JsonField> get(std::string_view key) const;
  [[nodiscard]] JsonField need(std::string_view key) const;
  [[nodiscard]] std::vector<JsonField> list(std::size_t most) const;
  /// Key and value of an object whose keys are data.
  [[nodiscard]] std::vector<std::pair<std::string, JsonField>> pairs(std::size_t most) const;
  /// Printable ASCII, 1..most octets.
  [[nodiscard]] std::string text(std::size_t most = 2000) const;
  [[nodiscard]] std::string text_of(std::string_view key) const;  ///< empty: not there
  [[nodiscard]] bool flag(std::string_view key) const;            ///< false: not there

 private:
  const nlohmann::json* json_;
  std::string path_;
};

inline constexpr std::size_t max_catalogue = 1 << 20;  ///< octets

/// Parses the text within bounds and hands its top to `read`; what that refuses is the Fault.
template <typename Read>
[[nodiscard]] auto read_catalogue(std::string_view text, Read read) -> base::Expected<decltype(read(std::declval<JsonField>()))>;

[[nodiscard]] nlohmann::json parse_bounded(std::string_view text);  ///< throws Unreadable

template <typename Read>
auto read_catalogue(std::string_view text, Read read) -> base::Expected<decltype(read(std::declval<JsonField>()))> {
  try {
    const auto json = parse_bounded(text);
    return read(JsonField(json, ""));
  } catch (const Unreadable& unreadable) {
    return base::fault(unreadable.what());
  }
}

}  // namespace fcrdns::bounce
