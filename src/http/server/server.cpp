#include "src/http/server/server.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <fmt/format.h>

namespace midwatch::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

ServerResponse plain(int status, std::string text) {
  ServerResponse response;
  response.status = status;
  response.set("Content-Type", "text/plain; charset=utf-8");
  response.body = std::move(text);
  return response;
}

ServerRequest request_of(beast::http::request<beast::http::string_body>&& message) {
  ServerRequest request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
  request.body = std::move(message.body());
  return request;
}

/// Status and headers; a header's value never starts a new line.
template <class Body>
beast::http::response<Body> message_of(const ServerResponse& response, unsigned version, bool keep) {
  beast::http::response<Body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) {
    if (value.find_first_of("\r\n") == std::string::npos) message.insert(name, value);
  }
  message.keep_alive(keep);
  return message;
}

/// What a client is told whose request could not be read; nothing where it is not worth an answer.
std::optional<ServerResponse> refusal_of(const error_code& error) {
  if (error == beast::http::error::header_limit) return plain(431, "the headers are too long\n");
  if (error == beast::http::error::body_limit) return plain(413, "the body is too long\n");
  if (error == beast::http::error::end_of_stream || error == beast::http::error::partial_message) return {};
  if (error.category() == make_error_code(beast::http::error::bad_method).category())
    return plain(400, "this is no HTTP/1.1 request\n");
  return {};
}

/// What two readers may understand differently: a proxy in front could take the rest for another request.
/// Source: RFC 9112, sections 3.2 and 6.3.
std::optional<ServerResponse> refusal_of(const beast::http::request_header<>& header) {
  using beast::http::field;
  const auto hosts = header.count(field::host);
  const bool is_1_0 = header.version() < 11;
  if (hosts > 1 || (hosts == 0 && !is_1_0)) return plain(400, "a request names its host, once\n");
  if (header.count(field::transfer_encoding) == 0) return {};
  const bool chunked = beast::iequals(header[field::transfer_encoding], "chunked");
  if (chunked && !is_1_0) return {};
  return plain(400, "the only transfer coding is chunked, of HTTP/1.1\n");
}

}  // namespace

class Server::State : public std::enable_shared_from_this<Server::State> {
 public:
  State(ServerOptions options, ServerHandler handler)
      : options_(std::move(options)), handler_(std::move(handler)), handlers_(options_.threads) {}

  base::Result<> listen();
  void run();
  std::uint16_t port() const { return port_; }
  void stop();

 private:
  struct Session {
    explicit Session(tcp::socket socket) : stream(std::move(socket)), delay(stream.get_executor()) {}
    beast::tcp_stream stream;
    asio::steady_timer delay;  // of an answer that is held back
    bool busy = false;
  };
  class ChunkSink;

  asio::awaitable<void> accept();
  asio::awaitable<void> serve(std::shared_ptr<Session> session);
  asio::awaitable<bool> serve_one(Session& session, beast::flat_buffer& buffer);
  asio::awaitable<ServerResponse> handle(ServerRequest request);
  asio::awaitable<bool> send(Session& session, ServerResponse response, unsigned version, bool keep,
                             bool head = false);
  asio::awaitable<bool> send_head(Session& session, ServerResponse response, unsigned version, bool keep);
  asio::awaitable<bool> send_stream(Session& session, ServerResponse response, unsigned version, bool keep);
  asio::awaitable<void> send_part(Session& session, ServerResponse response, unsigned version);
  ServerResponse answer(const ServerRequest& request) const;
  void close_idle();
  void close_all();

  ServerOptions options_;
  ServerHandler handler_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_{io_};
  asio::thread_pool handlers_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::size_t> streaming_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::shared_ptr<Session>> sessions_;  // changed by the I/O thread; counted under mutex_
};

/// Hands pieces from the thread of a stream to the I/O thread and waits until each is written.
class Server::State::ChunkSink final : public BodySink {
 public:
  ChunkSink(State& state, Session& session) : state_(state), session_(session) {}

  bool write(std::string_view piece) override {
    if (failed_ || state_.stopping_) return false;
    if (piece.empty()) return true;
    const std::string framed = fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
    return send(framed);
  }

  bool finish() { return !failed_ && send("0\r\n\r\n"); }

