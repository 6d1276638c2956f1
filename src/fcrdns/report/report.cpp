#include "fcrdns/report/report.hpp"

#include <algorithm>
#include <array>

#include "fcrdns/report/redact.hpp"
#include "fcrdns/report/renderers.hpp"

namespace fcrdns::report {

std::optional<Format> parse_format(std::string_view word) {
  static constexpr std::array<std::string_view, 5> words{"text", "json", "markdown", "html", "nagios"};
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Format>(found - words.begin());
}

std::unique_ptr<Renderer> make_renderer(Format format, const Style& style) {
  if (style.redact) {
    auto plain = style;
    plain.redact = false;
    return redacting(make_renderer(format, plain));
  }
  switch (format) {
    case Format::text: return make_text(style);
    case Format::json: return make_json(style);
    case Format::markdown: return make_markdown(style);
    case Format::html: return make_html();
    case Format::nagios: return make_nagios();
  }
  return nullptr;
}

}  // namespace fcrdns::report
