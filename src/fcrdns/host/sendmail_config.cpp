#include "fcrdns/host/sendmail_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::sendmail {
namespace {

constexpr std::size_t max_entries = 10'000;

/// Which m4 word of the .mc makes which line of the .cf.
struct Source {
  std::string_view line, word;
};
constexpr Source sources[] = {{"Dj", "confDOMAIN_NAME"}, {"DS", "SMART_HOST"}, {"DM", "MASQUERADE_AS"},
                              {"ClientPortOptions", "CLIENT_OPTIONS"}, {"HeloName", "confHELO_NAME"}};

struct Line {
  std::string text;
  std::size_t number = 0;
};

/// Lines that begin with a blank go on.
std::vector<Line> lines_of(std::string_view content) {
  std::vector<Line> lines;
  std::size_t number = 0;
  for (const auto raw : base::split(content, '\n')) {
    ++number;
    if (raw.empty() || raw.front() == '#') continue;
    const bool goes_on = raw.front() == ' ' || raw.front() == '\t';
    if (goes_on && !lines.empty()) {
      if (lines.back().text.size() < 65'536) lines.back().text += " " + std::string(base::trim(raw));
    } else if (!goes_on) lines.push_back({std::string(base::trim(raw)), number});
  }
  return lines;
}

class Reader {
 public:
  Reader(Files& files, const std::string& path) : files_(files), path_(path) {
    auto beside = path.ends_with(".cf") ? path.substr(0, path.size() - 2) + "mc" : path;
    if (beside != path && files.exists(beside)) out_.mc = std::move(beside);
    if (const auto content = out_.mc.empty() ? std::unexpected(Unreadable::missing) : files.read(out_.mc)) mc_ = *content;
  }

  Config run(std::string_view content) {
    for (const auto& line : lines_of(content)) {
      const std::string_view text = line.text;
      switch (text.front()) {
        case 'D': macro(line); break;
        case 'O': option(line); break;
        case 'C':
          if (text.starts_with("Cw")) put_names(text.substr(2));
          break;
        case 'F':
          if (text.starts_with("Fw")) put_file(text.substr(2));
          break;
        case 'K': map(line); break;
        case 'M': mailer(text.substr(1)); break;
        case 'R': rule(text); break;
        default: break;
      }
    }
    return std::move(out_);
  }

 private:
  /// Where the .mc says it, when it does.
  Origin origin_of(const Line& line, std::string_view what, std::string_view value) const {
    const auto* const source = std::ranges::find(sources, what, &Source::line);
    if (source != std::end(sources)) {
      std::size_t number = 0;
      for (const auto raw : base::split(mc_, '\n')) {
        ++number;
        const auto text = base::trim(raw);
        if (text.starts_with("dnl") || text.starts_with('#')) continue;
        if (text.find(source->word) != std::string_view::npos && text.find(value) != std::string_view::npos)
          return {out_.mc, number, base::escape(text, 200)};
      }
    }
    return {path_, line.number, base::escape(line.text, 200)};
  }

  /// "Djmail.example.org", "D{MTAHost}[127.0.0.1]".
  void macro(const Line& line) {
    const auto text = std::string_view(line.text).substr(1);
    const auto end = text.starts_with('{') ? text.find('}') : std::size_t{0};
    if (text.empty() || end == std::string_view::npos) return;
    const auto name = text.substr(0, end + 1);
    const auto value = base::trim(text.substr(end + 1));
    out_.macros.insert_or_assign(std::string(name), Value{std::string(value), origin_of(line, "D" + std::string(name), value)});
  }

  void option(const Line& line) {
    const auto text = base::trim(std::string_view(line.text).substr(1));
    const auto sign = text.find('=');
    if (sign == std::string_view::npos) return;
    const auto name = base::trim(text.substr(0, sign)), value = base::trim(text.substr(sign + 1));
    if (base::equals_ignoring_case(name, "ClientPortOptions")) client_port(line, value);
    else out_.options.insert_or_assign(std::string(name), Value{std::string(value), origin_of(line, name, value)});
  }

  /// Keys count by their first letter.
  void client_port(const Line& line, std::string_view value) {
    ClientPort port{.origin = origin_of(line, "ClientPortOptions", value)};
    for (const auto part : base::split(value, ',')) {
      const auto sign = part.find('=');
      if (sign == std::string_view::npos) continue;
      const auto key = base::trim(part.substr(0, sign)), is = base::trim(part.substr(sign + 1));
      if (key.empty()) continue;
      switch (std::toupper(static_cast<unsigned char>(key.front()))) {
        case 'F': port.is_v6 = base::equals_ignoring_case(is, "inet6"); break;
        case 'A': port.address = is; break;
        case 'M': port.by_interface_name = is.find('h') != std::string_view::npos; break;
        default: break;
      }
    }
    std::erase_if(out_.client_ports, [&](const ClientPort& other) { return other.is_v6 == port.is_v6; });
    out_.client_ports.push_back(std::move(port));
  }

  void put_names(std::string_view text) {
    for (const auto name : base::words(text))
      if (out_.local_names.size() < max_entries) out_.local_names.push_back(base::to_lower(name));
  }

  /// "Fw/etc/mail/local-host-names %[^\#]", "Fw-o /etc/...".
  void put_file(std::string_view text) {
    const bool may_miss = text.starts_with("-o");
    const auto words = base::words(may_miss ? text.substr(2) : text);
    if (words.empty() || !words.front().starts_with('/')) return;
    const auto content = files_.read(words.front());
    if (!content) {
      if (!may_miss) out_.problems.push_back(fmt::format("{} {}", base::escape(words.front(), 200), to_word(content.error())));
      return;
    }
    for (const auto line : base::split(*content, '\n')) put_names(line.substr(0, line.find('#')));
  }

  /// "Kmailertable hash -o /etc/mail/mailertable.db": the text that the database is made of.
  void map(const Line& line) {
    const auto words = base::words(std::string_view(line.text).substr(1));
    if (words.size() < 3 || words[0] != "mailertable" || !words.back().starts_with('/')) return;
    auto file = std::string(words.back());
    if (file.ends_with(".db")) file.resize(file.size() - 3);
    const auto content = files_.read(file);
    if (!content) {
      out_.problems.push_back(fmt::format("{} {}", base::escape(file, 200), to_word(content.error())));
      return;
    }
    std::size_t number = 0;
    for (const auto raw : base::split(*content, '\n')) {
      ++number;
      const auto text = base::trim(raw.substr(0, raw.find('#')));
      const auto end = text.find_first_of(" \t");
      if (text.empty() || end == std::string_view::npos || out_.mailertable.size() >= max_entries) continue;
      const auto key = base::to_lower(text.substr(0, end));
      const auto value = std::string(base::trim(text.substr(end)));
      out_.mailertable.push_back({key, value, {base::escape(file, 255), number, base::escape(key + " " + value, 200)}});
    }
  }

  /// "Mesmtp, P=[IPC], ..., A=TCP $h 587".
  void mailer(std::string_view text) {
    Mailer mailer;
    for (const auto part : base::split(text, ',')) {
      const auto field = base::trim(part);
      if (mailer.name.empty()) mailer.name = field;
      else if (field.starts_with("P=")) mailer.leaves = field == "P=[IPC]" || field == "P=[TCP]";
      else if (field.starts_with("A=")) {
        const auto words = base::words(field.substr(2));
        if (words.size() > 2) mailer.port = words[2];
      }
    }
    std::erase_if(out_.mailers, [&](const Mailer& other) { return other.name == mailer.name; });
    out_.mailers.push_back(std::move(mailer));
  }

  /// "R$* < @$* > $*   $#esmtp $@ $2 $: $1 < @ $2 > $3   user@host.domain": the last rule for other hosts.
  void rule(std::string_view text) {
    const auto at = text.find("$#");
    if (at == std::string_view::npos || text.find("$@ $2 $: $1 < @ $2 > $3", at) == std::string_view::npos) return;
    const auto name = text.substr(at + 2, text.find_first_of(" \t", at) - at - 2);
    if (!name.empty() && name != "local" && name != "error") out_.direct_mailer = name;
  }

  Files& files_;
  const std::string& path_;
  std::string mc_;
  Config out_;
};

}  // namespace

std::string Config::text(std::string_view macro) const {
  const auto found = macros.find(macro);
  return found == macros.end() ? std::string{} : found->second.text;
}
const Mailer* Config::mailer(std::string_view name) const {
  const auto found = std::ranges::find(mailers, name, &Mailer::name);
  return found == mailers.end() ? nullptr : &*found;
}

std::optional<Config> read_config(Files& files, const std::string& path) {
  const auto content = files.read(path);
  if (!content) return std::nullopt;
  return Reader(files, path).run(*content);
}

}  // namespace fcrdns::host::sendmail
