#include "src/observe/lines/access_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace midwatch::observe::lines {
namespace {

/// A line of a load balancer has about thirty fields.
constexpr std::size_t kMostFields = 40;
/// Positions in a line of an Application Load Balancer. Source: AWS, "Access logs for your Application Load
/// Balancer", syntax.
enum AlbField : std::size_t {
  kType = 0,
  kTarget = 4,
  kTimes = 5,
  kElbStatus = 8,
  kTargetStatus = 9,
  kRequest = 12
};

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<int> status_of(std::string_view text) {
  if (text.size() != 3 || text[0] < '1' || text[0] > '5') return std::nullopt;
  int value = 0;  // digits alone: "5e9" is a number of three characters, but no status
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "GET /path?query HTTP/1.1"; false where it is none.
bool read_request(std::string_view request, AccessLine& out) {
  static constexpr std::array<std::string_view, 9> kMethods{"GET",     "POST",  "PUT",     "DELETE", "HEAD",
                                                            "OPTIONS", "PATCH", "CONNECT", "TRACE"};
  const std::size_t space = request.find(' ');
  if (space == std::string_view::npos) return false;
  out.method = request.substr(0, space);
  if (std::find(kMethods.begin(), kMethods.end(), out.method) == kMethods.end()) return false;
  std::string_view path = request.substr(space + 1);
  path = path.substr(0, path.find_first_of(" ?"));
  // "https://host:443/path" of a load balancer
  const std::size_t scheme = path.find("://");
  if (scheme != std::string_view::npos) {
    const std::size_t slash = path.find('/', scheme + 3);
    path = slash == std::string_view::npos ? std::string_view("/") : path.substr(slash);
  }
  out.path = path;
  return path.starts_with('/') || path == "*" || out.method == "CONNECT";
}

/// Words, texts in quotes, and texts in brackets.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t at = 0;
  while (at < line.size() && fields.size() < kMostFields) {
    if (line[at] == ' ' || line[at] == '\t') {
      ++at;
      continue;
    }
    const char close = line[at] == '"' ? '"' : line[at] == '[' ? ']' : ' ';
    const std::size_t begin = close == ' ' ? at : at + 1;
    std::size_t end = line.find(close, begin);
    if (end == std::string_view::npos) end = line.size();
    fields.push_back(line.substr(begin, end - begin));
    at = end + 1;
  }
  return fields;
}

std::optional<AccessLine> read_load_balancer(std::string_view line) {
  const auto fields = fields_of(line);
  if (fields.size() <= kRequest) return std::nullopt;
  AccessLine out;
  const auto status = status_of(fields[kElbStatus]);
  if (!status || !read_request(fields[kRequest], out)) return std::nullopt;
  out.status = *status;
  out.upstream = fields[kTarget] == "-" ? std::string_view() : fields[kTarget];
  out.upstream_status = status_of(fields[kTargetStatus]);
  double seconds = 0;
  bool answered = true;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto part = number(fields[kTimes + i]);
    answered = answered && part && *part >= 0;
    seconds += part.value_or(0);
  }
  if (answered) out.seconds = seconds;
  out.unanswered = !out.upstream_status && out.status >= 500;
  return out;
}

/// "rt=0.5", "request_time:0.5", "urt=\"0.5\"": what sites add to the combined format.
void read_named(std::string_view field, AccessLine& out) {
  const std::size_t mark = field.find_first_of("=:");
  if (mark == std::string_view::npos || mark == 0) return;
  const std::string_view name = field.substr(0, mark);
  std::string_view value = field.substr(mark + 1);
  while (!value.empty() && value.front() == '"') value.remove_prefix(1);
  while (!value.empty() && (value.back() == '"' || value.back() == ',' || value.back() == 's'))
    value.remove_suffix(1);
  if (name == "rt" || name == "request_time" || name == "duration") {
    if (const auto seconds = number(value)) out.seconds = seconds;
  } else if (name == "upstream" || name == "upstream_addr" || name == "ua") {
    if (value != "-") out.upstream = value;
  } else if (name == "upstream_status" || name == "us") {
    out.upstream_status = status_of(value);
    out.unanswered = out.unanswered || value == "-";
  }
}

/// The fields behind the status of a common or combined line.
void read_rest(std::string_view rest, AccessLine& out) {
  const auto fields = fields_of(rest);
  for (std::size_t i = 1; i < fields.size(); ++i) {  // [0] is the size
    const std::string_view field = fields[i];
    if (field.starts_with("http://") || field.starts_with("tcp://")) {  // Traefik, Envoy
      out.upstream = field.substr(field.find("://") + 3);
    } else if (field.ends_with("ms")) {  // Traefik
      if (const auto ms = number(field.substr(0, field.size() - 2))) out.seconds = *ms / 1000;
    } else if (field.find('.') != std::string_view::npos && number(field)) {
      // nginx: $request_time, then $upstream_response_time; seconds with a fraction
      if (!out.seconds) out.seconds = number(field);
    } else {
      read_named(field, out);
    }
  }
}

/// Envoy's default: "… status flags bytes bytes ms ms …".
void read_envoy(std::string_view rest, AccessLine& out) {
  const auto fields = fields_of(rest);
  if (fields.size() < 5) return;
  if (const auto ms = number(fields[3])) out.seconds = *ms / 1000;
  const std::string_view flags = fields[0];
  out.unanswered = flags.find("UF") != std::string_view::npos || flags.find("UH") != std::string_view::npos ||
                   flags.find("UT") != std::string_view::npos || flags.find("URX") != std::string_view::npos;
  for (const std::string_view field : fields) {
    const bool host = field.find(':') != std::string_view::npos && field.find('/') == std::string_view::npos;
    if (host && out.upstream.empty() && field.back() >= '0' && field.back() <= '9') out.upstream = field;
  }
}

}  // namespace

std::optional<AccessLine> read_access_line(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kTypes{"http ", "https ", "h2 ", "grpcs ", "ws ", "wss "};
  if (std::any_of(kTypes.begin(), kTypes.end(), [&](std::string_view t) { return line.starts_with(t); }))
    return read_load_balancer(line);
  // A request in quotes and a status behind it.
  const std::size_t open = line.find('"');
  if (open == std::string_view::npos) return std::nullopt;
  const std::size_t close = line.find('"', open + 1);
  if (close == std::string_view::npos || close + 5 > line.size() || line[close + 1] != ' ')
    return std::nullopt;
  AccessLine out;
  const auto status = status_of(line.substr(close + 2, 3));
  if (!status || !read_request(line.substr(open + 1, close - open - 1), out)) return std::nullopt;
  if (close + 5 < line.size() && line[close + 5] != ' ') return std::nullopt;
  out.status = *status;
  const std::string_view rest = line.substr(std::min(line.size(), close + 6));
  const bool envoy = line.front() == '[' && !rest.empty() &&
                     (rest.front() == '-' || (rest.front() >= 'A' && rest.front() <= 'Z'));
  if (envoy) {
    read_envoy(rest, out);
  } else {
    read_rest(rest, out);
  }
  // A gateway's own error says that nobody behind it answered.
  out.unanswered = out.unanswered || (!out.upstream_status && (out.status == 502 || out.status == 504));
  return out;
}

}  // namespace midwatch::observe::lines
