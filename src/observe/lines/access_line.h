#pragma once

#include <optional>
#include <string_view>

namespace midwatch::observe::lines {

/// A request as a web server, proxy or load balancer logs it.
struct AccessLine {
  int status = 0;
  std::string_view method;
  std::string_view path;      ///< without its query
  std::string_view upstream;  ///< who was asked: host:port or a name; empty where the line names none
  std::optional<int>
      upstream_status;            ///< what it answered; absent where it did not, or the line does not say
  bool unanswered = false;        ///< an upstream was meant to answer and did not
  std::optional<double> seconds;  ///< until the answer was sent
};

/// Reads a line of an access log: common and combined (nginx, Apache, Traefik, Caddy) with the times and
/// upstreams that sites add, Application Load Balancer, Envoy. Nothing for all other lines. Units: seconds.
/// Shape: views of `line`.
std::optional<AccessLine> read_access_line(std::string_view line);

}  // namespace midwatch::observe::lines
