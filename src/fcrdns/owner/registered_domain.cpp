#include "fcrdns/owner/registered_domain.hpp"

#include <libpsl.h>

#include "fcrdns/base/text.hpp"

namespace fcrdns::owner {

std::string registered_domain(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  const auto lower = base::to_lower(name);
  const char* domain = psl_registrable_domain(psl_builtin(), lower.c_str());  // points into `lower`
  return domain ? domain : "";
}

}  // namespace fcrdns::owner
