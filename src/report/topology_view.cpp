#include "src/report/topology_view.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/utf8.h"

namespace midwatch::report {
namespace {

using base::Json;
using telemetry::Entity;
using telemetry::RelationKind;
using topology::EntityIndex;

constexpr std::size_t kNameBytes = 300;
constexpr std::size_t kGapBytes = 700;
/// A node of a picture has to be read at a glance.
constexpr std::size_t kLabelBytes = 80;

struct Words {
  RelationKind kind;
  std::string_view en;
  std::string_view ja;
};

constexpr std::array<Words, 11> kWords{{{RelationKind::kCalls, "calls", "呼び出し"},
                                        {RelationKind::kRunsOn, "runs on", "実行基盤"},
                                        {RelationKind::kContains, "contains", "包含"},
                                        {RelationKind::kReadsSecret, "reads secret", "シークレット参照"},
                                        {RelationKind::kReadsConfig, "reads configuration", "設定参照"},
                                        {RelationKind::kReadsFrom, "reads from", "読み取り"},
                                        {RelationKind::kWritesTo, "writes to", "書き込み"},
                                        {RelationKind::kRoutesTo, "routes to", "ルーティング"},
                                        {RelationKind::kDeployedBy, "deployed by", "デプロイ元"},
                                        {RelationKind::kAssumesRole, "assumes role", "ロール引き受け"},
                                        {RelationKind::kRelated, "is tied to", "関連"}}};

std::string_view word_of(RelationKind kind, model::Language language) {
  const auto* at = std::find_if(kWords.begin(), kWords.end(), [&](const Words& w) { return w.kind == kind; });
  return language == model::Language::kJapanese ? at->ja : at->en;
}

/// What people call it: its name, else the last part of its id.
std::string label_of(const Entity& entity) {
  std::string_view name = entity.name.empty() ? std::string_view(entity.id) : entity.name;
  if (entity.name.empty() && name.starts_with("arn:")) {
    std::size_t at = 0;
    for (int colons = 0; colons < 5 && at != std::string_view::npos; ++colons) at = name.find(':', at) + 1;
    name.remove_prefix(std::min(at, name.size()));
  }
  return base::printable(name, kLabelBytes);
}

/// Everything that could be markup of Mermaid or of the page around it becomes an entity code.
std::string escaped(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_./,";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += fmt::format("#{};", byte);
    }
  }
  return out;
}

/// The brackets that give a node its form: stores are drums, queues are flags, gates are rhombs.
std::pair<std::string_view, std::string_view> form_of(const Entity& entity) {
  const std::string_view kind = entity.attributes.get("platform.kind");
  const auto is = [&](std::string_view part) { return entity.type.find(part) != std::string::npos; };
  if (kind == "database" || kind == "cache" || is("RDS") || is("DynamoDB")) return {"[(", ")]"};
  if (kind == "queue" || is("SQS") || is("SNS") || is("Kinesis")) return {">", "]"};
  if (is("LoadBalanc") || is("ApiGateway")) return {"{{", "}}"};
  if (is("Lambda")) return {"([", "])"};
  return {"[", "]"};
}

bool stands_alone(const topology::Topology& topology, EntityIndex i) {
  return topology.out(i).empty() && topology.in(i).empty();
}

std::string said(const model::Gap& gap, model::Language language) {
  const std::string& what = gap.what.in(language);
  return base::printable(what.empty() ? gap.what.en : what, kGapBytes);
}

}  // namespace

topology::Topology around(const topology::Topology& topology, EntityIndex entity, int steps) {
  std::map<EntityIndex, int> distance{{entity, 0}};
  std::deque<EntityIndex> open{entity};
  while (!open.empty()) {
    const EntityIndex at = open.front();
    open.pop_front();
    if (distance[at] == steps) continue;
    for (const auto neighbours : {topology.out(at), topology.in(at)}) {
      for (const auto& neighbour : neighbours) {
        if (distance.emplace(neighbour.entity, distance[at] + 1).second) open.push_back(neighbour.entity);
      }
    }
  }
  topology::TopologyBuilder builder;
  for (const auto& [i, steps_to] : distance) {
    builder.add(topology.entity(i));
    for (const auto& to : topology.out(i)) {
      if (distance.contains(to.entity)) builder.relate({topology.id(i), topology.id(to.entity), to.kind, {}});
    }
  }
  return std::move(builder).build();
}

