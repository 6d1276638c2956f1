#include "fcrdns/explanation/render.hpp"

#include <fmt/format.h>

#include "fcrdns/base/text.hpp"
#include "fcrdns/explanation/blocks.hpp"
#include "fcrdns/explanation/words.hpp"
#include "fcrdns/base/markup.hpp"
#include "fcrdns/report/text_parts.hpp"

namespace fcrdns::explanation {
namespace {

using Kind = Block::Kind;

std::string indented(std::string_view lines, std::size_t by) {
  std::string out;
  for (const auto line : base::split(lines, '\n'))
    if (!line.empty()) out += std::string(by, ' ') + std::string(line) + "\n";
  return out;
}

std::string as_text(const Block& block, report::Renderer& check, const report::Colours& colours) {
  switch (block.kind) {
    case Kind::headline: return std::string(colours.bold) + report::wrap(block.text, 0) + std::string(colours.off);
    case Kind::paragraph: return report::wrap(block.text, 2);
    case Kind::table: return "\n" + report::table(block.rows, 2);
    case Kind::chart: return "\n" + indented(block.text, 2);
    case Kind::check: return check.result(*block.result);
  }
  return "";
}

std::string as_markdown(const Block& block, report::Renderer& check) {
  const auto row = [](const report::Row& cells) {
    std::string out = "|";
    for (const auto& cell : cells) out += " " + base::markdown_escaped(cell) + " |";
    return out + "\n";
  };
  switch (block.kind) {
    case Kind::headline: return "**" + base::markdown_escaped(block.text) + "**\n\n";
    case Kind::paragraph: return base::markdown_escaped(block.text) + "\n\n";
    case Kind::table: {
      std::string out = row(block.rows.front()) + "|";
      for (std::size_t i = 0; i < block.rows.front().size(); ++i) out += "---|";
      out += "\n";
      for (std::size_t i = 1; i < block.rows.size(); ++i) out += row(block.rows[i]);
      return out + "\n";
    }
    case Kind::chart: return indented(block.text, 4) + "\n";
    case Kind::check: return check.result(*block.result);
  }
  return "";
}

std::string as_html(const Block& block, report::Renderer& check) {
  switch (block.kind) {
    case Kind::headline: return "<p><strong>" + base::html_escaped(block.text) + "</strong></p>\n";
    case Kind::paragraph: return "<p>" + base::html_escaped(block.text) + "</p>\n";
    case Kind::table: {
      std::string out = "<table>\n";
      for (const auto& row : block.rows) {
        const auto* tag = &row == &block.rows.front() ? "th" : "td";
        out += "<tr>";
        for (const auto& cell : row) out += fmt::format("<{0}>{1}</{0}>", tag, base::html_escaped(cell));
        out += "</tr>\n";
      }
      return out + "</table>\n";
    }
    case Kind::chart: return "<pre>" + base::html_escaped(block.text) + "</pre>\n";
    case Kind::check: return check.result(*block.result);
  }
  return "";
}

/// A cell of a list: what others wrote, without anything that could end the cell.
std::string cell(std::string_view text) { return text.empty() ? "-" : base::escape(text, 255); }

}  // namespace

std::string render(const Explanation& explanation, report::Format format, const Look& look) {
  const auto check = report::make_renderer(format, look.style);
  std::string out = check->begin();
  bool first = true;
  for (const auto& block : blocks(explanation, look)) {
    switch (format) {
      case report::Format::markdown: out += as_markdown(block, *check); break;
      case report::Format::html: out += as_html(block, *check); break;
      default:
        if (!first && (block.kind == Kind::headline || block.kind == Kind::check)) out += "\n";
        out += as_text(block, *check, report::colours_of(look.style));
    }
    first = false;
  }
  return out + check->end(explanation.exit_code);
}

std::string list_line(const bounce::Claim& claim) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", claim.time ? base::to_rfc3339(*claim.time) : "-", cell(claim.queue_id), cell(claim.sender),
                     cell(claim.recipient), cell(claim.meaning.receiver.empty() ? std::string_view(claim.remote_mta) : claim.meaning.receiver),
                     codes_text(claim.reply), to_word(claim.meaning.cause()), claim.address ? claim.address->text() : "-");
}

}  // namespace fcrdns::explanation
