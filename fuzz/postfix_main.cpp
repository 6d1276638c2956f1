#include "fcrdns/host/postfix_config.hpp"
#include "fcrdns/host/postfix_edit.hpp"
#include "fcrdns/host/postfix_table.hpp"
#include "fuzz.hpp"

using namespace fcrdns::host::postfix;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fcrdns::fuzz::text_of(data, size);
  Instance instance;
  instance.folder = "/etc/postfix";
  instance.names.hostname = "mail.example.com";
  instance.main = parse_main(text, "/etc/postfix/main.cf", instance.problems);
  for (const auto* const name : {"myhostname", "mydomain", "smtp_helo_name", "inet_protocols", "transport_maps", "relay_domains", "syslog_name"}) {
    const auto value = instance.value(name).value;
    for (const auto& word : split_words(value, list_space)) (void)addresses_of(word.inside());
  }
  Problems none;
  const auto changed = parse_main(with_parameter(text, "smtp_helo_name", "out.example.com"), "", none);
  if (const auto set = changed.find("smtp_helo_name"); set == changed.end() || set->second.value != "out.example.com") std::abort();
  if (parse_main(with_parameter(text, "smtp_helo_name", std::nullopt), "", none).contains("smtp_helo_name")) std::abort();
  return 0;
}
