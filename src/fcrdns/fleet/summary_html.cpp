#include "fcrdns/fleet/summary.hpp"

namespace fcrdns::fleet {

std::string to_html(const Summary& summary) { return "<!doctype html><title>fcrdns scan</title><pre>" + to_text(summary) + "</pre>\n"; }

}  // namespace fcrdns::fleet
