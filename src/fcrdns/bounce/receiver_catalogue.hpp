// The catalogue of receivers' replies, made ready to be asked.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "fcrdns/bounce/receivers.hpp"
#include "fcrdns/bounce/vocabulary.hpp"

namespace fcrdns::bounce {

/// Unchanging; one for all threads.
class ReceiverCatalogue {
 public:
  /// A Fault: its phrases are more than Phrases can hold.
  [[nodiscard]] static base::Expected<ReceiverCatalogue> make(ReceiverFile file);

  [[nodiscard]] const Receiver* find(std::string_view id) const;
  [[nodiscard]] const Receiver* by_server(std::string_view name) const;
  /// `text`: reply.text, canonical. `server`: by_server of who refused, or null. `found` is room to work in.
  [[nodiscard]] Meaning meaning(const mail::Reply& reply, std::string_view text, const Receiver* server,
                                std::vector<Phrases::Found>& found) const;

 private:
  ReceiverCatalogue() = default;
  [[nodiscard]] const KnownText* best_text(const mail::Reply& reply, std::string_view text, const std::vector<Phrases::Found>& found) const;
  [[nodiscard]] bool holds(std::size_t row, std::string_view text, const std::vector<Phrases::Found>& found) const;
  [[nodiscard]] const ReceiverEntry* entry_of(const Receiver* receiver) const;
  [[nodiscard]] const Receiver* marked(const std::vector<Phrases::Found>& found) const;

  ReceiverFile file_;
  Phrases phrases_;
  Vocabulary vocabulary_;
  std::vector<std::vector<Phrases::Id>> phrases_of_;       ///< of each text
  std::vector<std::vector<std::size_t>> texts_by_phrase_;  ///< a text stands at its longest phrase only
  std::vector<std::size_t> marked_by_phrase_;              ///< receiver that a phrase gives away; no_receiver: none
  std::unordered_map<std::string, std::size_t> by_suffix_, by_id_;
};

/// What the program uses: compiled in, or of --data-dir.
[[nodiscard]] const ReceiverCatalogue& receiver_catalogue();

}  // namespace fcrdns::bounce
