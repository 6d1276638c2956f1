#include "fcrdns/transport/local_http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

namespace fcrdns::transport {
namespace {

struct Body {
  std::string text;
  std::size_t limit;
  bool too_large = false;

  static std::size_t write(char* data, std::size_t, std::size_t count, void* self) {
    auto& body = *static_cast<Body*>(self);
    body.too_large = count > body.limit - body.text.size();
    if (body.too_large) return CURL_WRITEFUNC_ERROR;
    body.text.append(data, count);
    return count;
  }
};

}  // namespace

base::Expected<std::string> get_from_socket(const std::string& socket, const std::string& target, base::Milliseconds patience,
                                            std::size_t max_body) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), &curl_easy_cleanup);
  if (!easy) return base::fault("no memory for a request");
  Body body{{}, max_body};
  const auto set = [&](CURLoption option, auto value) { curl_easy_setopt(easy.get(), option, value); };
  set(CURLOPT_URL, ("http://localhost" + target).c_str());
  set(CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  set(CURLOPT_WRITEFUNCTION, &Body::write);
  set(CURLOPT_WRITEDATA, &body);
  const auto code = curl_easy_perform(easy.get());
  if (body.too_large) return base::fault(fmt::format("{}: more than {} octets", socket, max_body));
  if (code != CURLE_OK) return base::fault(fmt::format("{}: {}", socket, curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) return base::fault(fmt::format("{}: HTTP status {}", socket, status));
  return std::move(body.text);
}

}  // namespace fcrdns::transport
