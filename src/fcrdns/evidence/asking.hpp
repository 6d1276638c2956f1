// What the parts of a gathering share: the facts so far, whom to ask, when to stop, and the rows of the trace.
#pragma once

#include <array>
#include <functional>

#include "fcrdns/evidence/gather.hpp"

namespace fcrdns::evidence {

/// The verdict's questions are waited for first; the others explain it.
enum class Part { verdict, explanation };

class Asking {
 public:
  using Row = std::optional<std::size_t>;
  Asking(subject::Subject subject, const Options& options, const Sources& sources, base::WallTime time);

  void ask(Part part, dns::Question question, Row after, base::SteadyTime deadline,
           std::move_only_function<void(resolver::Answer, std::size_t row)> then);
  /// Without recursion; until the end.
  void ask_server(resolver::ServerQuestion question, std::move_only_function<void(resolver::Answer)> then);
  /// Until the end. Only when there is a walker.
  void walk(dns::Question question, std::move_only_function<void(resolver::Walk)> then);
  /// Until the end. Only when there is a registry.
  void look_up(const net::Address& address, std::move_only_function<void(owner::Registration)> then);

  /// Something of the explanation that is many questions, told as one row of the trace.
  [[nodiscard]] std::size_t begin_row(std::string what) { return begin(Part::explanation, std::move(what), {}); }
  void end_row(std::size_t row, std::string_view outcome);

  [[nodiscard]] bool is_open(Part part) const { return open_[static_cast<std::size_t>(part)] > 0; }
  [[nodiscard]] base::SteadyTime now() const { return sources.resolver.now(); }
  /// Nobody should wait ten seconds for an explanation.
  [[nodiscard]] base::SteadyTime soon() const;

  const Options options;
  const Sources sources;
  const base::SteadyTime begun;
  const base::SteadyTime deadline;  ///< of the verdict
  const base::SteadyTime end;       ///< of everything but the proof
  const base::SteadyTime proof_end;
  Evidence evidence;
  std::move_only_function<void()> on_verdict;  ///< called once, when the verdict's last question is answered
  std::move_only_function<void()> on_walked;   ///< called once, when the verdict is known and no walk is under way
  void complete(Part part);

 private:
  std::size_t begin(Part part, std::string question, Row after);
  TraceRow& finish(std::size_t row, std::string_view outcome);
  void tell(std::size_t row);
  /// Times count from the begin of the subject, so that a report does not depend on when it was made.
  void settle(resolver::Answer& answer) const;

  std::array<std::size_t, 2> open_{};
  std::size_t walks_open_ = 0;
};

/// An answer that stands for a question nobody asked.
[[nodiscard]] resolver::Answer unasked(dns::Status why);

}  // namespace fcrdns::evidence
