#include "fcrdns/transport/http.hpp"

#include <curl/curl.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include "fcrdns/base/text.hpp"
#include "fcrdns/transport/http_rules.hpp"

namespace fcrdns::transport {
namespace {

using Outcome = HttpReply::Outcome;
using Id = std::uint64_t;
constexpr std::size_t max_header_octets = 64 << 10;

/// One request on its way through libcurl; redirects make it go round again. Lives on the thread.
class Transfer {
 public:
  Transfer(HttpRequest request, const HttpOptions& options)
      : request_(std::move(request)), options_(options), easy_(curl_easy_init(), &curl_easy_cleanup),
        headers_(nullptr, &curl_slist_free_all) {
    add_header("Accept: " + request_.accept);
    for (const auto& header : request_.headers) add_header(header);
    if (!request_.content_type.empty()) add_header("Content-Type: " + request_.content_type);
    if (has_body()) add_header("Expect:");  // no round trip in front of a small body
  }

  [[nodiscard]] CURL* easy() { return easy_.get(); }
  [[nodiscard]] HttpReply take_reply() { return std::move(reply_); }

  /// Whether there is anything to do for libcurl; otherwise the reply says why not.
  [[nodiscard]] bool prepare(std::string url) {
    if (auto why = why_forbidden(url, reply_.url); !why.empty()) return forbid(std::move(why));
    if (broken_header_) return forbid("a header to send holds a line break");
    reply_.url = std::move(url);
    reply_.body.clear();
    header_octets_ = 0;
    reply_.retry_after = reply_.max_age = std::nullopt;
    const auto origin = origin_of(reply_.url);
    const bool named = std::ranges::any_of(options_.anywhere, [&](const auto& url_named) { return origin_of(url_named) == origin; });
    anywhere_ = options_.allow_private || named;
    if (request_.weighty() && !named && origin->scheme != "https") return forbid("what it would be sent may go over https only");
    const auto left = std::chrono::floor<base::Milliseconds>(request_.deadline - base::steady_now());
    if (left <= base::Milliseconds{}) return fail(Outcome::timed_out, "no answer in time");
    configure(left);
    return true;
  }

