// --observe: hands one mail over, as any user of this machine would, and watches the mail server's log and the kernel's list
// of connections until it is known what became of it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "fcrdns/base/random.hpp"
#include "fcrdns/base/text.hpp"
#include "fcrdns/bounce/log_line.hpp"
#include "fcrdns/doctor/ask_user.hpp"
#include "fcrdns/doctor/carry_out.hpp"
#include "fcrdns/doctor/compare.hpp"
#include "fcrdns/doctor/run_there.hpp"
#include "fcrdns/doctor/trail.hpp"
#include "fcrdns/report/output.hpp"
#include "fcrdns/subject/subject.hpp"

namespace fcrdns::doctor {
namespace {

namespace fs = std::filesystem;
using net::Address;

constexpr base::Milliseconds between_looks{2}, longest_hand_over{30'000};

/// The log from its present end on; a new file in its place is read from its begin.
class Tail {
 public:
  explicit Tail(std::string path) : path_(std::move(path)) {
    std::error_code error;
    if (fs::is_regular_file(path_, error)) at_ = fs::file_size(path_, error);
  }
  template <typename Each>
  void read(const Each& each) {
    std::error_code error;
    const auto size = fs::file_size(path_, error);
    if (error || size == at_) return;
    if (size < at_) at_ = 0, rest_.clear();
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at_));
    std::string octets(std::min<std::uintmax_t>(size - at_, 1U << 20), '\0');
    file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
    octets.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    at_ += octets.size();
    rest_ += octets;
    std::size_t begin = 0;
    for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
      each(std::string_view(rest_).substr(begin, end - begin));
      begin = end + 1;
    }
    rest_.erase(0, begin);
    if (rest_.size() > bounce::max_line) rest_.clear();
  }

 private:
  std::string path_, rest_;
  std::uintmax_t at_ = 0;
};

/// "0100007F:0019": octets of each 32-bit word turned round (proc(5), /proc/net/tcp).
std::optional<std::pair<Address, unsigned>> endpoint_in(std::string_view text) {
  const auto colon = text.find(':');
  if (colon != 8 && colon != 32) return std::nullopt;
  const auto number = [](std::string_view digits) { return static_cast<unsigned>(std::stoul(std::string(digits), nullptr, 16)); };
  if (text.find_first_not_of("0123456789ABCDEFabcdef:") != text.npos || text.size() != colon + 5) return std::nullopt;
  base::Octets octets;
  for (std::size_t word = 0; word < colon; word += 8)
    for (std::size_t i = 4; i-- > 0;) octets.push_back(static_cast<std::uint8_t>(number(text.substr(word + 2 * i, 2))));
  const auto address = Address::from_octets(octets);
  if (!address) return std::nullopt;
  return std::pair(address->unmapped(), number(text.substr(colon + 1)));
}

/// By the other end's address, ours: of what is connected now.
void look_at_connections(int pid, std::map<Address, Address>& sources) {
  for (const auto* name : {"tcp", "tcp6"}) {
    std::ifstream file(fmt::format("/proc/{}/net/{}", pid > 0 ? std::to_string(pid) : "self", name));
    std::string line;
    for (int count = 0; count < 10'000 && std::getline(file, line); ++count) {
      const auto words = base::words(line);
      if (words.size() < 4) continue;
      const auto ours = endpoint_in(words[1]), theirs = endpoint_in(words[2]);
      if (ours && theirs && theirs->second != 0) sources.insert_or_assign(theirs->first, ours->first);
    }
  }
}

std::string message_to(const std::string& recipient, const std::string& token, const host::Mta& sender) {
  return fmt::format("To: <{}>\nSubject: fcrdns doctor: one test mail\nMessage-ID: <{}@{}>\nAuto-Submitted: auto-generated\n"
                     "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n\n"
                     "This mail was handed to {} by \"fcrdns doctor --observe\", to see by which way it leaves.\n"
                     "Its Received lines show the address that it came from. Nothing needs to be done.\n",
                     recipient, token, finding::judge_helo(sender.hostname) ? "localhost.localdomain" : sender.hostname, host::to_text(sender.kind));
}

