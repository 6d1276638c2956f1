// What the formats share: a buffer in front of the sink, names as text without an allocation, the records of a zone's apex.
#pragma once

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fcrdns/generator/writer.hpp"

namespace fcrdns::generator {

/// 64 KiB that go to the sink when they are full. After the sink has said no, nothing is written any more.
class TextOut {
 public:
  explicit TextOut(Sink sink) : sink_(std::move(sink)) {}

  TextOut& operator<<(char c) {
    if (size_ == buffer_->size()) flush();
    (*buffer_)[size_++] = c;
    return *this;
  }
  TextOut& operator<<(std::string_view text) {
    if (text.size() > buffer_->size() - size_) return put_slowly(text);
    std::memcpy(buffer_->data() + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  TextOut& operator<<(std::uint32_t number) {
    std::array<char, 10> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
  }
  void flush();
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  using Buffer = std::array<char, 64 * 1024>;
  TextOut& put_slowly(std::string_view text);

  Sink sink_;
  std::unique_ptr<Buffer> buffer_ = std::make_unique_for_overwrite<Buffer>();
  std::size_t size_ = 0;
  bool stopped_ = false;
};

/// A name in presentation form (RFC 1035 5.1), safe in a master file: what means something there is escaped, all but
/// printable ASCII is \DDD. What comes out is valid until the next name.
class NameText {
 public:
  std::string_view absolute(const dns::Name& name);
  /// Without the apex and its dot; "@" for the apex itself. A name outside of the apex, and any below the root: absolute.
  std::string_view relative(const dns::Name& name, const dns::Name& apex);
  /// The data of the record, names absolute.
  std::string_view data(const dns::Record& record);

 private:
  std::array<char, 1024> text_;  // 255 octets on the wire are at most 1016 here
  std::string other_;
};

/// The SOA that is written: where the zone's has none, the first name server, hostmaster in its domain, and usual times.
[[nodiscard]] dns::Soa complete_soa(const Zone& zone);

[[nodiscard]] inline bool same_set(const dns::Record& a, const dns::Record& b) { return a.type == b.type && a.owner == b.owner; }

/// The zone and the buffer. A format says how a zone begins, a record looks and a zone ends.
class ZoneWriter : public Writer {
 public:
  explicit ZoneWriter(Sink sink) : out_(std::move(sink)) {}
  void end() override { out_.flush(); }
  [[nodiscard]] bool stopped() const override { return out_.stopped(); }

 protected:
  [[nodiscard]] bool whole() const { return !zone_.nameservers.empty(); }
  /// The NS records of a whole zone, and before them its SOA: they go through record() like all others.
  void write_soa();
  void write_nameservers();
  /// "MARK comment", a line of its own; nothing when there is none.
  void write_comment(std::string_view mark);

  Zone zone_;
  TextOut out_;
  NameText name_, data_;
};

/// A format that must know what comes next: whether a set has more than one record, and a name more than one set.
class SetWriter : public ZoneWriter {
 public:
  using ZoneWriter::ZoneWriter;
  void record(const dns::Record& record) final;

 protected:
  enum class Neighbour { none, same_name, same_set };
  virtual void put(const dns::Record& record, Neighbour before, Neighbour after) = 0;
  void put_last();  ///< before a zone ends

 private:
  dns::Record held_;
  bool holding_ = false;
  Neighbour before_ = Neighbour::none;
};

std::unique_ptr<Writer> make_bind_writer(Sink sink);
std::unique_ptr<Writer> make_nsupdate_writer(Sink sink);
std::unique_ptr<Writer> make_csv_writer(Sink sink);
std::unique_ptr<Writer> make_json_writer(Sink sink);
std::unique_ptr<Writer> make_terraform_writer(Sink sink);
std::unique_ptr<Writer> make_octodns_writer(Sink sink);
std::unique_ptr<Writer> make_dnscontrol_writer(Sink sink);

}  // namespace fcrdns::generator
