#include "src/http/curl_client.h"

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include <curl/curl.h>
#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/http/url.h"

namespace midwatch::http {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10U;  // of one answer; services send some hundred
constexpr std::size_t kShownHostBytes = 120;
constexpr auto kConnectTimeout = std::chrono::seconds(10);  // a host that is up answers in one round trip
constexpr auto kLongestWait =
    std::chrono::seconds(1);  // between looks at the deadline; wake-ups come at once

void start_libcurl() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)kStarted;
}

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiDeleter {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;
using Multi = std::unique_ptr<CURLM, MultiDeleter>;
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

/// One connection's worth of libcurl: the multi handle owns the connection, the easy handle the settings.
struct Line {
  std::string origin;
  Multi multi{curl_multi_init()};
  Easy easy{curl_easy_init()};
};

/// What arrives while a transfer runs.
struct Arrival {
  HttpResponse response;
  std::size_t max_body_bytes = 0;
  std::size_t header_bytes = 0;
  bool too_long = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* target) {
  auto& arrival = *static_cast<Arrival*>(target);
  const std::size_t bytes = size * count;
  if (bytes > arrival.max_body_bytes - arrival.response.body.size()) {
    arrival.too_long = true;
    return 0;
  }
  arrival.response.body.append(data, bytes);
  return bytes;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* target) {
  auto& arrival = *static_cast<Arrival*>(target);
  const std::string_view line(data, size * count);
  arrival.header_bytes += line.size();
  if (arrival.header_bytes > kMaxHeaderBytes) {
    arrival.too_long = true;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // a new answer: what came before was 100 Continue or the proxy's
    arrival.response.headers.clear();
  } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    arrival.response.headers.emplace_back(base::trim(line.substr(0, colon)),
                                          base::trim(line.substr(colon + 1)));
  }
  return line.size();
}

/// A header that would be read as two, or as none.
bool is_sendable(const Header& header) {
  constexpr std::string_view kBreaks("\r\n\0", 3);
  return !header.first.empty() && header.first.find_first_of(": ") == std::string::npos &&
         header.first.find_first_of(kBreaks) == std::string::npos &&
         header.second.find_first_of(kBreaks) == std::string::npos;
}

base::Result<Url> checked_url(const HttpRequest& request) {
  MIDWATCH_TRY(Url url, parse_url(request.url));
  const bool plain_allowed =
      is_loopback(url.host) || (request.destination == Destination::kLocalLink && is_link_local(url.host));
  if (url.scheme == "http" && !plain_allowed) {
    return base::user_error(
        base::ErrorCode::kInvalidArgument,
        fmt::format("plain http is only used on this machine; write https:// for the host {}",
                    base::printable(url.host, kShownHostBytes)));
  }
  for (const auto& header : request.headers) {
    if (!is_sendable(header)) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              fmt::format("a header of a request to {} holds a line break or has no name",
                                          base::printable(url.host, kShownHostBytes)));
    }
  }
  return url;
}

HeaderList header_list(const HttpRequest& request) {
  curl_slist* list = nullptr;
  // libcurl would wait for "100 Continue" before a long body, and adds a content type of its own.
  list = curl_slist_append(list, "Expect:");
  if (header_value(request.headers, "content-type").empty()) list = curl_slist_append(list, "Content-Type:");
  for (const auto& [name, value] : request.headers) {
    const std::string line = value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
    list = curl_slist_append(list, line.c_str());
  }
  return HeaderList(list);
}

void prepare_body(CURL* easy, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

void prepare(CURL* easy, const HttpRequest& request, const Url& url, const curl_slist* headers,
             const std::string& user_agent, Arrival& arrival) {
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(
      easy, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(kConnectTimeout).count()));
  if (request.destination == Destination::kLocalLink || is_loopback(url.host))
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &arrival);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &arrival);
  prepare_body(easy, request);
}

base::Error transfer_error(CURLcode code, const std::string& host) {
  const std::string shown = base::printable(host, kShownHostBytes);
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return base::external_error(base::ErrorCode::kTimeout,
                                  fmt::format("no connection in time to {}", shown));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return base::external_error(base::ErrorCode::kUnauthenticated,
                                  fmt::format("the certificate is not trusted, of {}", shown));
    case CURLE_SSL_CACERT_BADFILE:
      return base::environment_error(
          base::ErrorCode::kUnavailable,
          fmt::format("the machine's trusted certificates cannot be read (package ca-certificates), for {}",
                      shown));
    default:
      // libcurl's own text for the kind of failure; its detailed text may hold parts of the URL.
      return base::external_error(base::ErrorCode::kUnavailable,
                                  fmt::format("{}: {}", base::to_lower(curl_easy_strerror(code)), shown));
  }
}

