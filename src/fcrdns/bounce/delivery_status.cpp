#include "fcrdns/bounce/delivery_status.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/mail/reply.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_recipients = 10'000;  // of one report

struct Typed {
  std::string type, value;
};

/// "rfc822; user@example.com" in two; a value without a type has an empty one.
Typed split_type(std::string_view value) {
  const auto semicolon = value.substr(0, 80).find(';');
  if (semicolon == std::string_view::npos) return {"", unfold(value)};
  return {base::to_lower(base::trim(value.substr(0, semicolon))), unfold(value.substr(semicolon + 1))};
}

void put_utf8(std::string& out, unsigned point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr unsigned leads[] = {0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(leads[more] | (point >> (6 * more)));
  for (int i = more; i-- > 0;) out += static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3f));
}

/// RFC 6533 3: "\x{E9}" in an address stands for that character.
std::string undo_xtext(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto close = text.starts_with("\\x{") ? text.substr(0, 10).find('}') : std::string_view::npos;
    if (close != std::string_view::npos) {
      unsigned point = 0;
      const auto read = std::from_chars(text.data() + 3, text.data() + close, point, 16);
      const bool is_character = point >= 0x20 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      if (read.ec == std::errc{} && read.ptr == text.data() + close && is_character) {
        put_utf8(out, point);
        text.remove_prefix(close + 1);
        continue;
      }
    }
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

std::string parse_recipient(std::string_view value) {
  auto typed = split_type(value);
  if (typed.type.starts_with("utf-8")) typed.value = undo_xtext(typed.value);
  if (const auto address = mail_address(typed.value); !address.empty()) return std::string(address);
  return typed.value;
}

Action parse_action(std::string_view value) {
  const auto word = base::to_lower(base::trim(value).substr(0, 16));
  if (word.starts_with("fail")) return Action::failed;
  if (word.starts_with("delay")) return Action::delayed;
  if (word.starts_with("deliver") || word.starts_with("relay") || word.starts_with("expand")) return Action::done;
  return Action::none;
}

void parse_status(std::string_view value, RecipientStatus& to) {
  const auto text = unfold(value);
  const std::string_view view = text;
  const auto end = std::min(view.find_first_of(" \t("), view.size());
  to.status = view.substr(0, end);
  auto comment = base::trim(view.substr(end));
  if (comment.starts_with('(') && comment.ends_with(')')) comment = comment.substr(1, comment.size() - 2);
  to.status_comment = base::trim(comment);
}

struct Reading {
  DeliveryStatus status;
  RecipientStatus recipient;
  bool in_group = false;  // some field of a recipient was read

  void flush() {
    if (in_group && status.recipients.size() < max_recipients) status.recipients.push_back(std::move(recipient));
    recipient = {};
    in_group = false;
  }
};

struct FieldRow {
  std::string_view name;
  bool of_recipient;
  void (*read)(Reading&, std::string_view value);
};
constexpr FieldRow fields[] = {
    {"Reporting-MTA", false, [](Reading& r, std::string_view v) { r.status.reporting_mta = parse_mta_name(v); }},
    {"Arrival-Date", false, [](Reading& r, std::string_view v) { r.status.arrival = parse_mail_date(v); }},
    {"X-Postfix-Queue-ID", false, [](Reading& r, std::string_view v) { r.status.queue_id = unfold(v); }},
    {"X-Postfix-Sender", false, [](Reading& r, std::string_view v) { r.status.sender = parse_recipient(v); }},
    {"Final-Recipient", true, [](Reading& r, std::string_view v) { r.recipient.recipient = parse_recipient(v); }},
    {"Original-Recipient", true, [](Reading& r, std::string_view v) { r.recipient.original_recipient = parse_recipient(v); }},
    {"Action", true, [](Reading& r, std::string_view v) { r.recipient.action = parse_action(v); }},
    {"Status", true, [](Reading& r, std::string_view v) { parse_status(v, r.recipient); }},
    {"Remote-MTA", true, [](Reading& r, std::string_view v) { r.recipient.remote_mta = parse_mta_name(v); }},
    {"Last-Attempt-Date", true, [](Reading& r, std::string_view v) { r.recipient.last_attempt = parse_mail_date(v); }},
    {"Diagnostic-Code", true,
     [](Reading& r, std::string_view v) {
       const auto semicolon = v.substr(0, 40).find(';');
       r.recipient.diagnostic_type = base::to_lower(base::trim(v.substr(0, semicolon == std::string_view::npos ? 0 : semicolon)));
       if (r.recipient.diagnostic_type.find_first_of(" \t\r\n") != std::string::npos) r.recipient.diagnostic_type.clear();
       else if (semicolon != std::string_view::npos) v.remove_prefix(semicolon + 1);
       r.recipient.diagnostic = base::trim(v).substr(0, mail::max_reply);
     }},
};

const FieldRow* find_row(std::string_view name) {
  const auto* found = std::ranges::find_if(fields, [&](const FieldRow& row) { return base::equals_ignoring_case(row.name, name); });
  return found == std::end(fields) ? nullptr : found;
}

bool has_value(const RecipientStatus& recipient, std::string_view name) {
  return (name == "Final-Recipient" && !recipient.recipient.empty()) || (name == "Action" && recipient.action != Action::none) ||
         (name == "Diagnostic-Code" && !recipient.diagnostic.empty()) || (name == "Status" && !recipient.status.empty());
}

}  // namespace

std::string parse_mta_name(std::string_view value) {
  auto name = split_type(value).value;
  std::string_view view = name;
  view = view.substr(0, view.find(" ("));
  view = base::trim(view);
  if (view.starts_with('[') && view.ends_with(']')) view = view.substr(1, view.size() - 2);
  return base::without_final_dot(view.substr(0, view.find_first_of(" \t")));
}

DeliveryStatus parse_delivery_status(std::string_view text) {
  Reading reading;
  const auto all = text;
  while (!text.empty()) {
    const auto at = all.size() - text.size();
    const auto line = next_line(text);
    if (base::trim(line).empty()) {
      reading.flush();
      continue;
    }
    const auto field = field_of(base::trim(line).substr(0, 80));
    const FieldRow* row = field ? find_row(field->name) : nullptr;
    if (!row) continue;
    const auto value_at = static_cast<std::size_t>(field->value.data() - all.data());
    const bool lost_folds = row->name == "Diagnostic-Code";
    while (!text.empty()) {
      auto rest = text;
      const auto next = next_line(rest);
      const bool folded = next.starts_with(' ') || next.starts_with('\t');
      if (base::trim(next).empty() || next.starts_with("--")) break;
      const auto next_field_of = field_of(base::trim(next).substr(0, 80));
      if (next_field_of && (!folded || find_row(next_field_of->name))) break;
      if (!folded && !lost_folds) break;
      text = rest;
    }
    if (row->of_recipient) {
      if (has_value(reading.recipient, row->name)) reading.flush();
      if (!reading.in_group) reading.recipient.at = at;
      reading.in_group = true;
    }
    row->read(reading, all.substr(value_at, all.size() - text.size() - value_at));
  }
  reading.flush();
  std::erase_if(reading.status.recipients, [](const RecipientStatus& r) {
    return r.recipient.empty() && r.diagnostic.empty() && (r.action == Action::none || r.status.empty());
  });
  return std::move(reading.status);
}

}  // namespace fcrdns::bounce
