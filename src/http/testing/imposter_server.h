#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "src/http/http_client.h"

namespace midwatch::http::testing {

/// One request as it came over the wire.
struct ReceivedRequest {
  std::string method;
  std::string target;  ///< raw: path and query as they were sent
  std::vector<Header> headers{};
  std::string body{};

  std::string_view header(std::string_view name) const { return header_value(headers, name); }
};

/// How the server treats one request, faults included.
struct ImposterAnswer {
  int status = 200;
  std::vector<Header> headers{};
  std::string body{};
  bool never = false;               ///< says nothing until the peer hangs up or the server ends
  std::size_t cut_after_bytes = 0;  ///< closes the connection after so much of the body; 0: never
  bool garbage = false;             ///< sends bytes that are no HTTP
};

/// A small HTTP/1.1 server on a free port of loopback, one connection at a time or several in turn.
///
/// Threads: the handler runs on the server's own thread, one request at a time.
class ImposterServer {
 public:
  using Handler = std::function<ImposterAnswer(const ReceivedRequest&)>;

  explicit ImposterServer(Handler handler);
  ~ImposterServer();
  ImposterServer(const ImposterServer&) = delete;
  ImposterServer& operator=(const ImposterServer&) = delete;

  /// `http://127.0.0.1:PORT`
  std::string url() const;
  int connections() const;
  std::vector<ReceivedRequest> requests() const;

 private:
  void serve();
  bool serve_one(int connection, std::string& pending);

  Handler handler_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  int port_ = 0;
  mutable std::mutex mutex_;
  int connections_ = 0;
  std::vector<ReceivedRequest> requests_;
  std::thread thread_;
};

}  // namespace midwatch::http::testing
