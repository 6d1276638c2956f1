// Postfix: main.cf and master.cf, postconf(5), master(5).
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

std::vector<Mta> read_postfix(Files&, const Names&, std::string_view) { return {}; }

}  // namespace fcrdns::host
