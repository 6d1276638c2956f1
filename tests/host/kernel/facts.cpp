// Prints as JSON what host::Kernel and host::find_places say, for the test beside.
//
//     kernel_facts kernel own|PID [DESTINATION[,BIND]...]
//     kernel_facts places [NAME...]
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "fcrdns/host/place.hpp"

using namespace fcrdns;
using Json = nlohmann::ordered_json;

namespace {

Json optional(const auto& value) { return value ? Json(value->text()) : Json(); }

Json choice(host::Kernel& kernel, const std::string& word) {
  const auto comma = word.find(',');
  std::optional<net::Address> bind;
  if (comma != word.npos) bind = net::Address::parse(word.substr(comma + 1)).value();
  const auto found = kernel.source_for(net::Address::parse(word.substr(0, comma)).value(), bind);
  return {{"source", optional(found.source)}, {"interface", found.interface}, {"trouble", found.trouble}};
}

Json kernel_facts(host::Kernel& kernel, int argc, char** argv) {
  Json out{{"hostname", kernel.hostname()}, {"addresses", Json::array()}, {"routes", Json::array()}, {"rules", kernel.rules()},
           {"choices", Json::object()}, {"use_tempaddr", Json::object()}};
  for (const auto& a : kernel.addresses()) {
    out["addresses"].push_back({{"interface", a.interface}, {"address", a.address.text()}, {"prefix_length", a.prefix_length},
                                {"temporary", a.temporary}, {"deprecated", a.deprecated}, {"tentative", a.tentative}, {"permanent", a.permanent},
                                {"by_advertisement", a.by_advertisement}, {"is_up", a.is_up},
                                {"preferred", a.preferred ? Json(a.preferred->count()) : Json()}, {"valid", a.valid ? Json(a.valid->count()) : Json()}});
    if (const auto use = kernel.use_tempaddr(a.interface)) out["use_tempaddr"][a.interface] = *use;
  }
  for (const auto& r : kernel.routes())
    out["routes"].push_back({{"to", r.to.text()}, {"via", optional(r.via)}, {"source", optional(r.source)}, {"interface", r.interface},
                             {"table", r.table}, {"metric", r.metric}, {"refuses", r.refuses}});
  for (int i = 3; i < argc; ++i) out["choices"][argv[i]] = choice(kernel, argv[i]);
  const auto translations = kernel.translations();
  out["nat_unseen"] = translations ? "" : translations.error().message;
  out["nat"] = Json::array();
  if (translations)
    for (const auto& one : *translations) out["nat"].push_back(one.text);
  return out;
}

Json place(const host::Place& one) {
  return {{"container", one.container}, {"pid", one.pid}, {"own_network", one.own_network}, {"root", one.root}, {"hidden", one.hidden}, {"assumed", one.assumed}};
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  Json out;
  if (what == "kernel" && argc > 2) {
    const bool own = argv[2] == std::string("own");
    auto kernel = own ? base::Expected<std::unique_ptr<host::Kernel>>(host::own_kernel()) : host::kernel_of(std::atoi(argv[2]));
    out = kernel ? kernel_facts(**kernel, argc, argv) : Json{{"fault", kernel.error().message}};
  } else if (what == "places") {
    out["places"] = Json::array();
    for (const auto& one : host::find_places()) out["places"].push_back(place(one));
    for (int i = 2; i < argc; ++i) {
      const auto found = host::find_container(argv[i]);
      out["called"][argv[i]] = found ? place(*found) : Json{{"fault", found.error().message}};
    }
  } else {
    return 64;
  }
  fmt::print("{}\n", out.dump(1));
  return 0;
}
