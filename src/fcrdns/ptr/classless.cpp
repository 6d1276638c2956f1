// `fcrdns ptr --classless FORM PREFIX --nameserver NS...`, and each form by example.
#include "fcrdns/generator/classless.hpp"

#include <fmt/format.h>

#include "fcrdns/generator/pair.hpp"
#include "fcrdns/ptr/jobs.hpp"

namespace fcrdns::ptr {
namespace {

using generator::Form;

/// What each form is written like, and who it is for.
struct Example {
  Form form;
  std::string_view word;
  std::string_view note;
};
constexpr Example examples[] = {
    {Form::range, "range", "first and last address: reads best, most common"},
    {Form::dash, "dash", "first address and length"},
    {Form::slash, "slash", "as RFC 2317 has it; some panels and tools refuse the slash"},
    {Form::rfc4183, "rfc4183", "as dash; also for prefixes shorter than /24 (DNAME)"},
    {Form::label, "label=subnet0", "any label you and the parent agree on"},
    {Form::zone, "zone=rev.example.com", "a zone of your own: the parent has aliases only"},
};

}  // namespace

int show_forms(const net::Prefix& prefix, const Options& options) {
  if (options.json) return refuse("--classless without a form is a page to read; give the form for JSON");
  generator::ZoneHead head = head_of(options);
  if (head.nameservers.empty()) head.nameservers = {*dns::Name::parse("ns1.example.net"), *dns::Name::parse("ns2.example.net")};
  std::string text, why;
  for (const auto& example : examples) {
    const auto plan = generator::plan_classless(prefix, *generator::parse_child_name(example.word), head);
    if (!plan) {
      why = plan.error().message;
      continue;
    }
    text += fmt::format("--classless {:<22} {}\n", example.word, example.note);
    text += fmt::format("    child   {}\n", plan->child.text());
    std::size_t aliases = 0;
    for (const auto& record : plan->records) {
      if (record.type != dns::Type::ns && ++aliases > 1) break;
      text += fmt::format("    parent  {}\n", to_text(record));
    }
    const auto more = plan->records.size() - (example.form == Form::zone ? 0 : head.nameservers.size()) - 1;
    text += more == 0 ? "\n" : fmt::format("            and {} more\n\n", more);
  }
  if (text.empty()) return refuse(why);
  text += fmt::format("The records, and the child zone to fill: fcrdns ptr --classless FORM {} --nameserver NAME...\n", prefix.text());
  report::Output output(options.quiet);
  output.write(text);
  return written(output);
}

int show_classless(const Words& words, const Options& options) {
  const auto name = generator::parse_child_name(*options.classless);
  if (!name) return refuse("--classless " + name.error().message);
  if (options.nameservers.empty() && name->form != Form::zone)
    return refuse("a child zone needs name servers: --nameserver ns1.example.com ns2.example.com");
  const auto head = head_of(options);
  const auto plan = generator::plan_classless(words.block, *name, head);
  if (!plan) return refuse(plan.error().message);
  std::optional<generator::NameTemplate> names;
  if (options.name_template) {
    auto parsed = generator::NameTemplate::parse(*options.name_template, words.block.base.family());
    if (!parsed) return refuse("--name-template " + parsed.error().message);
    names = *std::move(parsed);
  }
  if (options.side == Side::child && !names && head.nameservers.empty())
    return refuse("nothing to write into the child: give --name-template, or --nameserver for a whole zone");

  report::Output output(options.quiet);
  const auto writer = generator::make_writer(format_of(options), sink_to(output));
  if (options.side != Side::child) generator::write_parent(*plan, head, *writer);
  if (options.side != Side::parent && (names || !head.nameservers.empty()))
    if (const auto done = generator::write_child(*plan, names, head, *writer); !done) return refuse(done.error().message);
  writer->end();
  return written(output);
}

}  // namespace fcrdns::ptr
