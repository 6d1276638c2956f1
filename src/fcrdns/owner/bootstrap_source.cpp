#include "fcrdns/owner/bootstrap_source.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "fcrdns/base/data_files.hpp"
#include "fcrdns/owner/bounded_json.hpp"

namespace fcrdns::owner {
namespace {

namespace fs = std::filesystem;

std::string file_name(net::Family family) { return family == net::Family::v4 ? "ipv4.json" : "ipv6.json"; }

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

timespec to_timespec(base::WallTime time) {
  const auto seconds = std::chrono::floor<base::Seconds>(time.time_since_epoch());
  return {.tv_sec = static_cast<time_t>(seconds.count()), .tv_nsec = 0};
}

Bootstrap built_in(net::Family family) {
  const auto name = "rdap/" + file_name(family);
  const auto text = base::data_file(name);
  auto copy = Bootstrap::parse(text.value_or(""));
  if (!copy) throw std::logic_error(fmt::format("data/{}: {}", name, copy.error().message));
  return *std::move(copy);
}

}  // namespace

std::string BootstrapCache::folder(const std::string& given) {
  if (!given.empty()) return given;
  if (const auto cache = environment("XDG_CACHE_HOME"); cache.starts_with('/')) return cache + "/fcrdns";
  if (const auto home = environment("HOME"); home.starts_with('/')) return home + "/.cache/fcrdns";
  return "";
}

std::string BootstrapCache::path(net::Family family) const { return folder_ + "/rdap-" + file_name(family); }

std::optional<BootstrapCache::Kept> BootstrapCache::read(net::Family family, base::WallTime now) const {
  if (folder_.empty()) return std::nullopt;
  struct stat status {};
  if (::stat(path(family).c_str(), &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size > static_cast<off_t>(max_json))
    return std::nullopt;
  std::ifstream file(path(family), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto bootstrap = Bootstrap::parse(text);
  if (!bootstrap) return std::nullopt;
  // Further ahead than a copy may ever last: the clock, or somebody, put it there.
  const base::WallTime expires{base::Seconds{status.st_mtim.tv_sec}};
  return Kept{*std::move(bootstrap), now < expires && expires <= now + BootstrapSource::max_age};
}

void BootstrapCache::write(net::Family family, std::string_view json, base::WallTime expires) const {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  auto temporary = path(family) + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return;
  const auto written = ::write(descriptor, json.data(), json.size());
  const timespec times[] = {to_timespec(expires), to_timespec(expires)};
  const bool good = written == static_cast<ssize_t>(json.size()) && ::futimens(descriptor, times) == 0;
  ::close(descriptor);
  if (!good || ::rename(temporary.c_str(), path(family).c_str()) != 0) ::unlink(temporary.c_str());
}

BootstrapSource::BootstrapSource(transport::HttpClient& client, const RdapOptions& options, std::optional<Bootstrap> given)
    : client_(client), url_(options.bootstrap_url), cache_(BootstrapCache::folder(options.cache_folder)),
      given_(std::move(given)) {}

const BootstrapSource::Copy* BootstrapSource::get(net::Family family, base::SteadyTime now,
                                                  const std::function<void()>& ready) {
  auto& slot = slots_[family];
  if (slot.copy) return &*slot.copy;
  if (given_) return &slot.copy.emplace(*given_, "");
  if (slot.fetching) return nullptr;
  if (auto kept = cache_.read(family, base::wall_now()); kept && kept->fresh)
    return &slot.copy.emplace(std::move(kept->bootstrap), "");
  slot.fetching = client_.get({.url = url_ + file_name(family), .accept = "application/json", .deadline = now + patience},
                              [this, family, ready](const transport::HttpReply& reply) {
                                fetched(family, reply);
                                ready();
                              });
  return nullptr;
}

void BootstrapSource::fetched(net::Family family, const transport::HttpReply& reply) {
  using transport::HttpReply;
  auto& slot = slots_[family];
  if (reply.outcome != HttpReply::Outcome::answered || reply.status != 200) {
    const auto why = reply.outcome == HttpReply::Outcome::answered ? fmt::format("status {}", reply.status) : reply.problem;
    slot.copy = fallback(family, why);
    return;
  }
  auto bootstrap = Bootstrap::parse(reply.body);
  if (!bootstrap) {
    slot.copy = fallback(family, bootstrap.error().message);
    return;
  }
  const auto lasts = std::min(reply.max_age.value_or(max_age), max_age);
  cache_.write(family, reply.body, base::wall_now() + lasts);
  slot.copy = Copy{*std::move(bootstrap), ""};
}

BootstrapSource::Copy BootstrapSource::fallback(net::Family family, const std::string& why) const {
  auto kept = cache_.read(family, base::wall_now());
  auto bootstrap = kept ? std::move(kept->bootstrap) : built_in(family);
  const auto dated = bootstrap.publication.empty() ? "" : fmt::format(" ({})", bootstrap.publication);
  return {std::move(bootstrap), fmt::format("IANA's list of registries could not be fetched ({}), so {}{} served", why,
                                            kept ? "the copy kept from before" : "the old copy compiled in", dated)};
}

}  // namespace fcrdns::owner
