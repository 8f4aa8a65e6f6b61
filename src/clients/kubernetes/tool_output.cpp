#include "src/clients/kubernetes/tool_output.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "src/base/ascii.h"
#include "src/base/json.h"
#include "src/base/shell_words.h"
#include "src/base/utf8.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/text_lines.h"
#include "src/telemetry/flatten.h"

namespace midwatch::clients::kubernetes {
namespace {

/// Longer output is a dump of something else: a person reads no more than this.
constexpr std::size_t kMostLines = 2000;
constexpr std::size_t kLineBytes = 2000;

void mention(const std::string& name_space, std::string_view kind, const std::string& name,
             telemetry::RecordRef ref, telemetry::TelemetryBatch& out) {
  telemetry::Entity e;
  e.id = entity_id(name_space, kind, name);
  e.type = std::string(kind);
  e.name = name;
  e.ref = ref;
  e.attributes.set("platform.kind", platform_kind(kind));
  if (!name_space.empty()) e.attributes.set("metadata.namespace", name_space);
  out.entities.push_back(std::move(e));
}

/// The pod that a line of `kubectl drain` is about.
std::string pod_named_in(std::string_view line, telemetry::RecordRef ref, telemetry::TelemetryBatch& out) {
  static const RE2 kPod(R"re(pods?/"([a-z0-9.-]{1,253})" -n "([a-z0-9-]{1,63})")re", RE2::Quiet);
  std::string name;
  std::string name_space;
  if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kPod, &name, &name_space)) return {};
  mention(name_space, "Pod", name, ref, out);
  out.instances.emplace_back(name, entity_id(name_space, "Pod", name));
  return entity_id(name_space, "Pod", name);
}

/// Options of helm, argocd and flux whose value is the next word, besides the namespace.
bool takes_value(std::string_view option) {
  static constexpr std::array<std::string_view, 12> kWithValue{
      "-f",       "--values",       "--set",     "--version",  "--timeout",    "--kube-context",
      "--server", "--kube-version", "--context", "--revision", "--set-string", "-o"};
  return std::find(kWithValue.begin(), kWithValue.end(), option) != kWithValue.end();
}

struct ToolCommand {
  std::vector<std::string> plain;  ///< words that are no options, the tool's name first
  std::string name_space;
};

ToolCommand read_command(std::string_view line) {
  ToolCommand command;
  const auto words = base::first_shell_command(line).words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (command.plain.empty() && (word == "#" || word == "$")) continue;
    if (!word.starts_with('-') || word.size() < 2) {
      command.plain.push_back(word);
    } else if ((word == "-n" || word == "--namespace") && i + 1 < words.size()) {
      command.name_space = words[++i];
    } else if (takes_value(word)) {
      ++i;
    }
  }
  return command;
}

/// `argocd app get NAME`: the state of an application as "Key:   value" lines.
class ArgoApplication {
 public:
  bool take(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = base::trim(line.substr(colon + 1));
    for (const auto& [said, path] :
         {std::pair{"Sync Status", "application.sync"}, std::pair{"Health Status", "application.health"},
          std::pair{"Message", "platform.message"}, std::pair{"Phase", "platform.reason"}}) {
      if (key != said) continue;
      const bool word = std::string_view(path).starts_with("application.");
      attributes_.set(path, base::printable(word ? first_word(value) : value, kLineBytes));
      return true;
    }
    if (key == "Name" && name_.empty()) {
      const std::size_t slash = value.find('/');
      name_space_ = slash == std::string_view::npos ? "argocd" : std::string(value.substr(0, slash));
      name_ = std::string(slash == std::string_view::npos ? value : value.substr(slash + 1));
      return true;
    }
    return false;
  }

  void finish(telemetry::RecordRef ref, telemetry::TelemetryBatch& out) {
    if (name_.empty()) return;
    telemetry::Entity e;
    e.id = id();
    e.type = "Application";
    e.name = name_;
    e.ref = ref;
    e.attributes = std::move(attributes_);
    e.attributes.set("platform.kind", platform_kind("Application"));
    e.attributes.set("metadata.namespace", name_space_);
    out.entities.push_back(std::move(e));
  }

  std::string id() const { return name_.empty() ? "" : entity_id(name_space_, "Application", name_); }