  /// What libcurl made of it. True: it goes on, prepared for another round.
  [[nodiscard]] bool finish(CURLcode code) {
    long octets_sent = 0;
    curl_easy_getinfo(easy(), CURLINFO_REQUEST_SIZE, &octets_sent);
    reply_.sent = octets_sent > 0;
    if (code != CURLE_OK) return explain(code);
    long status = 0;
    const char* next = nullptr;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy(), CURLINFO_REDIRECT_URL, &next);
    reply_.status = static_cast<int>(status);
    if (request_.weighty()) next = nullptr;
    if (next && reply_.redirects == HttpClient::max_redirects)
      return forbid(fmt::format("more than {} redirects", HttpClient::max_redirects));
    if (next) {
      ++reply_.redirects;
      return prepare(next);
    }
    reply_.outcome = Outcome::answered;
    curl_off_t wait = 0;
    if (curl_easy_getinfo(easy(), CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
      reply_.retry_after = base::Seconds{wait};
    return false;
  }

 private:
  [[nodiscard]] bool has_body() const { return !request_.content_type.empty() || !request_.body.empty(); }
  void add_header(const std::string& header) {
    if (header.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) broken_header_ = true;
    if (auto* longer = curl_slist_append(headers_.get(), header.c_str())) {
      (void)headers_.release();
      headers_.reset(longer);
    }
  }
  bool fail(Outcome outcome, std::string problem) {
    reply_.outcome = outcome;
    reply_.problem = std::move(problem);
    return false;
  }
  bool forbid(std::string problem) {
    if (reply_.url.empty()) reply_.url = request_.url;
    return fail(Outcome::forbidden, std::move(problem));
  }
  bool explain(CURLcode code) {
    const auto origin = origin_of(reply_.url);
    const auto server = base::escape(origin ? origin->host : "", 255);
    if (too_large_ || code == CURLE_FILESIZE_EXCEEDED)
      return fail(Outcome::too_large, fmt::format("{}: more than {} octets", server, request_.max_body));
    if (private_) return forbid(fmt::format("{} leads to an address that is not public", server));
    if (code == CURLE_OPERATION_TIMEDOUT) return fail(Outcome::timed_out, fmt::format("{}: no answer in time", server));
    return fail(Outcome::unreachable, fmt::format("{}: {}", server, curl_easy_strerror(code)));
  }

  void configure(base::Milliseconds left) {
    CURL* curl = easy();
    curl_easy_reset(curl);
    too_large_ = private_ = false;
    const auto set = [curl](CURLoption option, auto value) { curl_easy_setopt(curl, option, value); };
    set(CURLOPT_URL, reply_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_USERAGENT, options_.user_agent.c_str());
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(left.count()));
    set(CURLOPT_PROXY, "");
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a getaddrinfo that hangs is left behind, not waited for
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_body));
    if (!options_.ca_file.empty()) set(CURLOPT_CAINFO, options_.ca_file.c_str());
    if (has_body()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      set(CURLOPT_POSTFIELDS, request_.body.c_str());
    }
    if (has_body() || request_.method != "GET") set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_WRITEFUNCTION, &Transfer::write);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }

  // ---- called by libcurl ----

  static std::size_t write(char* data, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    auto& body = transfer.reply_.body;
    const auto room = transfer.request_.max_body - body.size();
    body.append(data, std::min(count, room));
    transfer.too_large_ = count > room;
    return transfer.too_large_ ? CURL_WRITEFUNC_ERROR : count;
  }

  static std::size_t header(char* data, std::size_t, std::size_t count, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    transfer.header_octets_ += count;
    if (transfer.header_octets_ > max_header_octets) return 0;
    transfer.read_header({data, count});
    return count;
  }

  void read_header(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto name = line.substr(0, colon), value = base::trim(line.substr(colon + 1));
    if (base::equals_ignoring_case(name, "expires") && !reply_.max_age) {
      // Anything that is no date, "0" above all, has expired (RFC 9111 5.3).
      const auto at = curl_getdate(std::string(value).c_str(), nullptr);
      reply_.max_age = base::Seconds{std::max<long long>(at - ::time(nullptr), 0)};
    }
    if (!base::equals_ignoring_case(name, "cache-control")) return;
    for (const auto directive : base::split(value, ',')) {
      const auto text = base::to_lower(base::trim(directive));
      if (text == "no-cache" || text == "no-store") reply_.max_age = base::Seconds{0};
      if (!text.starts_with("max-age=")) continue;
      std::uint32_t seconds = 0;
      const auto digits = std::string_view(text).substr(8);
      if (std::from_chars(digits.data(), digits.data() + digits.size(), seconds).ec == std::errc{})
        reply_.max_age = base::Seconds{seconds};
    }
  }

  /// The one place where a connection begins, whatever name led to the address.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* peer) {
    auto& transfer = *static_cast<Transfer*>(self);
    const auto address = address_of(*peer);
    if (!address || (!transfer.anywhere_ && !is_global(*address))) {
      transfer.private_ = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
  }
  static std::optional<net::Address> address_of(const curl_sockaddr& peer) {
    base::Octets octets;
    const auto copy = [&](const void* from, std::size_t count) {
      octets.resize(count);
      std::memcpy(octets.data(), from, count);
    };
    const auto* raw = reinterpret_cast<const char*>(&peer.addr);
    if (peer.family == AF_INET) copy(raw + offsetof(sockaddr_in, sin_addr), 4);
    if (peer.family == AF_INET6) copy(raw + offsetof(sockaddr_in6, sin6_addr), 16);
    const auto address = net::Address::from_octets(octets);
    return address ? std::optional(*address) : std::nullopt;
  }

  HttpRequest request_;
  const HttpOptions& options_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
  HttpReply reply_;
  std::size_t header_octets_ = 0;
  bool anywhere_ = false, too_large_ = false, private_ = false, broken_header_ = false;
};

/// The thread, and what goes to it and comes from it.
class Worker {
 public:
  explicit Worker(const HttpOptions& options)
      : options_(options), multi_(make_multi(), &curl_multi_cleanup), event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    // Signals are the main thread's.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Worker() {
    thread_.request_stop();
    curl_multi_wakeup(multi_.get());
    thread_.join();
    ::close(event_);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Readable when take() has something.
  [[nodiscard]] int event() const { return event_; }

  void start(Id id, HttpRequest request) {
    const std::scoped_lock lock(mutex_);
    to_start_.emplace_back(id, std::move(request));
    curl_multi_wakeup(multi_.get());
  }
  void cancel(Id id) {
    const std::scoped_lock lock(mutex_);
    to_cancel_.push_back(id);
    curl_multi_wakeup(multi_.get());
  }
  [[nodiscard]] std::vector<std::pair<Id, HttpReply>> take() {
    std::uint64_t count = 0;
    (void)!::read(event_, &count, sizeof count);
    const std::scoped_lock lock(mutex_);
    return std::exchange(finished_, {});
  }

