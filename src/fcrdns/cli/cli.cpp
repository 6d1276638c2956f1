// The only file that sees CLI11. Commands are rows; what is no command goes through the front door, which finds out
// what it was given.
#include "fcrdns/cli/cli.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>

#include "fcrdns/base/text.hpp"
#include "fcrdns/cli/front_door.hpp"
#include "fcrdns/cli/help.hpp"
#include "fcrdns/cli/options.hpp"
#include "fcrdns/lab/lab.hpp"
#include "fcrdns/report/report.hpp"

namespace fcrdns::cli {
namespace {

constexpr std::string_view version = FCRDNS_VERSION;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;
  std::string_view examples;
  int (*run)(const Command&, const Arguments&);
};

int check(const Command&, const Arguments&);
int explain(const Command&, const Arguments&);
int ptr(const Command&, const Arguments&);
int fix(const Command&, const Arguments&);
int wait(const Command&, const Arguments&);
int doctor(const Command&, const Arguments&);
int scan(const Command&, const Arguments&);
int lab(const Command&, const Arguments&);

constexpr Command commands[] = {
    {"check", "does the address lead back to itself, and if not, why and what mends it", "fcrdns check [OPTION...] SUBJECT...",
     "A SUBJECT is an address in any spelling, a reverse name, a host name, a mail domain or address, a prefix up to /24\n"
     "(or /120), or - for a list on standard input.\n\n"
     "Examples:\n"
     "  fcrdns 203.0.113.5                     an address\n"
     "  fcrdns mail.example.com                every A and AAAA address of a host\n"
     "  fcrdns postmaster@example.com          the hosts that a domain's MX and SPF name: which of these sends?\n"
     "  fcrdns 203.0.113.64/29                 every address of a block\n"
     "  fcrdns --expect mail.example.com 203.0.113.5   before a new address sends\n"
     "  fcrdns --mail-from user@example.com 203.0.113.5   does the sender's SPF let it send\n"
     "  fcrdns check --json - < addresses      a list, as one JSON document\n"
     "  fcrdns check --format nagios mail.example.com\n\n"
     "Exit codes: 0 all pass, 1 something fails, 2 undetermined (DNS trouble), 64 usage, 70 internal, 74 input or output.",
     check},
    {"explain", "from a bounce, a DSN or a mail log to the cause, and whether it still holds", "fcrdns explain [OPTION...] [FILE...|-]",
     "A FILE is a bounce (.eml), an mbox or Maildir, a mail log (Postfix, Exim, Sendmail, OpenSMTPD, qmail, PowerMTA,\n"
     "KumoMTA, journald, docker; also .gz, .xz, .zst), or pasted text; - and no FILE at all are standard input. What\n"
     "it is, is found out. Then the addresses that were refused for their reverse DNS are checked.\n\n"
     "Examples:\n"
     "  fcrdns bounce.eml                          a bounce\n"
     "  fcrdns < pasted.txt                        what you copied from somewhere\n"
     "  fcrdns explain --summary /var/log/mail.log counts, a chart, and the check\n"
     "  journalctl -o json | fcrdns                the journal\n"
     "  fcrdns explain --list --since 2d /var/log/mail.log   whose mails to send again\n"
     "  fcrdns explain -f /var/log/mail.log        as it happens\n\n"
     "Exit codes: 0 nothing to do (mended since, not yours, the receiver's fault, or nothing was refused), 1 still broken\n"
     "(--no-check: refused for reverse DNS), 2 undetermined, 3 refused for another reason, 64 usage, 70 internal, 74 input or output.",
     explain},
    {"ptr", "reverse names, record pairs, reverse zones and delegations, ready to paste", "fcrdns ptr [OPTION...] ADDRESS [HOSTNAME] | PREFIX | REVERSE-NAME | --from SOURCE FILE...",
     "Asks no DNS. What it prints loads in a name server, or can be pasted into its zones.\n\n"
     "Examples:\n"
     "  fcrdns ptr 203.0.113.5                     the reverse name\n"
     "  fcrdns ptr 5.113.0.203.in-addr.arpa        the other way; of a zone its prefix\n"
     "  fcrdns ptr - < addresses                   a list, a line each\n"
     "  fcrdns ptr 203.0.113.5 mail.example.com    the PTR and the A that belong together; -v for panels, --json for scripts\n"
     "  fcrdns ptr 2001:db8:0:8::/61               the reverse zones that cover it\n"
     "  fcrdns ptr 10.20.0.0/23 --nameserver ns1.example.com ns2.example.com     their delegation\n"
     "  fcrdns ptr 10.20.1.0/24 --nameserver ns1.example.com --name-template 'host-{ip}.example.com'     a whole zone\n"
     "  fcrdns ptr --classless 203.0.113.64/29     a part of a zone: the forms there are\n"
     "  fcrdns ptr --classless range 203.0.113.64/29 --nameserver ns1.example.com ns2.example.com\n"
     "  fcrdns ptr --from hosts /etc/hosts --format nsupdate\n\n"
     "Exit codes: 0 done, 64 usage (or lines of --from that cannot be read), 70 internal, 74 input or output.",
     ptr},
    {"fix", "the records that mend it, in order, with the owner's own steps; on request put in place", "fcrdns fix [OPTION...] ADDRESS HOSTNAME",
     "Without --apply it prints the plan and changes nothing. With it, each step is journalled, put in place by the back end\n"
     "that --via names, and looked for on every server; a step without a back end is yours to do, and is waited for. Run\n"
     "again after an interruption it goes on where it stopped; what is there already is left alone.\n\n"
     "Examples:\n"
     "  fcrdns fix 203.0.113.5 mail.example.com                          the plan, with your provider's own steps\n"
     "  fcrdns fix 203.0.113.5 mail.example.com --owner hetzner-cloud    when you know better who provides the address\n"
     "  fcrdns fix 203.0.113.5 mail.example.com --ticket --language de   a letter to whoever owns the reverse zone\n"
     "  fcrdns fix 203.0.113.5 mail.example.com --apply --via rfc2136 --secret update.key\n"
     "  fcrdns fix 203.0.113.5 mail.example.com --apply --via forward=powerdns --via ptr=hetzner-cloud\n"
     "  fcrdns fix 203.0.113.5 mail.example.com --undo                   what stood there before\n\n"
     "Exit codes: 0 verified everywhere (or the plan was printed), 1 a step failed, is not visible afterwards or cannot be done,\n"
     "2 could not be decided, 64 usage, 70 internal, 74 unreachable, secret unreadable, input or output.", fix},
    {"wait", "wait until every server and cache shows the new record, and ring", "fcrdns wait [OPTION...] ADDRESS HOSTNAME",
     "Looks at every server of both zones, then, once they show the records, into the caches that can be seen (without making\n"
     "them ask), and ends when no cache can hold the old answer any more. Without --timeout it waits as long as that takes.\n\n"
     "Examples:\n"
     "  fcrdns wait 203.0.113.5 mail.example.com                     a live table; rings when it is safe to send\n"
     "  fcrdns wait 203.0.113.5 mail.example.com && postqueue -f     then send what waits in the queue\n"
     "  fcrdns wait --since 20min 203.0.113.5 mail.example.com       the change was made 20 minutes ago\n"
     "  fcrdns wait --cache 192.0.2.53 203.0.113.5 mail.example.com  what does this resolver still hold?\n"
     "  fcrdns wait --until earliest --timeout 10min --json 203.0.113.5 mail.example.com\n\n"
     "Exit codes: 0 safe to send, 2 not safe when --timeout was over, 64 usage, 70 internal, 74 input or output, 130 Ctrl-C.",
     wait},
    {"doctor", "on the mail host: by which ways mail really leaves, and a check of each", "fcrdns doctor [OPTION...]",
     "Reads the mail server's configuration (Postfix, Exim, OpenSMTPD, Sendmail, Haraka, Stalwart; here or in a container)\n"
     "and asks the kernel, without sending anything, which address each way would leave from. Changes nothing unless told.\n\n"
     "Examples:\n"
     "  sudo fcrdns doctor                          all of it; as an ordinary user what may be read\n"
     "  fcrdns doctor --dest example.net            the way to this domain too\n"
     "  fcrdns doctor --public 203.0.113.5          behind a router: what receivers see\n"
     "  fcrdns doctor --config-dir /opt/mailcow-dockerized\n"
     "  fcrdns doctor --container postfix           inside a container\n"
     "  fcrdns doctor --observe --send-to you@example.net   one test mail: does it leave as predicted?\n"
     "  sudo fcrdns doctor --write                  the first change that is proposed, after a question\n\n"
     "Exit codes: 0 every way passes, 1 something fails, 2 undetermined (DNS trouble), 64 usage, 70 internal, 74 input or output.",
     doctor},
    {"scan", "a verdict for each of very many addresses, one row each, at the pace the servers bear", "fcrdns scan [OPTION...] [FILE|-|PREFIX|ADDRESS...]",
     "A FILE holds addresses or prefixes, one a line (also .gz, .xz, .zst; rows of an earlier scan); # begins a comment. The\n"
     "rows: address, iprev, the name that confirms, all names, why it is no pass, notes (generic, multiple, alias).\n\n"
     "Examples:\n"
     "  fcrdns scan 198.51.100.0/22 -o rows.tsv                    every address of a prefix, from the zones' own servers\n"
     "  fcrdns scan --resolver 192.0.2.53 list.txt > rows.tsv      a list, through a resolver\n"
     "  fcrdns scan --only broken --tags customers.csv --diff last-week.tsv 198.51.100.0/22\n"
     "  fcrdns scan --resume state -o rows.tsv.zst 10.0.0.0/8      goes on where it was interrupted\n"
     "  fcrdns scan --nats nats://queue.example.net --submit 10.0.0.0/8; fcrdns scan --nats nats://queue.example.net\n\n"
     "Exit codes: 0 every address has its row, 64 usage (or lines that are no address), 70 internal, 74 input or output, 130 Ctrl-C.",
     scan},
    {"lab", "run a command inside the built-in private internet", "fcrdns lab [OPTION...] [-- COMMAND...]",
     "Examples:\n"
     "  fcrdns lab --list                      its hosts, and what is wrong with each\n"
     "  fcrdns lab -- fcrdns 203.0.113.5       a check in there\n"
     "  fcrdns lab -- dig -x 203.0.113.5       any other program\n"
     "  fcrdns lab --plain -- sh               where namespaces cannot be had",
     lab},
};

/// Words of the interface that this version does not carry out: never taken for a host name.
constexpr std::array<std::string_view, 4> planned{"guard", "sink", "watch", "web"};

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands, name, &Command::name);
  return found == std::end(commands) ? nullptr : &*found;
}