/// Runs the transfer that was added to `multi`; nothing where the context ended it.
base::Result<CURLcode> run(const runtime::RequestContext& context, CURLM* multi, const std::string& host) {
  const std::stop_callback wake(context.stop(), [multi] { curl_multi_wakeup(multi); });
  int running = 1;
  while (running > 0) {
    if (auto wanted = context.check(); !wanted)
      return std::move(wanted).error().with("asking " + base::printable(host, kShownHostBytes));
    if (curl_multi_perform(multi, &running) != CURLM_OK) return base::internal_error("libcurl gave up");
    if (running == 0) break;
    base::Duration wait = kLongestWait;
    if (const auto left = context.remaining()) wait = std::min(wait, *left);
    const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(milliseconds), nullptr);
  }
  int queued = 0;
  const CURLMsg* message = curl_multi_info_read(multi, &queued);
  if (message == nullptr || message->msg != CURLMSG_DONE)
    return base::internal_error("libcurl has no result");
  return message->data.result;
}

}  // namespace

/// Lines that are not in use, the latest used first.
class CurlClient::Pool {
 public:
  explicit Pool(CurlClientOptions options) : options_(std::move(options)) { start_libcurl(); }

  const std::string& user_agent() const { return options_.user_agent; }

  std::unique_ptr<Line> take(const std::string& origin) {
    {
      const std::lock_guard lock(mutex_);
      const auto found = std::find_if(idle_.begin(), idle_.end(),
                                      [&origin](const auto& line) { return line->origin == origin; });
      if (found != idle_.end()) {
        auto line = std::move(*found);
        idle_.erase(found);
        return line;
      }
    }
    auto line = std::make_unique<Line>();
    line->origin = origin;
    return line;
  }

  void put_back(std::unique_ptr<Line> line) {
    std::unique_ptr<Line> oldest;  // closed outside the lock
    const std::lock_guard lock(mutex_);
    idle_.push_front(std::move(line));
    if (idle_.size() > options_.idle_connections) {
      oldest = std::move(idle_.back());
      idle_.pop_back();
    }
  }

 private:
  CurlClientOptions options_;
  std::mutex mutex_;
  std::list<std::unique_ptr<Line>> idle_;
};

CurlClient::CurlClient(CurlClientOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}
CurlClient::~CurlClient() = default;

base::Result<HttpResponse> CurlClient::send(const runtime::RequestContext& caller_context,
                                            const HttpRequest& request) {
  MIDWATCH_TRY(const Url url, checked_url(request));
  const auto context = caller_context.within(request.timeout);
  MIDWATCH_TRY_VOID(context.check());
  auto line = pool_->take(url.scheme + "://" + url.authority);
  if (!line->multi || !line->easy) return base::internal_error("libcurl could not be started");
  Arrival arrival;
  arrival.max_body_bytes = request.max_body_bytes;
  const HeaderList headers = header_list(request);
  prepare(line->easy.get(), request, url, headers.get(), pool_->user_agent(), arrival);
  curl_multi_add_handle(line->multi.get(), line->easy.get());
  auto ended = run(context, line->multi.get(), url.host);
  curl_multi_remove_handle(line->multi.get(), line->easy.get());
  if (!ended) return std::move(ended).error();
  if (arrival.too_long) {
    return base::external_error(
        base::ErrorCode::kResourceExhausted,
        fmt::format("the answer is longer than {} bytes, of {}", request.max_body_bytes,
                    base::printable(url.host, kShownHostBytes)));
  }
  if (*ended != CURLE_OK) return transfer_error(*ended, url.host);
  long status = 0;
  curl_easy_getinfo(line->easy.get(), CURLINFO_RESPONSE_CODE, &status);
  arrival.response.status = static_cast<int>(status);
  pool_->put_back(std::move(line));
  return std::move(arrival.response);
}

}  // namespace midwatch::http
