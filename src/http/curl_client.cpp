#include "src/http/curl_client.h"

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

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
  std::string_view refused{};  ///< what the last address was that the guard refused
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

/// Opens a connection to what is of the network; of several addresses of a name, the others are tried.
/// `target` is told what the last address was that was refused.
curl_socket_t open_guarded(void* target, curlsocktype /*purpose*/, curl_sockaddr* address) {
  if (const auto what = off_network(address->addr); !what.empty()) {
    *static_cast<std::string_view*>(target) = what;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// A header that would be read as two, or as none.
bool is_sendable(const Header& header) {
  constexpr std::string_view kBreaks("\r\n\0", 3);
  return !header.first.empty() && header.first.find_first_of(": ") == std::string::npos &&
         header.first.find_first_of(kBreaks) == std::string::npos &&
         header.second.find_first_of(kBreaks) == std::string::npos;
}

bool may_be_plain(const HttpRequest& request, const Url& url) {
  if (request.guard != nullptr) return request.guard->allows_by_name(url.host);
  return is_loopback(url.host) || (request.destination == Destination::kLocalLink && is_link_local(url.host));
}

/// True where the address that is connected is looked at.
bool is_guarded(const HttpRequest& request, const Url& url) {
  return request.guard != nullptr && !request.guard->allows_by_name(url.host);
}

base::Result<Url> checked_url(const HttpRequest& request) {
  MIDWATCH_TRY(Url url, parse_url(request.url));
  if (url.scheme == "http" && !may_be_plain(request, url)) {
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

/// What every connection is like.
void prepare_connection(CURL* easy) {
  curl_easy_reset(easy);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(
      easy, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(kConnectTimeout).count()));
}

void prepare(CURL* easy, const HttpRequest& request, const Url& url, const curl_slist* headers,
             const std::string& user_agent, Arrival& arrival) {
  prepare_connection(easy);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  if (request.destination == Destination::kLocalLink || is_loopback(url.host) || request.guard != nullptr)
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (is_guarded(request, url)) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_guarded);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &arrival.refused);
  }
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

/// Where a host is, in the form of CURLOPT_RESOLVE; nothing where the system is asked.
HeaderList address_list(const CurlClientOptions& options, const Url& url) {
  if (!options.resolve) return nullptr;
  const std::string address = options.resolve(url.host);
  if (address.empty()) return nullptr;
  const auto port = url.authority.rfind(':');
  const std::string_view standard = url.scheme == "https" ? "443" : "80";
  return HeaderList(curl_slist_append(
      nullptr,
      fmt::format("{}:{}:{}", url.host,
                  port == std::string::npos ? standard : std::string_view(url.authority).substr(port + 1),
                  address)
          .c_str()));
}

base::Error refused_error(std::string_view what, const std::string& host) {
  return base::user_error(
      base::ErrorCode::kPermissionDenied,
      fmt::format("nothing is sent to {}: it is {}; where that is meant, allow the host by its name",
                  base::printable(host, kShownHostBytes), what));
}

/// A message that is handed over piece by piece.
struct Handover {
  std::string_view left;
  bool all = false;
  std::string_view refused{};
};

std::size_t give_message(char* data, std::size_t size, std::size_t count, void* source) {
  auto& handover = *static_cast<Handover*>(source);
  const std::string_view piece = handover.left.substr(0, size * count);
  handover.left.remove_prefix(piece.size());
  std::copy(piece.begin(), piece.end(), data);
  handover.all = piece.empty();
  return piece.size();
}

/// The host of a mail server. Errors: kInvalidArgument where it is no address of one, or an address of a
/// sender or receiver is more than that.
base::Result<Url> checked_server(const Mail& mail) {
  const bool is_mail = mail.server.starts_with("smtp://") || mail.server.starts_with("smtps://");
  auto url = parse_url("https" + mail.server.substr(std::min(mail.server.find("://"), mail.server.size())));
  if (!url || !is_mail || url->path != "/" || !url->query.empty())
    return base::user_error(base::ErrorCode::kInvalidArgument,
                            "a mail server is written smtps://HOST:PORT or smtp://HOST:PORT");
  std::vector<std::string> addresses = mail.to;
  addresses.push_back(mail.from);
  for (const std::string& address : addresses)
    if (address.find('@') == std::string::npos || address.find_first_of("<> \t\r\n") != std::string::npos ||
        address.find('\0') != std::string::npos)
      return base::user_error(
          base::ErrorCode::kInvalidArgument,
          fmt::format("'{}' is no mail address", base::printable(address, kShownHostBytes)));
  return url;
}

void prepare_mail(CURL* easy, const Mail& mail, const Url& url, const curl_slist* to, Handover& handover) {
  prepare_connection(easy);
  curl_easy_setopt(easy, CURLOPT_URL, mail.server.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(
      easy, CURLOPT_USE_SSL,
      is_loopback(url.host) ? static_cast<long>(CURLUSESSL_NONE) : static_cast<long>(CURLUSESSL_ALL));
  if (!mail.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail.password.c_str());
  }
  if (mail.guard != nullptr && !mail.guard->allows_by_name(url.host)) {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_guarded);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &handover.refused);
  }
  // libcurl waits for the answer to the message without coming back to the deadline of the context.
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(mail.timeout).count()));
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail.from.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message);
  curl_easy_setopt(easy, CURLOPT_READDATA, &handover);
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

  const CurlClientOptions& options() const { return options_; }

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
  if (request.departed != nullptr) *request.departed = false;
  MIDWATCH_TRY(const Url url, checked_url(request));
  const auto context = caller_context.within(request.timeout);
  MIDWATCH_TRY_VOID(context.check());
  // A connection that was opened without a look at its address serves no request that needs one.
  const std::string_view kept_apart = is_guarded(request, url) ? "guarded " : "";
  auto line = pool_->take(fmt::format("{}{}://{}", kept_apart, url.scheme, url.authority));
  if (!line->multi || !line->easy) return base::internal_error("libcurl could not be started");
  Arrival arrival;
  arrival.max_body_bytes = request.max_body_bytes;
  const HeaderList headers = header_list(request);
  prepare(line->easy.get(), request, url, headers.get(), pool_->options().user_agent, arrival);
  const HeaderList addresses = address_list(pool_->options(), url);
  if (addresses) curl_easy_setopt(line->easy.get(), CURLOPT_RESOLVE, addresses.get());
  curl_multi_add_handle(line->multi.get(), line->easy.get());
  auto ended = run(context, line->multi.get(), url.host);
  curl_multi_remove_handle(line->multi.get(), line->easy.get());
  if (request.departed != nullptr) {
    long bytes = 0;
    curl_easy_getinfo(line->easy.get(), CURLINFO_REQUEST_SIZE, &bytes);
    *request.departed = bytes > 0;
  }
  if (!ended) return std::move(ended).error();
  if (arrival.too_long) {
    return base::external_error(
        base::ErrorCode::kResourceExhausted,
        fmt::format("the answer is longer than {} bytes, of {}", request.max_body_bytes,
                    base::printable(url.host, kShownHostBytes)));
  }
  if (*ended != CURLE_OK && !arrival.refused.empty()) return refused_error(arrival.refused, url.host);
  if (*ended != CURLE_OK) return transfer_error(*ended, url.host);
  long status = 0;
  curl_easy_getinfo(line->easy.get(), CURLINFO_RESPONSE_CODE, &status);
  arrival.response.status = static_cast<int>(status);
  pool_->put_back(std::move(line));
  return std::move(arrival.response);
}

