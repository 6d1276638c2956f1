// What a domain publishes, and what is known of the DNS so far.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/dns/message.hpp"
#include "fcrdns/resolver/resolver.hpp"
#include "fcrdns/spf/record.hpp"

namespace fcrdns::spf {

/// The record of a domain (RFC 7208 4.4, 4.5), or why there is none to go by.
struct Policy {
  std::optional<Result> verdict;  ///< none, temperror, permerror; empty: there is a record
  std::string problem;            ///< with an error, escaped
  std::string text;               ///< as published, its strings joined; with an error perhaps only its begin
  Record record;
};
[[nodiscard]] Policy read_policy(const resolver::Answer& answer, const dns::Name& domain, std::size_t longest_record);

/// Whether an answer found something (4.6.4: what did not is void). A name that is never sent out does not exist.
enum class Found { records, nothing, trouble };
[[nodiscard]] Found found(const resolver::Answer& answer);
/// "A of mail.example.com: timeout"
[[nodiscard]] std::string trouble_of(dns::Type type, const dns::Name& name, dns::Status status);
/// The strings of one TXT record without anything between them (3.3), at most `limit` octets.
[[nodiscard]] std::string joined(const dns::Txt& txt, std::size_t limit);

/// Answers as they come in, and the questions that were missed: an evaluation goes as far as the answers reach, and is
/// made anew when those it missed are there. So it is a pure function of them, however they came.
class Known {
 public:
  explicit Known(std::size_t longest_record) : longest_record_(longest_record) {}
  /// Null: not known yet, and wanted from now on.
  [[nodiscard]] const resolver::Answer* find(dns::Type type, const dns::Name& name);
  [[nodiscard]] const Policy* policy(const dns::Name& domain);
  void add(const dns::Question& question, resolver::Answer answer);
  [[nodiscard]] std::vector<dns::Question> take_wanted() { return std::exchange(wanted_, {}); }

 private:
  std::size_t longest_record_;
  std::map<std::pair<dns::Type, dns::Name>, resolver::Answer> answers_;
  std::map<dns::Name, Policy> policies_;  // read once
  std::vector<dns::Question> wanted_;
};

}  // namespace fcrdns::spf
