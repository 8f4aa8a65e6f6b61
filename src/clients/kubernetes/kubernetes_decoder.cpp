#include "src/clients/kubernetes/kubernetes_decoder.h"

#include <array>
#include <cctype>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/utf8.h"
#include "src/clients/kubernetes/describe_parser.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/clients/kubernetes/table_decoder.h"

namespace midwatch::clients::kubernetes {
namespace {

/// What a command line asked for.
struct Command {
  std::string verb;
  std::string kind;
  std::string name;
  std::string name_space;
};

/// The singular, lower-case kind of what people type: "po", "pods" → "pod".
std::string singular(std::string word) {
  for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kNames{
      {{"po", "pod"},
       {"pods", "pod"},
       {"deploy", "deployment"},
       {"deployments", "deployment"},
       {"no", "node"},
       {"nodes", "node"},
       {"ev", "event"},
       {"events", "event"},
       {"pvc", "persistentvolumeclaim"},
       {"persistentvolumeclaims", "persistentvolumeclaim"},
       {"jobs", "job"},
       {"svc", "service"},
       {"services", "service"},
       {"sts", "statefulset"}}};
  for (const auto& [from, to] : kNames) {
    if (word == from) return std::string(to);
  }
  if (word.size() > 3 && word.back() == 's' && !word.ends_with("ss")) word.pop_back();
  return word;
}

Command command_of(std::string_view line) {
  Command command;
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(line) + " ") {
    if (c == '|') break;
    if (c == ' ') {
      if (!word.empty()) words.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  std::vector<std::string> plain;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "#" || words[i] == "kubectl") continue;
    if (words[i] == "-n" || words[i] == "--namespace") {
      if (i + 1 < words.size()) command.name_space = words[++i];
    } else if (words[i] == "-o" || words[i] == "-c" || words[i] == "-l") {
      ++i;
    } else if (words[i].starts_with("--namespace=")) {
      command.name_space = words[i].substr(12);
    } else if (!words[i].starts_with("-")) {
      plain.push_back(words[i]);
    }
  }
  if (!plain.empty()) command.verb = plain[0];
  if (plain.size() > 1) command.kind = singular(plain[1]);
  if (plain.size() > 2) command.name = plain[2];
  if (command.verb == "logs" && plain.size() > 1) command.name = plain[1];
  if (const std::size_t slash = command.kind.find('/'); slash != std::string::npos) {
    command.name = command.kind.substr(slash + 1);
    command.kind = singular(command.kind.substr(0, slash));
  }
  return command;
}

/// The kind in the API's spelling.
std::string api_kind(const std::string& kind) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kKinds{
      {{"pod", "Pod"},
       {"node", "Node"},
       {"deployment", "Deployment"},
       {"job", "Job"},
       {"cronjob", "CronJob"},
       {"persistentvolumeclaim", "PersistentVolumeClaim"},
       {"statefulset", "StatefulSet"},
       {"daemonset", "DaemonSet"},
       {"replicaset", "ReplicaSet"},
       {"service", "Service"},
       {"configmap", "ConfigMap"},
       {"secret", "Secret"}}};
  for (const auto& [from, to] : kKinds) {
    if (kind == from) return std::string(to);
  }
  return {};
}

void add_logs(std::string_view text, const Command& command, const KubectlOutput& output,
              telemetry::TelemetryBatch& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!line.empty()) {
      telemetry::LogLine log;
      log.entity = command.name;
      log.instance = command.name;
      log.body = std::string(line);
      log.ref = output.ref;
      out.logs.push_back(std::move(log));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

std::string_view skip_blank(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

}  // namespace

void decode_kubectl_output(const KubectlOutput& output, telemetry::TelemetryBatch& out) {
  std::string_view text = output.text;
  Command command;
  if (text.starts_with("#")) {
    const std::size_t end = text.find('\n');
    command = command_of(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  const std::string_view content = skip_blank(text);
  if (content.empty()) return;
  if (content.starts_with("Error from server") || content.starts_with("error:") ||
      content.starts_with("No resources found")) {
    out.notices.push_back({"kubectl said: " + base::printable(content, 300), output.ref});
    return;
  }
  if (content.front() == '{' || content.front() == '[') {
    const auto document = base::parse_json(content);
    if (!document) {
      out.notices.push_back({"no valid JSON: " + document.error().describe(), output.ref});
      return;
    }
    decode_object(*document, output.ref, output.reference_time, out);
    return;
  }
  if (command.verb == "logs") {
    add_logs(text, command, output, out);
    return;
  }
  if (command.verb == "describe" || is_describe(content)) {
    base::Json object = describe_to_object(content, api_kind(command.kind), output.reference_time);
    for (const base::Json& event : object["$events"])
      decode_object(event, output.ref, output.reference_time, out);
    object.erase("$events");
    decode_object(object, output.ref, output.reference_time, out);
    return;
  }
  if (command.verb == "lineage") return;  // what it shows, `get` and `describe` show with more
  if (!decode_table(content, command.kind, command.name_space, output.ref, out)) {
    out.notices.push_back({fmt::format("output of kubectl {} {} is of a form that is not read",
                                       base::printable(command.verb, 40), base::printable(command.kind, 60)),
                           output.ref});
  }
}

}  // namespace midwatch::clients::kubernetes
