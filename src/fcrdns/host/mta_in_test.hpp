// For the tests of the readers: a machine's files written below a folder of their own, and a mail server's configuration as
// text, one line a client, route or problem.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>

#include "fcrdns/host/change.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {

using Tree = std::map<std::string, std::string>;  ///< path as the machine sees it, content

class Machine {
 public:
  explicit Machine(const Tree& tree)
      : root_(std::filesystem::temp_directory_path() / fmt::format("fcrdns-host-{}-{}", ::getpid(), static_cast<const void*>(this))) {
    std::filesystem::create_directories(root_);
    for (const auto& [path, content] : tree) {
      const auto full = root_ / path.substr(1);
      std::filesystem::create_directories(full.parent_path());
      std::ofstream(full, std::ios::binary) << content;
    }
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  [[nodiscard]] Files files() const { return Files(root_.string()); }

 private:
  std::filesystem::path root_;
};

inline const Names names_in_test{"out", "out.example.org", ""};

inline std::string as_text(const std::optional<Mta>& mta) {
  if (!mta) return "none\n";
  constexpr const char* families[] = {"both", "v4", "v6"};
  constexpr const char* orders[] = {"random", "v4 first", "v6 first", "as resolved"};
  std::string text = fmt::format("{} {} of {}\n", to_word(mta->kind), mta->hostname, mta->domain);
  for (const auto& client : mta->clients) {
    text += fmt::format("{}: {}, {}", client.name, families[static_cast<int>(client.families.value)], orders[static_cast<int>(client.order.value)]);
    for (const auto& bind : client.bind) text += " [" + bind.value.text() + "]";
    if (client.bind_by_turns) text += " by turns";
    text += " HELO " + (client.helo.value.empty() ? "(" + client.helo_rule + ")" : client.helo.value) + "\n";
  }
  for (const auto& route : mta->routes) {
    text += route.of == Route::Of::all ? "all" : (route.of == Route::Of::sender ? "from " : "to ") + route.pattern;
    text += " -> " + (route.client.empty() ? "stays" : route.client);
    if (route.relay) text += fmt::format(" via {}:{}{}", route.relay->host, route.relay->port, route.relay->look_up_mx ? " by MX" : "");
    text += "\n";
  }
  for (const auto& problem : mta->problems) text += "! " + problem + "\n";
  return text;
}

/// Lines that go and come, without their surroundings: "-old", "+new".
inline std::string as_text(const std::optional<Change>& change) {
  if (!change) return "none\n";
  std::string text;
  for (const auto& edit : change->edits) {
    text += edit.file + "\n";
    const auto diff = unified_diff(edit);
    std::size_t at = 0;
    while (at < diff.size()) {
      const auto end = std::min(diff.find('\n', at), diff.size());
      const auto line = diff.substr(at, end - at);
      at = end + 1;
      if ((line.starts_with('-') && !line.starts_with("---")) || (line.starts_with('+') && !line.starts_with("+++"))) text += line + "\n";
    }
  }
  return text;
}

inline std::string at(const std::optional<Origin>& origin) {
  return origin ? fmt::format("{}:{}: {}", origin->file, origin->line, origin->text) : "default";
}

struct ReadCase {
  const char* what;
  Tree tree;
  const char* read;
};
struct ChangeCase {
  const char* what;
  Tree tree;
  Wish wish;
  const char* change;
};
inline net::Address address(const char* text) { return net::Address::parse(text).value(); }

}  // namespace fcrdns::host
