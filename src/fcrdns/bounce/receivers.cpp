// Reads data/receivers.json. Taken for hostile: sizes and counts are bounded, an unknown
// field is a fault, as it would be a misspelt one.
#include "fcrdns/bounce/receivers.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/canonical.hpp"
#include "fcrdns/bounce/json_field.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_receivers = 1000, max_texts = 500, max_entries = 64, max_phrase = 300, max_all_texts = 4000;

std::string id_of(const JsonField& field) {
  auto id = field.text(40);
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (!std::ranges::all_of(id, fits)) field.refuse("must be a-z, 0-9 and _ only");
  return id;
}

std::vector<Cause> causes_of(const JsonField& field) {
  std::vector<Cause> out;
  for (const auto& entry : field.list(4)) {
    const auto cause = parse_cause(entry.text(40));
    if (!cause) entry.refuse("is no cause");
    out.push_back(*cause);
  }
  if (out.empty()) field.refuse("is empty");
  return out;
}

/// Canonical, without blanks at its ends: so it is searched.
std::string phrase_of(const JsonField& field) {
  std::string out;
  canonical(field.text(max_phrase), out);
  auto phrase = std::string(base::trim(out));
  if (phrase.size() < 4) field.refuse("is too short to tell anything");
  return phrase;
}

KnownText text_of(const JsonField& field, std::size_t receiver) {
  field.object({"says", "means", "codes", "ends", "guess", "source"});
  KnownText out{.means = causes_of(field.need("means")), .ends = field.flag("ends"), .guess = field.flag("guess"), .receiver = receiver};
  for (const auto& entry : field.need("says").list(8)) out.says.push_back(phrase_of(entry));
  if (out.says.empty()) field.refuse("\"says\" is empty");
  if (const auto codes = field.get("codes"))
    for (const auto& entry : codes->list(8)) out.codes.push_back(entry.text(12));
  (void)field.text_of("source");
  return out;
}

void texts_of(const JsonField& list, std::size_t receiver, ReceiverFile& out) {
  for (const auto& entry : list.list(max_texts)) out.texts.push_back(text_of(entry, receiver));
  if (out.texts.size() > max_all_texts) list.refuse("more than 4000 texts in all");
}

ReceiverEntry receiver_entry(const JsonField& field) {
  field.object({"id", "name", "page", "postmaster", "mx_suffixes", "software", "marks", "codes", "texts"});
  ReceiverEntry out{.receiver = {.id = id_of(field.need("id")), .name = field.need("name").text(100), .page = field.text_of("page"),
                                 .postmaster = field.text_of("postmaster")},
                    .software = field.flag("software")};
  if (const auto suffixes = field.get("mx_suffixes"))
    for (const auto& entry : suffixes->list(max_entries)) {
      auto suffix = base::to_lower(base::without_final_dot(entry.text(253)));
      if (suffix.find('.') == suffix.npos || suffix.starts_with('.')) entry.refuse("must be a name of two labels or more");
      out.receiver.mx_suffixes.push_back(std::move(suffix));
    }
  if (const auto marks = field.get("marks"))
    for (const auto& entry : marks->list(max_entries)) out.marks.push_back(phrase_of(entry));
  if (const auto codes = field.get("codes"))
    for (const auto& [code, causes] : codes->pairs(max_entries)) {
      const auto parsed = mail::parse_enhanced_code(code);
      if (!parsed) causes.refuse("is no enhanced code");
      out.codes.emplace_back(*parsed, causes_of(causes));
    }
  return out;
}

ReceiverFile read(const JsonField& top) {
  top.object({"about", "receivers", "texts"});
  ReceiverFile out;
  for (const auto& entry : top.need("receivers").list(max_receivers)) {
    auto receiver = receiver_entry(entry);
    const auto same = [&](const ReceiverEntry& other) { return other.receiver.id == receiver.receiver.id; };
    if (std::ranges::any_of(out.receivers, same)) entry.refuse("its id stands there twice");
    out.receivers.push_back(std::move(receiver));
    if (const auto texts = entry.get("texts")) texts_of(*texts, out.receivers.size() - 1, out);
  }
  if (const auto texts = top.get("texts")) texts_of(*texts, no_receiver, out);
  return out;
}

}  // namespace

base::Expected<ReceiverFile> parse_receivers(std::string_view json) { return read_catalogue(json, read); }

}  // namespace fcrdns::bounce
