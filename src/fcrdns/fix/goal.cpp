#include "fcrdns/fix/goal.hpp"

#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/subject/subject.hpp"
#include "fcrdns/verdict/iprev.hpp"

namespace fcrdns::fix {

base::Expected<propagation::Goal> parse_goal(const std::vector<std::string>& words) {
  if (words.size() != 2) return base::fault("give an address and the host name it is to bear: 203.0.113.5 mail.example.com");
  const auto subject = subject::parse(words[0]);
  if (!subject) return base::fault(subject.error().message);
  if (!subject->address) return base::fault(base::escape(words[0], 80) + ": the first word must be an address, the second the host name");
  auto name = subject::parse_name(words[1]);
  if (!name) return base::fault(name.error().message);
  if (!verdict::is_usable(verdict::usability(*name, *subject->address)))
    return base::fault(fmt::format("{}: no address can bear that name; give a host name with at least two labels", base::escape(words[1], 80)));
  return propagation::Goal{*subject->address, *std::move(name)};
}

}  // namespace fcrdns::fix