 private:
  bool send(std::string_view bytes) {
    auto written = asio::co_spawn(
        state_.io_,
        [this, bytes]() -> asio::awaitable<bool> {
          error_code error;
          session_.stream.expires_after(state_.options_.idle);
          co_await asio::async_write(session_.stream, asio::buffer(bytes.data(), bytes.size()),
                                     asio::redirect_error(asio::use_awaitable, error));
          co_return !error;
        },
        asio::use_future);
    failed_ = !written.get();
    return !failed_;
  }

  State& state_;
  Session& session_;
  bool failed_ = false;
};

base::Result<> Server::State::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options_.address, error);
  if (error) {
    return base::user_error(
        base::ErrorCode::kInvalidArgument,
        fmt::format("not an address to listen on: {} (for example 127.0.0.1)", options_.address));
  }
  const tcp::endpoint endpoint(address, options_.port);
  error = acceptor_.open(endpoint.protocol(), error);
  if (!error) error = acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) error = acceptor_.bind(endpoint, error);
  if (!error) error = acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return base::environment_error(base::ErrorCode::kConflict,
                                   fmt::format("cannot listen on {} port {}: {}; choose another port",
                                               options_.address, options_.port, error.message()));
  }
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void Server::State::run() {
  asio::co_spawn(io_, accept(), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

asio::awaitable<void> Server::State::accept() {
  while (!stopping_) {
    error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (stopping_ || error == asio::error::operation_aborted) co_return;
    if (error || sessions_.size() >= options_.connections) continue;
    error = socket.set_option(tcp::no_delay(true), error);
    auto session = std::make_shared<Session>(std::move(socket));
    {
      const std::lock_guard lock(mutex_);
      sessions_.insert(session);
    }
    asio::co_spawn(io_, serve(std::move(session)), asio::detached);
  }
}

asio::awaitable<void> Server::State::serve(std::shared_ptr<Session> session) {
  beast::flat_buffer buffer;
  bool again = true;
  while (again && !stopping_) again = co_await serve_one(*session, buffer);
  error_code ignored;
  ignored = session->stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
  ignored = session->stream.socket().close(ignored);
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
  changed_.notify_all();
}

asio::awaitable<bool> Server::State::serve_one(Session& session, beast::flat_buffer& buffer) {
  beast::http::request_parser<beast::http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(options_.header_bytes));
  parser.body_limit(options_.body_bytes);
  session.stream.expires_after(options_.idle);
  error_code error;
  co_await beast::http::async_read_header(session.stream, buffer, parser,
                                          asio::redirect_error(asio::use_awaitable, error));
  session.busy = true;
  constexpr unsigned kVersion11 = 11;
  if (!error) {
    if (auto refusal = refusal_of(parser.get().base())) {
      co_await send(session, *std::move(refusal), kVersion11, false);
      co_return false;
    }
  }
  if (!error && beast::iequals(parser.get()[beast::http::field::expect], "100-continue")) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(session.stream, asio::buffer(kContinue.data(), kContinue.size()),
                               asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) {
    co_await beast::http::async_read(session.stream, buffer, parser,
                                     asio::redirect_error(asio::use_awaitable, error));
  }
  if (error) {
    if (auto refusal = refusal_of(error)) co_await send(session, *std::move(refusal), kVersion11, false);
    co_return false;
  }
  const unsigned version = parser.get().version();
  const bool keep = parser.get().keep_alive();
  const bool head = parser.get().method() == beast::http::verb::head;
  session.stream.expires_never();
  ServerRequest request = request_of(parser.release());
  const tcp::endpoint peer = session.stream.socket().remote_endpoint(error);
  if (!error) request.peer = peer.address().to_string();
  ServerResponse response = co_await handle(std::move(request));
  const bool again = co_await send(session, std::move(response), version, keep && !stopping_, head);
  session.busy = false;
  co_return again;
}

ServerResponse Server::State::answer(const ServerRequest& request) const {
  try {
    return handler_(request);
  } catch (const std::exception&) {
    return plain(500, "the server failed to answer; this is a bug in it\n");
  }
}

asio::awaitable<ServerResponse> Server::State::handle(ServerRequest request) {
  if (waiting_ >= options_.waiting) {
    ServerResponse busy = plain(503, "too many requests wait already\n");
    busy.set("Retry-After", "1");
    co_return busy;
  }
  ++waiting_;
  ServerResponse response = co_await asio::co_spawn(
      handlers_, [&]() -> asio::awaitable<ServerResponse> { co_return answer(request); },
      asio::use_awaitable);
  --waiting_;
  co_return response;
}

asio::awaitable<bool> Server::State::send(Session& session, ServerResponse response, unsigned version,
                                          bool keep, bool head) {
  error_code error;
  if (response.delay.count() > 0) {
    session.delay.expires_after(stopping_ ? std::chrono::milliseconds(0) : response.delay);
    co_await session.delay.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (stopping_) co_return false;
  }
  if (response.hang_up) co_return false;
  if (response.cut_after) {
    co_await send_part(session, std::move(response), version);
    co_return false;
  }
  if (head) co_return co_await send_head(session, std::move(response), version, keep);
  if (response.stream) co_return co_await send_stream(session, std::move(response), version, keep);
  auto message = message_of<beast::http::string_body>(response, version, keep);
  message.body() = std::move(response.body);
  message.prepare_payload();
  session.stream.expires_after(options_.idle);
  co_await beast::http::async_write(session.stream, message,
                                    asio::redirect_error(asio::use_awaitable, error));
  co_return keep && !error;
}

/// Announces the body that a GET would get, and sends none: what followed would be read as the next answer.
asio::awaitable<bool> Server::State::send_head(Session& session, ServerResponse response, unsigned version,
                                               bool keep) {
  auto message = message_of<beast::http::empty_body>(response, version, keep);
  if (!response.stream) message.content_length(response.body.size());
  beast::http::response_serializer<beast::http::empty_body> serializer{message};
  error_code error;
  session.stream.expires_after(options_.idle);
  co_await beast::http::async_write_header(session.stream, serializer,
                                           asio::redirect_error(asio::use_awaitable, error));
  co_return keep && !error;
}

asio::awaitable<void> Server::State::send_part(Session& session, ServerResponse response, unsigned version) {
  auto message = message_of<beast::http::empty_body>(response, version, false);
  message.content_length(response.body.size());
  beast::http::response_serializer<beast::http::empty_body> serializer{message};
  error_code error;
  co_await beast::http::async_write_header(session.stream, serializer,
                                           asio::redirect_error(asio::use_awaitable, error));
  const std::size_t sent = std::min(*response.cut_after, response.body.size());
  if (!error) {
    co_await asio::async_write(session.stream, asio::buffer(response.body.data(), sent),
                               asio::redirect_error(asio::use_awaitable, error));
  }
}

asio::awaitable<bool> Server::State::send_stream(Session& session, ServerResponse response, unsigned version,
                                                 bool keep) {
  if (streaming_ >= options_.streams)
    co_return co_await send(session, plain(503, "too many streams are open\n"), version, keep);
  auto message = message_of<beast::http::empty_body>(response, version, keep);
  message.chunked(true);
  beast::http::response_serializer<beast::http::empty_body> serializer{message};
  error_code error;
  co_await beast::http::async_write_header(session.stream, serializer,
                                           asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return false;
  ++streaming_;
  asio::thread_pool own(1);
  const bool whole = co_await asio::co_spawn(
      own,
      [&]() -> asio::awaitable<bool> {
        ChunkSink sink(*this, session);
        response.stream(sink);
        co_return sink.finish();
      },
      asio::use_awaitable);
  own.join();
  --streaming_;
  co_return whole&& keep;
}

void Server::State::close_idle() {
  error_code ignored;
  ignored = acceptor_.close(ignored);
  for (const auto& session : sessions_) {
    if (!session->busy) session->stream.cancel();
    session->delay.cancel();
  }
}

void Server::State::close_all() {
  for (const auto& session : sessions_) session->stream.close();
}

void Server::State::stop() {
  if (stopping_.exchange(true)) return;
  asio::post(io_, [this] { close_idle(); });
  {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, options_.grace, [this] { return sessions_.empty(); })) {
      lock.unlock();
      asio::post(io_, [this] { close_all(); });
    }
  }
  handlers_.join();
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, ServerHandler handler) {
  auto state = std::make_shared<State>(options, std::move(handler));
  if (auto listening = state->listen(); !listening) return std::move(listening).error();
  state->run();
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::shared_ptr<State> state) : state_(std::move(state)) {}
Server::~Server() {
  state_->stop();
}
std::uint16_t Server::port() const {
  return state_->port();
}
void Server::stop() {
  state_->stop();
}

}  // namespace midwatch::http
