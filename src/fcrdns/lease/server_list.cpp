#include "fcrdns/lease/server_list.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "fcrdns/base/text.hpp"

namespace fcrdns::lease {
namespace {

constexpr std::size_t most_servers = 32, largest_secret = 64 << 10;

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

struct Closing {
  int descriptor;
  ~Closing() { ::close(descriptor); }
};

}  // namespace

base::Expected<ServerList> parse_server_list(std::string_view text) {
  if (text.find('@') != text.npos)
    return base::fault("--nats takes no user, password or token: others can see arguments; put USER:PASSWORD or the token into a file (chmod 600) and give --nats-creds FILE");
  ServerList out;
  for (const auto url : base::split(text, ','))
    if (out.urls.size() == most_servers || !add(out, base::trim(url)))
      return base::fault(fmt::format("--nats {}: give nats://HOST[:PORT] or tls://HOST[:PORT], of a cluster several with commas", base::escape(text, 200)));
  return out;
}

base::Expected<Credentials> read_credentials(const std::string& file) {
  if (file.empty()) return Credentials{};
  const auto shown = base::escape(file, 300);
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return base::fault(fmt::format("cannot read the credentials in {}: {}", shown, std::strerror(errno)));
  const Closing closing{descriptor};
  struct stat about {};
  // A pipe of a password manager (/dev/fd/63) has no mode that says anything.
  if (::fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return base::fault(fmt::format("others may read or change the credentials in {} (mode {:04o}): chmod 600 it, then run this again", shown, about.st_mode & 07777U));
  std::string text(largest_secret + 1, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const auto got = ::read(descriptor, text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fault(fmt::format("cannot read the credentials in {}: {}", shown, std::strerror(errno)));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  if (text.find("-----BEGIN NATS USER JWT-----") != text.npos) {
    if (!S_ISREG(about.st_mode)) return base::fault("credentials with a JWT must be in a file, not a pipe: they are read again at every new connection");
    return Credentials{Credentials::Kind::file, file, {}};
  }
  const std::string line(base::trim(text));
  if (line.empty() || have > largest_secret || line.find('\n') != line.npos)
    return base::fault(fmt::format("the credentials in {} are neither a .creds file, nor USER:PASSWORD, nor a token", shown));
  const auto colon = line.find(':');
  if (colon == line.npos) return Credentials{Credentials::Kind::token, line, {}};
  return Credentials{Credentials::Kind::user, line.substr(0, colon), line.substr(colon + 1)};
}

}  // namespace fcrdns::lease
