#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/result.h"

namespace midwatch::http {

/// One request, as its bytes came.
struct ServerRequest {
  std::string method;
  std::string target;  ///< path and query, nothing decoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string peer{};  ///< the address that is connected: of the client, or of a proxy in front

  /// The first value of a header, whatever the case of its name; empty where there is none.
  std::string_view header(std::string_view name) const;
  /// The target up to its query.
  std::string_view path() const;
  /// What follows the `?`; empty where there is none.
  std::string_view query() const;
};

/// Takes the pieces of a body whose length nobody knows beforehand.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Sends one piece and waits until it is written. False: the client is gone or the server stops; end then.
  virtual bool write(std::string_view piece) = 0;
};

/// What the server answers.
struct ServerResponse {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// Where set, writes the body in chunks instead (an event stream); runs on a thread of its own.
  std::function<void(BodySink&)> stream;
  /// Waits so long before the first byte, without holding a thread; a server that stops waits no more and
  /// hangs up.
  std::chrono::milliseconds delay{0};
  /// Where set, announces the whole body, sends so many bytes of it, and hangs up: a fault for tests of
  /// clients.
  std::optional<std::size_t> cut_after;
  /// Hangs up without an answer: a fault for tests of clients.
  bool hang_up = false;

  void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

/// Answers one request. Threads: called by several at once. What it throws becomes a 500 without details.
using ServerHandler = std::function<ServerResponse(const ServerRequest&)>;

/// Bounds of a server.
struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                    ///< 0: any free one
  std::size_t threads = 4;                   ///< for handlers
  std::size_t streams = 64;                  ///< chunked bodies at once, a thread each; more get 503
  std::size_t waiting = 256;                 ///< requests that wait for a thread; more get 503
  std::size_t connections = 1024;            ///< more are hung up on
  std::size_t header_bytes = 64 * 1024;      ///< more get 431
  std::size_t body_bytes = 8 * 1024 * 1024;  ///< more get 413
  std::chrono::milliseconds idle{60'000};    ///< a connection that sends nothing for so long is closed
  std::chrono::milliseconds grace{5'000};    ///< what a running request is given when the server stops
};

/// An HTTP/1.1 server with keep-alive.
///
/// Errors:  of `start`: kInvalidArgument for the address, kConflict where the port is taken.
/// Threads: `stop` from any; it waits for running requests, at most the grace.
class Server {
 public:
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, ServerHandler handler);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  std::uint16_t port() const;
  void stop();

 private:
  class State;
  explicit Server(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace midwatch::http
