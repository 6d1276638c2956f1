#include "fcrdns/bounce/part_text.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "fcrdns/base/text.hpp"

namespace fcrdns::bounce {
namespace {

/// Whether the charset's octets below 128 are ASCII, so that text without others needs no conversion.
bool holds_ascii(std::string_view charset) {
  constexpr std::string_view begins[] = {"us-ascii", "ascii", "utf-8", "utf8", "iso-8859", "iso8859", "latin", "windows-", "cp125",
                                         "koi8",     "gb",    "big5",  "euc-", "macintosh", "unknown", "x-unknown", "tis-620"};
  const auto name = base::to_lower(charset.substr(0, 32));
  return charset.empty() || std::ranges::any_of(begins, [&](std::string_view begin) { return name.starts_with(begin); });
}

bool is_utf8(std::string_view charset) { return base::equals_ignoring_case(charset, "utf-8") || base::equals_ignoring_case(charset, "utf8"); }

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Labelled as UTF-16 or 32, yet written in single octets: seen in notices of scanners.
bool is_wrongly_wide(std::string_view charset, std::string_view text) {
  const auto name = base::to_lower(charset.substr(0, 6));
  return (name == "utf-16" || name == "utf-32" || name == "ucs-2") && text.find('\0') == std::string_view::npos && is_ascii(text);
}

/// False when the charset is not known. What does not convert becomes a question mark.
bool convert(std::string_view text, const std::string& charset, std::string& out) {
  const auto conversion = g_mime_iconv_open("utf-8", charset.c_str());
  if (conversion == reinterpret_cast<iconv_t>(-1)) return false;  // NOLINT(performance-no-int-to-ptr): iconv's own word
  std::string converted;
  std::array<char, std::size_t{16} * 1024> room{};
  auto* in = const_cast<char*>(text.data());  // iconv(3) does not write there
  std::size_t left = text.size();
  while (left > 0 && converted.size() < max_text) {
    char* to = room.data();
    std::size_t space = room.size();
    const auto done = g_mime_iconv(conversion, &in, &left, &to, &space);
    converted.append(room.data(), room.size() - space);
    if (done != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
    if (errno == EINVAL || left == 0) break;  // the last character is not whole
    converted += '?';
    ++in, --left;
  }
  g_mime_iconv_close(conversion);
  out = std::move(converted);
  return true;
}

std::string_view cut_lines(std::string_view text, std::string& room, const std::function<void(std::string)>& note) {
  std::string cut;
  bool long_one = false;
  for (auto rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    const auto line = rest.substr(0, end);
    long_one = long_one || line.size() > max_line;
    cut.append(line.substr(0, max_line));
    if (line.size() > max_line) cut += '\n';
    rest.remove_prefix(end);
  }
  if (!long_one) return text;
  note("a line longer than 65,536 octets; its rest was not read");
  room = std::move(cut);
  return room;
}

}  // namespace

std::string_view unpack(const Part& part, std::string& room, std::size_t limit) {
  auto encoding = GMIME_CONTENT_ENCODING_DEFAULT;
  if (!part.encoding.empty()) encoding = g_mime_content_encoding_from_string(std::string(part.encoding.substr(0, 64)).c_str());
  if (encoding != GMIME_CONTENT_ENCODING_BASE64 && encoding != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE &&
      encoding != GMIME_CONTENT_ENCODING_UUENCODE)
    return part.body.substr(0, limit);
  const auto body = part.body.substr(0, limit * 2);
  GMimeEncoding state;
  g_mime_encoding_init_decode(&state, encoding);
  room.resize(g_mime_encoding_outlen(&state, body.size()) + 16);
  room.resize(g_mime_encoding_flush(&state, body.data(), body.size(), room.data()));
  return std::string_view(room).substr(0, limit);
}

std::string_view text_of(const Part& part, std::string& room, const std::function<void(std::string)>& note) {
  auto text = unpack(part, room, max_text + 1);
  if (text.size() > max_text) {
    note("a text longer than 1,048,576 octets; its rest was not read");
    text = text.substr(0, max_text);
  }
  const bool as_it_is = part.charset.empty() || is_utf8(part.charset) || part.charset.size() > 64 ||
                        is_wrongly_wide(part.charset, text) || (holds_ascii(part.charset) && is_ascii(text));
  std::string converted;
  if (!as_it_is && convert(text, part.charset, converted)) {
    room = std::move(converted);
    text = room;
  }
  if (text.size() > max_line) text = cut_lines(text, room, note);
  if (part.kind == PartKind::html) {
    room = strip_html(text);
    text = room;
  }
  return text;
}

}  // namespace fcrdns::bounce