base::Result<int> CurlClient::post(const runtime::RequestContext& caller_context, const Mail& mail) {
  if (mail.departed != nullptr) *mail.departed = false;
  MIDWATCH_TRY(const Url url, checked_server(mail));
  const auto context = caller_context.within(mail.timeout);
  MIDWATCH_TRY_VOID(context.check());
  const Line line;
  if (!line.multi || !line.easy) return base::internal_error("libcurl could not be started");
  HeaderList to;
  for (const std::string& address : mail.to)
    to.reset(curl_slist_append(to.release(), fmt::format("<{}>", address).c_str()));
  Handover handover{mail.message};
  prepare_mail(line.easy.get(), mail, url, to.get(), handover);
  const HeaderList addresses = address_list(pool_->options(), url);
  if (addresses) curl_easy_setopt(line.easy.get(), CURLOPT_RESOLVE, addresses.get());
  curl_multi_add_handle(line.multi.get(), line.easy.get());
  const auto ended = run(context, line.multi.get(), url.host);
  curl_multi_remove_handle(line.multi.get(), line.easy.get());
  if (mail.departed != nullptr) *mail.departed = handover.all;
  if (!ended) return ended.error();
  constexpr long kRefusals = 400;
  long code = 0;
  curl_easy_getinfo(line.easy.get(), CURLINFO_RESPONSE_CODE, &code);
  if (*ended == CURLE_OK || code >= kRefusals) return static_cast<int>(code);
  if (!handover.refused.empty()) return refused_error(handover.refused, url.host);
  if (*ended == CURLE_USE_SSL_FAILED)
    return base::external_error(
        base::ErrorCode::kUnauthenticated,
        fmt::format("it speaks no TLS, the mail server {}", base::printable(url.host, kShownHostBytes)));
  return transfer_error(*ended, url.host);
}

}  // namespace midwatch::http
