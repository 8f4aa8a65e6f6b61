#include "src/http/testing/imposter_server.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "src/base/ascii.h"

namespace midwatch::http::testing {
namespace {

void write_all(int socket, std::string_view data) {
  while (!data.empty()) {
    const ssize_t sent = ::send(socket, data.data(), data.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    data.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t length_of(const ReceivedRequest& request) {
  const auto text = request.header("content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

/// Takes one whole request off the front of `pending`; nothing while it is not whole.
std::optional<ReceivedRequest> take_request(std::string& pending) {
  const auto head_end = pending.find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  ReceivedRequest request;
  const auto lines = base::split(std::string_view(pending).substr(0, head_end), '\n');
  const auto words = base::split(lines.front(), ' ');
  if (words.size() > 1) {
    request.method = words[0];
    request.target = words[1];
  }
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto colon = lines[i].find(':');
    if (colon == std::string_view::npos) continue;
    request.headers.emplace_back(lines[i].substr(0, colon), base::trim(lines[i].substr(colon + 1)));
  }
  const std::size_t length = length_of(request);
  const std::size_t body_start = head_end + 4;
  if (pending.size() - body_start < length) return std::nullopt;
  request.body = pending.substr(body_start, length);
  pending.erase(0, body_start + length);
  return request;
}

}  // namespace

ImposterServer::ImposterServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  constexpr int kBacklog = 64;
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, kBacklog) != 0 ||
      ::getsockname(listener_, generic, &size) != 0 || ::pipe(wake_) != 0) {
    throw std::runtime_error("no imposter server on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ImposterServer::~ImposterServer() {
  ::close(wake_[1]);  // the serving thread sees the end of the pipe
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

std::string ImposterServer::url() const {
  return fmt::format("http://127.0.0.1:{}", port_);
}

int ImposterServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::vector<ReceivedRequest> ImposterServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void ImposterServer::serve() {
  std::map<int, std::string> open;  // what each connection sent and was not yet served
  while (true) {
    std::vector<pollfd> watched{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [connection, pending] : open) watched.push_back({connection, POLLIN, 0});
    if (::poll(watched.data(), watched.size(), -1) < 0) break;
    if (watched[0].revents != 0) break;
    for (std::size_t i = 2; i < watched.size(); ++i) {
      const int connection = watched[i].fd;
      if (watched[i].revents != 0 && !serve_one(connection, open[connection])) {
        ::close(connection);
        open.erase(connection);
      }
    }
    if (watched[1].revents != 0) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection >= 0) {
        const std::lock_guard lock(mutex_);
        ++connections_;
        open[connection];
      }
    }
  }
  for (const auto& [connection, pending] : open) ::close(connection);
}

bool ImposterServer::serve_one(int connection, std::string& pending) {
  std::array<char, 16384> buffer{};
  const ssize_t got = ::recv(connection, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  pending.append(buffer.data(), static_cast<std::size_t>(got));
  while (const auto request = take_request(pending)) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
    }
    const ImposterAnswer answer = handler_(*request);
    if (answer.never) continue;
    if (answer.garbage) {
      write_all(connection, "\x01\x02 this is no answer\r\n\r\n");
      return false;
    }
    std::string head =
        fmt::format("HTTP/1.1 {} Answer\r\nContent-Length: {}\r\n", answer.status, answer.body.size());
    for (const auto& [name, value] : answer.headers) head += fmt::format("{}: {}\r\n", name, value);
    write_all(connection, head + "\r\n");
    if (answer.cut_after_bytes != 0) {
      write_all(connection, std::string_view(answer.body).substr(0, answer.cut_after_bytes));
      return false;
    }
    write_all(connection, request->method == "HEAD" ? std::string_view() : answer.body);
  }
  return true;
}

}  // namespace midwatch::http::testing
