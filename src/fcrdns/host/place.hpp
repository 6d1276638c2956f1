// Where on this machine does mail leave from: the machine itself, or a container whose network and files are its own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fcrdns/base/fault.hpp"
#include "fcrdns/host/files.hpp"
#include "fcrdns/host/kernel.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

/// A project that packs a mail server into containers and writes its configuration anew. Its knobs are lines of a file of
/// its own, put in force by `recreate` in its folder.
struct Project {
  std::string name;          ///< "mailcow", "docker-mailserver", "Mailu"
  std::string folder;        ///< where its own settings are
  std::string settings;      ///< the file ("/opt/mailcow-dockerized/mailcow.conf")
  std::string v4_only;       ///< its knob that ends IPv6 ("ENABLE_IPV6=false"), empty: none known
  std::string v4_only_file{};  ///< where that line belongs
  std::string helo;          ///< its knob for the name ("MAILCOW_HOSTNAME"), empty
  std::string helo_file{};   ///< where that line belongs
  std::string recreate;      ///< what puts it in force ("docker compose up -d")
  std::string caution;       ///< of v4_only: "also ends inbound IPv6"
  std::string source_v4{}, source_v6{};  ///< its knobs, in `settings`, for the address that is seen outside ("SNAT_TO_SOURCE"); empty: none
  std::vector<net::Address> sources{};   ///< what these say
  friend bool operator==(const Project&, const Project&) = default;
};

/// A process of a mail server, and what it sees.
struct Place {
  std::string container;     ///< its name; empty: the machine itself
  int pid = 0;               ///< of the mail server, or of the container's first process; 0: none runs
  bool own_network = false;  ///< another network namespace than ours
  std::string root = "/";    ///< its files ("/proc/4711/root")
  bool hidden = false;       ///< in a container that this user may not look into: its network and its files are not known; sudo
  bool assumed = false;      ///< taken to be on the machine itself, as nothing says otherwise: this user may not look; sudo
  std::optional<Project> project;
  friend bool operator==(const Place&, const Place&) = default;
};

/// Every place where a mail server runs, by /proc: processes of known mail servers and their namespaces; the machine itself
/// is among them when its configuration files are there though nothing runs. `proc` and `root`: for tests.
[[nodiscard]] std::vector<Place> find_places(const std::string& proc = "/proc", const std::string& root = "/");
/// --container: by name, id, host name, or the number of a process. Asks docker's and podman's sockets where they may be
/// asked, else looks through /proc.
[[nodiscard]] base::Expected<Place> find_container(std::string_view name, const std::string& proc = "/proc", const std::string& root = "/");
/// The project whose settings are in this folder; without one, in one of the usual ones.
[[nodiscard]] std::optional<Project> find_project(Files& files, std::string_view folder = {});

/// What stands between the machine and the outside, as far as it can be seen from here.
struct Outside {
  bool in_container = false;   ///< /.dockerenv, /run/.containerenv, cgroup names
  std::vector<Translation> translations;  ///< of this host's kernel
  std::vector<std::string> nat;  ///< the same in words, and what was seen beside: "masquerade of 172.22.1.0/24 (nftables, table ip nat)"
  std::string nat_unseen;        ///< why NAT on this host cannot be seen; empty: it was looked at
  friend bool operator==(const Outside&, const Outside&) = default;
};
[[nodiscard]] Outside look_outside(Files& files, Kernel& kernel);

/// What the rules make of a packet that comes from a container, or from the machine itself.
struct SeenAs {
  net::Address address;
  Translation by;
  friend bool operator==(const SeenAs&, const SeenAs&) = default;
};
/// `host` is the kernel whose rules they are. Empty: none of them fits, or it cannot be told.
[[nodiscard]] std::optional<SeenAs> translate(const std::vector<Translation>& rules, Kernel& host, const net::Address& source,
                                              const net::Address& destination);

}  // namespace fcrdns::host
