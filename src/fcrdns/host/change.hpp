// A change of a mail server's configuration, as a diff: told, and written only when asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/host/files.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

/// What somebody wants of the way out.
struct Wish {
  enum class What {
    v4_only,       ///< the sending services use IPv4 only; receiving is left alone
    say_helo,      ///< this name in HELO, and nothing else changed by it (never myhostname)
    bind_source,   ///< leave from this address
    unbind,        ///< no bind address: one that is not in force any more
  };
  What what = What::v4_only;
  std::string name{};       ///< of say_helo, plain host name
  net::Address address{};   ///< of bind_source, unbind
};

struct Edit {
  std::string file;      ///< as the machine sees it
  std::string before;    ///< whole content
  std::string after;
};
struct Change {
  std::vector<Edit> edits;            ///< empty when it cannot or must not be edited: then `instead` says what to do
  std::vector<std::string> commands;  ///< the same by the mail server's own tools, ready to paste ("postconf -P ... && postfix reload")
  std::vector<std::string> check;     ///< argv that says whether the configuration is sound ("postfix", "check"); empty: none
  std::vector<std::string> reload;    ///< argv that puts it in force
  std::string instead;                ///< the project's own knob, where files are written anew ("ENABLE_IPV6=false in mailcow.conf"); empty: none
  std::string caution;                ///< what it may break; empty: nothing known
};

/// The change that fulfils the wish in this very configuration; for clients named by `clients`, or all that send by SMTP.
/// Empty: this mail server has no such setting, or it is so already.
[[nodiscard]] std::optional<Change> change_for(const Mta& mta, const Wish& wish, Files& files,
                                               const std::vector<std::string>& clients = {});

// One for each mail server; change_for() picks.
[[nodiscard]] std::optional<Change> change_postfix(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients);
[[nodiscard]] std::optional<Change> change_exim(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients);
[[nodiscard]] std::optional<Change> change_opensmtpd(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients);
[[nodiscard]] std::optional<Change> change_sendmail(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& clients);

/// As `diff -u` writes it, three lines of context.
[[nodiscard]] std::string unified_diff(const Edit& edit);

/// Writes every edit, each file's former content kept beside it (FILE.fcrdns-YYYYMMDD-HHMMSS), owner and mode kept; all or
/// nothing. A Fault when a file is no longer as `before` says, or cannot be written. Gives the backups' paths.
[[nodiscard]] base::Expected<std::vector<std::string>> write(const Change& change, const Files& files, const std::string& stamp);

}  // namespace fcrdns::host
