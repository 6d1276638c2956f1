#include "fcrdns/apply/secret.hpp"

#include <cstdlib>

#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {

base::Expected<Secret> find_secret(const std::string& file, std::initializer_list<std::string_view> variables) {
  if (!file.empty()) return base::read_secret(file);
  std::string names;
  for (const auto variable : variables) {
    if (const char* value = std::getenv(std::string(variable).c_str()); value != nullptr && *base::trim(value).data() != '\0')
      return Secret{std::string(base::trim(value))};
    names += (names.empty() ? "" : " or ") + std::string(variable);
  }
  return base::fault("no secret: give --secret FILE" + (names.empty() ? std::string() : ", or set " + names));
}

}  // namespace fcrdns::apply
