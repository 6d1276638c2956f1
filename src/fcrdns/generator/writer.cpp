#include "fcrdns/generator/writer.hpp"

#include <algorithm>

#include "fcrdns/generator/writer_text.hpp"

namespace fcrdns::generator {
namespace {

struct FormatRow {
  Format format;
  std::string_view word;
  std::unique_ptr<Writer> (*make)(Sink sink);
};
constexpr FormatRow formats[] = {
    {Format::bind, "bind", make_bind_writer},
    {Format::nsupdate, "nsupdate", make_nsupdate_writer},
    {Format::csv, "csv", make_csv_writer},
    {Format::json, "json", make_json_writer},
    {Format::terraform, "terraform", make_terraform_writer},
    {Format::octodns, "octodns", make_octodns_writer},
    {Format::dnscontrol, "dnscontrol", make_dnscontrol_writer},
};

const FormatRow& row_of(Format format) { return *std::ranges::find(formats, format, &FormatRow::format); }

}  // namespace

std::optional<Format> parse_format(std::string_view word) {
  const auto row = std::ranges::find(formats, word, &FormatRow::word);
  return row == std::end(formats) ? std::nullopt : std::optional(row->format);
}

std::string_view to_word(Format format) { return row_of(format).word; }

std::unique_ptr<Writer> make_writer(Format format, Sink sink) { return row_of(format).make(std::move(sink)); }

}  // namespace fcrdns::generator
