// The trail of one mail through a mail server's log: which servers it was handed to, and what they said. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/doctor/observation.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::doctor {

class Trail {
 public:
  /// `token` stands in the Message-ID; `recipient` finds it where a log tells no Message-ID.
  Trail(host::Kind kind, std::string token, std::string recipient);
  /// One line's text, behind "program[pid]: ".
  void read(std::string_view text);
  [[nodiscard]] const std::vector<Attempt>& attempts() const { return attempts_; }
  [[nodiscard]] const std::string& queue_id() const { return queue_id_; }
  /// It went, came back, or waits for the next attempt.
  [[nodiscard]] bool is_over() const { return over_; }

 private:
  void learn_id(std::string_view text);
  [[nodiscard]] bool is_ours(std::string_view text) const;
  void postfix(std::string_view text);
  void exim(std::string_view text);
  void opensmtpd(std::string_view text);
  void sendmail(std::string_view text);
  /// Handing over inside the machine (a content filter) is no attempt, and the mail comes back under another id.
  void add(Attempt attempt, bool last);

  host::Kind kind_;
  std::string token_, recipient_;
  std::vector<std::string> ids_;
  std::string queue_id_;
  std::vector<Attempt> attempts_;
  bool over_ = false;
};

}  // namespace fcrdns::doctor
