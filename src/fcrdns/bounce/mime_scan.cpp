#include "fcrdns/bounce/mime_scan.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/bounce/message.hpp"

namespace fcrdns::bounce {
namespace {

constexpr std::size_t max_boundary = 1024;  // RFC 2046 5.1.1 allows 70; longer ones are seen

struct TypeRow {
  std::string_view type;
  PartKind kind;
};
constexpr TypeRow types[] = {
    {"text/plain", PartKind::plain},
    {"text/html", PartKind::html},
    {"message/delivery-status", PartKind::delivery_status},         // RFC 3464 2.1
    {"message/global-delivery-status", PartKind::delivery_status},  // RFC 6533 3
    {"message/rfc822", PartKind::message},
    {"message/global", PartKind::message},  // RFC 6532
    {"text/rfc822-headers", PartKind::returned_headers},
    {"message/rfc822-headers", PartKind::returned_headers},
    {"message/global-headers", PartKind::returned_headers},
};

struct ContentType {
  PartKind kind = PartKind::plain;
  bool digest = false;
  std::string boundary, charset;
};

struct Unref {
  void operator()(GMimeContentType* type) const { g_object_unref(type); }
};

PartKind kind_of(std::string_view type) {
  const auto* found = std::ranges::find_if(types, [&](const TypeRow& row) { return base::equals_ignoring_case(row.type, type); });
  if (found != std::end(types)) return found->kind;
  if (type.find('/') == std::string_view::npos) return PartKind::plain;  // RFC 2045 5.2
  return base::equals_ignoring_case(type.substr(0, 10), "multipart/") ? PartKind::multipart : PartKind::other;
}

ContentType parse_content_type(std::string_view value) {
  ContentType out;
  const auto text = unfold(value, std::size_t{8} * 1024);
  const std::string_view type = base::trim(std::string_view(text).substr(0, text.find(';')));
  out.kind = kind_of(type);
  out.digest = base::equals_ignoring_case(type, "multipart/digest");
  if (out.kind == PartKind::other || type.size() == text.size()) return out;
  const std::unique_ptr<GMimeContentType, Unref> parsed(g_mime_content_type_parse(nullptr, text.c_str()));
  const auto parameter = [&](const char* name) {
    const char* found = parsed ? g_mime_content_type_get_parameter(parsed.get(), name) : nullptr;
    return std::string(found ? found : "");
  };
  if (out.kind == PartKind::multipart) out.boundary = parameter("boundary");
  else out.charset = parameter("charset");
  while (out.boundary.ends_with(' ')) out.boundary.pop_back();
  return out;
}

bool is_identity(std::string_view encoding) {
  return !base::equals_ignoring_case(encoding, "base64") && !base::equals_ignoring_case(encoding, "quoted-printable");
}

class Scan {
 public:
  Scan(std::string_view octets, const std::function<void(std::string)>& note, std::size_t depth)
      : octets_(octets), note_(note), depth_(depth) {}

  std::vector<Part> run() {
    for (auto rest = octets_; rest.starts_with("From ") || rest.starts_with(">From "); at_ = octets_.size() - rest.size())
      static_cast<void>(next_line(rest));  // the mbox's own line
    add_part(0, depth_);
    bool reading = begin_message(0);
    while (reading) {
      const auto boundary = find_boundary();
      if (!boundary) at_ = octets_.size();
      reading = boundary && cross(*boundary);
    }
    close_parts(0, at_);
    return std::move(parts_);
  }

 private:
  struct Level {  // an open multipart
    std::string boundary;
    std::size_t hash;        // of the boundary: a mail may hold half a million lines that nearly are one
    std::size_t part, open;  // its part, and how many parts were open with it
    bool digest;
  };
  struct Boundary {
    std::size_t level, begin, end;
    bool closing;
  };

  std::size_t add_part(std::size_t message, std::size_t depth) {
    parts_.push_back({.body = octets_.substr(at_), .message = message, .depth = depth});
    open_.push_back(parts_.size() - 1);
    return parts_.size() - 1;
  }

  /// A message's header and body, and those of the messages that its body is: in a loop, whatever their number.
  bool begin_message(std::size_t message) {
    for (;;) {
      parts_[message].kind = PartKind::message;
      const bool whole = read_header(message);
      const auto body = add_part(message, parts_[message].depth);
      parts_[body].header = parts_[message].header;
      begin_body(body, false);
      if (!whole || parts_[body].kind != PartKind::message) return whole;
      if (!count_part()) return false;
      ++parts_[body].depth;
      message = body;
    }
  }

