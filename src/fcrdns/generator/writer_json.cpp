// The document fcrdns/ptr/1, one record a line: {"schema", "zones": [{"zone", "ttl", "records": [{"name", "relative_name",
// "type", "ttl", "data"}]}]}. Texts are in presentation form, so printable ASCII: only quotes and backslashes are escaped.
#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

class JsonWriter : public ZoneWriter {
 public:
  explicit JsonWriter(Sink sink) : ZoneWriter(std::move(sink)) { out_ << R"({"schema": "fcrdns/ptr/1", "zones": [)"; }

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    out_ << (std::exchange(any_zone_, true) ? ",\n" : "\n") << R"({"zone": )";
    text(name_.absolute(zone_.apex));
    out_ << R"(, "ttl": )" << zone_.ttl << R"(, "records": [)";
    any_record_ = false;
    write_soa();
    write_nameservers();
  }
  void record(const dns::Record& record) override {
    out_ << (std::exchange(any_record_, true) ? ",\n" : "\n") << R"(  {"name": )";
    text(name_.absolute(record.owner));
    out_ << R"(, "relative_name": )";
    text(name_.relative(record.owner, zone_.apex));
    out_ << R"(, "type": ")" << dns::to_text(record.type) << R"(", "ttl": )" << record.ttl << R"(, "data": )";
    text(data_.data(record));
    out_ << '}';
  }
  void end_zone() override { out_ << "]}"; }
  void end() override {
    out_ << "]}\n";
    ZoneWriter::end();
  }

 private:
  void text(std::string_view presentation) {
    out_ << '"';
    for (const char c : presentation) {
      if (c == '"' || c == '\\') out_ << '\\';
      out_ << c;
    }
    out_ << '"';
  }

  bool any_zone_ = false, any_record_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_json_writer(Sink sink) { return std::make_unique<JsonWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
