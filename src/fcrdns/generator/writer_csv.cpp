// Rows for spreadsheets and scripts (RFC 4180: lines end in CR LF). A cell that a spreadsheet would run as a formula gets an
// apostrophe in front: names of others stand in here.
#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

class CsvWriter : public ZoneWriter {
 public:
  explicit CsvWriter(Sink sink) : ZoneWriter(std::move(sink)) { out_ << "zone,name,relative,type,ttl,data\r\n"; }

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    write_soa();
    write_nameservers();
  }
  void record(const dns::Record& record) override {
    cell(name_.absolute(zone_.apex), ',');
    cell(name_.absolute(record.owner), ',');
    cell(name_.relative(record.owner, zone_.apex), ',');
    cell(dns::to_text(record.type), ',');
    out_ << record.ttl << ',';
    cell(data_.data(record), '\r');
    out_ << '\n';
  }
  void end_zone() override {}

 private:
  void cell(std::string_view text, char behind) {
    const bool formula = text.size() > 1 && std::string_view("=+-@").find(text[0]) != text.npos;
    if (text.find(',') == text.npos && text.find('"') == text.npos) {
      if (formula) out_ << '\'';
      out_ << text << behind;
      return;
    }
    out_ << '"';
    if (formula) out_ << '\'';
    for (const char c : text) {
      if (c == '"') out_ << c;
      out_ << c;
    }
    out_ << '"' << behind;
  }
};

}  // namespace

std::unique_ptr<Writer> make_csv_writer(Sink sink) { return std::make_unique<CsvWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
