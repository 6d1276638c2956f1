#include "fcrdns/resolver/root.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "fcrdns/base/text.hpp"

namespace fcrdns::resolver {
namespace {

constexpr std::array<std::string_view, 26> addresses{
    "198.41.0.4",     "2001:503:ba3e::2:30", "170.247.170.2", "2801:1b8:10::b",   "192.33.4.12",    "2001:500:2::c",
    "199.7.91.13",    "2001:500:2d::d",      "192.203.230.10", "2001:500:a8::e",  "192.5.5.241",    "2001:500:2f::f",
    "192.112.36.4",   "2001:500:12::d0d",    "198.97.190.53", "2001:500:1::53",   "192.36.148.17",  "2001:7fe::53",
    "192.58.128.30",  "2001:503:c27::2:30",  "193.0.14.129",  "2001:7fd::1",      "199.7.83.42",    "2001:500:9f::42",
    "202.12.27.33",   "2001:dc3::35",
};

/// KSK-2017 and KSK-2024 (data.iana.org/root-anchors), as of `anchors_taken`.
constexpr std::array<std::string_view, 2> anchors{
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};
constexpr auto anchors_taken = std::chrono::sys_days{std::chrono::July / 18 / 2024};

bool is_newer_than_ours(const std::string& file) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(file, error);
  return !error && std::chrono::file_clock::to_sys(written) > anchors_taken;
}

/// One line of a key file: a record of the root's, unless its state (RFC 5011 4) is another than VALID.
bool is_anchor(std::string_view line) {
  constexpr std::string_view state = ";;state=";
  const auto words = base::words(line.substr(0, line.find(';')));
  const auto has = [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); };
  if (words.empty() || words.front() != "." || !(has("DS") || has("DNSKEY"))) return false;
  const auto at = line.find(state);
  return at == std::string_view::npos || line.substr(at + state.size()).starts_with("2");
}

std::vector<std::string> read_anchors(const std::string& file) {
  std::vector<std::string> found;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);)
    if (is_anchor(line)) found.emplace_back(base::trim(std::string_view(line).substr(0, line.find(';'))));
  return found;
}

}  // namespace

const std::vector<net::Address>& root_servers() {
  static const std::vector<net::Address> servers = [] {
    std::vector<net::Address> parsed;
    for (const auto text : addresses) parsed.push_back(net::Address::parse(text).value());
    return parsed;
  }();
  return servers;
}

base::Expected<std::vector<net::Address>> read_root_hints(const std::string& file) {
  std::ifstream in(file);
  if (!in) return base::fault("cannot read the root hints " + base::escape(file));
  std::vector<net::Address> found;
  for (std::string line; std::getline(in, line);) {
    const auto words = base::words(std::string_view(line).substr(0, line.find(';')));
    if (words.size() < 3) continue;
    const auto type = base::to_lower(words[words.size() - 2]);
    if (type != "a" && type != "aaaa") continue;
    const auto address = net::Address::parse(words.back());
    if (!address) return base::fault("root hints " + base::escape(file) + ": " + address.error().message);
    found.push_back(*address);
  }
  if (found.empty()) return base::fault("the root hints " + base::escape(file) + " hold no address of a server");
  return found;
}

std::vector<std::string> root_trust_anchors(std::span<const std::string> key_files) {
  for (const auto& file : key_files) {
    if (!is_newer_than_ours(file)) continue;
    if (auto found = read_anchors(file); !found.empty()) return found;
  }
  return {anchors.begin(), anchors.end()};
}

std::span<const std::string> system_key_files() {
  static const std::array<std::string, 2> files{"/var/lib/unbound/root.key", "/usr/share/dns/root.key"};
  return files;
}

}  // namespace fcrdns::resolver