/// Binds a table of options to CLI11 and carries out what was given, in the table's order.
template <typename Options>
class Bound {
 public:
  Bound(CLI::App& app, std::span<const OptionRow<Options>> rows) : rows_(rows), values_(rows.size()), options_(rows.size()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string flags(rows[i].flags), help(rows[i].help);
      if (rows[i].value.empty()) {
        const auto text = rows[i].environment.empty() ? help : fmt::format("{} (Env:{})", help, rows[i].environment);
        options_[i] = app.add_flag(flags, text);
        continue;
      }
      options_[i] = app.add_option(flags, values_[i], help)
                        ->type_name(std::string(rows[i].value))
                        ->type_size(1)
                        ->expected(1)
                        ->allow_extra_args(false)
                        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      if (!rows[i].environment.empty()) options_[i]->envname(std::string(rows[i].environment));
    }
  }

  /// A Fault names the option.
  base::Expected<bool> apply(Options& options) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (options_[i]->count() == 0 && !switched_on(rows_[i])) continue;
      const auto values = rows_[i].value.empty() ? std::vector<std::string>{""} : values_[i];
      for (const auto& value : values)
        if (const auto set = rows_[i].set(options, value); !set)
          return base::fault(fmt::format("{} {}: {}", rows_[i].flags, base::escape(value, 80), set.error().message));
    }
    return true;
  }
  [[nodiscard]] bool given(std::string_view flags) const {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (rows_[i].flags == flags) return options_[i]->count() > 0;
    return false;
  }

 private:
  /// A switch that the environment sets: to anything but nothing and 0.
  static bool switched_on(const OptionRow<Options>& row) {
    if (!row.value.empty() || row.environment.empty()) return false;
    const char* value = std::getenv(std::string(row.environment).c_str());
    return value != nullptr && std::string_view(value) != "" && std::string_view(value) != "0";
  }

  std::span<const OptionRow<Options>> rows_;
  std::vector<std::vector<std::string>> values_;
  std::vector<CLI::Option*> options_;
};

