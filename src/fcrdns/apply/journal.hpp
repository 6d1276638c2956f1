// What was done to whom, on disk before it is done: a run that was killed is taken up where it stopped, and what stood
// there before can be put back.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/propagation/propagation.hpp"

namespace fcrdns::apply {

/// How far one part has come. Only `begun` leaves open whether the other side has it.
enum class Phase {
  begun,   ///< `before` is known and saved; the change may have been sent
  done,    ///< the back end says that it is there, or was told to
  undone,  ///< put back
};
[[nodiscard]] std::string_view to_word(Phase phase);

struct Entry {
  std::string backend;
  dns::Record record;        ///< what was to be there
  Before before;             ///< what was there
  Phase phase = Phase::begun;
  base::WallTime time{};     ///< of the phase
  friend bool operator==(const Entry&, const Entry&) = default;
};

/// All that is known of one address, in one file.
struct Story {
  propagation::Goal goal;
  std::map<Part, Entry> parts;
  std::optional<base::WallTime> verified;            ///< when every listed server showed both
  std::uint32_t forward_hold = 0, reverse_hold = 0;  ///< seconds; what was seen wrong before the change (propagation::History)
  friend bool operator==(const Story&, const Story&) = default;
};

[[nodiscard]] std::string write_story(const Story& story);
/// At most 1 MiB. The text is the user's own file, and is read as strictly as any other's.
[[nodiscard]] base::Expected<Story> read_story(std::string_view json);

/// One run's hold on the file of an address. No second run gets it while this one lives.
class Journal {
 public:
  /// `folder` is made when it is missing (mode 700). A Fault: it cannot be written, another run holds it, or what is
  /// there cannot be read.
  [[nodiscard]] static base::Expected<Journal> open(const std::string& folder, const net::Address& address);
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  [[nodiscard]] const std::optional<Story>& story() const { return story_; }
  /// On disk when it returns: written beside, synced, moved into place. Mode 600.
  [[nodiscard]] base::Expected<void> save(Story story);
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  Journal(std::string file, int lock) : file_(std::move(file)), lock_(lock) {}
  std::string file_;
  int lock_ = -1;
  std::optional<Story> story_;
};

/// What the journal of an address says, without a hold on it; empty: there is none that can be read.
[[nodiscard]] std::optional<Story> recall(const std::string& folder, const net::Address& address);

/// FCRDNS_STATE_DIR, else $XDG_STATE_HOME/fcrdns, else $HOME/.local/state/fcrdns, else /var/lib/fcrdns.
[[nodiscard]] std::string state_folder();

}  // namespace fcrdns::apply
