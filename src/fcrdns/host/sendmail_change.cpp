// Changes of Sendmail: in sendmail.mc, which m4 makes sendmail.cf of; in sendmail.cf where that is all there is.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/change.hpp"
#include "fcrdns/host/sendmail_config.hpp"
#include "fcrdns/host/text_lines.hpp"

namespace fcrdns::host {
namespace {

using sendmail::ClientPort;
using sendmail::Config;

/// Every connect over IPv6 fails at once with it (Linux: "Address family not supported"), and IPv4 is tried; Family=inet does not do it.
constexpr std::string_view no_ipv6 = "IPv6:::ffff:0.0.0.0";

/// What is to be said of a family, or of HELO; nothing: it goes.
struct Setting {
  enum class What { helo, client_v4, client_v6 } what;
  std::string value{};
};

std::string in_mc(const Setting& setting) {
  return setting.what == Setting::What::helo ? fmt::format("define(`confHELO_NAME', `{}')dnl", setting.value) : fmt::format("CLIENT_OPTIONS(`{}')dnl", setting.value);
}
std::string in_cf(const Setting& setting) {
  return (setting.what == Setting::What::helo ? "O HeloName=" : "O ClientPortOptions=") + setting.value;
}

bool says_inet6(std::string_view line) { return base::to_lower(line).find("inet6") != std::string::npos; }

bool is_about(std::string_view line, const Setting& setting, bool mc) {
  const auto text = base::trim(line);
  const std::string_view helo = mc ? "define(`confHELO_NAME'" : "O HeloName=", client = mc ? "CLIENT_OPTIONS(" : "O ClientPortOptions=";
  if (setting.what == Setting::What::helo) return text.starts_with(helo);
  return text.starts_with(client) && says_inet6(text) == (setting.what == Setting::What::client_v6);
}

/// In place of the lines about the same, else in front of the mailers.
Edit edit(std::string file, std::string content, const Setting& setting, bool mc) {
  TextLines text(std::move(file), std::move(content));
  std::optional<std::size_t> at;
  for (std::size_t number = text.lines.size(); number > 0; --number)
    if (is_about(text.lines[number - 1], setting, mc)) {
      text.erase(number);
      at = number;
    }
  if (setting.value.empty()) return text.edit();
  if (!at) {
    const auto is_place = [&](const std::string& line) {
      return mc ? line.starts_with("MAILER") || line.starts_with("LOCAL_") : line.starts_with("#O ClientPortOptions") || line.starts_with("O QueueDirectory");
    };
    const auto place = std::ranges::find_if(text.lines, is_place);
    at = place == text.lines.end() ? std::max<std::size_t>(text.lines.size(), 1) : static_cast<std::size_t>(place - text.lines.begin()) + 1;
  }
  text.insert_before(*at, mc ? in_mc(setting) : in_cf(setting));
  return text.edit();
}

/// The options of a family with another source address, or none.
std::string with_address(const Config& config, bool v6, std::string_view address) {
  std::string value = v6 ? "Family=inet6" : "Family=inet";
  if (!address.empty()) value += fmt::format(", Addr={}", address);
  for (const auto& port : config.client_ports)
    if (port.is_v6 == v6 && port.by_interface_name) value += ", Modifiers=h";
  return value == "Family=inet6" || value == "Family=inet" ? std::string{} : value;
}

std::optional<Setting> setting_for(const Config& config, const Mta& mta, const Wish& wish) {
  const auto what = wish.address.is_v6() ? Setting::What::client_v6 : Setting::What::client_v4;
  const auto binds_to = [&](const net::Address& address) {
    return std::ranges::any_of(mta.clients, [&](const Client& client) { return std::ranges::any_of(client.bind, [&](const auto& bind) { return bind.value == address; }); });
  };
  const auto all = [&](auto&& holds) { return !mta.clients.empty() && std::ranges::all_of(mta.clients, holds); };
  switch (wish.what) {
    case Wish::What::v4_only:
      if (all([](const Client& client) { return client.families.value == Families::v4; })) return std::nullopt;
      return Setting{Setting::What::client_v6, with_address(config, true, no_ipv6)};
    case Wish::What::say_helo:
      if (!is_plain_name(wish.name) || all([&](const Client& client) { return client.helo.value == wish.name; })) return std::nullopt;
      return Setting{Setting::What::helo, wish.name};
    case Wish::What::bind_source:
      if (binds_to(wish.address)) return std::nullopt;
      return Setting{what, with_address(config, wish.address.is_v6(), wish.address.text())};
    case Wish::What::unbind:
      if (!binds_to(wish.address)) return std::nullopt;
      return Setting{what, with_address(config, wish.address.is_v6(), {})};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Change> change_sendmail(const Mta& mta, const Wish& wish, Files& files, const std::vector<std::string>& /*clients: all mailers share it*/) {
  const auto config = sendmail::read_config(files, mta.config);
  const auto cf = files.read(mta.config);
  if (!config || !cf) return std::nullopt;
  const auto setting = setting_for(*config, mta, wish);
  if (!setting) return std::nullopt;
  Change change;
  const auto folder = mta.config.substr(0, mta.config.rfind('/'));
  const bool has_makefile = files.exists(folder + "/Makefile");
  const auto mc = config->mc.empty() ? std::unexpected(Unreadable::missing) : files.read(config->mc);
  if (mc) change.edits.push_back(edit(config->mc, *mc, *setting, true));
  if (!mc || !has_makefile) change.edits.push_back(edit(mta.config, *cf, *setting, false));
  std::erase_if(change.edits, [](const Edit& each) { return each.before == each.after; });
  if (change.edits.empty()) return std::nullopt;
  if (mc && has_makefile) change.reload = {"make", "-C", folder};
  else change.reload = {"systemctl", "restart", "sendmail"};
  if (wish.what == Wish::What::v4_only)
    change.caution = "servers that have IPv6 addresses only become unreachable. Sendmail has no option for this: the IPv4-mapped address makes connects over IPv6 fail (Linux); Family=inet alone leaves IPv6 first";
  if (wish.what == Wish::What::bind_source) change.caution = "where this address is missing, at boot perhaps, no mail leaves over its family, and Sendmail does not go on to the other one";
  return change;
}

}  // namespace fcrdns::host
