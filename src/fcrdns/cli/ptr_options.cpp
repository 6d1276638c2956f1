#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using ptr::Options;
using Set = base::Expected<bool>;

constexpr OptionRow<Options> rows[] = {
    {"--json", "", "one JSON document on standard output", "", [](Options& o, const std::string&) -> Set { o.json = true; return true; }},
};

}  // namespace

std::span<const OptionRow<Options>> ptr_options() { return rows; }

}  // namespace fcrdns::cli
