#include "fcrdns/mail/reply.hpp"

namespace fcrdns::mail {

std::string EnhancedCode::text() const { return std::to_string(kind) + "." + std::to_string(subject) + "." + std::to_string(detail); }

std::optional<EnhancedCode> parse_enhanced_code(std::string_view) { return std::nullopt; }
Reply parse_reply(std::string_view text) { return {.text = std::string(text)}; }
std::optional<Found> find_reply(std::string_view, std::size_t) { return std::nullopt; }
std::optional<net::Address> quoted_address(std::string_view) { return std::nullopt; }

}  // namespace fcrdns::mail
