#include "src/clients/kubernetes/describe_parser.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/clients/kubernetes/describe_kinds.h"
#include "src/clients/kubernetes/describe_pods.h"
#include "src/clients/kubernetes/describe_tree.h"
#include "src/clients/kubernetes/kinds.h"
#include "src/clients/kubernetes/text_lines.h"

namespace midwatch::clients::kubernetes {
namespace {

using base::Json;

/// Where one described object ends and the next begins: at each "Name:" that starts a line.
std::vector<std::pair<std::string_view, std::size_t>> parts_of(std::string_view text,
                                                               std::size_t first_line) {
  std::vector<std::pair<std::string_view, std::size_t>> parts;
  std::size_t line = first_line;
  std::size_t start = 0;
  std::size_t start_line = first_line;
  for (std::size_t at = 0; at < text.size(); ++line) {
    if (text.substr(at).starts_with("Name:") && at > start) {
      if (!base::trim(text.substr(start, at - start)).empty())
        parts.emplace_back(text.substr(start, at - start), start_line);
      start = at;
      start_line = line;
    }
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  if (!base::trim(text.substr(start)).empty()) parts.emplace_back(text.substr(start), start_line);
  return parts;
}

/// "Last Transition Time" → "lastTransitionTime": how describe prints the members of a custom object.
std::string member_name(std::string_view title) {
  std::string name;
  for (const auto word : base::split_words(title)) name += word;
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  return name;
}

/// A custom object is printed member by member; a list of maps is told by a member that comes again.
Json custom_value(const DescribeNode& node) {
  if (node.children.empty()) return Json(node.value);
  Json list = Json::array();
  Json current = Json::object();
  bool fields = false;
  for (const DescribeNode& child : node.children) {
    if (child.key.empty()) continue;
    fields = true;
    const std::string name = member_name(child.key);
    if (current.contains(name)) {
      list.push_back(std::move(current));
      current = Json::object();
    }
    current[name] = custom_value(child);
  }
  if (!fields) {
    if (!node.value.empty()) list.push_back(node.value);
    for (const DescribeNode& child : node.children) list.push_back(child.text);
    return list;
  }
  // Members whose names are those of list items of the API are lists even where there is only one.
  if (list.empty() && node.key != "Conditions") return current;
  list.push_back(std::move(current));
  return list;
}

struct DescribedPart {
  Json object;
  std::size_t line = 0;
};

class ObjectReader {
 public:
  ObjectReader(const DescribeNode& root, std::string_view kind, std::string_view name_space,
               std::optional<base::Timestamp> reference_time)
      : root_(root), name_space_(name_space), reference_time_(reference_time) {
    kind_ = kind.empty() ? std::string(kind_of_described(root)) : std::string(kind);
    if (const std::string said = root.value_of("Kind"); !said.empty() && root.child("API Version") != nullptr)
      kind_ = said;
  }

  void run(const DescribedVisitor& visit) {
    Json& object = object_;
    object["kind"] = kind_;
    metadata();
    if (root_.child("API Version") != nullptr) {
      for (const char* part : {"Spec", "Status"}) {
        if (const DescribeNode* node = root_.child(part)) object[member_name(part)] = custom_value(*node);
      }
    } else if (kind_ == "Pod") {
      read_described_pod(root_, object);
    } else {
      read_described_kind(kind_, root_, object);
    }
    if (const DescribeNode* list = root_.child("Conditions")) conditions(*list);
    if (const DescribeNode* list = root_.child("Events")) events(*list);
    for (const DescribedPart& event : events_) visit(event.object, event.line);
    visit(object_, root_.children.empty() ? 0 : root_.children.front().number);
  }

 private:
  void metadata() {
    Json& metadata = object_["metadata"];
    metadata["name"] = root_.value_of("Name");
    std::string name_space = root_.value_of("Namespace");
    if (name_space.empty()) name_space = name_space_;
    if (!name_space.empty() && !is_cluster_scoped(kind_)) metadata["namespace"] = name_space;
    if (Json labels = read_described_labels(root_.child("Labels")); !labels.empty())
      metadata["labels"] = std::move(labels);
    if (const std::string time = rfc3339_of_describe_time(root_.value_of("CreationTimestamp")); !time.empty())
      metadata["creationTimestamp"] = time;
    const std::string owner = root_.value_of("Controlled By");
    if (const std::size_t slash = owner.find('/'); slash != std::string::npos)
      metadata["ownerReferences"] =
          Json::array({{{"kind", owner.substr(0, slash)}, {"name", owner.substr(slash + 1)}}});
  }

  /// A table whose header names its columns: Type, Status, Reason, Message, times.
  void conditions(const DescribeNode& table) {
    if (table.children.empty()) return;
    const auto header = cells_of(table.children.front().text);
    for (const DescribeNode& row : table.children) {
      if (row.text.starts_with("Type ") || row.text.starts_with("--")) continue;
      const auto cells = cells_of(row.text);
      if (cells.size() < 2) continue;
      Json condition{{"type", cells[0]}, {"status", cells[1]}};
      for (std::size_t c = 2; c < cells.size(); ++c) {
        const std::string_view title = c < header.size() ? header[c] : std::string_view("Message");
        if (title == "Reason") condition["reason"] = cells[c];
        if (title == "Message") condition["message"] = condition.value("message", "") + std::string(cells[c]);
        if (title == "LastTransitionTime")
          condition["lastTransitionTime"] = rfc3339_of_describe_time(cells[c]);
      }
      object_["status"]["conditions"].push_back(std::move(condition));
    }
  }

  /// "Warning  BackOff  3m30s (x206 over 48m)  kubelet  Back-off restarting …"; a line of no such form goes
  /// on with the message before it.
  void events(const DescribeNode& table) {
    std::vector<std::pair<std::string_view, std::size_t>> lines;
    flatten_rows(table, lines);
    // Events come last: what begins a line after them goes on with a message.
    for (const DescribeNode& after : root_.children) {
      if (after.number > table.number) lines.emplace_back(after.text, after.number);
    }
    std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    for (const auto& [line, number] : lines) {
      auto cells = cells_of(line);
      const bool row = cells.size() >= 5 && (cells[0] == "Normal" || cells[0] == "Warning");
      if (!row) {
        if (!events_.empty() && !line.starts_with("Type ") && !line.starts_with("----")) {
          Json& message = events_.back().object["message"];
          message = message.get<std::string>() + "\n" + std::string(line);
        }
        continue;
      }
      // The message itself may hold gaps.
      const auto offset = static_cast<std::size_t>(cells[4].data() - line.data());
      add_event(cells, line.substr(offset), number);
    }
  }

  static void flatten_rows(const DescribeNode& node,
                           std::vector<std::pair<std::string_view, std::size_t>>& lines) {
    for (const DescribeNode& child : node.children) {
      lines.emplace_back(child.text, child.number);
      flatten_rows(child, lines);
    }
  }

  void add_event(const std::vector<std::string_view>& cells, std::string_view message, std::size_t line) {
    const Json& metadata = object_["metadata"];
    Json event{{"kind", "Event"},
               {"type", cells[0]},
               {"reason", cells[1]},
               {"message", message},
               {"source", {{"component", cells[3]}}},
               {"involvedObject",
                {{"kind", kind_},
                 {"name", metadata.value("name", "")},
                 {"namespace", metadata.value("namespace", "")}}}};
    // "2m12s (x42 over 12m)"
    const std::string_view age = cells[2];
    const std::size_t times = age.find("(x");
    if (times != std::string_view::npos) {
      event["count"] = age.substr(times + 2, age.find(' ', times) - times - 2);
      const std::size_t over = age.find(" over ", times);
      if (over != std::string_view::npos) {
        const auto first = parse_age(age.substr(over + 6, age.find(')', over) - over - 6));
        if (first && reference_time_)
          event["firstTimestamp"] = base::format_rfc3339(*reference_time_ - *first);
      }
    }
    const auto ago = parse_age(first_word(age));
    if (ago && reference_time_) event["lastTimestamp"] = base::format_rfc3339(*reference_time_ - *ago);
    events_.push_back({std::move(event), line});
  }

  const DescribeNode& root_;
  std::string kind_;
  std::string_view name_space_;
  std::optional<base::Timestamp> reference_time_;
  Json object_ = Json::object();
  std::vector<DescribedPart> events_;
};

}  // namespace

bool is_describe(std::string_view text) {
  const auto parts = parts_of(text, 1);
  for (const auto& [part, line] : parts) {
    if (part.starts_with("Name:") && part.find('\n') != std::string_view::npos) return true;
  }
  return false;
}

void read_described_objects(std::string_view text, std::string_view kind, std::string_view name_space,
                            std::size_t first_line, std::optional<base::Timestamp> reference_time,
                            const DescribedVisitor& visit) {
  for (const auto& [part, line] : parts_of(text, first_line)) {
    if (!part.starts_with("Name:")) continue;
    const DescribeNode root = read_describe_tree(part, line);
    ObjectReader(root, kind, name_space, reference_time).run(visit);
  }
}

}  // namespace midwatch::clients::kubernetes