std::vector<std::string> hand_over_by(const host::Mta& sender, const std::string& from, const std::string& recipient) {
  std::vector<std::string> argv{"sendmail"};
  if (sender.kind == host::Kind::postfix && !sender.config.empty() && sender.config != "/etc/postfix") argv.insert(argv.end(), {"-C", sender.config});
  argv.emplace_back("-i");
  if (!from.empty()) argv.insert(argv.end(), {"-f", from});
  argv.insert(argv.end(), {"--", recipient});
  return argv;
}

/// The first that is there.
std::string log_of(const host::Mta& sender, const host::Files& files, const std::vector<std::string>& given) {
  std::error_code error;
  for (const auto& path : given)
    if (fs::is_regular_file(path, error)) return path;
  if (!given.empty()) return "";
  for (const auto& log : sender.logs)
    if (auto path = files.outside(log); fs::is_regular_file(path, error) && ::access(path.c_str(), R_OK) == 0) return path;
  return "";
}

}  // namespace

std::optional<int> observe(Story& story, Reached& reached, const Options& options, const std::function<bool()>& stop) {
  const auto refuse = [](std::string_view why, int code) {
    report::say(why);
    return std::optional<int>(code);
  };
  if (story.machine.mtas.empty()) return refuse("--observe: there is no mail server here that could be handed a mail", report::usage);
  const auto recipient = subject::parse_sender(options.send_to);
  if (!recipient || recipient->find('@') == std::string::npos) return refuse("--send-to: give a mail address, like somebody@example.net", report::usage);
  const auto& sender = story.machine.senders.front();
  const auto log = log_of(sender, *reached.files, options.logs);
  if (log.empty()) return refuse("--observe: its log cannot be read, so nothing could be seen: name it with --log FILE (and sudo)", report::input_output);
  const auto from = mail_from_of(sender, options.mail_from);
  switch (ask_user(fmt::format("This sends one mail to {} through {}{}.\n", base::escape(*recipient, 255), host::to_text(sender.kind),
                               from.empty() ? "" : ", from " + base::escape(from, 255)), options.yes)) {
    case Reply::yes: break;
    case Reply::no: return refuse("no mail was sent", report::failed);
    case Reply::nobody: return report::usage;
  }

  const auto token = fmt::format("fcrdns-{:08x}{:08x}", base::secure_random().u32(), base::secure_random().u32());
  auto& seen = story.observation.emplace();
  seen.recipient = base::escape(*recipient, 255);
  Tail tail(log);
  Trail trail(sender.kind, token, *recipient);
  bounce::LineReader lines(base::wall_now());
  std::map<Address, Address> sources;
  const auto until = base::steady_now() + options.patience;
  std::jthread watching([&](const std::stop_token& enough) {  // a connection may be over before the program has ended
    while (!enough.stop_requested()) {
      look_at_connections(story.machine.place.pid, sources);
      std::this_thread::sleep_for(between_looks);
    }
  });
  const auto ran = run_there(story.machine.place, hand_over_by(sender, from, *recipient), message_to(*recipient, token, sender), longest_hand_over);
  if (ran.status != 0)
    seen.trouble = fmt::format("sendmail did not take the mail: {}", !ran.trouble.empty() ? ran.trouble : base::escape(base::trim(ran.output), 300));
  while (seen.trouble.empty() && !trail.is_over() && !stop()) {
    tail.read([&](std::string_view line) { trail.read(lines.read(line).text); });
    if (base::steady_now() > until) seen.trouble = "the log tells nothing more of it; it may still be in the queue";
    else std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  watching.request_stop();
  watching.join();
  look_at_connections(story.machine.place.pid, sources);  // who closed first is listed for a minute (TIME_WAIT)
  seen.queue_id = trail.queue_id();
  seen.attempts = trail.attempts();
  for (auto& attempt : seen.attempts)
    if (attempt.to && !attempt.source)
      if (const auto found = sources.find(*attempt.to); found != sources.end()) attempt.source = found->second;
  const auto domain = base::to_lower(recipient->substr(recipient->rfind('@') + 1));
  seen.comparisons = compare(story, domain, 0, seen.attempts);
  return std::nullopt;
}

}  // namespace fcrdns::doctor