/// The usage line stands in the command's own row.
class Formatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override { return "\n"; }
};

void describe(CLI::App& app, const Command& command) {
  app.formatter(std::make_shared<Formatter>());
  app.description("Usage: " + std::string(command.usage) + "\n\n" + std::string(command.summary));
  app.footer("\n" + std::string(command.examples));
}

/// Empty when the arguments are understood; else the exit code, help or message printed.
std::optional<int> parse(CLI::App& app, const Command& command, const Arguments& arguments) {
  try {
    app.parse(Arguments(arguments.rbegin(), arguments.rend()));
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return report::ok;
  } catch (const CLI::ParseError& problem) {
    return say(fmt::format("{}; see fcrdns {} --help", base::escape(problem.what(), 300), command.name));
  }
}

/// Another tree than the public one may hold what the public one cannot.
bool asks_another_tree(const diagnosis::Settings& settings) {
  return !settings.resolver.resolvers.empty() || !settings.resolver.root_hints.empty();
}

/// Dead servers take long to prove: who watches may wait for it, a script not so long, a monitoring system hardly at all.
base::Milliseconds walk_budget(const check::Options& options) {
  if (options.format == report::Format::nagios) return base::Seconds{7};
  return ::isatty(STDOUT_FILENO) == 1 ? base::Seconds{30} : base::Seconds{10};
}

