// Reads whatever the user has: pasted text, a DSN, an mbox or Maildir, a mail log, packed or not; finds out itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/bounce/claim.hpp"

namespace fcrdns::bounce {

struct Options {
  base::WallTime now{};                     ///< syslog stamps tell no year
  std::optional<base::WallTime> since;      ///< older claims are left out (claims without a time stay)
  std::string receiver;                     ///< only this receiver's: id, or a part of its server's name
  std::optional<net::Address> address;      ///< --address: stands where a reply quotes none
  bool follow = false;                      ///< -f: wait for more at the end of the last log, rotations included
};

/// What how-tos advise that does not help: a PTR at the host's own name with the reverse name as its content (the registrar
/// mistake); smtp_address_preference=ipv4, under which Postfix still goes out over IPv6 after a 4xx.
enum class Advice { swapped_fields, ipv4_preference };

/// Told of what is read, as it is read. References last for the call only: a Claim is reused for the next line.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void claim(const Claim& claim) = 0;
  /// A mail of ours that another server took (logs only): for the share that was refused. Called with counts.
  virtual void accepted(std::size_t mails) { (void)mails; }
  /// What was cut, left out or could not be read, in one line: "bounce.eml: more than 1,000 parts; the rest was not read".
  virtual void note(std::string line) = 0;
  /// The text that was pasted advises this.
  virtual void advised(Advice advice) { (void)advice; }
  /// Octets read so far, for progress; `total` 0: not known.
  virtual void progress(std::uint64_t octets, std::uint64_t total) { (void)octets, (void)total; }
};

/// Reads `paths` in order ("-": standard input; a folder: a Maildir, or logs by age, rotated ones first). A path that
/// cannot be read is a Fault after the others were read. `stop`: Ctrl-C. The memory used does not grow with the input.
[[nodiscard]] base::Expected<bool> read(const std::vector<std::string>& paths, const Options& options, Sink& sink,
                                        const std::function<bool()>& stop);

}  // namespace fcrdns::bounce
