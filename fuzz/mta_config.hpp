// A mail server's configuration of anybody, below a root of its own that goes with the process.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fcrdns/host/change.hpp"
#include "fcrdns/host/mta.hpp"
#include "fuzz.hpp"

namespace fcrdns::fuzz {

class Root {
 public:
  using Read = std::optional<host::Mta> (*)(host::Files&, const host::Names&, std::string_view);
  using Alter = std::optional<host::Change> (*)(const host::Mta&, const host::Wish&, host::Files&, const std::vector<std::string>&);

  explicit Root(std::string file, std::vector<std::string> more = {})
      : root_(std::filesystem::temp_directory_path() / ("fcrdns-fuzz-" + std::to_string(::getpid()))), files_(std::move(more)) {
    files_.push_back(std::move(file));
    for (const auto& path : files_) std::filesystem::create_directories((root_ / path.substr(1)).parent_path());
  }
  ~Root() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  int read(std::string_view text, Read reader, Alter alter) {
    for (const auto& path : files_) std::ofstream(root_ / path.substr(1), std::ios::binary) << text;
    host::Files files(root_.string());
    const auto mta = reader(files, {"out", "out.example.org", "example.org"}, {});
    if (!mta) return 0;
    require(!mta->routes.empty() || !mta->problems.empty());
    require(mta->routes.size() <= 10'000);
    show(mta->hostname);
    show(mta->domain);
    for (const auto& problem : mta->problems) show(problem);
    for (const auto& client : mta->clients) {
      show(client.name);
      show(client.helo.value);
      show(client.helo_rule);
    }
    for (const auto& route : mta->routes) {
      show(route.pattern);
      if (route.relay) show(route.relay->host);
      if (route.origin) show(route.origin->text);
      require(route.client.empty() || mta->client(route.client) != nullptr);
    }
    if (alter == nullptr) return 0;
    for (const auto& wish : {host::Wish{host::Wish::What::v4_only}, host::Wish{host::Wish::What::say_helo, "new.example.org"},
                             host::Wish{host::Wish::What::bind_source, "", net::Address::parse("2001:db8::2").value()},
                             host::Wish{host::Wish::What::unbind, "", net::Address::parse("192.0.2.2").value()}})
      if (const auto change = alter(*mta, wish, files, {}))
        for (const auto& edit : change->edits) require(edit.before == text && edit.after != edit.before);
    return 0;
  }

 private:
  /// On a terminal as it is.
  static void show(std::string_view text) {
    require(std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; }));
  }
  std::filesystem::path root_;
  std::vector<std::string> files_;
};

}  // namespace fcrdns::fuzz