 private:
  static CURLM* make_multi() {
    static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    auto* multi = ready == CURLE_OK ? curl_multi_init() : nullptr;
    if (!multi) throw std::bad_alloc();
    return multi;
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      take_orders();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      int left = 0;
      while (const auto* message = curl_multi_info_read(multi_.get(), &left))
        if (message->msg == CURLMSG_DONE) settle(message->easy_handle, message->data.result);
      curl_multi_poll(multi_.get(), nullptr, 0, 60'000, nullptr);
    }
    for (auto& [id, transfer] : transfers_) curl_multi_remove_handle(multi_.get(), transfer.easy());
    transfers_.clear();
  }

  void take_orders() {
    std::vector<std::pair<Id, HttpRequest>> start;
    std::vector<Id> cancel;
    {
      const std::scoped_lock lock(mutex_);
      start.swap(to_start_);
      cancel.swap(to_cancel_);
    }
    for (auto& [id, request] : start) {
      auto url = request.url;
      auto& transfer = transfers_.try_emplace(id, std::move(request), options_).first->second;
      if (transfer.prepare(std::move(url)))
        curl_multi_add_handle(multi_.get(), transfer.easy());
      else
        publish(id);
    }
    for (const auto id : cancel)
      if (const auto at = transfers_.find(id); at != transfers_.end()) {
        curl_multi_remove_handle(multi_.get(), at->second.easy());
        transfers_.erase(at);
      }
  }

  void settle(CURL* easy, CURLcode code) {
    curl_multi_remove_handle(multi_.get(), easy);
    const auto at = std::ranges::find_if(transfers_, [easy](auto& pair) { return pair.second.easy() == easy; });
    if (at == transfers_.end()) return;
    if (at->second.finish(code))
      curl_multi_add_handle(multi_.get(), easy);
    else
      publish(at->first);
  }

  void publish(Id id) {
    auto transfer = transfers_.extract(id);
    const std::scoped_lock lock(mutex_);
    finished_.emplace_back(id, transfer.mapped().take_reply());
    const std::uint64_t one = 1;
    (void)!::write(event_, &one, sizeof one);
  }

  const HttpOptions& options_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  int event_;
  std::map<Id, Transfer> transfers_;  // the thread's own
  std::mutex mutex_;                  // guards the three below
  std::vector<std::pair<Id, HttpRequest>> to_start_;
  std::vector<Id> to_cancel_;
  std::vector<std::pair<Id, HttpReply>> finished_;
  std::jthread thread_;
};

}  // namespace

struct HttpClient::Impl {
  class Held final : public Pending {
   public:
    Held(Impl& impl, Id id) : impl_(impl), id_(id) {}
    ~Held() override { impl_.cancel(id_); }

   private:
    Impl& impl_;
    Id id_;
  };

  Impl(Loop& l, HttpOptions o) : loop(l), options(std::move(o)) {}

  void cancel(Id id) {
    if (handlers.erase(id) == 0) return;
    worker->cancel(id);
    if (handlers.empty()) watch.reset();
  }
  void deliver() {
    for (auto& [id, reply] : worker->take()) {
      auto node = handlers.extract(id);
      if (node.empty()) continue;  // cancelled
      if (handlers.empty()) watch.reset();
      node.mapped()(std::move(reply));
    }
  }

  Loop& loop;
  const HttpOptions options;
  std::map<Id, std::move_only_function<void(HttpReply)>> handlers;
  Id last_id = 0;
  std::unique_ptr<Worker> worker;
  std::unique_ptr<Pending> watch;  // only while something is under way, so that an idle loop is idle
};

HttpClient::HttpClient(Loop& loop, HttpOptions options) : impl_(std::make_unique<Impl>(loop, std::move(options))) {}
HttpClient::~HttpClient() = default;

std::unique_ptr<Pending> HttpClient::send(HttpRequest request, std::move_only_function<void(HttpReply)> done) {
  auto& impl = *impl_;
  if (!impl.worker) impl.worker = std::make_unique<Worker>(impl.options);
  // The loop's clock may be a played one; the thread lives in real time.
  request.deadline = base::steady_now() + (request.deadline - impl.loop.now());
  const auto id = ++impl.last_id;
  impl.handlers.emplace(id, std::move(done));
  if (!impl.watch) impl.watch = impl.loop.when_readable(impl.worker->event(), [&impl] { impl.deliver(); });
  impl.worker->start(id, std::move(request));
  return std::make_unique<Impl::Held>(impl, id);
}

}  // namespace fcrdns::transport
