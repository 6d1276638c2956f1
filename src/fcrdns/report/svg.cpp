// The ladder as a picture. Boxes stand below one another, so that names as long as the DNS allows find room.
#include <fmt/format.h>

#include <algorithm>

#include "fcrdns/report/ladder.hpp"
#include "fcrdns/base/markup.hpp"

namespace fcrdns::report {
namespace {

// Of a 13 px monospace face, with room for wider ones.
constexpr std::size_t letter = 8, padding = 12, box_height = 28, gap = 18, margin = 8;
constexpr std::size_t longest = 110;

/// Colours that read on a light and on a dark ground.
constexpr std::string_view style =
    "<style>"
    ".fl rect{fill:#f4f6f8;stroke:#8a949e}.fl text{font:13px ui-monospace,monospace;fill:#1f2328}"
    ".fl .n{fill:#59636e}.fl line{stroke:#8a949e}.fl .x rect{fill:#ffebe9;stroke:#cf222e;stroke-width:2}"
    ".fl .x text{fill:#a40e26}"
    "@media(prefers-color-scheme:dark){.fl rect{fill:#21262d;stroke:#7d8590}.fl text{fill:#e6edf3}.fl .n{fill:#9198a1}"
    ".fl line{stroke:#7d8590}.fl .x rect{fill:#3d1214;stroke:#f85149}.fl .x text{fill:#ffa198}}"
    "</style>";

std::string cut(const std::string& text) { return text.size() <= longest ? text : text.substr(0, longest - 3) + "..."; }

struct Box {
  std::string label, note;
  bool broken;
  [[nodiscard]] std::size_t letters() const { return label.size() + (note.empty() ? 0 : note.size() + 3) + (broken ? 2 : 0); }
};

}  // namespace

std::string ladder_svg(std::span<const Rung> rungs, std::string_view title) {
  std::vector<Box> boxes;
  std::size_t width = 2 * margin;
  for (const auto& rung : rungs) {
    boxes.push_back({cut(rung.label), cut(rung.note), rung.broken});
    width = std::max(width, boxes.back().letters() * letter + 2 * padding + 2 * margin);
  }
  const auto height = 2 * margin + boxes.size() * (box_height + gap) - (boxes.empty() ? 0 : gap);
  auto out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fl\" role=\"img\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">"
      "<title>{2}</title>{3}",
      width, height, base::html_escaped(title), style);
  auto y = margin;
  for (const auto& box : boxes) {
    const auto box_width = box.letters() * letter + 2 * padding;
    if (&box != boxes.data())
      out += fmt::format("<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>", margin + 2 * padding, y - gap, y);
    out += fmt::format("<g{}><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\"/>", box.broken ? " class=\"x\"" : "",
                       margin, y, box_width, box_height);
    out += fmt::format("<text x=\"{}\" y=\"{}\" xml:space=\"preserve\">{}{}", margin + padding, y + 19, box.broken ? "&#10007; " : "",
                       base::html_escaped(box.label));
    if (!box.note.empty()) out += "<tspan class=\"n\"> (" + base::html_escaped(box.note) + ")</tspan>";
    out += "</text></g>";
    y += box_height + gap;
  }
  return out + "</svg>";
}

}  // namespace fcrdns::report
