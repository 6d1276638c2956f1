// Reads one file of data/providers/ (docs/providers.md is the schema). The text is taken for hostile: size, depth, counts and
// lengths are bounded, every string is printable ASCII, an unknown field is a fault, as it would be a misspelt one.
#include <algorithm>
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "fcrdns/base/text.hpp"
#include "fcrdns/provider/pattern.hpp"
#include "fcrdns/provider/provider.hpp"

namespace fcrdns::provider {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t max_file = 64 * 1024, max_depth = 16, max_text = 1000, max_entries = 64;

struct Unreadable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

/// A value and the way to it: "recognise.ptr.pattern", for the fault.
class Field {
 public:
  Field(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  [[noreturn]] void refuse(std::string_view why) const {
    throw Unreadable((path_.empty() ? std::string("the file") : path_) + ": " + std::string(why));
  }
  /// An object of none but these fields.
  const Field& object(std::initializer_list<std::string_view> known) const {
    if (!json_->is_object()) refuse("must be an object");
    for (const auto& item : json_->items())
      if (std::ranges::find(known, item.key()) == known.end())
        refuse("has an unknown field \"" + base::escape(item.key(), 40) + '"');
    return *this;
  }
  [[nodiscard]] std::optional<Field> get(std::string_view key) const {
    const auto found = json_->find(key);
    if (found == json_->end()) return std::nullopt;
    return Field(*found, path_.empty() ? std::string(key) : path_ + '.' + std::string(key));
  }
  [[nodiscard]] Field need(std::string_view key) const {
    auto found = get(key);
    if (!found) refuse("lacks \"" + std::string(key) + '"');
    return *std::move(found);
  }
  [[nodiscard]] std::vector<Field> list() const {
    if (!json_->is_array()) refuse("must be a list");
    if (json_->size() > max_entries) refuse("has more than 64 entries");
    std::vector<Field> out;
    for (const auto& entry : *json_) out.emplace_back(entry, path_ + '[' + std::to_string(out.size()) + ']');
    return out;
  }
  [[nodiscard]] std::string text() const {
    if (!json_->is_string()) refuse("must be a string");
    const auto& text = json_->get_ref<const std::string&>();
    if (text.empty()) refuse("is empty: leave it out");
    if (text.size() > max_text) refuse("is longer than 1000 octets");
    if (!is_printable(text)) refuse("holds something else than printable ASCII");
    return text;
  }
  [[nodiscard]] bool boolean() const {
    if (!json_->is_boolean()) refuse("must be true or false");
    return json_->get<bool>();
  }
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const {
    const auto field = get(key);
    return field ? field->boolean() : otherwise;
  }
  [[nodiscard]] std::string text_of(std::string_view key) const {
    const auto field = get(key);
    return field ? field->text() : std::string();
  }
  /// An object as JSON text; a string (a form-encoded body) as it is.
  [[nodiscard]] std::string body() const {
    if (json_->is_string()) return text();
    if (!json_->is_object()) refuse("must be an object or a string");
    auto text = json_->dump(-1, ' ', true, Json::error_handler_t::replace);
    if (text.size() > max_text || !is_printable(text)) refuse("is longer than 1000 octets or not printable");
    return text;
  }

 private:
  const Json* json_;
  std::string path_;
};

std::string id_of(const Field& field) {
  auto id = field.text();
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (id.size() > 40 || !std::ranges::all_of(id, fits)) field.refuse("must be a-z, 0-9 and - only, at most 40");
  return id;
}

std::string kind_of(const Field& field) {
  static constexpr std::array<std::string_view, 6> kinds{"host", "isp", "dns-host", "rir", "esp", "platform"};
  auto kind = field.text();
  if (std::ranges::find(kinds, kind) == kinds.end()) field.refuse("must be host, isp, dns-host, rir, esp or platform");
  return kind;
}

Known known_of(const Field& sets, std::string_view family) {
  const auto field = sets.get(family);
  if (!field) return Known::unknown;
  const auto word = field->text();
  if (word == "yes") return Known::yes;
  if (word == "no") return Known::no;
  if (word != "unknown") field->refuse("must be yes, no or unknown");
  return Known::unknown;
}

std::vector<Suffix> suffixes_of(const std::optional<Field>& list) {
  std::vector<Suffix> out;
  if (!list) return out;
  for (const auto& entry : list->list()) {
    entry.object({"suffix", "verified"});
    const auto field = entry.need("suffix");
    const auto text = field.text();
    const auto name = dns::Name::parse(text);
    if (!name || name->label_count() < 2) field.refuse("must be a name of two labels or more");
    for (const auto label : base::split(text, '.'))
      if (std::ranges::count(label, '*') > 1) field.refuse("may hold one * in a label");
    out.push_back({*name, entry.flag("verified", true)});
  }
  return out;
}

void read_recognise(const Field& field, Provider& out) {
  field.object({"nameservers", "ptr_suffixes", "ptr", "organisations"});
  out.ns_suffixes = suffixes_of(field.get("nameservers"));
  out.ptr_suffixes = suffixes_of(field.get("ptr_suffixes"));
  if (const auto ptr = field.get("ptr")) {
    ptr->object({"pattern", "verified", "example", "example_address"});
    const auto pattern = ptr->need("pattern");
    out.ptr_pattern = pattern.text();
    out.ptr_pattern_verified = ptr->flag("verified", true);
    if (const auto why = Pattern(out.ptr_pattern).problem(); !why.empty()) pattern.refuse(why);
    for (const auto key : {"example", "example_address"}) (void)ptr->text_of(key);  // the tests' own
  }
  if (const auto organisations = field.get("organisations"))
    for (const auto& entry : organisations->list()) {
      entry.object({"name", "verified"});
      if (entry.flag("verified", true)) entry.refuse("an organisation's name is a hint: it needs \"verified\": false");
      out.rdap_orgs.push_back(entry.need("name").text());
    }
}

/// Lines of a block: what is not there is empty.
std::vector<std::string> lines_of(const std::optional<Field>& field) {
  std::vector<std::string> out;
  if (!field) return out;
  for (const auto& line : field->list()) out.push_back(line.text());
  return out;
}

Api api_of(const Field& field) {
  field.object({"method", "base", "path", "body", "path_ipv6", "body_ipv6", "auth", "also", "ipv4_only", "verified"});
  const auto body = [&](std::string_view key) {
    const auto found = field.get(key);
    return found ? found->body() : std::string();
  };
  return {.method = field.need("method").text(), .base = field.text_of("base"), .path = field.need("path").text(),
          .body = body("body"), .path_ipv6 = field.text_of("path_ipv6"), .body_ipv6 = body("body_ipv6"),
          .auth = lines_of(field.get("auth")), .also = field.text_of("also"), .ipv4_only = field.flag("ipv4_only", false),
          .verified = field.flag("verified", true)};
}

void read_conditions(const Field& list, Provider& out) {
  for (const auto& entry : list.list()) {
    entry.object({"kind", "text", "verified"});
    const auto field = entry.need("kind");
    const auto kind = parse_condition(field.text());
    if (!kind) field.refuse("is no kind of condition that is known");
    out.conditions.push_back({*kind, entry.need("text").text(), entry.flag("verified", true)});
  }
}

void read_set_via(const Field& field, Provider& out) {
  field.object({"panel", "cli", "api", "terraform", "ansible", "ticket"});
  const auto way = [&](std::string_view key, std::optional<Text>& into) {
    const auto found = field.get(key);
    if (!found) return;
    found->object({"text", "ipv6", "block", "block_ipv6", "also", "ipv4_only", "verified"});
    into = Text{.text = found->need("text").text(), .ipv6 = found->text_of("ipv6"), .block = lines_of(found->get("block")),
                .block_ipv6 = lines_of(found->get("block_ipv6")), .also = found->text_of("also"),
                .ipv4_only = found->flag("ipv4_only", false), .verified = found->flag("verified", true)};
  };
  way("panel", out.panel);
  way("cli", out.cli);
  way("terraform", out.terraform);
  way("ansible", out.ansible);
  way("ticket", out.ticket);
  if (const auto api = field.get("api")) out.api = api_of(*api);
}

Provider read_provider(const Field& field) {
  field.object({"id", "name", "kind", "recognise", "set_via", "conditions", "preconditions", "ipv6", "notes", "forward_first",
                "from_server_name", "customer_sets", "sources"});
  Provider out;
  out.id = id_of(field.need("id"));
  out.name = field.need("name").text();
  out.kind = kind_of(field.need("kind"));
  read_recognise(field.need("recognise"), out);
  if (const auto via = field.get("set_via")) read_set_via(*via, out);
  if (const auto conditions = field.get("conditions")) read_conditions(*conditions, out);
  if (const auto preconditions = field.get("preconditions"))
    for (const auto& entry : preconditions->list()) out.conditions.push_back({Condition::other, entry.text(), true});
  out.ipv6 = field.text_of("ipv6");
  out.notes = field.text_of("notes");
  out.forward_first = field.flag("forward_first", false);
  out.from_server_name = field.flag("from_server_name", false);
  const auto sets = field.need("customer_sets").object({"ipv4", "ipv6"});
  out.customer_sets_v4 = known_of(sets, "ipv4");
  out.customer_sets_v6 = known_of(sets, "ipv6");
  for (const auto& source : field.need("sources").list()) (void)source.text();  // for readers of the file
  return out;
}

}  // namespace

base::Expected<Provider> parse_provider(std::string_view json) {
  if (json.size() > max_file) return base::fault("a provider's file is longer than 64 KiB");
  try {
    // The parser keeps its own stack; this only keeps dump() and the reader's eye from deep nesting.
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
      if (depth > static_cast<int>(max_depth)) throw Unreadable("nested more than 16 deep");
      return true;
    };
    const auto tree = Json::parse(json, shallow);
    return read_provider(Field(tree, ""));
  } catch (const Unreadable& why) {
    return base::fault(why.what());
  } catch (const Json::exception& why) {
    return base::fault("no JSON: " + base::escape(why.what(), 200));
  }
}

}  // namespace fcrdns::provider
