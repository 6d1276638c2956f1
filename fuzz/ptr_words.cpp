// The words behind `fcrdns ptr`, the names of classless children, templates of host names: what they make is always a name.
#include "fcrdns/generator/classless.hpp"
#include "fcrdns/ptr/words.hpp"
#include "fuzz.hpp"

using namespace fcrdns;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const std::string words[] = {text};
  if (const auto read = ptr::read_words(words)) {
    fuzz::require(read->hosts.empty());
    if (const auto plan = generator::plan_classless(read->block, {generator::Form::rfc4183, {}, {}}, {}))
      fuzz::require(plan->child.is_within(plan->parent) && plan->records.size() <= 128);
  }
  if (const auto child = generator::parse_child_name(text))
    if (const auto plan = generator::plan_classless(*net::Prefix::parse("192.0.2.64/26"), *child, {})) fuzz::require(plan->records.size() == 64);
  for (const char* example : {"255.255.255.255", "0.0.0.0", "2001:db8::", "::ffff:ffff"}) {
    const auto address = *net::Address::parse(example);
    if (const auto names = generator::NameTemplate::parse(text, address.family())) fuzz::require(names->name_of(address).label_count() >= 2);
  }
  return 0;
}