std::string mermaid_topology(const TopologyView& view, model::Language language) {
  const auto& topology = view.topology;
  std::string out = "flowchart LR\n";
  std::size_t alone = 0;
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    const Entity& entity = topology.entity(i);
    const bool focus = entity.id == view.focus;
    if (stands_alone(topology, i) && !focus) {
      ++alone;
      continue;
    }
    const auto [open, close] = form_of(entity);
    const std::string type =
        entity.type.empty() ? "" : "<br/>" + escaped(base::printable(entity.type, kLabelBytes));
    out += fmt::format("  n{}{}\"{}{}\"{}\n", i, open, escaped(label_of(entity)), type, close);
    if (focus) out += fmt::format("  style n{} stroke-width:4px\n", i);
  }
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    for (const auto& to : topology.out(i))
      out += fmt::format("  n{} -->|{}| n{}\n", i, word_of(to.kind, language), to.entity);
  }
  const bool japanese = language == model::Language::kJapanese;
  if (alone > 0) {
    out += japanese ? fmt::format("%% ほかに、関連のないリソースが {} 件あります\n", alone)
                    : fmt::format("%% {} more without any relation\n", alone);
  }
  if (!view.gaps.empty()) {
    out += japanese ? fmt::format("%% 確認できなかった項目が {} 件あります（--format text で表示）\n",
                                  view.gaps.size())
                    : fmt::format("%% {} gaps: --format text names them\n", view.gaps.size());
  }
  return out;
}

Json json_topology(const TopologyView& view, model::Language language) {
  Json entities = Json::array();
  Json relations = Json::array();
  Json gaps = Json::array();
  const auto& topology = view.topology;
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    const Entity& entity = topology.entity(i);
    Json one{{"id", base::printable(entity.id, kNameBytes)}};
    const auto add = [&](const char* name, std::string_view value) {
      if (!value.empty()) one[name] = base::printable(value, kNameBytes);
    };
    add("type", entity.type);
    add("name", entity.name);
    add("kind", entity.attributes.get("platform.kind"));
    entities.push_back(std::move(one));
    for (const auto& to : topology.out(i)) {
      relations.push_back({{"from", base::printable(entity.id, kNameBytes)},
                           {"to", base::printable(topology.id(to.entity), kNameBytes)},
                           {"kind", to_string(to.kind)}});
    }
  }
  for (const auto& gap : view.gaps) gaps.push_back(said(gap, language));
  Json out{{"format", "midwatch.topology/v1"},
           {"entities", std::move(entities)},
           {"relations", std::move(relations)},
           {"gaps", std::move(gaps)}};
  if (!view.focus.empty()) out["focus"] = base::printable(view.focus, kNameBytes);
  return out;
}

std::string text_topology(const TopologyView& view, model::Language language) {
  const bool japanese = language == model::Language::kJapanese;
  const auto& topology = view.topology;
  std::size_t relations = 0;
  for (EntityIndex i = 0; i < topology.size(); ++i) relations += topology.out(i).size();
  std::string out = japanese ? fmt::format("リソース {} 件、関連 {} 件\n", topology.size(), relations)
                             : fmt::format("{} resources, {} relations\n", topology.size(), relations);
  for (EntityIndex i = 0; i < topology.size(); ++i) {
    const Entity& entity = topology.entity(i);
    out += fmt::format("\n{}{}\n", base::printable(entity.id, kNameBytes),
                       entity.type.empty() ? "" : "  " + base::printable(entity.type, kLabelBytes));
    for (const auto& to : topology.out(i)) {
      out += fmt::format("  {} → {}\n", word_of(to.kind, language),
                         base::printable(topology.id(to.entity), kNameBytes));
    }
  }
  if (view.gaps.empty()) return out;
  out += japanese ? "\n確認できなかったこと:\n" : "\nWhat could not be seen:\n";
  for (const auto& gap : view.gaps) out += "- " + said(gap, language) + "\n";
  return out;
}

}  // namespace midwatch::report
