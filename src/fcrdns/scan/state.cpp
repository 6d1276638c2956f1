// The file: a line that says what it is, a line of JSON, the octets of Done, and the digest (FNV-1a, 64 bits) of it all, which
// tells a file that was cut off or damaged from a whole one; it keeps out no one who means harm, who could do as much anywhere.
#include "fcrdns/scan/state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/base/time.hpp"
#include "fcrdns/net/address.hpp"

namespace fcrdns::scan {
namespace {

using nlohmann::json;
constexpr std::string_view magic = "fcrdns scan state 1\n";
constexpr std::size_t digest_size = 16, longest_header = 1 << 20, deepest = 4;
constexpr std::uintmax_t largest_file = 256 << 20;

std::string digest_of(std::string_view octets) {
  std::uint64_t digest = 0xcbf29ce484222325;
  for (const auto c : octets) digest = (digest ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", digest);
}

/// Size and time of a file: whoever changes it in between has another list.
std::string file_text(const std::string& path) {
  struct stat status {};
  if (path == "-") return "standard input";
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return base::escape(path);
  const base::WallTime changed{base::Milliseconds{status.st_mtim.tv_sec * 1000LL + status.st_mtim.tv_nsec / 1'000'000}};
  return fmt::format("{} ({} octets of {}.{:03})", base::escape(path), status.st_size, base::to_rfc3339(changed), status.st_mtim.tv_nsec / 1'000'000);
}

std::string optional_file(const std::string& path) { return path.empty() ? "none" : file_text(path); }

int sync_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const auto folder = slash == path.npos ? std::string(".") : path.substr(0, slash + 1);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return 0;  // a folder that cannot be opened can still be written to
  (void)::fsync(descriptor);
  ::close(descriptor);
  return 0;
}

base::Expected<State> parse(std::string_view header, std::string_view done) {
  if (base::json_depth(header) > deepest) return base::fault("it is damaged");
  const auto value = json::parse(header, nullptr, false);
  if (!value.is_object()) return base::fault("it is damaged");
  State state;
  const auto number = [&](const char* key) -> std::optional<std::uint64_t> {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_number_unsigned()) return {};
    return found->template get<std::uint64_t>();
  };
  const auto key = number("key"), octets = number("octets");
  const auto identity = value.find("scan"), finished = value.find("finished");
  if (!key || !octets || identity == value.end() || !identity->is_object() || finished == value.end() || !finished->is_boolean())
    return base::fault("it is damaged");
  for (const auto& [name, text] : identity->items()) {
    if (!text.is_string()) return base::fault("it is damaged");
    state.identity[name] = text.get<std::string>();
  }
  const auto liars = value.find("liars");
  if (liars == value.end() || !liars->is_array()) return base::fault("it is damaged");
  for (const auto& each : *liars) {
    const auto prefix = each.is_string() ? net::Prefix::parse(each.get<std::string>()) : base::fault("");
    if (!prefix) return base::fault("it is damaged");
    state.liars.push_back(*prefix);
  }
  auto read = Done::read(done);
  if (!read) return std::unexpected(read.error());
  state.key = *key;
  state.octets = *octets;
  state.finished = finished->get<bool>();
  state.done = *std::move(read);
  return state;
}

}  // namespace

Identity identity_of(const Options& options, const Sources& sources) {
  std::string given;
  for (const auto& prefix : sources.prefixes) given += prefix.text() + " ";
  for (const auto& span : sources.addresses) given += span.first.text() + " ";
  for (const auto& file : sources.files) given += file_text(file) + " ";
  return {{"the input", std::string(base::trim(given))},
          {"the output", base::escape(options.output)},
          {"--format", std::string(sweep::to_word(options.rows_format))},
          {"--only", std::string(options.only ? sweep::to_word(*options.only) : "all rows")},
          {"--unique", options.unique ? "yes" : "no"},
          {"--shard", fmt::format("{}/{}", options.shard.index + 1, options.shard.count)},
          {"--tags", optional_file(options.tags)},
          {"--diff", optional_file(options.diff)},
          {"--opt-out", optional_file(options.opt_out)}};
}

std::string difference(const Identity& then, const Identity& now) {
  for (const auto& [name, text] : now) {
    const auto found = then.find(name);
    const auto before = found == then.end() ? std::string() : found->second;
    if (before != text) return fmt::format("{}: then {}, now {}", name, base::escape(before, 200), base::escape(text, 200));
  }
  return {};
}

std::string write_state(const State& state) {
  auto liars = json::array();
  for (const auto& prefix : state.liars) liars.push_back(prefix.text());
  const json header{{"scan", state.identity}, {"liars", std::move(liars)}, {"key", state.key},
                    {"octets", state.octets}, {"finished", state.finished}, {"rows", state.done.count()}};
  std::string out(magic);
  out += header.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
  state.done.write(out);
  return sealed(std::move(out));
}

std::string sealed(std::string octets) {
  octets += digest_of(octets);
  return octets;
}

base::Expected<State> read_state(std::string_view octets) {
  if (!octets.starts_with(magic)) return base::fault("it is no state of a scan");
  if (octets.size() < magic.size() + digest_size) return base::fault("it is cut off");
  const auto body = octets.substr(0, octets.size() - digest_size);
  if (octets.substr(body.size()) != digest_of(body)) return base::fault("it is cut off or damaged");
  const auto rest = body.substr(magic.size());
  const auto end = rest.find('\n');
  if (end == rest.npos || end > longest_header) return base::fault("it is damaged");
  return parse(rest.substr(0, end), rest.substr(end + 1));
}

base::Expected<std::optional<State>> load_state(const std::string& path) {
  const auto shown = base::escape(path);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) return std::optional<State>{};
  if (S_ISREG(status.st_mode) && status.st_size == 0) return std::optional<State>{};  // as mktemp leaves it
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  if (!S_ISREG(status.st_mode) || static_cast<std::uintmax_t>(status.st_size) > largest_file || !(content << file.rdbuf()))
    return base::fault(fmt::format("cannot read the state {}: {}", shown, S_ISREG(status.st_mode) ? "is it yours?" : "it is no file"));
  auto state = read_state(content.view());
  if (!state) return base::fault(fmt::format("cannot go on from {}: {}; the rows written so far are untouched; to begin anew, remove it", shown, state.error().message));
  return *std::move(state);
}

int save_state(const std::string& path, std::string_view octets) {
  const auto fresh = path + ".new";
  const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor < 0) return errno;
  int error = 0;
  while (error == 0 && !octets.empty()) {
    const auto put = ::write(descriptor, octets.data(), octets.size());
    if (put >= 0) octets.remove_prefix(static_cast<std::size_t>(put));
    else if (errno != EINTR) error = errno;
  }
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(fresh.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(fresh.c_str());
  return error != 0 ? error : sync_folder_of(path);
}

}  // namespace fcrdns::scan
