#include "fcrdns/host/exim_debian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "fcrdns/base/text.hpp"

namespace fcrdns::host::exim {
namespace {

/// A line "name='value'" of update-exim4.conf.conf; a shell reads it, here only plain ones count.
struct Answer {
  std::string value, written;
  std::size_t line = 0;
};
using Answers = std::map<std::string, Answer, std::less<>>;

Answers read_answers(Files& files, std::string_view folder) {
  Answers answers;
  const auto content = files.read(std::string(folder) + "/update-exim4.conf.conf");
  if (!content) return answers;
  std::size_t number = 0;
  for (const auto raw : base::split(*content, '\n')) {
    ++number;
    const auto line = base::trim(raw);
    const auto sign = line.find('=');
    if (sign == std::string_view::npos || line.starts_with('#')) continue;
    auto value = line.substr(sign + 1);
    if (value.size() >= 2 && (value.front() == '\'' || value.front() == '"') && value.back() == value.front()) value = value.substr(1, value.size() - 2);
    answers.insert_or_assign(std::string(line.substr(0, sign)), Answer{std::string(value), std::string(line), number});
  }
  return answers;
}
std::string text_of(const Answers& answers, std::string_view name) {
  const auto found = answers.find(name);
  return found == answers.end() ? std::string{} : found->second.value;
}

/// Where a semicolon separates, a list says so.
std::string as_list(std::string text) {
  return text.find(';') != std::string::npos && !text.starts_with('<') ? "<; " + text : text;
}

class Macros {
 public:
  Macros(Files& files, const Names& names, std::string_view folder) : file_(std::string(folder) + "/update-exim4.conf.conf"), answers_(read_answers(files, folder)) {
    const auto type = base::to_lower(text_of(answers_, "dc_eximconfig_configtype"));
    if (type != "internet" && type != "smarthost" && type != "satellite" && type != "local") return;
    if (const auto interfaces = text_of(answers_, "dc_local_interfaces"); !interfaces.empty()) put("MAIN_LOCAL_INTERFACES", as_list(interfaces), "dc_local_interfaces");
    if (text_of(answers_, "dc_minimaldns") == "true") {
      put("DC_minimaldns", "1", "dc_minimaldns");
      if (names.fqdn.find('.') != std::string::npos) put("MAIN_HARDCODE_PRIMARY_HOSTNAME", names.fqdn, "dc_minimaldns");
    }
    const bool sends_away = type == "satellite" || type == "smarthost";
    if (sends_away && base::to_lower(text_of(answers_, "dc_hide_mailname")) == "true" && !text_of(answers_, "dc_readhost").empty())
      put("HIDE_MAILNAME", "1", "dc_hide_mailname");
    put("MAIN_LOCAL_DOMAINS", local_domains(), "dc_other_hostnames");
    put("MAIN_RELAY_TO_DOMAINS", as_list(text_of(answers_, "dc_relay_domains")), "dc_relay_domains");
    parts_.push_back({"/etc/mailname", definition("ETC_MAILNAME", base::to_lower(names.mailname)), 1, names.mailname});
    const auto delivery = text_of(answers_, "dc_localdelivery");
    put("LOCAL_DELIVERY", delivery.empty() ? "mail_spool" : delivery, "dc_localdelivery");
    put("MAIN_RELAY_NETS", as_list(text_of(answers_, "dc_relay_nets")), "dc_relay_nets");
    put("DCreadhost", text_of(answers_, "dc_readhost"), "dc_readhost");
    auto smarthost = text_of(answers_, "dc_smarthost");
    std::ranges::replace(smarthost, ';', ':');
    put("DCsmarthost", smarthost, "dc_smarthost");
    put("DC_eximconfig_configtype", type, "dc_eximconfig_configtype");
    put("DCconfig_" + type, "1", "dc_eximconfig_configtype");
    for (const auto& [name, answer] : answers_)  // undocumented: whatever begins with a capital becomes a macro
      if (!name.empty() && std::isupper(static_cast<unsigned char>(name.front())) != 0 && name != "CFILEMODE") put(name, answer.value, name);
  }
  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }

 private:
  static std::string definition(std::string_view name, std::string_view text) {
    return fmt::format(".ifndef {0}\n{0}={1}\n.endif\n", name, text);
  }
  void put(std::string_view macro, std::string_view text, std::string_view answer) {
    const auto found = answers_.find(answer);
    const auto line = found == answers_.end() ? 1 : found->second.line;
    parts_.push_back({file_, definition(macro, base::to_lower(text)), line, found == answers_.end() ? std::string(answer) : found->second.written});
  }
  std::string local_domains() const {
    auto others = text_of(answers_, "dc_other_hostnames");
    std::ranges::replace(others, ';', ':');
    while (!others.empty() && (others.back() == ':' || others.back() == ' ')) others.pop_back();
    return "@:localhost" + (others.empty() ? std::string{} : ":" + others);
  }

  std::string file_;
  Answers answers_;
  std::vector<Part> parts_;
};

/// The macros come behind the line that asks for them.
void put_file(Files& files, const std::string& path, const Macros& macros, std::vector<Part>& parts) {
  if (!files.exists(path)) return;
  const auto content = files.read(path);
  if (!content) return;
  const std::string_view text = *content;
  auto marker = text.starts_with("UPEX4CmacrosUPEX4C") ? 0 : text.find("\nUPEX4CmacrosUPEX4C");
  if (marker == std::string_view::npos) return parts.push_back({path, *content});
  marker = std::min(text.find('\n', marker + 1), text.size());
  const auto head = text.substr(0, marker);
  parts.push_back({path, std::string(head)});
  parts.insert(parts.end(), macros.parts().begin(), macros.parts().end());
  const auto line = static_cast<std::size_t>(std::ranges::count(head, '\n')) + 2;
  if (marker < text.size()) parts.push_back({path, std::string(text.substr(marker + 1)), line});
}

/// As run-parts has it: of names with other characters only FILE.rul counts, in place of FILE.
bool is_part_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

}  // namespace

bool is_split(Files& files, std::string_view folder) { return base::to_lower(text_of(read_answers(files, folder), "dc_use_split_config")) == "true"; }

std::vector<Part> debian_parts(Files& files, const Names& names, std::string_view folder) {
  const std::string base(folder);
  std::vector<Part> parts;
  if (!files.exists(base + "/update-exim4.conf.conf")) return parts;
  const Macros macros(files, names, folder);
  if (!is_split(files, folder)) {
    if (!files.exists(base + "/exim4.conf.template")) return parts;
    put_file(files, base + "/exim4.conf.localmacros", macros, parts);
    put_file(files, base + "/exim4.conf.template", macros, parts);
    return parts;
  }
  for (const std::string_view section : {"main", "acl", "router", "transport", "retry", "rewrite", "auth"}) {
    const auto sub = fmt::format("{}/conf.d/{}", base, section);
    for (const auto& name : files.list(sub))
      if (is_part_name(name)) put_file(files, fmt::format("{}/{}{}", sub, name, files.exists(sub + "/" + name + ".rul") ? ".rul" : ""), macros, parts);
  }
  return parts;
}

}  // namespace fcrdns::host::exim
