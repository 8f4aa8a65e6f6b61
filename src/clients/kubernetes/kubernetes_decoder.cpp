#include "src/clients/kubernetes/kubernetes_decoder.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/base/yaml.h"
#include "src/clients/kubernetes/command_line.h"
#include "src/clients/kubernetes/describe_parser.h"
#include "src/clients/kubernetes/exec_output.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/lineage_decoder.h"
#include "src/clients/kubernetes/log_decoder.h"
#include "src/clients/kubernetes/object_decoder.h"
#include "src/clients/kubernetes/server_answer.h"
#include "src/clients/kubernetes/table_decoder.h"
#include "src/clients/kubernetes/tool_output.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::at;
using base::Json;
using base::text;
using base::text_at;

bool looks_like_yaml(std::string_view content) {
  return content.starts_with("apiVersion:") || content.starts_with("---\n") || content.starts_with("kind:") ||
         content.starts_with("items:");
}

/// Commands that do something; what they print are messages, neither objects nor tables.
bool acts(std::string_view verb) {
  static constexpr std::array<std::string_view, 18> kActions{
      "apply", "attach", "cordon", "cp",           "create", "debug",   "delete", "drain", "edit",
      "exec",  "expose", "patch",  "port-forward", "run",    "replace", "scale",  "set",   "wait"};
  return std::find(kActions.begin(), kActions.end(), verb) != kActions.end();
}

class Document {
 public:
  Document(const KubectlOutput& output, telemetry::TelemetryBatch& out)
      : context_{output.ref, output.reference_time}, text_(output.text), out_(out) {
    if (!text_.starts_with("#")) return;
    const std::size_t end = text_.find('\n');
    command_ = parse_command_line(text_.substr(0, end));
    text_ = end == std::string_view::npos ? std::string_view{} : text_.substr(end + 1);
    ++first_line_;
  }

  void decode() {
    skip_blank_lines();
    if (text_.empty()) return;
    if (acts(command_.verb)) return decode_messages(text_, subject(), first_line_, context_, out_);
    if (read_server_answer(text_, command_, context_.ref, out_)) return;
    if (command_.verb == "logs") return decode_logs(text_, command_, first_line_, context_, out_);
    if (text_.front() == '{' || text_.front() == '[') return decode_json();
    if (command_.output == "yaml" || looks_like_yaml(text_)) return decode_yaml();
    if (command_.verb == "lineage") return decode_lineage(text_, command_, first_line_, context_, out_);
    if (command_.verb == "describe" || (command_.verb.empty() && is_describe(text_)))
      return decode_describe();
    if (command_.verb == "rollout") return decode_rollout();
    if (decode_table(text_, command_, first_line_, context_, out_)) return;
    if (is_describe(text_)) return decode_describe();
    notice("");
  }

 private:
  /// What a command that does something is done to; "kubernetes" where it does not say.
  std::string subject() {
    auto target = target_of(command_, {context_.ref.source, first_line_});
    if (!target) return "kubernetes";
    out_.entities.push_back(*std::move(target));
    return out_.entities.back().id;
  }

  void skip_blank_lines() {
    while (!text_.empty()) {
      const std::size_t end = text_.find('\n');
      if (!base::trim(text_.substr(0, end)).empty()) return;
      text_ = end == std::string_view::npos ? std::string_view{} : text_.substr(end + 1);
      ++first_line_;
    }
  }

  void notice(const std::string& why) {
    out_.notices.push_back(
        {fmt::format("output of kubectl {} {} is of a form that is not read{}",
                     base::printable(command_.verb, 40), base::printable(command_.kind, 60),
                     why.empty() ? "" : ": " + why),
         context_.ref,
         fmt::format("kubectl {} {} の出力形式を解釈できません{}", base::printable(command_.verb, 40),
                     base::printable(command_.kind, 60), why.empty() ? "" : fmt::format("（{}）", why))});
  }

  void decode_json() {
    auto document = base::parse_json(text_);
    if (!document) return notice(document.error().describe());
    // The answer of a query tool that wraps what it found.
    if (at(*document, "results").is_array()) return decode_results(at(*document, "results"));
    if (at(*document, "rows").is_array()) return decode_wrapped_table(*document);
    decode_objects(*document);
  }

  void decode_yaml() {
    auto document = base::parse_yaml(text_);
    if (!document) return notice(document.error().describe());
    decode_objects(*document);
  }

  void decode_objects(const Json& document) {
    decode_object(document, context_, out_);
    if (lists_all(command_) && at(document, "items").is_array() && command_.kind != "Event") {
      const bool one = !command_.all_namespaces && !is_cluster_scoped(command_.kind);
      const std::string& said = command_.name_space;
      out_.listings.push_back(
          {platform_kind(command_.kind), one ? (said.empty() ? "default" : said) : "", context_.ref});
    }
  }

  void decode_results(const Json& results) {
    std::size_t read = 0;
    for (const Json& item : results) {
      if (!item.is_object() || text_at(item, "metadata", "name").empty()) continue;
      Json object = item;
      if (text_at(object, "kind").empty() && !command_.kind.empty()) object["kind"] = command_.kind;
      decode_object(object, context_, out_);
      ++read;
    }
    if (read < results.size()) notice(fmt::format("{} of its results are no objects", results.size() - read));
  }

  void decode_wrapped_table(const Json& document) {
    std::string table = text_at(document, "header") + "\n";
    for (const Json& row : document["rows"]) table += text(row) + "\n";
    DecodeContext context = context_;
    if (!decode_table(table, command_, 0, context, out_)) notice("");
  }

  void decode_describe() {
    read_described_objects(text_, command_.kind, command_.name_space, first_line_, context_.reference_time,
                           [&](const Json& object, std::size_t line) {
                             if (text_at(object, "kind").empty()) return notice("its kind is not told");
                             DecodeContext context = context_;
                             context.ref.line = line;
                             decode_object(object, context, out_);
                           });
  }

  /// `rollout status` says in words how far it is; `rollout history` lists revisions, which change nothing
  /// now.
  void decode_rollout() {
    if (command_.name.empty() || command_.kind.empty()) return;
    telemetry::Entity e;
    const std::string name_space = command_.name_space.empty() ? "default" : command_.name_space;
    e.id = entity_id(name_space, command_.kind, command_.name);
    e.type = command_.kind;
    e.name = command_.name;
    e.ref = {context_.ref.source, first_line_};
    e.attributes.set("platform.kind", platform_kind(command_.kind));
    if (!command_.others.empty() && command_.others.front() == "status") {
      std::string_view last = base::trim(text_);
      if (const std::size_t end = last.rfind('\n'); end != std::string_view::npos)
        last.remove_prefix(end + 1);
      e.attributes.set("rollout.status", base::printable(last, 300));
    }
    out_.entities.push_back(std::move(e));
  }

  DecodeContext context_;
  std::string_view text_;
  telemetry::TelemetryBatch& out_;
  CommandLine command_;
  std::size_t first_line_ = 1;
};

}  // namespace

void decode_kubectl_output(const KubectlOutput& output, telemetry::TelemetryBatch& out) {
  Document(output, out).decode();
}

}  // namespace midwatch::clients::kubernetes