int check(const Command& command, const Arguments& arguments) {
  CLI::App app;
  describe(app, command);
  check::Options options;
  const Bound own(app, check_options());
  const Bound common(app, common_options());
  app.add_option("SUBJECT", options.subjects, "an address, a reverse name, a host, a domain, a prefix, or - for a list");
  if (const auto code = parse(app, command, arguments)) return *code;

  auto applied = own.apply(options);
  if (applied) applied = common.apply(options);
  if (!applied) return say(applied.error().message);
  if (options.evidence.mail_from == "" && !options.evidence.helo)
    return say("--mail-from <>: the null sender is judged by the name said in HELO; give --helo NAME too");
  if (options.subjects.empty() && options.replay.empty())
    return say("nothing to check: give an address, a host, or - for a list on standard input; see fcrdns check --help");
  if (!options.subjects.empty() && !options.replay.empty()) return say("--replay takes its subjects from the file: give no others");
  if (options.format == report::Format::nagios) {
    if (!common.given("--timeout")) options.evidence.timeout = base::Milliseconds{7000};
    options.evidence.rdap = false;  // one line tells no owner, and a registry is no monitoring target
  }
  options.evidence.walk_budget = walk_budget(options);
  options.evidence.ask_special = asks_another_tree(options);
  return check::run(options);
}

int explain(const Command& command, const Arguments& arguments) {
  CLI::App app;
  describe(app, command);
  explain::Options options;
  const Bound own(app, explain_options());
  const Bound common(app, common_options());
  app.add_option("FILE", options.paths, "bounces, mailboxes, logs; - for standard input");
  if (const auto code = parse(app, command, arguments)) return *code;

  options.read.now = base::wall_now();
  auto applied = own.apply(options);
  if (applied) applied = common.apply(options);
  if (!applied) return say(applied.error().message);
  options.evidence.walk_budget = base::Seconds{::isatty(STDOUT_FILENO) == 1 ? 30 : 10};
  options.evidence.ask_special = asks_another_tree(options);
  // Text is told from a file by what nobody calls a file.
  if (options.paths.size() == 1 && reads_like_a_message(options.paths.front())) options.text = options.paths.front();
  if (options.paths.empty() && ::isatty(STDIN_FILENO) == 1) fmt::print(stderr, "Paste the bounce, then end with Ctrl-D:\n");
  return explain::run(options);
}

