#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using doctor::Options;
using Set = base::Expected<bool>;

Set outside(Options& options, const std::string& value) {
  const auto address = net::Address::parse(value);
  if (!address) return base::fault(address.error().message);
  for (const auto& other : options.outside)
    if (other.family() == address->unmapped().family()) return base::fault("one of each family is enough");
  options.outside.push_back(address->unmapped());
  return true;
}

constexpr OptionRow<Options> rows[] = {
    {"--config-dir", "DIR", "a mail server's folder or file, the folder of mailcow or the like, or another root", "",
     [](Options& o, const std::string& v) -> Set { o.config_dir = v; return true; }},
    {"--container", "NAME", "look inside this container: its network, its files", "",
     [](Options& o, const std::string& v) -> Set { o.container = v; return true; }},
    {"--public", "ADDRESS", "what receivers see, where a router or a container hides it; once for each family", "", outside},
    {"--dest", "DOMAIN", "a recipient's domain whose way out is looked at too; repeatable", "",
     [](Options& o, const std::string& v) -> Set { o.destinations.push_back(v); return true; }},
    {"--mail-from", "ADDRESS", "the envelope sender that SPF is looked at for (default: the mail server's own domain)", "",
     [](Options& o, const std::string& v) -> Set { o.mail_from = v; return true; }},
    {"--log", "FILE", "the mail log, where the configuration does not tell it; repeatable", "",
     [](Options& o, const std::string& v) -> Set { o.logs.push_back(v); return true; }},
    {"--observe", "", "send one test mail (asks first), and compare what became of it with what was predicted", "",
     [](Options& o, const std::string&) -> Set { o.observe = true; return true; }},
    {"--send-to", "ADDRESS", "who gets the test mail of --observe", "",
     [](Options& o, const std::string& v) -> Set { o.send_to = v; return true; }},
    {"--write", "", "make the first change that is proposed (asks first; each file's former content is kept beside it)", "",
     [](Options& o, const std::string&) -> Set { o.write = true; return true; }},
    {"-y,--yes", "", "do not ask", "", [](Options& o, const std::string&) -> Set { o.yes = true; return true; }},
    {"--format", "FORMAT", "text or json", "", [](Options& o, const std::string& v) { return text_or_json(o, v); }},
};

}  // namespace

std::span<const OptionRow<Options>> doctor_options() { return rows; }

}  // namespace fcrdns::cli
