// Input of nsupdate (RFC 2136): each record set is deleted and added anew, so that running it twice leaves the same; but a
// name's other addresses stay, as they are somebody's. Records only, as an update cannot make a zone. What one "send" carries must fit into a message of 65,535 octets (RFC 2136 3,
// RFC 1035 4.2.2), counted as if no name were compressed.
#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::size_t most_records = 1000, most_octets = 56 * 1024;

class NsupdateWriter : public ZoneWriter {
 public:
  using ZoneWriter::ZoneWriter;

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    has_last_ = false;
    write_comment(";");
  }
  void record(const dns::Record& record) override {
    const bool first_of_set = !has_last_ || !same_set(last_, record);
    const auto octets = 2 * (record.owner.wire().size() + 10) + wire_size(record.data);
    if (records_ == most_records || octets_ + octets > most_octets) send();
    if (records_ == 0 && !zone_.apex.is_root()) out_ << "zone " << name_.absolute(zone_.apex) << '\n';
    const auto owner = name_.absolute(record.owner);
    const auto type = dns::to_text(record.type);
    if (first_of_set && !is_address(record.type)) out_ << "update delete " << owner << ' ' << type << '\n';
    out_ << "update add " << owner << ' ' << record.ttl << ' ' << type << ' ' << data_.data(record) << '\n';
    ++records_;
    octets_ += octets;
    if (!first_of_set) return;
    has_last_ = true;
    last_.owner = record.owner;
    last_.type = record.type;
  }
  void end_zone() override { send(); }

 private:
  static bool is_address(dns::Type type) { return type == dns::Type::a || type == dns::Type::aaaa; }
  static std::size_t wire_size(const dns::Rdata& data) {
    if (const auto* name = std::get_if<dns::Name>(&data)) return name->wire().size();
    return dns::to_wire(data).size();
  }
  void send() {
    if (records_ > 0) out_ << "send\n";
    records_ = octets_ = 0;
  }

  dns::Record last_;  // its name and type
  bool has_last_ = false;
  std::size_t records_ = 0, octets_ = 0;  // since the last send
};

}  // namespace

std::unique_ptr<Writer> make_nsupdate_writer(Sink sink) { return std::make_unique<NsupdateWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
