// YAML for octoDNS: a document per zone, to be put into the file its comment names (YamlProvider reads one per zone). Names and
// data are in single quotes: a bare 5 would be a number, and in there only the quote itself means something. The SOA is the
// provider's own affair.
#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

class OctodnsWriter : public SetWriter {
 public:
  using SetWriter::SetWriter;

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    if (!std::exchange(any_, true)) out_ << "# names are in the order of addresses: where they have several labels, YamlProvider needs enforce_order: false\n";
    write_comment("#");
    out_ << "# file: " << name_.absolute(zone_.apex) << (zone_.apex.is_root() ? "" : "yaml") << "\n---\n";
    write_nameservers();
  }
  void end_zone() override { put_last(); }

 private:
  void put(const dns::Record& record, Neighbour before, Neighbour after) override {
    if (before == Neighbour::none) {
      const auto relative = name_.relative(record.owner, zone_.apex);
      quoted(relative == "@" ? "" : relative);
      out_ << ":\n";
    }
    const bool list = before != Neighbour::none || after != Neighbour::none;  // of the record sets of this name
    const std::string_view indent = list ? "    " : "  ";
    if (before != Neighbour::same_set) {
      out_ << (list ? "  - ttl: " : "  ttl: ") << record.ttl << '\n' << indent << "type: " << dns::to_text(record.type) << '\n' << indent;
      if (after == Neighbour::same_set) out_ << "values:\n";
    }
    out_ << (before == Neighbour::same_set || after == Neighbour::same_set ? "    - " : "value: ");
    quoted(data_.data(record));
    out_ << '\n';
  }
  void quoted(std::string_view text) {
    out_ << '\'';
    for (const char c : text) {
      if (c == '\'') out_ << c;
      out_ << c;
    }
    out_ << '\'';
  }

  bool any_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_octodns_writer(Sink sink) { return std::make_unique<OctodnsWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
