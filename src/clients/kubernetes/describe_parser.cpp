#include "src/clients/kubernetes/describe_parser.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/clients/kubernetes/object_decoder.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::Json;

struct Line {
  std::size_t indent = 0;
  std::string_view text;  // without indent
};

std::string_view trim(std::string_view s) {
  const std::size_t a = s.find_first_not_of(" \t\r");
  if (a == std::string_view::npos) return {};
  return s.substr(a, s.find_last_not_of(" \t\r") - a + 1);
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent != std::string_view::npos && !trim(line).empty()) lines.push_back({indent, trim(line)});
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

/// "Key:   value" → key and value; no key where the line has none.
std::pair<std::string_view, std::string_view> split_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return {{}, line};
  if (colon + 1 < line.size() && line[colon + 1] != ' ' && line[colon + 1] != '\t') return {{}, line};
  return {line.substr(0, colon), trim(line.substr(colon + 1))};
}

bool absent(std::string_view value) {
  return value.empty() || value == "<none>" || value == "<unset>" || value == "<nil>";
}

/// Columns of a describe table are at least two spaces apart.
std::vector<std::string> columns_of(std::string_view line) {
  std::vector<std::string> columns;
  while (!line.empty()) {
    const std::size_t gap = line.find("  ");
    columns.emplace_back(trim(line.substr(0, gap)));
    if (gap == std::string_view::npos) break;
    const std::size_t next = line.find_first_not_of(' ', gap);
    if (next == std::string_view::npos) break;
    line.remove_prefix(next);
  }
  return columns;
}

