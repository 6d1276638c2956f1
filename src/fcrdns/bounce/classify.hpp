// What does a receiver's reply mean? By the catalogue of replies (data/receivers.json): text first, then code, then
// receiver, as codes collide; a text that nobody knows by its words, marked as a guess.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/bounce/claim.hpp"

namespace fcrdns::bounce {

/// `remote_mta`: host name of the server that refused, or empty.
[[nodiscard]] Meaning classify(const mail::Reply& reply, std::string_view remote_mta = {});

/// A receiver of the catalogue.
struct Receiver {
  std::string id;                     ///< "google"
  std::string name;                   ///< "Gmail"
  std::string page;                   ///< where it explains its refusals; empty: it has none
  std::string postmaster;             ///< how to reach its postmaster (address or form); empty: not known
  std::vector<std::string> mx_suffixes;
};
/// Null when there is none of that id.
[[nodiscard]] const Receiver* find_receiver(std::string_view id);

/// Loads receivers.json (and codes.json) of --data-dir when it is there; once, before anything is classified.
[[nodiscard]] base::Expected<bool> load_receivers(const std::string& data_dir);

/// What a code means, for `fcrdns help code CODE` and for refusals that are not about reverse DNS.
struct CodeWord {
  std::string code;                   ///< "5.7.26", "421", "S3150"
  std::string meaning;                ///< one sentence
  std::string way_on;                 ///< an honest paragraph: what to do, where to look
  std::string source;                 ///< the RFC or the receiver
};
/// As the user or a receiver writes it: "550 5.7.26", "4.7.26", "S3150", "(S3140)". Null when nothing is known.
[[nodiscard]] const CodeWord* explain_code(std::string_view code);
/// The same for a reply: by its text's own marks ("S3150"), then the enhanced code, then the reply code.
[[nodiscard]] const CodeWord* explain_code(const mail::Reply& reply);
[[nodiscard]] std::vector<std::string> known_codes();

}  // namespace fcrdns::bounce
