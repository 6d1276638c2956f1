// Forward zones as master files: A and AAAA are taken, a SOA tells the apex, every other type is passed over.
#include "fcrdns/base/text.hpp"
#include "fcrdns/generator/forward_master.hpp"
#include "fcrdns/generator/forward_rows.hpp"

namespace fcrdns::generator {

base::Expected<void> read_zonefile(std::istream& in, ForwardRows& out) {
  const auto take = [&](const MasterEntry& entry) {
    const bool v4 = base::equals_ignoring_case(entry.type, "A"), v6 = base::equals_ignoring_case(entry.type, "AAAA");
    if (!v4 && !v6) {
      if (base::equals_ignoring_case(entry.type, "SOA")) out.add_apex(entry.owner);
      return out.pass_over();
    }
    const auto address = net::Address::parse(entry.data);
    if (!address || entry.words != 1 || address->is_v4() != v4)
      return out.unreadable(entry.line, entry.data, v4 ? "an A record holds one IPv4 address" : "an AAAA record holds one IPv6 address");
    out.add(*address, entry.owner, entry.ttl, entry.line, entry.opted_out);
  };
  const auto refuse = [&](std::size_t line, std::string_view text, std::string_view why) { out.unreadable(line, text, why); };
  MasterReader reader(in, out.options().origin, take, refuse);
  reader.read();
  out.derived.lines = reader.lines();
  return {};
}

}  // namespace fcrdns::generator