 private:
  std::string name_;
  std::string name_space_;
  telemetry::Attributes attributes_;
};

telemetry::PlatformEvent said(std::string entity, telemetry::RecordRef ref, std::string message) {
  telemetry::PlatformEvent event;
  event.ref = ref;
  event.entity = std::move(entity);
  event.source = "kubernetes";
  event.type = "Normal";
  event.reason = telemetry::kCommandOutput;
  event.message = std::move(message);
  return event;
}

/// JSON of a tool: each value with its path is what the tool says. False for what is no JSON.
bool decode_values(std::string_view text, const std::string& entity, telemetry::RecordRef ref,
                   telemetry::TelemetryBatch& out) {
  const auto document = base::parse_json(text);
  if (!document) return false;
  telemetry::Attributes values;
  telemetry::flatten(*document, "", values);
  std::size_t read = 0;
  for (const auto& [path, value] : values) {
    if (value.empty()) continue;
    if (++read > kMostLines) {
      out.notices.push_back({fmt::format("only its first {} values are read", kMostLines), ref,
                             fmt::format("先頭の {} 個の値のみを読みました", kMostLines)});
      break;
    }
    out.events.push_back(said(entity, ref, base::printable(fmt::format("{}: {}", path, value), kLineBytes)));
  }
  return read > 0;
}

}  // namespace

void decode_messages(std::string_view text, const std::string& entity, std::size_t first_line,
                     const DecodeContext& context, telemetry::TelemetryBatch& out) {
  std::size_t read = 0;
  for (const Line& line : lines_of(text, first_line)) {
    if (++read > kMostLines) {
      out.notices.push_back({fmt::format("only its first {} lines are read", kMostLines), context.ref,
                             fmt::format("先頭の {} 行のみを読みました", kMostLines)});
      return;
    }
    const telemetry::RecordRef ref{context.ref.source, line.number};
    std::string about = pod_named_in(line.text, ref, out);
    if (about.empty()) about = entity;
    out.events.push_back(said(std::move(about), ref, std::string(line.text.substr(0, kLineBytes))));
  }
}

bool reads_messages_of(std::string_view tool) {
  static constexpr std::array<std::string_view, 20> kTools{
      "argocd",  "cilium", "cmctl",    "curl",  "dig",       "docker",   "flux",
      "git",     "helm",   "istioctl", "kafka", "linux",     "nslookup", "nginx",
      "openssl", "redis",  "rabbitmq", "shell", "systemctl", "terraform"};
  return std::find(kTools.begin(), kTools.end(), tool) != kTools.end();
}

void decode_tool_output(std::string_view tool, const KubectlOutput& output, telemetry::TelemetryBatch& out) {
  std::string_view text = output.text;
  std::size_t first_line = 1;
  ToolCommand command;
  if (text.starts_with("#") || text.starts_with("$")) {
    const std::size_t end = text.find('\n');
    command = read_command(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++first_line;
  }
  const std::string_view start = base::trim(text);
  if (start.empty()) return;
  const DecodeContext context{output.ref, output.reference_time};
  if (start.front() == '{' || start.front() == '[' || start.starts_with("apiVersion:")) {
    if (!decode_values(start, std::string(tool), {output.ref.source, first_line}, out))
      out.notices.push_back(
          {"no decoder reads this tool's output", output.ref, "このツールの出力は解釈の対象外です"});
    return;
  }
  std::string entity(tool);
  if (tool == "helm" && command.plain.size() > 2) {
    const std::string name_space = command.name_space.empty() ? "default" : command.name_space;
    entity = entity_id(name_space, "HelmRelease", command.plain[2]);
    mention(name_space, "HelmRelease", command.plain[2], {output.ref.source, first_line}, out);
  }
  if (tool == "argocd") {
    ArgoApplication application;
    std::size_t first_said = 0;
    for (const Line& line : lines_of(text, first_line)) {
      if (line.indent == 0 && application.take(line.text) && first_said == 0) first_said = line.number;
    }
    if (const std::string id = application.id(); !id.empty()) entity = id;
    application.finish({output.ref.source, first_said}, out);
  }
  decode_messages(text, entity, first_line, context, out);
}

}  // namespace midwatch::clients::kubernetes
