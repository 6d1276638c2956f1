#include "fcrdns/apply/http.hpp"

#include <fmt/format.h>

#include "fcrdns/apply/json_reply.hpp"
#include "fcrdns/base/text.hpp"

namespace fcrdns::apply {
namespace {

using transport::HttpReply;

/// What a status means where nobody says otherwise, and the way on.
struct Row {
  int from, to;
  Trouble trouble;
  std::string_view advice;
};
constexpr Row statuses[] = {
    {401, 401, Trouble::refused, "it does not know this key or token"},
    {403, 403, Trouble::refused, "this key or token may not do that"},
    {404, 404, Trouble::not_found, "it knows no such thing at this account"},
    {429, 429, Trouble::too_soon, "too many requests"},
    {300, 399, Trouble::refused, "it answers with a redirect, which is not followed with credentials: check the url"},
    {500, 599, Trouble::unreachable, "the trouble is on its side"},
    {0, 999, Trouble::refused, "it refuses"},
};

bool holds(std::string_view text, std::string_view word) { return base::to_lower(text).find(base::to_lower(word)) != std::string::npos; }

}  // namespace

HttpApi::HttpApi(const Context& context, std::string title, std::string base, std::span<const Meaning> meanings, bool local)
    : context_(context), title_(std::move(title)), base_(setting("url", std::move(base))), meanings_(meanings) {
  while (base_.ends_with('/')) base_.pop_back();
  transport::HttpOptions options{.user_agent = context.user_agent};
  if (local || context.settings.contains("url")) options.anywhere = {base_ + "/"};
  client_ = std::make_unique<transport::HttpClient>(context.loop, std::move(options));
}

std::string HttpApi::setting(const std::string& key, std::string otherwise) const {
  const auto found = context_.settings.find(key);
  return found == context_.settings.end() || found->second.empty() ? otherwise : found->second;
}

void HttpApi::hide(std::string_view secret) {
  // What is so short stands in any text, and is no secret.
  if (secret.size() >= 4) hidden_.emplace_back(std::string(secret));
}

std::string HttpApi::without_secrets(std::string text) const {
  for (const auto& secret : hidden_)
    for (auto found = text.find(secret.reveal()); found != text.npos; found = text.find(secret.reveal(), found + 3))
      text.replace(found, secret.reveal().size(), "***");
  return text;
}

std::unexpected<Problem> HttpApi::says(Trouble trouble, std::string_view what, std::string_view raw, std::optional<base::Seconds> retry_after) const {
  auto message = fmt::format("{}: {}", title_, what);
  if (!raw.empty()) message += ": " + base::escape(without_secrets(std::string(raw)), 600);
  return problem(trouble, std::move(message), retry_after);
}

std::unexpected<Problem> HttpApi::refusal(const HttpCall& call, const HttpReply& reply) const {
  const auto* row = statuses;
  while (reply.status < row->from || reply.status > row->to) ++row;
  auto trouble = row->trouble;
  auto advice = row->advice;
  for (const auto& meaning : meanings_)
    if (meaning.status == reply.status && holds(reply.body, meaning.word)) {
      trouble = meaning.trouble;
      advice = trouble == Trouble::too_soon ? "it must come later" : trouble == Trouble::not_found ? statuses[2].advice : advice;
    }
  if (trouble == Trouble::unreachable && call.changes) {
    trouble = Trouble::undecided;
    advice = "whether it was done is not known";
  }
  // Cut out here already, as what is quoted is cut short; and in what was escaped, once more after.
  return says(trouble, fmt::format("HTTP {}, {}", reply.status, advice), error_text(without_secrets(reply.body)), reply.retry_after);
}

HttpReply HttpApi::wait_for(transport::HttpRequest request) {
  std::optional<HttpReply> reply;
  const auto pending = client_->send(std::move(request), [&reply](HttpReply said) { reply = std::move(said); });
  while (!reply) {
    if (context_.stop()) return {.outcome = HttpReply::Outcome::unreachable, .sent = true, .problem = "interrupted"};
    context_.loop.run_one(base::Milliseconds{200});
  }
  return *std::move(reply);
}

Outcome<HttpReply> HttpApi::ask(HttpCall call) {
  if (!call.path.starts_with("http")) call.path = base_ + call.path;
  if (call.content_type.empty() && !call.body.empty()) call.content_type = "application/json";
  if (context_.observer) {
    const auto& body = call.shown.empty() ? call.body : call.shown;
    const auto text = fmt::format("{} {}{}{}", call.method, call.path, body.empty() ? "" : " ", body);
    context_.observer->request(base::escape(without_secrets(text), 4000), call.changes);
  }
  if (call.changes && context_.dry_run) return HttpReply{.outcome = HttpReply::Outcome::answered};
  if (sign && !call.bare) sign(call);

  const auto reply = wait_for({.url = call.path, .accept = "application/json", .deadline = context_.loop.now() + context_.patience,
                               .max_body = call.max_body, .method = call.method, .headers = std::move(call.headers),
                               .content_type = call.content_type, .body = std::move(call.body)});
  if (reply.outcome == HttpReply::Outcome::forbidden) return says(Trouble::refused, "it is not asked", reply.problem);
  if (reply.outcome != HttpReply::Outcome::answered) {
    const bool undecided = call.changes && reply.sent;
    return says(undecided ? Trouble::undecided : Trouble::unreachable, undecided ? "whether it was done is not known" : "no answer", reply.problem);
  }
  if (reply.status == 404 && call.may_be_absent && holds(reply.body, call.absent_word)) return reply;
  if (reply.status < 200 || reply.status > 299) return refusal(call, reply);
  return reply;
}

Outcome<Deed> HttpApi::change(HttpCall call, Deed answered) {
  call.changes = true;
  const auto reply = ask(std::move(call));
  if (!reply) return std::unexpected(reply.error());
  return reply->status == 0 ? Deed::would : answered;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const unsigned char octet : text) {
    const bool plain = (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
                       std::string_view("-._~:").find(static_cast<char>(octet)) != std::string_view::npos;
    if (plain)
      out += static_cast<char>(octet);
    else
      out += fmt::format("%{:02X}", octet);
  }
  return out;
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += (out.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return out;
}

}  // namespace fcrdns::apply
