// The renderings, one file each; report.cpp's make_renderer picks.
#pragma once

#include <memory>

#include "fcrdns/report/report.hpp"

namespace fcrdns::report {

[[nodiscard]] std::unique_ptr<Renderer> make_text(const Style& style);
[[nodiscard]] std::unique_ptr<Renderer> make_json(const Style& style);
[[nodiscard]] std::unique_ptr<Renderer> make_markdown(const Style& style);
[[nodiscard]] std::unique_ptr<Renderer> make_html();
[[nodiscard]] std::unique_ptr<Renderer> make_nagios();

}  // namespace fcrdns::report
