// HCL for Terraform's provider hashicorp/dns, which sends updates (RFC 2136) to a server that has the zone. It knows one PTR
// and one CNAME a name, sets of A, AAAA and NS, and no SOA; what it has no resource for becomes a comment.
#include <algorithm>

#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

struct Resource {
  dns::Type type;
  std::string_view kind, label;      // the resource's type, and what its own name begins with
  std::string_view value;            // the argument that holds the data
  bool set;                          // a list of values
  bool at_apex;                      // may be left without "name"
};
constexpr Resource resources[] = {
    {dns::Type::ptr, "dns_ptr_record", "ptr_", "ptr", false, true},
    {dns::Type::cname, "dns_cname_record", "cname_", "cname", false, false},
    {dns::Type::a, "dns_a_record_set", "a_", "addresses", true, true},
    {dns::Type::aaaa, "dns_aaaa_record_set", "aaaa_", "addresses", true, true},
    {dns::Type::ns, "dns_ns_record_set", "ns_", "nameservers", true, false},
};

class TerraformWriter : public SetWriter {
 public:
  using SetWriter::SetWriter;

  void begin_zone(const Zone& zone) override {
    zone_ = zone;
    if (!std::exchange(any_, true)) out_ << "# for the provider hashicorp/dns; the zones must exist on its server\n";
    write_comment("#");
  }
  void end_zone() override { put_last(); }

 private:
  void put(const dns::Record& record, Neighbour before, Neighbour after) override {
    const auto found = std::ranges::find(resources, record.type, &Resource::type);
    const bool apex = record.owner == zone_.apex;
    const bool further = before == Neighbour::same_set;
    if (found == std::end(resources) || (apex && !found->at_apex) || (further && !found->set)) {
      out_ << "# not in this provider: " << name_.absolute(record.owner) << ' ' << record.ttl << ' ' << dns::to_text(record.type) << ' '
           << data_.data(record) << '\n';
      return;
    }
    if (!further) open(*found, record, apex);
    if (found->set) {
      out_ << "    ";
      string(data_.data(record));
      out_ << ",\n";
      if (after != Neighbour::same_set) out_ << "  ]\n";
    }
    if (after != Neighbour::same_set || !found->set) out_ << "}\n";
  }
  void open(const Resource& resource, const dns::Record& record, bool apex) {
    const std::string_view pad = resource.value == "cname" ? " " : "";  // terraform fmt lines up the equal signs
    out_ << "resource \"" << resource.kind << "\" \"" << resource.label;
    label(name_.absolute(record.owner));
    out_ << "\" {\n  zone" << pad << " = ";
    string(name_.absolute(zone_.apex));
    if (!apex) {
      out_ << "\n  name" << pad << " = ";
      string(name_.relative(record.owner, zone_.apex));
    }
    out_ << "\n  ttl " << pad << " = " << record.ttl << "\n  " << resource.value;
    if (resource.set) {
      out_ << " = [\n";
      return;
    }
    out_ << (resource.value == "ptr" ? "  = " : " = ");
    string(data_.data(record));
    out_ << '\n';
  }

  /// A quoted template: "${" and "%{" would be run, so a brace never stands for itself.
  void string(std::string_view presentation) {
    out_ << '"';
    for (const char c : presentation) {
      if (c == '{') {
        out_ << "\\u007b";
        continue;
      }
      if (c == '"' || c == '\\') out_ << '\\';
      out_ << c;
    }
    out_ << '"';
  }
  /// The name as an identifier, no two the same: a dot is "_", what an identifier may not hold is "__" and two hex digits. Two
  /// dots never meet in a name, so neither reads as the other; the case does not count (RFC 4343).
  void label(std::string_view presentation) {
    constexpr std::string_view hex = "0123456789abcdef";
    if (presentation.size() > 1) presentation.remove_suffix(1);
    for (std::size_t i = 0; i < presentation.size(); ++i) {
      const char c = presentation[i];
      if (c == '.') {
        out_ << '_';
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') {
        out_ << c;
      } else if (c >= 'A' && c <= 'Z') {
        out_ << static_cast<char>(c | 0x20);
      } else {
        // An escape is hexed sign by sign; the guarded sign itself too, as "\." is no dot between labels.
        const auto hexed = [&](char sign) { out_ << "__" << hex[static_cast<unsigned char>(sign) >> 4] << hex[sign & 0xf]; };
        hexed(c);
        if (c == '\\' && i + 1 < presentation.size()) hexed(presentation[++i]);
      }
    }
  }

  bool any_ = false;
};

}  // namespace

std::unique_ptr<Writer> make_terraform_writer(Sink sink) { return std::make_unique<TerraformWriter>(std::move(sink)); }

}  // namespace fcrdns::generator
