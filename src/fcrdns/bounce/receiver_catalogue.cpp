#include "fcrdns/bounce/receiver_catalogue.hpp"

#include <algorithm>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/canonical.hpp"
#include "fcrdns/bounce/code_causes.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_server_name = 255;

/// "4", "450" or "4.7.25" fits the reply.
bool fits(std::string_view code, const mail::Reply& reply) {
  if (code.size() == 1) {
    const auto kind = reply.code != 0 ? reply.code / 100 : reply.enhanced ? reply.enhanced->kind : 0;
    return kind == code.front() - '0';
  }
  if (code.find('.') == code.npos) return std::to_string(reply.code) == code;
  return reply.enhanced && reply.enhanced->text() == code;
}

std::size_t weight(const KnownText& text) {
  std::size_t sum = text.codes.empty() ? 0 : 1;
  for (const auto& phrase : text.says) sum += phrase.size();
  return sum;
}

bool is_weak(const std::vector<Cause>& causes) { return causes.front() == Cause::reputation || causes.front() == Cause::other; }

bool is_temporary(const mail::Reply& reply) {
  return reply.code != 0 ? reply.code / 100 == 4 : reply.enhanced && reply.enhanced->kind == 4;
}

}  // namespace

base::Expected<ReceiverCatalogue> ReceiverCatalogue::make(ReceiverFile file) {
  ReceiverCatalogue out;
  out.file_ = std::move(file);
  const auto too_long = [] { return base::fault("the phrases are longer than 30000 octets in all"); };
  for (std::size_t i = 0; i < out.file_.receivers.size(); ++i) {
    const auto& entry = out.file_.receivers[i];
    out.by_id_.emplace(entry.receiver.id, i);
    for (const auto& suffix : entry.receiver.mx_suffixes) out.by_suffix_.emplace(suffix, i);
    for (const auto& mark : entry.marks) {
      Phrases::Id id = 0;
      if (!out.phrases_.add(mark, id)) return too_long();
      out.marked_by_phrase_.resize(out.phrases_.size(), no_receiver);
      out.marked_by_phrase_[id] = i;
    }
  }
  for (std::size_t row = 0; row < out.file_.texts.size(); ++row) {
    const auto& text = out.file_.texts[row];
    auto& ids = out.phrases_of_.emplace_back(text.says.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
      if (!out.phrases_.add(text.says[i], ids[i])) return too_long();
    out.texts_by_phrase_.resize(out.phrases_.size());
    const auto longest = std::ranges::max_element(text.says, {}, &std::string::size) - text.says.begin();
    out.texts_by_phrase_[ids[static_cast<std::size_t>(longest)]].push_back(row);
  }
  if (!out.vocabulary_.add_to(out.phrases_)) return too_long();
  out.phrases_.finish();
  out.texts_by_phrase_.resize(out.phrases_.size());
  out.marked_by_phrase_.resize(out.phrases_.size(), no_receiver);
  return out;
}

const Receiver* ReceiverCatalogue::find(std::string_view id) const {
  const auto at = by_id_.find(std::string(id.substr(0, max_server_name)));
  return at == by_id_.end() ? nullptr : &file_.receivers[at->second].receiver;
}

const Receiver* ReceiverCatalogue::by_server(std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > max_server_name) return nullptr;
  auto lower = base::to_lower(name);
  for (;;) {
    if (const auto at = by_suffix_.find(lower); at != by_suffix_.end()) return &file_.receivers[at->second].receiver;
    const auto dot = lower.find('.');
    if (dot == lower.npos) return nullptr;
    lower.erase(0, dot + 1);
  }
}

const ReceiverEntry* ReceiverCatalogue::entry_of(const Receiver* receiver) const {
  if (receiver == nullptr) return nullptr;
  const auto at = by_id_.find(receiver->id);
  return at == by_id_.end() ? nullptr : &file_.receivers[at->second];
}

const Receiver* ReceiverCatalogue::marked(const std::vector<Phrases::Found>& found) const {
  for (const auto& f : found)
    if (marked_by_phrase_[f.phrase] != no_receiver) return &file_.receivers[marked_by_phrase_[f.phrase]].receiver;
  return nullptr;
}

bool ReceiverCatalogue::holds(std::size_t row, std::string_view text, const std::vector<Phrases::Found>& found) const {
  std::size_t at = 0, end = 0;
  for (const auto phrase : phrases_of_[row]) {
    while (at < found.size() && (found[at].phrase != phrase || found[at].begin < end)) ++at;
    if (at == found.size()) return false;
    end = found[at].end;
  }
  return !file_.texts[row].ends || base::trim(text.substr(end)).empty();
}

const KnownText* ReceiverCatalogue::best_text(const mail::Reply& reply, std::string_view text,
                                              const std::vector<Phrases::Found>& found) const {
  const KnownText* best = nullptr;
  std::size_t best_weight = 0;
  for (const auto& f : found)
    for (const auto row : texts_by_phrase_[f.phrase]) {
      const auto& known = file_.texts[row];
      if (weight(known) <= best_weight || !holds(row, text, found)) continue;
      if (!known.codes.empty() && std::ranges::none_of(known.codes, [&](const auto& code) { return fits(code, reply); })) continue;
      best = &known;
      best_weight = weight(known);
    }
  return best;
}

Meaning ReceiverCatalogue::meaning(const mail::Reply& reply, std::string_view text, const Receiver* server,
                                   std::vector<Phrases::Found>& found) const {
  phrases_.find(text, found);
  Meaning out;
  if (server == nullptr) server = marked(found);
  if (const auto* known = best_text(reply, text, found)) {
    const auto* whose = known->receiver == no_receiver ? nullptr : &file_.receivers[known->receiver];
    if (whose != nullptr && (!whose->software || server == nullptr)) out.receiver = whose->receiver.id;
    else if (server != nullptr) out.receiver = server->id;
    out.causes = known->means;
    out.certainty = known->guess ? Certainty::words : Certainty::literal;
    return out;
  }
  if (server != nullptr) out.receiver = server->id;
  out.certainty = Certainty::words;
  out.causes = vocabulary_.guess(text, found, is_temporary(reply));
  if (!out.causes.empty() && !(is_weak(out.causes) && is_reverse_dns_code(reply))) return out;
  out.certainty = Certainty::code;
  if (const auto* entry = entry_of(server); entry != nullptr && reply.enhanced)
    for (const auto& [code, causes] : entry->codes)
      if (code == *reply.enhanced) {
        out.causes = causes;
        return out;
      }
  out.causes = causes_of_code(reply);
  return out;
}

}  // namespace fcrdns::bounce
