// A reply's text in the form that texts are compared in: lower case, blanks single, and what differs from mail to mail
// (addresses, numbers, ids, mailboxes) written as "0". Phrases of the catalogue take the same form.
#pragma once

#include <string>
#include <string_view>

namespace fcrdns::bounce {

/// Never longer than the text. Marks like S3150, IB108 and DY-001 stay.
void canonical(std::string_view text, std::string& out);

}  // namespace fcrdns::bounce
