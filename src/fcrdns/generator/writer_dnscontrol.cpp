// dnsconfig.js of DNSControl: D(...) per zone; REV() where the zone is of a prefix. Plain ECMAScript 5, so no comma behind the
// last argument, and a large zone goes on in D_EXTEND(): engines limit the arguments of a call. The SOA is the provider's own
// affair.
#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/writer_text.hpp"
#include "fcrdns/net/reverse_zone.hpp"

namespace fcrdns::generator {
namespace {

constexpr std::size_t most_arguments = 10'000;

class DnscontrolWriter : public ZoneWriter {
 public:
  using ZoneWriter::ZoneWriter;

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    if (!std::exchange(any_, true))
      out_ << "// The name in NewDnsProvider() is that of your entry in creds.json.\n"
              "var REG_NONE = NewRegistrar(\"none\");\nvar DSP = NewDnsProvider(\"bind\");\n";
    out_ << '\n';
    write_comment("//");
    out_ << "D(";
    domain();
    out_ << ", REG_NONE, DnsProvider(DSP), DefaultTTL(" << zone_.ttl << ')';
    arguments_ = 0;
    for (const auto& server : zone_.nameservers) {
      out_ << ",\n  NAMESERVER(";
      string(data_.absolute(server));
      out_ << ')';
    }
  }
  void record(const dns::Record& record) override {
    if (++arguments_ > most_arguments) {
      out_ << "\n);\nD_EXTEND(";
      domain();
      arguments_ = 1;
    }
    out_ << ",\n  " << dns::to_text(record.type) << '(';
    string(name_.relative(record.owner, zone_.apex));
    out_ << ", ";
    string(data_.data(record));
    if (record.ttl != zone_.ttl) out_ << ", TTL(" << record.ttl << ')';
    out_ << ')';
  }
  void end_zone() override { out_ << "\n);\n"; }

 private:
  void domain() {
    const auto apex = name_.absolute(zone_.apex);
    if (const auto prefix = net::parse_reverse_zone(apex)) {
      out_ << "REV(\"" << prefix->text() << "\")";
      return;
    }
    string(apex.size() > 1 ? apex.substr(0, apex.size() - 1) : apex);
  }
  void string(std::string_view presentation) {
    out_ << '"';
    for (const char c : presentation) {
      if (c == '"' || c == '\\') out_ << '\\';
      out_ << c;
    }
    out_ << '"';
  }

  bool any_ = false;
  std::size_t arguments_ = 0;  // records in the call that is open
};

}  // namespace

std::unique_ptr<Writer> make_dnscontrol_writer(Sink sink) { return std::make_unique<DnscontrolWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
