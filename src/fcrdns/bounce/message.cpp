#include "fcrdns/bounce/message.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/fields.hpp"
#include "fcrdns/bounce/gathered.hpp"
#include "fcrdns/bounce/mime_scan.hpp"
#include "fcrdns/bounce/notice.hpp"
#include "fcrdns/bounce/part_text.hpp"
#include "fcrdns/bounce/pasted.hpp"
#include "fcrdns/bounce/prose.hpp"
#include "fcrdns/bounce/report.hpp"

namespace fcrdns::bounce {
namespace {

using Note = std::function<void(std::string)>;

constexpr std::size_t max_texts = std::size_t{4} << 20;  // octets of text of one message that are looked at
constexpr std::size_t max_packed = 100;     // messages packed in others (base64) that are unpacked,
constexpr std::size_t max_packed_octets = std::size_t{8} << 20;  // and their octets in all

/// Notes of one message, each once and with its source.
class Notes {
 public:
  Notes(const Place& place, Sink& sink) : place_(place), sink_(sink) {}
  void operator()(const std::string& line) {
    if (std::ranges::find(told_, line) != told_.end()) return;
    told_.push_back(line);
    sink_.note(place_.source + ": " + line);
  }

 private:
  const Place& place_;
  Sink& sink_;
  std::vector<std::string> told_;
};

struct Packed {
  std::string octets;
  std::size_t depth;
};

class Reader {
 public:
  Reader(const Place& place, const Note& note) : place_(place), note_(note) {}

  void read(std::string_view octets, std::size_t depth) {
    const auto parts = scan_mime(octets, note_, depth);
    std::vector<std::vector<std::size_t>> of_message(parts.size());
    for (std::size_t i = 1; i < parts.size(); ++i) of_message[parts[i].message].push_back(i);
    std::vector<bool> returned(parts.size());  // came back in a bounce: what it says is nobody's reply
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].kind != PartKind::message) continue;
      if (!returned[i]) returned[i] = read_one(parts, i, of_message[i]);
      if (!returned[i]) continue;
      for (const auto part : of_message[i]) returned[part] = true;
    }
  }

  Gathered gathered;
  std::deque<Packed> packed;

 private:
  /// Whether the message is a bounce.
  bool read_one(const std::vector<Part>& parts, std::size_t message, const std::vector<std::size_t>& own) {
    Notice notice = decode(parts, message, own);
    Claim frame{.source = place_.source, .line = place_.line, .format = "dsn"};
    frame.time = parse_mail_date(find_field(notice.header, "Date"));
    const auto count = gathered.claims().size();
    if (notice.statuses.empty()) take_stray_statuses(notice);
    if (!notice.statuses.empty()) {
      gather_report(notice, frame, gathered);
      return true;
    }
    if (is_bounce(notice.header)) {
      gather_prose(notice, frame, gathered);
      if (gathered.claims().size() > count) return true;
    }
    frame.format = "text";
    frame.time.reset();  // the date is that of the mail which hands the bounce on
    for (const auto* texts : {&notice.texts, &notice.htmls}) {
      for (const auto& text : *texts) gather_pasted(text, frame, Trust::any_mail, false, gathered);
      if (gathered.claims().size() > count) return true;
    }
    for (const auto part : own)
      if (parts[part].kind == PartKind::packed_message && packed.size() < max_packed) {
        std::string room;
        const auto octets = unpack(parts[part], room, max_packed_octets - std::min(max_packed_octets, packed_octets_));
        packed_octets_ += octets.size();
        packed.push_back({std::string(octets), parts[part].depth + 1});
      }
    return false;
  }

  Notice decode(const std::vector<Part>& parts, std::size_t message, const std::vector<std::size_t>& own) {
    Notice notice{.header = parts[message].header};
    std::string room;
    for (const auto index : own) {
      const auto& part = parts[index];
      if (part.kind == PartKind::message && notice.returned_header.empty()) notice.returned_header = part.header;
      std::vector<std::string>* to = nullptr;
      if (part.kind == PartKind::plain) to = &notice.texts;
      else if (part.kind == PartKind::html) to = &notice.htmls;
      else if (part.kind == PartKind::delivery_status) to = &notice.statuses;
      const bool headers = part.kind == PartKind::returned_headers && notice.returned_header.empty();
      if ((!to && !headers) || text_octets_ > max_texts) continue;
      const auto text = text_of(part, room, note_);
      text_octets_ += text.size();
      if (headers) notice.returned_header = text;
      else to->emplace_back(text);
    }
    return notice;
  }

  /// Reports whose structure is broken lie as text in the message (two of the examples of RFC 3464 do).
  static void take_stray_statuses(Notice& notice) {
    for (const auto& text : notice.texts)
      if (text.find("Final-Recipient:") != std::string::npos && text.find("Reporting-MTA:") != std::string::npos &&
          text.find("\n> ") == std::string::npos)
        notice.statuses.push_back(text);
  }

  const Place& place_;
  const Note& note_;
  std::size_t text_octets_ = 0, packed_octets_ = 0;
};

}  // namespace

void read_message(std::string_view octets, const Place& place, const Options& options, Sink& sink) {
  Notes notes(place, sink);
  const Note note = [&](const std::string& line) { notes(line); };
  if (octets.size() > max_message) {
    note("a message longer than 32 MiB; what follows was not read");
    octets = octets.substr(0, max_message);
  }
  Reader reader(place, note);
  reader.read(octets, 0);
  for (; !reader.packed.empty(); reader.packed.pop_front()) reader.read(reader.packed.front().octets, reader.packed.front().depth);
  if (reader.gathered.is_cut()) note("more than 10,000 refusals; the rest was not read");
  for (auto& claim : reader.gathered.claims()) complete(claim, options, sink);
}

}  // namespace fcrdns::bounce