/// `--classless` without the form's name asks for all forms.
Arguments with_form(Arguments arguments) {
  for (std::size_t i = arguments.size(); i-- > 0;)
    if (arguments[i] == "--classless" && (i + 1 == arguments.size() || arguments[i + 1].empty() || arguments[i + 1].starts_with('-'))) {
      if (i + 1 < arguments.size() && arguments[i + 1].empty()) arguments[i + 1] = "forms";
      else arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, "forms");
    }
  return arguments;
}

/// YYYYMMDDnn (RFC 1912 2.2), nn the quarter of an hour: it grows from one run to the next, and people can read it.
std::uint32_t serial_of(base::WallTime now) {
  const auto days = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(days);
  const auto quarter = std::chrono::duration_cast<std::chrono::minutes>(now - days).count() / 15;
  return ((static_cast<std::uint32_t>(static_cast<int>(date.year())) * 100 + static_cast<unsigned>(date.month())) * 100 + static_cast<unsigned>(date.day())) * 100 +
         static_cast<std::uint32_t>(quarter);
}

int ptr(const Command& command, const Arguments& arguments) {
  CLI::App app;
  describe(app, command);
  ptr::Options options;
  const Bound own(app, ptr_options());
  app.add_option("ARG", options.words, "an address and perhaps its host name, a prefix, a reverse name; with --from: files");
  if (const auto code = parse(app, command, with_form(arguments))) return *code;
  options.soa.serial = serial_of(base::wall_now());
  if (const auto applied = own.apply(options); !applied) return say(applied.error().message);
  return ptr::run(options);
}

/// What stands beside the options of a command.
template <typename Options>
struct Words {
  std::vector<std::string> Options::*slot;
  std::string_view placeholder, help;
};

/// A command that asks the DNS: its own options, those of all that do, perhaps words. `after` runs what is understood.
template <typename Options, typename After>
int asking(const Command& command, const Arguments& arguments, std::span<const OptionRow<Options>> rows,
           std::optional<Words<Options>> words, After after) {
  CLI::App app;
  describe(app, command);
  Options options;
  const Bound own(app, rows);
  const Bound common(app, common_options());
  if (words) app.add_option(std::string(words->placeholder), options.*words->slot, std::string(words->help));
  if (const auto code = parse(app, command, arguments)) return *code;
  auto applied = own.apply(options);
  if (applied) applied = common.apply(options);
  return applied ? after(options, common) : say(applied.error().message);
}

constexpr std::string_view goal = "the address, and the host name it is to bear";

int fix(const Command& command, const Arguments& arguments) {
  return asking<fix::Options>(command, arguments, fix_options(), {{&fix::Options::words, "ARG", goal}}, [](fix::Options& options, const auto&) {
    options.evidence.walk_budget = base::Seconds{::isatty(STDOUT_FILENO) == 1 ? 30 : 10};
    options.evidence.ask_special = asks_another_tree(options);
    return fix::run(options);
  });
}

int wait(const Command& command, const Arguments& arguments) {
  return asking<wait::Options>(command, arguments, wait_options(), {{&wait::Options::words, "ARG", goal}}, [](wait::Options& options, const auto& common) {
    if (common.given("--timeout")) options.longest = options.evidence.timeout;
    return wait::run(options);
  });
}

int doctor(const Command& command, const Arguments& arguments) {
  return asking<doctor::Options>(command, arguments, doctor_options(), {}, [](doctor::Options& options, const auto&) {
    options.evidence.walk_budget = base::Seconds{::isatty(STDOUT_FILENO) == 1 ? 30 : 10};
    options.evidence.ask_special = asks_another_tree(options);
    return doctor::run(options);
  });
}

int scan(const Command& command, const Arguments& arguments) {
  return asking<scan::Options>(command, arguments, scan_options(),
                               {{&scan::Options::sources, "SOURCE", "files, prefixes, addresses; - for standard input"}},
                               [&](scan::Options& options, const auto&) {
                                 const auto names_resolver = [](const std::string& word) { return word == "--resolver" || word.starts_with("--resolver="); };
                                 if (options.iterate && std::ranges::any_of(arguments, names_resolver))
                                   return say("--iterate asks the zones' own servers, --resolver a resolver: give one of them");
                                 if (options.iterate) options.resolver.resolvers.clear();  // those of the environment
                                 options.evidence.ask_special = asks_another_tree(options);
                                 return scan::run(options);
                               });
}

