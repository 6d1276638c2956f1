// A master file (RFC 1035 5, $TTL: RFC 2308 4). A whole zone has its $TTL and leaves out a TTL that is the same; records of a
// part are meant to be pasted into a zone with another default, so each says its own. Below the root as apex, names are
// absolute and there is no $ORIGIN: records of several zones side by side.
#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

class BindWriter : public ZoneWriter {
 public:
  using ZoneWriter::ZoneWriter;

  void begin_zone(const Zone& zone) override {
    if (std::exchange(any_, true)) out_ << '\n';
    zone_ = zone;
    write_comment(";");
    if (!zone_.apex.is_root() || whole()) out_ << "$ORIGIN " << name_.absolute(zone_.apex) << '\n';
    if (whole()) out_ << "$TTL " << zone_.ttl << '\n';
    write_soa();
    write_nameservers();
  }
  void record(const dns::Record& record) override {
    out_ << name_.relative(record.owner, zone_.apex) << ' ';
    if (!whole() || record.ttl != zone_.ttl) out_ << record.ttl << ' ';
    if (record.type == dns::Type::ptr)  // nearly all there are
      out_ << "IN PTR ";
    else
      out_ << "IN " << dns::to_text(record.type) << ' ';
    out_ << data_.data(record) << '\n';
  }
  void end_zone() override {}

 private:
  bool any_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_bind_writer(Sink sink) { return std::make_unique<BindWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