  /// Says what the part is, by its header; a multipart's boundary counts from here on.
  void begin_body(std::size_t index, bool in_digest) {
    auto& part = parts_[index];
    part.body = octets_.substr(at_);
    const auto value = find_field(part.header, "Content-Type");
    auto type = parse_content_type(value);
    if (in_digest && value.empty()) type.kind = PartKind::message;  // RFC 2046 5.1.5
    part.kind = type.kind;
    part.charset = std::move(type.charset);
    part.encoding = base::trim(find_field(part.header, "Content-Transfer-Encoding"));
    if (part.kind == PartKind::message && !is_identity(part.encoding)) part.kind = PartKind::packed_message;
    if (part.kind != PartKind::message && part.kind != PartKind::multipart) return;
    if (part.depth >= max_depth) {
      part.kind = PartKind::other;
      if (!std::exchange(told_depth_, true)) note_("parts lie deeper than 100 in each other; those were not read");
    } else if (part.kind == PartKind::multipart) {
      if (type.boundary.empty() || type.boundary.size() > max_boundary) part.kind = PartKind::plain;  // best effort
      else open_level(std::move(type.boundary), index, type.digest);
    }
  }

  void open_level(std::string boundary, std::size_t part, bool digest) {
    const auto hash = std::hash<std::string_view>{}(boundary);
    levels_.push_back({std::move(boundary), hash, part, open_.size(), digest});
  }

  /// The lines up to a blank one, a boundary, or one that is no field. False when a cap ends the reading.
  bool read_header(std::size_t index) {
    const auto begin = at_;
    auto end = at_;
    bool whole = true;
    while (at_ < octets_.size()) {
      auto rest = octets_.substr(at_);
      const auto line = next_line(rest);
      const bool folded = at_ > begin && (line.starts_with(' ') || line.starts_with('\t'));
      if (!line.empty() && ((!folded && !field_of(line)) || boundary_at(at_))) break;
      if (!line.empty() && ++header_lines_ > max_header_lines) {
        note_("more than 5,000 header lines; what follows was not read");
        whole = false;
        break;
      }
      at_ = octets_.size() - rest.size();
      if (line.empty()) break;
      end = at_;
    }
    parts_[index].header = octets_.substr(begin, end - begin);
    return whole;
  }

  /// Which open multipart's boundary the line at `begin` is, the innermost first.
  [[nodiscard]] std::optional<Boundary> boundary_at(std::size_t begin) const {
    auto rest = octets_.substr(begin);
    if (!rest.starts_with("--") || levels_.empty()) return std::nullopt;
    auto line = next_line(rest).substr(2);
    while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
    if (line.size() > max_boundary + 2) return std::nullopt;
    const auto inner = line.substr(0, line.ends_with("--") ? line.size() - 2 : 0);
    const std::hash<std::string_view> hash;
    const auto line_hash = hash(line), inner_hash = hash(inner);
    for (auto level = levels_.size(); level-- > 0;) {
      const auto& open = levels_[level];
      const bool closing = open.hash == inner_hash && open.boundary == inner;
      if (closing || (open.hash == line_hash && open.boundary == line)) return Boundary{level, begin, octets_.size() - rest.size(), closing};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Boundary> find_boundary() const {
    if (levels_.empty()) return std::nullopt;
    if (const auto here = boundary_at(at_)) return here;
    for (auto at = octets_.find("\n--", at_); at != std::string_view::npos; at = octets_.find("\n--", at + 1))
      if (const auto found = boundary_at(at + 1)) return found;
    return std::nullopt;
  }

  /// Ends what the boundary ends, and begins the part behind it. False when a cap ends the reading.
  bool cross(const Boundary& boundary) {
    const auto& level = levels_[boundary.level];
    auto end = boundary.begin;  // the line end before a boundary belongs to it (RFC 2046 5.1.1)
    if (end > 0 && octets_[end - 1] == '\n') --end;
    if (end > 0 && octets_[end - 1] == '\r') --end;
    close_parts(level.open, end);
    at_ = boundary.end;
    const auto message = parts_[level.part].message;
    const auto depth = parts_[level.part].depth + 1;
    const bool digest = level.digest;
    levels_.resize(boundary.level + (boundary.closing ? 0 : 1));
    if (boundary.closing) return true;
    if (!count_part()) return false;
    const auto part = add_part(message, depth);
    if (!read_header(part)) return false;
    begin_body(part, digest);
    return parts_[part].kind != PartKind::message || begin_message(part);
  }

  bool count_part() {
    if (++count_ <= max_parts) return true;
    note_("more than 1,000 parts; what follows was not read");
    return false;
  }

  void close_parts(std::size_t keep, std::size_t end) {
    for (; open_.size() > keep; open_.pop_back()) {
      auto& body = parts_[open_.back()].body;
      const auto begin = static_cast<std::size_t>(body.data() - octets_.data());
      body = body.substr(0, end > begin ? end - begin : 0);
    }
  }

  std::string_view octets_;
  const std::function<void(std::string)>& note_;
  std::size_t depth_;
  std::size_t at_ = 0;  // everything before it is read
  std::vector<Part> parts_;
  std::vector<std::size_t> open_;  // parts whose end is not seen yet, outer ones first
  std::vector<Level> levels_;
  std::size_t header_lines_ = 0, count_ = 0;
  bool told_depth_ = false;
};

}  // namespace

std::vector<Part> scan_mime(std::string_view octets, const std::function<void(std::string)>& note, std::size_t depth) {
  static std::once_flag started;
  std::call_once(started, [] { g_mime_init(); });
  return Scan(octets, note, depth).run();
}

}  // namespace fcrdns::bounce