int lab(const Command& command, const Arguments& arguments) {
  CLI::App app;
  describe(app, command);
  lab::Options options;
  bool list = false, json = false;
  app.add_flag("--list", list, "its hosts, and what is wrong with each");
  app.add_flag("--json", json, "with --list: as JSON");
  app.add_flag("--plain", options.plain, "no namespaces: the same world through a resolver on a loopback port");
  app.add_option("--world", options.world, "another world than the built-in one: its name, or a file")->type_name("WORLD");
  app.add_option("COMMAND", options.command, "what to run inside (default: your shell)");
  if (const auto code = parse(app, command, arguments)) return *code;
  // CLI11 takes "[...]" for a list of its own: what is to be run stays as it was given.
  if (const auto dashes = std::ranges::find(arguments, "--"); dashes != arguments.end()) options.command.assign(dashes + 1, arguments.end());

  if (list) {
    const auto world = lab::load(options.world);
    if (!world) return say(world.error().message, report::input_output);
    fmt::print("{}", lab::list(*world, json));
    return report::ok;
  }
  const auto code = lab::run(options);
  return code ? *code : say(code.error().message, report::input_output);
}

int overview(std::FILE* out) {
  fmt::print(out, "Usage: fcrdns ADDRESS|HOST|DOMAIN|PREFIX...\n       fcrdns BOUNCE|MAILBOX|LOG...\n       fcrdns COMMAND [OPTION...] [ARG...]\n\n"
                  "From a bounced mail (550 5.7.25) to the reverse DNS record that mends it.\n\nCommands:\n");
  for (const auto& command : commands) fmt::print(out, "  {:<8} {}\n", command.name, command.summary);
  fmt::print(out, "  {:<8} this page, or a command's; help code CODE, help finding ID: what it means and what mends it;\n           help backends: what fix --apply works through\n\n"
                  "fcrdns COMMAND --help tells each command's options; fcrdns --version the version.\n",
             "help");
  return report::ok;
}

int help(const Arguments& arguments) {
  if (arguments.size() < 2) return overview(stdout);
  if (arguments[1] == "code") return help_code(arguments);
  if (arguments[1] == "finding") return help_finding(arguments);
  if (arguments[1] == "backends") return help_backends();
  const auto* command = find_command(arguments[1]);
  if (command == nullptr) return say("no help on '" + base::escape(arguments[1], 40) + "'; the commands: fcrdns --help");
  return command->run(*command, {"--help"});
}

/// `fcrdns ANYTHING...`
int front_door(const Arguments& arguments) {
  const auto way = way_in(arguments);
  if (way.read && !way.unasked && ::isatty(STDERR_FILENO) == 1) fmt::print(stderr, "(taken as: a bounce or a log)\n");
  const auto& command = *find_command(way.read ? "explain" : "check");
  return command.run(command, way.arguments);
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) return front_door(arguments);
  const auto& word = arguments.front();
  if (word == "--help" || word == "-h") return overview(stdout);
  if (word == "help") return help(arguments);
  if (word == "--version" || word == "-V") {
    fmt::print("fcrdns {}\n", version);
    return report::ok;
  }
  if (const auto* command = find_command(word)) return command->run(*command, {arguments.begin() + 1, arguments.end()});
  if (std::ranges::find(planned, word) != planned.end())
    return say("'" + word + "' is not part of this version; the commands: fcrdns --help");
  return front_door(arguments);
}

}  // namespace

int run(int argc, const char* const* argv) {
  try {
    return dispatch(Arguments(argv + std::min(argc, 1), argv + argc));
  } catch (const std::exception& problem) {
    fmt::print(stderr, "fcrdns: internal fault: {}; please report it with the command that led here\n", base::escape(problem.what(), 300));
    return report::internal;
  }
}

}  // namespace fcrdns::cli