/// "Tue, 01 Jul 2025 12:14:59 +0300": RFC 1123 with a numeric zone, as describe prints times.
std::string rfc3339_of(std::string_view value) {
  static constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(value) + " ") {
    if (c == ' ' || c == ',') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (words.size() < 6) return {};
  const auto month = std::find(kMonths.begin(), kMonths.end(), words[2]);
  if (month == kMonths.end()) return {};
  return fmt::format("{}-{:02}-{:0>2}T{}{}", words[3], month - kMonths.begin() + 1, words[1], words[4],
                     words[5]);
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view kind, std::optional<base::Timestamp> reference_time)
      : lines_(lines_of(text)), kind_(kind), reference_time_(reference_time) {
    object_ = Json::object();
    object_["metadata"] = Json::object();
    object_["spec"] = Json::object();
    object_["status"] = Json::object();
    object_["$events"] = Json::array();
  }

  Json run() {
    while (i_ < lines_.size()) {
      const Line& line = lines_[i_];
      if (line.indent > 0) {
        ++i_;
        continue;
      }
      const auto [key, value] = split_field(line.text);
      ++i_;
      section(key, value);
    }
    object_["kind"] = kind();
    return std::move(object_);
  }

 private:
  std::string kind() const {
    if (!kind_.empty()) return std::string(kind_);
    if (is_node_) return "Node";
    if (is_claim_) return "PersistentVolumeClaim";
    if (is_job_) return "Job";
    if (is_workload_) return "Deployment";
    return "Pod";
  }

  /// The lines of a section: those indented more than its title.
  std::vector<Line> body() {
    std::vector<Line> lines;
    while (i_ < lines_.size() && lines_[i_].indent > 0) lines.push_back(lines_[i_++]);
    return lines;
  }

  void section(std::string_view key, std::string_view value) {
    Json& metadata = object_["metadata"];
    Json& spec = object_["spec"];
    Json& status = object_["status"];
    if (key == "Name") {
      metadata["name"] = value;
    } else if (key == "Namespace") {
      metadata["namespace"] = value;
    } else if (key == "CreationTimestamp") {
      metadata["creationTimestamp"] = rfc3339_of(value);
    } else if (key == "Status") {
      status["phase"] = value.substr(0, value.find(' '));
    } else if (key == "Reason") {
      status["reason"] = value;
    } else if (key == "Message") {
      status["message"] = value;
    } else if (key == "Start Time") {
      status["startTime"] = rfc3339_of(value);
    } else if (key == "Node" && !absent(value)) {
      spec["nodeName"] = value.substr(0, value.find('/'));
    } else if (key == "Controlled By") {
      const std::size_t slash = value.find('/');
      if (slash != std::string_view::npos)
        metadata["ownerReferences"] =
            Json::array({{{"kind", value.substr(0, slash)}, {"name", value.substr(slash + 1)}}});
    } else if (key == "Containers" || key == "Init Containers") {
      containers(body(), key == "Init Containers");
    } else if (key == "Conditions") {
      conditions(body());
    } else if (key == "Capacity" || key == "Allocatable") {
      amounts(body(), key == "Capacity" ? "capacity" : "allocatable");
    } else if (key == "Non-terminated Pods") {
      is_node_ = true;
      const std::size_t open = value.find('(');
      if (open != std::string_view::npos)
        status["allocated"]["pods"] = value.substr(open + 1, value.find(' ', open) - open - 1);
    } else if (key == "Unschedulable") {
      spec["unschedulable"] = value == "true";
    } else if (key == "Taints") {
      taints(value);
    } else if (key == "StorageClass") {
      is_claim_ = true;
      if (!absent(value)) spec["storageClassName"] = value;
    } else if (key == "Volume" && !absent(value)) {
      spec["volumeName"] = value;
    } else if (key == "Used By" && !absent(value)) {
      status["usedBy"] = value;
    } else if (key == "Volumes") {
      volumes(body());
    } else if (key == "Replicas") {
      is_workload_ = true;
      replicas(value);
    } else if (key == "Pods Statuses") {
      is_job_ = true;
      job_status(value);
    } else if (key == "Backoff Limit") {
      is_job_ = true;
      spec["backoffLimit"] = value;
    } else if (key == "Pod Template") {
      pod_template(body());
    } else if (key == "Events") {
      events(body());
    }
  }

  /// Fields below a container's name; deeper ones belong to the last named block.
  void containers(const std::vector<Line>& lines, bool init) {
    if (lines.empty()) return;
    const std::size_t name_indent = lines.front().indent;
    Json specs = Json::array();
    Json statuses = Json::array();
    std::string block;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      const Line& line = lines[k];
      if (line.indent == name_indent) {
        const std::string name(line.text.substr(0, line.text.find(':')));
        specs.push_back({{"name", name}});
        statuses.push_back({{"name", name}, {"state", Json::object()}, {"lastState", Json::object()}});
        block.clear();
        continue;
      }
      const auto [key, value] = split_field(line.text);
      const bool top = line.indent <= name_indent + 2;
      if (top) block = std::string(key);
      field(specs.back(), statuses.back(), block, top ? std::string_view{} : key,
            top ? value : (key.empty() ? line.text : value), line.text);
    }
    object_["spec"][init ? "initContainers" : "containers"] = std::move(specs);
    object_["status"][init ? "initContainerStatuses" : "containerStatuses"] = std::move(statuses);
  }

  static void field(Json& spec, Json& status, const std::string& block, std::string_view key,
                    std::string_view value, std::string_view line) {
    const bool top = key.empty();
    if (block == "Image" && top) spec["image"] = value;
    if (block == "Image ID" && top && !absent(value)) status["imageID"] = value;
    if (block == "Ready" && top) status["ready"] = value == "True";
    if (block == "Restart Count" && top) status["restartCount"] = value;
    if ((block == "Command" || block == "Args") && line != block + ":") {
      const char* list = block == "Command" ? "command" : "args";
      if (!spec.contains(list)) spec[list] = Json::array();
      spec[list].push_back(line);
    }
    if (block == "State" || block == "Last State") {
      Json& states = status[block == "State" ? "state" : "lastState"];
      if (top) {
        std::string word(value);
        for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        states[word] = Json::object();
        return;
      }
      if (states.empty()) return;
      Json& state = states.back();
      if (key == "Reason") state["reason"] = value;
      if (key == "Message") state["message"] = value;
      if (key == "Exit Code") state["exitCode"] = value;
      if (key == "Started") state["startedAt"] = rfc3339_of(value);
      if (key == "Finished") state["finishedAt"] = rfc3339_of(value);
    }
    if ((block == "Limits" || block == "Requests") && !top)
      spec["resources"][block == "Limits" ? "limits" : "requests"][std::string(key)] = value;
    if (block == "Environment" && !top) environment(spec, key, value);
  }

  static void environment(Json& spec, std::string_view key, std::string_view value) {
    Json entry{{"name", key}};
    // "<set to the key 'password' in secret 'db'>"
    const std::size_t secret = value.find("in secret '");
    const std::size_t config = value.find("of config map '");
    const auto quoted = [&](std::size_t from) {
      const std::size_t open = value.find('\'', from);
      const std::size_t close = value.find('\'', open + 1);
      return open == std::string_view::npos || close == std::string_view::npos
                 ? std::string()
                 : std::string(value.substr(open + 1, close - open - 1));
    };
    if (secret != std::string_view::npos) {
      entry["valueFrom"]["secretKeyRef"] = {{"name", quoted(secret)}, {"key", quoted(0)}};
    } else if (config != std::string_view::npos) {
      entry["valueFrom"]["configMapKeyRef"] = {{"name", quoted(config)}, {"key", quoted(0)}};
    } else {
      entry["value"] = value;
    }
    if (!spec.contains("env")) spec["env"] = Json::array();
    spec["env"].push_back(std::move(entry));
  }

  void conditions(const std::vector<Line>& lines) {
    Json list = Json::array();
    std::vector<std::string> header;
    for (const Line& line : lines) {
      const auto columns = columns_of(line.text);
      if (columns.empty() || columns.front().starts_with("--")) continue;
      if (header.empty()) {
        header = columns;
        continue;
      }
      Json condition{{"type", columns.front()}};
      for (std::size_t c = 1; c < columns.size() && c < header.size(); ++c) {
        if (header[c] == "Status") condition["status"] = columns[c];
        if (header[c] == "Reason") condition["reason"] = columns[c];
        if (header[c] == "Message") condition["message"] = columns[c];
      }
      list.push_back(std::move(condition));
    }
    object_["status"]["conditions"] = std::move(list);
  }

  void amounts(const std::vector<Line>& lines, const char* group) {
    if (!lines.empty()) is_node_ = true;
    for (const Line& line : lines) {
      const auto [key, value] = split_field(line.text);
      if (!key.empty()) object_["status"][group][std::string(key)] = value;
    }
  }

  void taints(std::string_view value) {
    if (absent(value)) return;
    const std::size_t colon = value.rfind(':');
    const std::string_view key = value.substr(0, value.find_first_of("=:"));
    object_["spec"]["taints"] = Json::array(
        {{{"key", key},
          {"value", ""},
          {"effect", colon == std::string_view::npos ? std::string_view{} : value.substr(colon + 1)}}});
  }

  void volumes(const std::vector<Line>& lines) {
    Json list = Json::array();
    for (const Line& line : lines) {
      const auto [key, value] = split_field(line.text);
      if (key == "ClaimName") list.push_back({{"persistentVolumeClaim", {{"claimName", value}}}});
      if (key == "SecretName") list.push_back({{"secret", {{"secretName", value}}}});
    }
    object_["spec"]["volumes"] = std::move(list);
  }

  /// "2 desired | 2 updated | 2 total | 1 available | 1 unavailable"
  void replicas(std::string_view value) {
    std::string_view rest = value;
    while (!rest.empty()) {
      const std::size_t bar = rest.find('|');
      const std::string_view part = trim(rest.substr(0, bar));
      const std::size_t space = part.find(' ');
      const std::string_view word =
          space == std::string_view::npos ? std::string_view{} : part.substr(space + 1);
      const std::string number(part.substr(0, space));
      if (word == "desired") object_["spec"]["replicas"] = number;
      if (word == "updated") object_["status"]["updatedReplicas"] = number;
      if (word == "available") object_["status"]["availableReplicas"] = number;
      if (word == "unavailable") object_["status"]["unavailableReplicas"] = number;
      if (bar == std::string_view::npos) break;
      rest.remove_prefix(bar + 1);
    }
  }

  /// "0 Active (0 Ready) / 0 Succeeded / 5 Failed"
  void job_status(std::string_view value) {
    for (const auto& [word, key] : {std::pair{"Active", "active"}, std::pair{"Succeeded", "succeeded"},
                                    std::pair{"Failed", "failed"}}) {
      const std::size_t at = value.find(word);
      if (at == std::string_view::npos || at < 2) continue;
      const std::string_view before = trim(value.substr(0, at));
      const std::size_t space = before.find_last_of(" /");
      object_["status"][key] = before.substr(space == std::string_view::npos ? 0 : space + 1);
    }
  }

  void pod_template(const std::vector<Line>& lines) {
    // The template's containers are those of its pods, one level deeper.
    for (std::size_t k = 0; k < lines.size(); ++k) {
      if (lines[k].text != "Containers:") continue;
      std::vector<Line> inner;
      for (std::size_t m = k + 1; m < lines.size() && lines[m].indent > lines[k].indent; ++m)
        inner.push_back(lines[m]);
      containers(inner, false);
      object_["spec"]["template"]["spec"]["containers"] = object_["spec"]["containers"];
      object_["status"].erase("containerStatuses");
    }
  }

  void events(const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      auto columns = columns_of(line.text);
      if (columns.size() < 5 || columns[0] == "Type" || columns[0].starts_with("--")) continue;
      for (std::size_t c = 5; c < columns.size(); ++c) columns[4] += "  " + columns[c];
      // "2m12s (x42 over 12m)"
      const std::string& age = columns[2];
      Json event{{"kind", "Event"},
                 {"type", columns[0]},
                 {"reason", columns[1]},
                 {"message", columns[4]},
                 {"involvedObject",
                  {{"kind", kind()},
                   {"name", object_["metadata"].value("name", "")},
                   {"namespace", object_["metadata"].value("namespace", "")}}}};
      const std::size_t times = age.find("(x");
      if (times != std::string::npos)
        event["count"] = age.substr(times + 2, age.find(' ', times) - times - 2);
      const auto ago = parse_age(trim(std::string_view(age).substr(0, age.find(' '))));
      if (ago && reference_time_) event["lastTimestamp"] = base::format_rfc3339(*reference_time_ - *ago);
      object_["$events"].push_back(std::move(event));
    }
  }

  std::vector<Line> lines_;
  std::size_t i_ = 0;
  std::string_view kind_;
  std::optional<base::Timestamp> reference_time_;
  Json object_;
  bool is_node_ = false;
  bool is_claim_ = false;
  bool is_job_ = false;
  bool is_workload_ = false;
};

}  // namespace

bool is_describe(std::string_view text) {
  return text.starts_with("Name:") || text.find("\nName:  ") != std::string_view::npos;
}

Json describe_to_object(std::string_view text, std::string_view kind,
                        std::optional<base::Timestamp> reference_time) {
  return Parser(text, kind, reference_time).run();
}

}  // namespace midwatch::clients::kubernetes
