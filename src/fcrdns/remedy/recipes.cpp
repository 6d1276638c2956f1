#include "fcrdns/remedy/recipes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fcrdns::remedy {
namespace {

constexpr std::array<std::string_view, 6> kinds{"panel", "command", "curl", "Terraform", "Ansible", "ticket"};
constexpr std::string_view next_line = " \\\n  ";  // of a shell command that goes on

/// As one word of a shell. Single quotes end where a text of the catalogue holds one itself.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool needs_quotes(std::string_view url) { return url.find_first_of("?&{}[]$*' ") != url.npos; }

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : "\n") + line;
  return out;
}

}  // namespace

std::string_view to_word(RecipeKind kind) { return kinds[static_cast<std::size_t>(kind)]; }

std::optional<std::string> curl_line(const provider::Api& api, const Blanks& blanks) {
  if (api.auth.empty() || (blanks.address.is_v6() && api.ipv4_only)) return std::nullopt;
  const auto url = filled(api.base + api.path_for(blanks.address), blanks);
  auto out = fmt::format("curl -X {} {}", api.method, needs_quotes(url) ? shell_word(url) : url);
  out += next_line;
  for (const auto& argument : api.auth) out += (argument == api.auth.front() ? "" : " ") + argument;
  const auto& body = api.body_for(blanks.address);
  if (body.empty()) return out;
  if (!api.has_form()) out += " -H \"Content-Type: application/json\"";
  return out + std::string(next_line) + "-d " + shell_word(filled(body, blanks));
}

std::vector<Recipe> recipes_of(const provider::Provider& owner, const Blanks& blanks) {
  std::vector<Recipe> out;
  const auto add = [&](RecipeKind kind, const std::optional<provider::Text>& way) {
    if (!way || (blanks.address.is_v6() && way->ipv4_only)) return;
    const auto& block = way->block_for(blanks.address);
    out.push_back({.kind = kind, .provider = owner.name, .text = filled(block.empty() ? way->text_for(blanks.address) : joined(block), blanks),
                   .also = filled(way->also, blanks), .verified = way->verified});
  };
  add(RecipeKind::panel, owner.panel);
  add(RecipeKind::command, owner.cli);
  if (owner.api)
    if (auto line = curl_line(*owner.api, blanks)) 
      out.push_back({.kind = RecipeKind::curl, .provider = owner.name, .text = *std::move(line), .also = filled(owner.api->also, blanks),
                     .verified = owner.api->verified});
  add(RecipeKind::terraform, owner.terraform);
  add(RecipeKind::ansible, owner.ansible);
  add(RecipeKind::ticket, owner.ticket);
  return out;
}

std::vector<Condition> conditions_of(const provider::Provider& owner, const Blanks& blanks) {
  std::vector<Condition> out;
  const bool v6 = blanks.address.is_v6();
  for (const auto& needed : owner.conditions) {
    if (needed.kind == provider::Condition::no_ipv6 && !v6) continue;
    out.push_back({needed.kind, filled(needed.text, blanks), needed.verified});
  }
  if (v6 && !owner.ipv6.empty()) out.push_back({provider::Condition::other, "IPv6: " + filled(owner.ipv6, blanks), true});
  return out;
}

}  // namespace fcrdns::remedy
