// Reads the text form of a world (world.hpp shows it).
#include <algorithm>
#include <charconv>
#include <ranges>

#include "fcrdns/base/text.hpp"
#include "fcrdns/world/world.hpp"

namespace fcrdns::world {

using base::Expected;
using base::fault;
using dns::Name;
using dns::Type;

Expected<Failure> parse_failure(std::string_view word) {
  static constexpr std::pair<std::string_view, Failure> table[] = {
      {"servfail", Failure::servfail},   {"refused", Failure::refused},       {"formerr", Failure::formerr},
      {"notimp", Failure::notimp},       {"badvers", Failure::badvers},       {"timeout", Failure::timeout},
      {"malformed", Failure::malformed}, {"lame", Failure::lame},             {"referral", Failure::referral},
      {"no_soa", Failure::no_soa},       {"wrong_id", Failure::wrong_id},     {"truncated", Failure::truncated},
      {"lower_case", Failure::lower_case}, {"no_edns", Failure::no_edns},     {"drop_edns", Failure::drop_edns},
      {"drop_first", Failure::drop_first},
      {"drop_mixed_case", Failure::drop_mixed_case}, {"bad_then_good", Failure::bad_then_good}};
  for (const auto& [name, failure] : table)
    if (name == word) return failure;
  return fault("no such failure: " + base::escape(word));
}

namespace {

/// The words of one line up to its comment; a quoted word keeps its quotes, a backslash guards the next octet.
std::vector<std::string_view> tokens(std::string_view line) {
  std::vector<std::string_view> out;
  std::size_t at = 0;
  while (at < line.size() && line[at] != ';') {
    if (line[at] == ' ' || line[at] == '\t' || line[at] == '\r') {
      ++at;
      continue;
    }
    const auto start = at;
    bool quoted = false;
    for (; at < line.size(); ++at) {
      const char c = line[at];
      if (c == '"') quoted = !quoted;
      if (c == '\\' && at + 1 < line.size()) ++at;
      else if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == ';')) break;
    }
    out.push_back(line.substr(start, at - start));
  }
  return out;
}

template <typename T>
Expected<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return fault("not a number: " + base::escape(text));
  return value;
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the last dot ends the name, rather than being guarded by a backslash.
bool is_absolute(std::string_view text) {
  if (!text.ends_with('.')) return false;
  std::size_t guards = 0;
  while (guards + 1 < text.size() && text[text.size() - 2 - guards] == '\\') ++guards;
  return guards % 2 == 0;
}

/// [203.0.113.5] or [2001:db8::/32] as a reverse name; a prefix has to end between two labels.
Expected<Name> bracketed(std::string_view text) {
  const auto inner = text.substr(1, text.size() - 2);
  if (inner.find('/') == std::string_view::npos) {
    const auto address = net::Address::parse(inner);
    if (!address) return std::unexpected(address.error());
    return Name::parse(net::reverse_name(*address));
  }
  const auto prefix = net::Prefix::parse(inner);
  if (!prefix) return std::unexpected(prefix.error());
  const std::size_t bits_per_label = prefix->base.is_v4() ? 8 : 4;
  if (prefix->length % bits_per_label != 0) return fault("no reverse zone of its own: " + base::escape(inner));
  const auto whole = Name::parse(net::reverse_name(prefix->base));
  if (!whole) return std::unexpected(whole.error());
  return whole->ancestor(2 + prefix->length / bits_per_label);
}

Expected<Name> parse_name(std::string_view text, const Name& origin) {
  if (text == "@") return origin;
  if (text.starts_with('[') && text.ends_with(']')) return bracketed(text);
  if (is_absolute(text)) return Name::parse(text);
  return Name::parse(std::string(text) + "." + (origin.is_root() ? "" : origin.text()));
}

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::vector<std::string> ids(std::string_view commas) {
  std::vector<std::string> out;
  for (const auto id : base::split(commas, ','))
    if (!id.empty()) out.emplace_back(id);
  return out;
}

