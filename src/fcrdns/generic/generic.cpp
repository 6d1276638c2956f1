#include "fcrdns/generic/generic.hpp"

#include <array>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/generic/address_in_name.hpp"
#include "fcrdns/generic/words.hpp"
#include "fcrdns/provider/provider.hpp"
#include "fcrdns/provider/recogniser.hpp"
#include "fcrdns/provider/suffix_tree.hpp"

namespace fcrdns::generic {
namespace {

using provider::Fit;
using provider::PlainName;

/// data/generic/senders.txt: one domain a line, # to the line's end is a comment.
bool is_known_sender(const PlainName& name) {
  static const auto senders = [] {
    provider::SuffixTree tree;
    for (const auto line : base::split(base::data_file("generic/senders.txt").value_or(""), '\n')) {
      const auto domain = base::trim(line.substr(0, line.find('#')));
      if (const auto parsed = dns::Name::parse(domain)) tree.add(*parsed, 0);
    }
    return tree;
  }();
  return !senders.find(name).empty();
}

}  // namespace

std::string_view to_word(Reason reason) {
  static constexpr std::array<std::string_view, 5> words{"ip_in_name", "provider_default", "shared_name", "server_id",
                                                         "access_word"};
  return words[static_cast<std::size_t>(reason)];
}

std::optional<Generic> classify(const dns::Name& name, const net::Address& asked, bool shared) {
  const PlainName plain(name);
  if (is_known_sender(plain)) return std::nullopt;
  const auto address = asked.unmapped();
  for (const auto& match : provider::by_ptr(plain, address))
    if (match.verified && match.fit >= Fit::pattern)
      return Generic{Reason::provider_default, match.provider->name, match.provider->id};

  const Tokens tokens(plain);
  const auto because = [](Reason reason, std::string_view what) { return Generic{reason, std::string(what), {}}; };
  if (const auto what = address_in_name(plain, tokens, address); !what.empty()) return because(Reason::ip_in_name, what);
  const auto words = words_in(plain, tokens, address);
  if (!words.server_id.empty()) return because(Reason::server_id, words.server_id);
  if (!words.access_word.empty()) return because(Reason::access_word, words.access_word);
  if (shared) return because(Reason::shared_name, plain.text());
  return std::nullopt;
}

}  // namespace fcrdns::generic
