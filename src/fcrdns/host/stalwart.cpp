// Stalwart: what config.toml tells (the chapter "Outbound" of its manual; queue.outbound and remote up to 0.12, queue.connection
// and queue.route from 0.13 on). Most settings live in its database, which is not read: that is said.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

// toml++ 3.3 takes for granted what text may break ("[[[\fz"), and in a release build lets the compiler rely on it: here it is a fault.
#undef NDEBUG
static void is_no_toml() { throw std::runtime_error("this is no TOML"); }
#define TOML_ASSERT(holds) ((holds) ? void() : is_no_toml())
#include <toml++/toml.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/host/mta.hpp"

namespace fcrdns::host {
namespace {

constexpr std::string_view usual_files[] = {"/opt/stalwart/etc/config.toml", "/opt/stalwart-mail/etc/config.toml", "/opt/stalwart-smtp/etc/config.toml",
                                            "/etc/stalwart/config.toml", "/var/lib/stalwart/etc/config.toml", "/usr/local/etc/stalwart/config.toml"};

struct Strategy {
  std::string_view word;
  Families families;
  Order order;
};
constexpr Strategy strategies[] = {{"ipv4_only", Families::v4, Order::v4_first},
                                   {"ipv6_only", Families::v6, Order::v6_first},
                                   {"ipv4_then_ipv6", Families::both, Order::v4_first},
                                   {"ipv6_then_ipv4", Families::both, Order::v6_first}};

class Reader {
 public:
  Reader(const toml::table& root, std::string_view content, std::string file) : root_(root), lines_(base::split(content, '\n')), file_(std::move(file)) {}

  Mta run(const Names& names) {
    mta_.kind = Kind::stalwart;
    Set<std::string> host{base::escape(names.fqdn.empty() ? names.hostname : names.fqdn, 255)};
    for (const char* const path : {"lookup.default.hostname", "server.hostname"})
      if (auto set = text_at(path)) host = std::move(*set);
    mta_.hostname = host.value;
    mta_.domain = host.value;
    if (auto domain = text_at("report.domain")) mta_.domain = domain->value;
    read_clients(host);
    read_routes();
    mta_.problems.emplace_back("Stalwart keeps settings in its database, too: what stands there was not seen");
    return std::move(mta_);
  }

 private:
  Origin origin_of(const toml::node& node) const {
    const auto line = static_cast<std::size_t>(node.source().begin.line);
    return {file_, line, line == 0 || line > lines_.size() ? std::string{} : base::escape(base::trim(lines_[line - 1]), 200)};
  }

  /// A text, with or without the quotes of an expression; an expression with choices is none, and is told.
  std::optional<Set<std::string>> text_of(const toml::node* node, std::string_view name) {
    if (node == nullptr) return std::nullopt;
    if (const auto* const text = node->as_string()) {
      std::string_view value = text->get();
      if (value.size() > 1 && value.front() == '\'' && value.back() == '\'') value = value.substr(1, value.size() - 2);
      if (value.find_first_of("()") == std::string_view::npos) return Set<std::string>{base::escape(value, 255), origin_of(*node)};
    }
    const auto at = origin_of(*node);
    mta_.problems.push_back(fmt::format("{}:{}: {} is chosen for each mail: not read", at.file, at.line, name));
    return std::nullopt;
  }
  std::optional<Set<std::string>> text_at(std::string_view path) { return text_of(root_.at_path(path).node(), path); }

  void put_strategy(std::string_view path, Client& client) {
    const auto set = text_at(path);
    if (!set) return;
    const auto* const known = std::ranges::find(strategies, std::string_view(set->value), &Strategy::word);
    if (known == std::end(strategies)) return;
    client.families = {known->families, set->origin};
    client.order = {known->order, set->origin};
  }

  /// One address, or a list: any of it is used.
  void put_sources(std::string_view path, Client& client) {
    const auto* const node = root_.at_path(path).node();
    if (node == nullptr) return;
    const auto put = [&](const toml::node& each) {
      const auto* text = each.as_string();
      if (const auto* const table = each.as_table(); table != nullptr && table->contains("ip")) text = table->get("ip")->as_string();
      if (text == nullptr || client.bind.size() >= 100) return;
      std::string_view value = text->get();
      if (value.size() > 1 && value.front() == '\'' && value.back() == '\'') value = value.substr(1, value.size() - 2);
      const auto address = net::Address::parse(value);
      const auto at = origin_of(each);
      if (address) client.bind.push_back({*address, at});
      else mta_.problems.push_back(fmt::format("{}:{}: {} is chosen for each mail: not read", at.file, at.line, path));
    };
    const auto before = client.bind.size();
    if (const auto* const list = node->as_array())
      for (const auto& each : *list) put(each);
    else put(*node);
    client.bind_by_turns = client.bind_by_turns || client.bind.size() > before + 1;
  }