/// KEY=VALUE; the value is empty when there is no '='.
std::pair<std::string_view, std::string_view> key_value(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return {word, {}};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

class Reader {
 public:
  Expected<World> read(std::string_view text) {
    int number_of_line = 0;
    for (const auto part : base::split(text, '\n')) {
      line_ = ++number_of_line;
      if (auto done = line(part); !done) return at_line(done.error());
    }
    return check();
  }

 private:
  using Words = std::vector<std::string_view>;

  std::unexpected<base::Fault> at_line(const base::Fault& what) const {
    return fault("line " + std::to_string(line_) + ": " + what.message);
  }

  Expected<void> line(std::string_view text) {
    const auto words = tokens(text);
    if (words.empty()) return {};
    if (words[0] == "$SERVER") return server(words);
    if (words[0] == "$ZONE") return zone(words);
    if (words[0] == "$HOST") return host(words);
    if (words[0] == "$BOUNCE") return bounce(words);
    if (words[0] == "$CACHED") return cached(words);
    if (words[0] == "$GENERATE") return generate(words);
    if (words[0].starts_with('$')) return fault("no such directive: " + base::escape(words[0]));
    return record(words);
  }

  Expected<void> server(const Words& words) {
    if (words.size() < 3) return fault("$SERVER needs a name and an address");
    Server made;
    auto name = Name::parse(words[1]);
    if (!name) return std::unexpected(name.error());
    if (world_.server(*name)) return fault("server stated twice: " + name->text());
    made.name = *name;
    for (const auto word : words | std::views::drop(2)) {
      const auto [key, value] = key_value(word);
      if (key == "delay" || key == "mode") {
        if (auto done = behave(made.behaviour, key == "mode" ? value : word); !done) return done;
      } else if (key == "drop_udp" || key == "drop_tcp") {
        const auto dropped = share(value);
        if (!dropped) return std::unexpected(dropped.error());
        (key == "drop_udp" ? made.drop_udp : made.drop_tcp) = *dropped;
      } else if (word == "udp=silent") {
        made.udp = false;
      } else if (word == "tcp=silent") {
        made.tcp = false;
      } else {
        const auto address = net::Address::parse(word);
        if (!address) return std::unexpected(address.error());
        made.addresses.push_back(*address);
      }
    }
    world_.servers.push_back(std::move(made));
    return {};
  }

  /// "3/10"
  static Expected<Share> share(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return fault("a share is written like 3/10: " + base::escape(text));
    const auto dropped = number<unsigned>(text.substr(0, slash)), each = number<unsigned>(text.substr(slash + 1));
    if (!dropped || !each || *each == 0 || *each > 1000 || *dropped > *each)
      return fault("a share is written like 3/10, at most 1000/1000: " + base::escape(text));
    return Share{*dropped, *each};
  }

  Expected<void> zone(const Words& words) {
    if (words.size() < 2) return fault("$ZONE needs a name");
    Zone made;
    auto apex = parse_name(words[1], Name{});
    if (!apex) return std::unexpected(apex.error());
    made.apex = *apex;
    for (const auto word : words | std::views::drop(2))
      if (auto done = zone_option(made, word); !done) return done;
    const auto same = [&](const Zone& zone) { return !zone.copy && !made.copy && zone.apex == made.apex; };
    if (std::ranges::any_of(world_.zones, same)) return fault("zone stated twice: " + apex->text());
    if (made.copy && made.signing != Signing::unsigned_) return fault("a copy is not signed: " + apex->text());
    world_.zones.push_back(std::move(made));
    zone_lines_.push_back(line_);
    return {};
  }

  static Expected<void> zone_option(Zone& zone, std::string_view word) {
    const auto [key, value] = key_value(word);
    if (key == "ttl" || key == "negative" || key == "serial") {
      const auto parsed = number<std::uint32_t>(value);
      if (!parsed) return std::unexpected(parsed.error());
      (key == "ttl" ? zone.ttl : key == "negative" ? zone.negative_ttl : zone.serial) = *parsed;
      return {};
    }
    if (word == "signed") zone.signing = Signing::signed_;
    else if (word == "bogus") zone.signing = Signing::bogus;
    else if (word == "expired") zone.signing = Signing::expired;
    else if (word == "copy") zone.copy = true;
    else {
      auto name = Name::parse(key == "lame" ? value : word);
      if (!name) return std::unexpected(name.error());
      (key == "lame" ? zone.lame_servers : zone.servers).push_back(*name);
    }
    return {};
  }

  static Expected<void> behave(Behaviour& behaviour, std::string_view word) {
    const auto [key, value] = key_value(word);
    if (key == "delay") {
      const auto delay = base::parse_duration(value);
      if (!delay) return std::unexpected(delay.error());
      behaviour.delay = *delay;
      return {};
    }
    const auto failure = parse_failure(word);
    if (!failure) return std::unexpected(failure.error());
    behaviour.failure = *failure;
    return {};
  }

  Expected<void> record(const Words& words) {
    if (world_.zones.empty()) return fault("a record before the first $ZONE");
    auto& zone = world_.zones.back();
    auto owner = parse_name(words[0], zone.apex);
    if (!owner) return std::unexpected(owner.error());
    if (!owner->is_within(zone.apex)) return fault(owner->text() + " lies outside " + zone.apex.text());
    std::size_t next = 1;
    std::uint32_t ttl = zone.ttl;
    if (next < words.size() && is_number(words[next])) {
      const auto parsed = number<std::uint32_t>(words[next++]);
      if (!parsed) return std::unexpected(parsed.error());
      ttl = *parsed;
    }
    if (next >= words.size()) return fault("a record needs a type");
    const bool any = words[next] == "ANY";
    const auto type = any ? Expected<Type>(Type::any) : dns::parse_type(words[next]);
    if (!type) return std::unexpected(type.error());
    std::string data;
    Behaviour behaviour;
    for (const auto word : words | std::views::drop(next + 1)) {
      if (!word.starts_with('!')) {
        data.append(data.empty() ? "" : " ").append(word);
      } else if (auto done = behave(behaviour, word.substr(1)); !done) {
        return done;
      }
    }
    if (behaviour != Behaviour{}) zone.behaviours[{*owner, *type}] = behaviour;
    else if (data.empty()) return fault("a record needs data, or a failure after '!'");
    if (data.empty()) return {};
    if (any) return fault("ANY takes a failure only");
    auto rdata = dns::parse_rdata(*type, data, zone.apex);
    if (!rdata) return std::unexpected(rdata.error());
    zone.records.push_back({*owner, *type, dns::Class::in, ttl, std::move(*rdata)});
    return {};
  }

  /// $GENERATE FIRST-LAST RECORD...
  Expected<void> generate(const Words& words) {
    if (words.size() < 4) return fault("$GENERATE needs FIRST-LAST and a record");
    const auto dash = words[1].find('-');
    if (dash == std::string_view::npos) return fault("$GENERATE needs FIRST-LAST");
    const auto first = number<unsigned>(words[1].substr(0, dash));
    const auto last = number<unsigned>(words[1].substr(dash + 1));
    if (!first || !last || *last < *first || *last - *first > 65535)
      return fault("$GENERATE needs FIRST-LAST, 65536 at most");
    for (unsigned i = *first; i <= *last; ++i) {
      std::vector<std::string> texts;
      for (const auto word : words | std::views::drop(2)) {
        std::string text;
        for (const char c : word) c == '$' ? text += std::to_string(i) : text += c;
        texts.push_back(std::move(text));
      }
      if (auto done = record(Words(texts.begin(), texts.end())); !done) return done;
    }
    return {};
  }

  /// $CACHED NAME TTL TYPE DATA...
  Expected<void> cached(const Words& words) {
    if (words.size() < 5) return fault("$CACHED needs a name, a TTL, a type and data");
    const auto name = parse_name(words[1], Name{});
    if (!name) return std::unexpected(name.error());
    const auto ttl = number<std::uint32_t>(words[2]);
    if (!ttl) return std::unexpected(ttl.error());
    const auto type = dns::parse_type(words[3]);
    if (!type) return std::unexpected(type.error());
    Cached made{{*name, *type, dns::Class::in}, {*name, *type, dns::Class::in, *ttl, {}}, dns::Status::noerror};
    if (words[4].starts_with('!')) {
      const auto status = dns::parse_status(words[4].substr(1));
      if (!status || !dns::is_negative(*status)) return fault("$CACHED holds data, !nxdomain or !nodata");
      made.status = *status;
    } else {
      auto data = dns::parse_rdata(*type, words[4], Name{});
      if (!data) return std::unexpected(data.error());
      made.record.data = std::move(*data);
    }
    world_.cached.push_back(std::move(made));
    return {};
  }

  /// WORD:EXIT:FINDINGS
  static Expected<Outcome> outcome(std::string_view key, std::string_view value) {
    const auto parts = base::split(value, ':');
    if (parts.size() != 3) return fault(std::string(key) + "= needs WORD:EXIT:FINDINGS");
    const auto code = number<int>(parts[1]);
    if (!code) return std::unexpected(code.error());
    return Outcome{std::string(parts[0]), *code, ids(parts[2])};
  }

  Expected<void> host(const Words& words) {
    if (words.size() < 2) return fault("$HOST needs a subject");
    Host made;
    made.subject = unquoted(words[1]);
    made.line = line_;
    for (const auto word : words | std::views::drop(2)) {
      const auto [key, value] = key_value(word);
      if (word.starts_with('"')) {
        made.story = unquoted(word);
      } else if (key == "iprev") {
        made.iprev = value;
      } else if (key == "findings") {
        made.findings = ids(value);
      } else if (key == "or" || key == "unwalked") {
        auto parsed = outcome(key, value);
        if (!parsed) return std::unexpected(parsed.error());
        (key == "or" ? made.otherwise : made.unwalked) = std::move(*parsed);
      } else if (key == "not") {
        made.not_findings = ids(value);
      } else if (key == "options") {
        const auto line = unquoted(value);
        for (const auto option : base::words(line)) made.options.emplace_back(option);
      } else if (key == "exit") {
        const auto code = number<int>(value);
        if (!code) return std::unexpected(code.error());
        made.exit_code = *code;
      } else {
        return fault("$HOST does not know " + base::escape(word));
      }
    }
    if (made.iprev.empty()) return fault("$HOST needs iprev=WORD, or iprev=- for none");
    world_.hosts.push_back(std::move(made));
    return {};
  }

  Expected<void> bounce(const Words& words) {
    if (words.size() < 2 || !words[1].starts_with('"')) return fault("$BOUNCE needs the reply in quotes");
    Bounce made;
    made.reply = unquoted(words[1]);
    made.line = line_;
    for (const auto word : words | std::views::drop(2)) {
      const auto [key, value] = key_value(word);
      if (word.starts_with('"')) {
        made.story = unquoted(word);
      } else if (key == "host") {
        made.host = value;
      } else if (key == "sender") {
        made.sender = value;
      } else if (key == "conclusion") {
        made.conclusion = value;
      } else if (key == "findings") {
        made.findings = ids(value);
      } else if (key == "ago") {
        const auto span = base::parse_duration(value);
        if (!span) return std::unexpected(span.error());
        made.ago = std::chrono::floor<base::Seconds>(*span);
      } else if (key == "exit") {
        const auto code = number<int>(value);
        if (!code) return std::unexpected(code.error());
        made.exit_code = *code;
      } else {
        return fault("$BOUNCE does not know " + base::escape(word));
      }
    }
    if (made.conclusion.empty()) return fault("$BOUNCE needs conclusion=WORD");
    world_.bounces.push_back(std::move(made));
    return {};
  }

  /// What only the whole text can show: servers that no $SERVER states, records below a delegation.
  Expected<World> check() {
    for (std::size_t i = 0; i < world_.zones.size(); ++i) {
      const auto& zone = world_.zones[i];
      line_ = zone_lines_[i];
      for (const auto& ns : delegation_of(zone))
        if (!world_.server(std::get<Name>(ns.data))) return at_line({"no $SERVER " + std::get<Name>(ns.data).text()});
      for (const auto& record : zone.records)
        if (!zone.copy && world_.zone_of(record.owner) != &zone)
          return at_line({record.owner.text() + " belongs to " + world_.zone_of(record.owner)->apex.text()});
    }
    return std::move(world_);
  }

  World world_;
  std::vector<int> zone_lines_;
  int line_ = 0;
};

}  // namespace

Expected<World> parse_world(std::string_view text) { return Reader{}.read(text); }

}  // namespace fcrdns::world
