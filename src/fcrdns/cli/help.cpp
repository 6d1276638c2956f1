#include "fcrdns/cli/help.hpp"

#include <fmt/format.h>

#include "fcrdns/apply/backend.hpp"
#include "fcrdns/base/data_files.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/classify.hpp"
#include "fcrdns/finding/finding.hpp"
#include "fcrdns/report/table.hpp"

namespace fcrdns::cli {

int say(std::string_view message, int code) {
  fmt::print(stderr, "fcrdns: {}\n", message);
  return code;
}

int help_finding(const Arguments& arguments) {
  const auto id = arguments.size() > 2 ? arguments[2] : std::string();
  if (const auto page = base::data_file("findings/" + id + ".md"); page && !id.empty()) {
    fmt::print("{}", *page);
    return report::ok;
  }
  const auto* between = id.empty() ? "\n" : ", ";
  std::string known;
  for (const auto each : finding::all_ids()) known += fmt::format("{}{}", known.empty() ? "" : between, finding::to_word(each));
  if (!id.empty()) return say("no finding is called '" + base::escape(id, 40) + "'; there are: " + known);
  fmt::print("{}\n", known);
  return report::ok;
}

int help_code(const Arguments& arguments) {
  std::string text;
  for (std::size_t i = 2; i < arguments.size(); ++i) text += (text.empty() ? "" : " ") + arguments[i];
  if (const auto* word = bounce::explain_code(text); word != nullptr && !text.empty()) {
    fmt::print("{}\n\n{}\n{}\n({})\n", word->code, report::wrap(word->meaning, 0), report::wrap(word->way_on, 0), word->source);
    return report::ok;
  }
  std::string known;
  for (const auto& code : bounce::known_codes()) known += (known.empty() ? "" : " ") + code;
  if (!text.empty()) return say("nothing is known of the code '" + base::escape(text, 40) + "'; there are: " + known);
  fmt::print("{}", report::wrap(known, 0));
  return report::ok;
}

int help_backends() {
  for (const auto& backend : apply::backends()) {
    fmt::print("{}  ({}{}{})\n  {}\n", backend.id, backend.forward ? "forward" : "", backend.forward && backend.ptr ? ", " : "",
               backend.ptr ? "ptr" : "", backend.summary);
    for (const auto& setting : backend.settings) fmt::print("  --set {}=...  {}\n", setting.key, setting.help);
    std::string variables;
    for (const auto variable : backend.environment) variables += (variables.empty() ? "" : ", ") + std::string(variable);
    fmt::print("  --secret FILE{}\n\n", variables.empty() ? "" : ", or in the environment: " + variables);
  }
  return report::ok;
}

}  // namespace fcrdns::cli
