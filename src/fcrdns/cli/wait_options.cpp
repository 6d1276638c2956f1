#include "fcrdns/cli/options.hpp"

namespace fcrdns::cli {
namespace {

using wait::Options;
using Set = base::Expected<bool>;

constexpr OptionRow<Options> rows[] = {
    {"--no-bell", "", "do not ring", "", [](Options& o, const std::string&) -> Set { o.bell = false; return true; }},
};

}  // namespace

std::span<const OptionRow<Options>> wait_options() { return rows; }

}  // namespace fcrdns::cli
