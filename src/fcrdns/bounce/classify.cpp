#include "fcrdns/bounce/classify.hpp"

namespace fcrdns::bounce {

Meaning classify(const mail::Reply&, std::string_view) { return {.causes = {Cause::other}}; }
const Receiver* find_receiver(std::string_view) { return nullptr; }
const Receiver* receiver_of(std::string_view) { return nullptr; }
base::Expected<bool> load_receivers(const std::string&) { return true; }
const CodeWord* explain_code(std::string_view) { return nullptr; }
const CodeWord* explain_code(const mail::Reply&) { return nullptr; }
std::vector<std::string> known_codes() { return {}; }

}  // namespace fcrdns::bounce