  void read_clients(const Set<std::string>& host) {
    Client standard{.name = "default", .order = {Order::v4_first}, .if_absent = IfAbsent::fails};
    standard.helo = host;
    put_strategy("queue.outbound.ip-strategy", standard);
    put_sources("queue.outbound.source-ip.v4", standard);
    put_sources("queue.outbound.source-ip.v6", standard);
    if (auto helo = text_at("queue.outbound.hostname")) standard.helo = std::move(*helo);
    if (const auto* const connections = root_.at_path("queue.connection").as_table()) {
      for (const auto& [id, node] : *connections) {
        if (!node.is_table() || mta_.clients.size() >= 100) continue;
        auto client = standard;
        client.name = base::escape(id.str(), 64);
        const auto path = "queue.connection." + std::string(id.str());
        put_sources(path + ".source-ips", client);
        if (auto helo = text_at(path + ".ehlo-hostname")) client.helo = std::move(*helo);
        mta_.clients.push_back(std::move(client));
      }
    }
    if (mta_.client("default") == nullptr) mta_.clients.insert(mta_.clients.begin(), std::move(standard));
  }

  void read_routes() {
    std::string client = "default";
    if (auto chosen = text_at("queue.strategy.connection"); chosen && mta_.client(chosen->value) != nullptr) client = chosen->value;
    std::optional<Set<std::string>> hop = text_at("queue.strategy.route");
    if (!hop) hop = text_at("queue.outbound.next-hop");
    Route all{Route::Of::all, {}, client, {}, {}};
    if (hop && hop->value != "mx" && hop->value != "local" && hop->value != "false") {
      for (const auto* const where : {"queue.route.", "remote."}) {
        const auto path = where + hop->value;
        const auto address = text_at(path + ".address");
        if (!address) continue;
        all.relay = Relay{base::to_lower(address->value), static_cast<std::uint16_t>(root_.at_path(path + ".port").value_or(std::int64_t{25})), false};
        all.origin = address->origin;
      }
      if (!all.relay) mta_.problems.push_back(fmt::format("the route {} is not in {}", hop->value, file_));
    }
    if (hop && hop->value == "mx")
      for (auto& each : mta_.clients) put_strategy("queue.route.mx.ip-lookup", each);
    mta_.routes.push_back(std::move(all));
  }

  const toml::table& root_;
  std::vector<std::string_view> lines_;
  std::string file_;
  Mta mta_;
};

std::string find_config(Files& files, std::string_view config) {
  if (config.empty()) {
    const auto* const found = std::ranges::find_if(usual_files, [&](std::string_view file) { return files.exists(file); });
    return found == std::end(usual_files) ? std::string{} : std::string(*found);
  }
  const std::string given(config);
  if (given.ends_with(".toml")) return files.exists(given) ? given : std::string{};
  for (const auto& path : {given + "/config.toml", given + "/etc/config.toml"})
    if (files.exists(path)) return path;
  return {};
}

}  // namespace

std::optional<Mta> read_stalwart(Files& files, const Names& names, std::string_view config) {
  const auto path = find_config(files, config);
  if (path.empty()) return std::nullopt;
  const auto content = files.read(path);
  Mta mta;
  mta.kind = Kind::stalwart;
  const auto shown = base::escape(path, 255);
  if (!content) mta.problems.push_back(fmt::format("{} {}", shown, to_word(content.error())));
  else try {
    auto text = *content;  // its tables of letters have holes; what is looked for here is ASCII
    std::ranges::replace_if(text, [](unsigned char c) { return c >= 0x80; }, '?');
    mta = Reader(toml::parse(text), text, shown).run(names);
  } catch (const toml::parse_error& error) {
    mta.problems.push_back(fmt::format("{}:{}: {}", shown, error.source().begin.line, base::escape(error.description(), 200)));
  } catch (const std::runtime_error& error) {
    mta.problems.push_back(fmt::format("{}: {}", shown, base::escape(error.what(), 200)));
  }
  mta.config = shown;
  return mta;
}

}  // namespace fcrdns::host
