#include "fcrdns/dns/update.hpp"

#include <fmt/format.h>

namespace fcrdns::dns {
namespace {

/// Class ANY or NONE and no data: an RRset or a name as a whole.
Record whole(const Name& owner, Type type, Class klass) { return {.owner = owner, .type = type, .klass = klass, .ttl = 0, .data = {}}; }

bool has_data(const Record& record) {
  const auto* octets = std::get_if<base::Octets>(&record.data);
  return octets == nullptr || !octets->empty();
}

/// "yxrrset NAME TYPE [DATA]", "nxdomain NAME" ...
std::string prerequisite_text(const Record& record) {
  const auto* no = record.klass == Class::none ? "nx" : "yx";
  if (record.type == Type::any) return fmt::format("prereq {}domain {}", no, record.owner.text());
  auto text = fmt::format("prereq {}rrset {} {}", no, record.owner.text(), to_text(record.type));
  if (has_data(record)) text += " " + to_text(record.type, record.data);
  return text;
}

std::string change_text(const Record& record) {
  const auto owner = record.owner.text(), type = to_text(record.type);
  if (record.klass == Class::in) return fmt::format("update add {} {} {} {}", owner, record.ttl, type, to_text(record.type, record.data));
  if (record.klass == Class::any) return fmt::format("update delete {} {}", owner, type);
  return fmt::format("update delete {} {} {}", owner, type, to_text(record.type, record.data));
}

}  // namespace

Message make_update(std::uint16_t id, const Name& zone) {
  return {.id = id, .opcode = Opcode::update, .questions = {{zone, Type::soa, Class::in}}};
}

void require_exactly(Message& update, std::span<const Record> set) {
  for (auto record : set) {
    record.ttl = 0;  // RFC 2136 2.4.2
    update.answers.push_back(std::move(record));
  }
}
void require_set(Message& update, const Name& owner, Type type) { update.answers.push_back(whole(owner, type, Class::any)); }
void require_no_set(Message& update, const Name& owner, Type type) { update.answers.push_back(whole(owner, type, Class::none)); }
void require_name(Message& update, const Name& owner) { require_set(update, owner, Type::any); }
void require_no_name(Message& update, const Name& owner) { require_no_set(update, owner, Type::any); }

void add(Message& update, const Record& record) { update.authority.push_back(record); }
void remove(Message& update, const Record& record) {
  auto gone = record;
  gone.klass = Class::none;
  gone.ttl = 0;
  update.authority.push_back(std::move(gone));
}
void remove_set(Message& update, const Name& owner, Type type) { update.authority.push_back(whole(owner, type, Class::any)); }

std::string to_nsupdate(const Message& update) {
  std::string text;
  for (const auto& zone : update.questions) text += fmt::format("zone {}\n", zone.name.text());
  for (const auto& record : update.answers) text += prerequisite_text(record) + "\n";
  for (const auto& record : update.authority) text += change_text(record) + "\n";
  return text + "send";
}

}  // namespace fcrdns::dns
