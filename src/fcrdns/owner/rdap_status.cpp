#include "fcrdns/owner/rdap_status.hpp"

#include <fmt/core.h>

namespace fcrdns::owner {

Registration from_status(int status, std::string_view said) {
  using enum Registration::Outcome;
  const auto detail = fmt::format("{}{}{}", status, said.empty() ? "" : ", ", said);
  if (status == 404) return {.outcome = not_found, .problem = "unknown owner: the registry has no entry for this address"};
  if (status == 429) return {.outcome = limited, .problem = "the registry answers no more questions for now (429)"};
  if (status >= 500 && status < 600)
    return {.outcome = unreachable, .problem = fmt::format("the registry's server has trouble ({})", detail)};
  if (status >= 400 && status < 500)
    return {.outcome = refused, .problem = fmt::format("the registry does not answer this question ({})", detail)};
  return {.outcome = malformed, .problem = fmt::format("the registry's answer cannot be used ({})", detail)};
}

}  // namespace fcrdns::owner
