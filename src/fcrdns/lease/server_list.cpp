#include "fcrdns/lease/server_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "fcrdns/base/secret.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::lease {
namespace {

constexpr std::size_t most_servers = 32;

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);  // IPv6
  return !host.empty() && host.size() <= 255 && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
  });
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  return problem == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65'535;
}

/// Adds one; false: it is none.
bool add(ServerList& list, std::string_view url) {
  std::string_view scheme = "nats";
  if (const auto at = url.find("://"); at != url.npos) {
    scheme = url.substr(0, at);
    url.remove_prefix(at + 3);
  }
  if (scheme != "nats" && scheme != "tls") return false;
  if (url.ends_with('/')) url.remove_suffix(1);
  const auto colon = url.rfind(':');
  const bool has_port = colon != url.npos && url.find(']', colon) == url.npos && (url.starts_with('[') || url.find(':') == colon);
  if (has_port && !is_port(url.substr(colon + 1))) return false;
  auto host = std::string(has_port ? url.substr(0, colon) : url);
  if (!is_host(host)) return false;
  if (host.find(':') != host.npos && !host.starts_with('[')) host = "[" + host + "]";
  if (scheme == "tls") list.tls = true;
  list.urls.push_back(fmt::format("{}://{}:{}", scheme, host, has_port ? url.substr(colon + 1) : "4222"));
  return true;
}

}  // namespace

base::Expected<ServerList> parse_server_list(std::string_view text) {
  if (text.find('@') != text.npos)
    return base::fault("--nats takes no user, password or token: others can see arguments; put USER:PASSWORD or the token into a file (chmod 600) "
                       "and give --nats-creds FILE");
  ServerList out;
  for (const auto url : base::split(text, ','))
    if (out.urls.size() == most_servers || !add(out, base::trim(url)))
      return base::fault(fmt::format("--nats {}: give nats://HOST[:PORT] or tls://HOST[:PORT], of a cluster several with commas", base::escape(text, 200)));
  return out;
}

base::Expected<Credentials> read_credentials(const std::string& file) {
  if (file.empty()) return Credentials{};
  const auto secret = base::read_secret(file);
  if (!secret) return std::unexpected(secret.error());
  const auto text = secret->reveal();
  if (text.find("-----BEGIN NATS USER JWT-----") != text.npos) {
    // The library reads it by itself.
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem))
      return base::fault("a secret with a JWT must be in a file, not a pipe: it is read again at every new connection");
    return Credentials{Credentials::Kind::file, file, {}};
  }
  if (text.find('\n') != text.npos)
    return base::fault(fmt::format("the secret in {} is neither a .creds file, nor USER:PASSWORD, nor a token", base::escape(file, 300)));
  const auto colon = text.find(':');
  if (colon == text.npos) return Credentials{Credentials::Kind::token, std::string(text), {}};
  return Credentials{Credentials::Kind::user, std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

}  // namespace fcrdns::lease
