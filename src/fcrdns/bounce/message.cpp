#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce {

void read_message(std::string_view, const Place&, const Options&, Sink&) {}
void Mailbox::feed(std::string_view) {}
void Mailbox::end() {}
void read_pasted(std::string_view, const Place&, const Options&, Sink&) {}

}  // namespace fcrdns::bounce
