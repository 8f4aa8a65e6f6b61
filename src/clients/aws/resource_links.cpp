#include "src/clients/aws/resource_links.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "src/clients/aws/alias_map.h"
#include "src/clients/aws/arn.h"
#include "src/clients/aws/definition_difference.h"
#include "src/clients/aws/document.h"
#include "src/clients/aws/lambda.h"
#include "src/telemetry/number.h"

namespace midwatch::clients::aws {
namespace {

using telemetry::Entity;
using telemetry::RelationKind;
using telemetry::TelemetryBatch;

constexpr std::string_view kDefinition = "AWS::ECS::TaskDefinition";
constexpr std::string_view kContainers = "container.";

class Linker {
 public:
  explicit Linker(TelemetryBatch& batch) : batch_(batch) {}

  void run() {
    AliasMap(batch_).apply(batch_);
    index();
    give_definitions_to_services();
    know_traced_names();
    // The log groups of services are known only now.
    AliasMap(batch_).apply(batch_);
    index();
    follow_environments();
    follow_routes();
    share_concurrency();
    compare_images();
    compare_definitions();
    tell_changes_once();
    tell_dead_letters();
    give_measurements_to_services();
    tell_series_once();
  }

 private:
  void index() {
    by_id_.clear();
    for (std::size_t i = 0; i < batch_.entities.size(); ++i) by_id_.emplace(batch_.entities[i].id, i);
  }

  Entity* find(const std::string& id) {
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : &batch_.entities[at->second];
  }

  /// A trace knows services and functions by the names that their programs give, and databases by their
  /// hosts.
  void know_traced_names() {
    std::map<std::string, std::set<std::string>> meant;
    for (const Entity& entity : batch_.entities) {
      const bool runs = entity.type == "AWS::ECS::Service" || entity.type == "AWS::Lambda::Function";
      if (runs && !entity.name.empty()) meant[entity.name].insert(entity.id);
      const std::string host(entity.attributes.get("endpoint.host"));
      if (!host.empty()) meant[host].insert(entity.id);
    }
    std::set<std::string> seen;
    for (const auto& span : batch_.spans) seen.insert(span.entity);
    for (const auto& relation : batch_.relations) seen.insert({relation.from, relation.to});
    for (const std::string& name : seen) {
      const auto at = meant.find(name);
      if (at != meant.end() && at->second.size() == 1) add_alias(batch_, name, *at->second.begin());
    }
  }

  /// Task definition → the services and tasks that run it.
  std::map<std::string, std::vector<std::string>> users_of_definitions() const {
    std::map<std::string, std::vector<std::string>> users;
    for (const auto& relation : batch_.relations) {
      if (relation.kind == RelationKind::kReadsConfig &&
          relation.to.find(":task-definition/") != std::string::npos)
        users[relation.to].push_back(relation.from);
    }
    return users;
  }

  void give_definitions_to_services() {
    const auto users = users_of_definitions();
    std::vector<telemetry::Relation> added;
    for (const auto& [definition, who] : users) {
      const Entity* known = find(definition);
      if (known == nullptr) continue;
      for (const std::string& user : who) {
        Entity* service = find(user);
        if (service == nullptr) continue;
        // What the platform says of a running container wins over what the definition asks for.
        telemetry::Attributes merged;
        for (const auto* entry : known->attributes.with_prefix(kContainers))
          merged.set(entry->first, entry->second);
        for (const auto* entry : known->attributes.with_prefix("limit."))
          merged.set(entry->first, entry->second);
        merged.merge(service->attributes);
        service->attributes = std::move(merged);
      }
      for (const auto& relation : batch_.relations) {
        if (relation.from != definition) continue;
        for (const std::string& user : who) added.push_back({user, relation.to, relation.kind, relation.ref});
      }
    }
    for (auto& relation : added) {
      own_log_group(relation);
      batch_.relations.push_back(std::move(relation));
    }
  }

  /// Lines of a group that only one service writes to are that service's.
  void own_log_group(const telemetry::Relation& relation) {
    const auto arn = parse_arn(relation.to);
    constexpr std::string_view kGroup = "log-group:";
    if (!arn || arn->service != "logs" || relation.kind != RelationKind::kWritesTo) return;
    const Entity* service = find(relation.from);
    if (service == nullptr || service->type != "AWS::ECS::Service") return;
    add_alias(batch_, named_id("logs", std::string_view(arn->resource).substr(kGroup.size())), relation.from);
  }

  /// Names by which an entity is known in configuration: a database's host, the name of a queue, table or
  /// bucket, an ARN.
  std::map<std::string, std::string> known_names() const {
    std::map<std::string, std::string> names;
    for (const Entity& entity : batch_.entities) {
      const std::string_view host = entity.attributes.get("endpoint.host");
      if (!host.empty()) names.emplace(host, entity.id);
      const std::string_view kind = entity.attributes.get("platform.kind");
      const bool is_store = kind == "database" || kind == "queue" || kind == "cache" || kind == "bucket";
      // A name that a zone answers is written as it is in whatever is called by it.
      const bool is_name = kind == "dns_record";
      if ((is_store || is_name) && !entity.name.empty()) names.emplace(entity.name, entity.id);
      if (parse_arn(entity.id)) names.emplace(entity.id, entity.id);
    }
    return names;
  }

  /// The entity that a value names: wholly, as the host of a URL, or as the last part of a queue's URL.
  static std::optional<std::string> named_in(std::string_view value,
                                             const std::map<std::string, std::string>& names) {
    const auto look = [&](std::string_view part) -> std::optional<std::string> {
      const auto at = names.find(std::string(part));
      return at == names.end() ? std::nullopt : std::optional(at->second);
    };
    if (auto whole = look(value)) return whole;
    if (value.starts_with("https://sqs.")) return look(value.substr(value.rfind('/') + 1));
    if (const std::size_t scheme = value.find("://"); scheme != std::string_view::npos) {
      value.remove_prefix(scheme + 3);
      if (const std::size_t user = value.find('@'); user != std::string_view::npos)
        value.remove_prefix(user + 1);
    }
    return look(value.substr(0, value.find_first_of(":/?")));
  }

  void follow_environments() {
    const auto names = known_names();
    std::vector<telemetry::Relation> calls;
    for (const Entity& entity : batch_.entities) {
      if (entity.type == kDefinition) continue;  // its services call, not the paper
      for (const auto* entry : entity.attributes.with_prefix(kContainers)) {
        if (entry->first.find(".env.") == std::string::npos) continue;
        const auto target = named_in(entry->second, names);
        if (target && *target != entity.id)
          calls.push_back({entity.id, *target, RelationKind::kCalls, entity.ref});
      }
    }
    for (auto& call : calls) batch_.relations.push_back(std::move(call));
  }

  /// Who lives in a subnet sends what leaves it by the subnet's route table, through its NAT gateway.
  void follow_routes() {
    std::multimap<std::string, std::string> onward;  // from subnets to tables, from tables to gateways
    for (const auto& relation : batch_.relations) {
      if (relation.to.starts_with("ec2/rtb-") || relation.to.starts_with("ec2/nat-"))
        onward.emplace(relation.from, relation.to);
    }
    const auto after = [&onward](const std::string& from, std::string_view start) {
      std::vector<std::string> found;
      const auto [first, last] = onward.equal_range(from);
      for (auto at = first; at != last; ++at) {
        if (at->second.starts_with(start)) found.push_back(at->second);
      }
      return found;
    };
    std::vector<telemetry::Relation> ways;
    for (const auto& relation : batch_.relations) {
      if (relation.kind != RelationKind::kRelated || !relation.to.starts_with("ec2/subnet-")) continue;
      for (const std::string& table : after(relation.to, "ec2/rtb-")) {
        ways.push_back({relation.from, table, RelationKind::kCalls, relation.ref});
        for (const std::string& gateway : after(table, "ec2/nat-"))
          ways.push_back({relation.from, gateway, RelationKind::kCalls, relation.ref});
      }
    }
    for (auto& way : ways) batch_.relations.push_back(std::move(way));
  }

  /// Functions without a concurrency of their own take from the account's, where that was asked for.
  void share_concurrency() {
    if (find(kLambdaConcurrency) == nullptr) return;
    std::set<std::string> sharing;
    for (const Entity& entity : batch_.entities) {
      if (entity.type == "AWS::Lambda::Function") sharing.insert(entity.id);
    }
    for (const Entity& entity : batch_.entities) {
      if (entity.attributes.find("limit.concurrency") != nullptr) sharing.erase(entity.id);
    }
    for (const std::string& function : sharing)
      batch_.relations.push_back({function, kLambdaConcurrency, RelationKind::kRunsOn, {}});
  }

  /// "api" and "latest" of "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:latest".
  static std::pair<std::string, std::string> repository_of(std::string_view image) {
    const std::size_t slash = image.find('/');
    if (slash == std::string_view::npos || image.find(".dkr.ecr.") == std::string_view::npos) return {};
    image.remove_prefix(slash + 1);
    image = image.substr(0, image.find('@'));
    const std::size_t colon = image.rfind(':');
    if (colon == std::string_view::npos) return {std::string(image), "latest"};
    return {std::string(image.substr(0, colon)), std::string(image.substr(colon + 1))};
  }

  void compare_images() {
    std::map<std::string, std::string> runners;  // digest → who runs it
    for (Entity& entity : batch_.entities) {
      std::vector<std::pair<std::string, std::string>> found;
      for (const auto* entry : entity.attributes.with_prefix(kContainers)) {
        if (!entry->first.ends_with(".image")) continue;
        const auto [repository, tag] = repository_of(entry->second);
        const Entity* known = repository.empty() ? nullptr : find(named_id("ecr", repository));
        if (known == nullptr) continue;
        const std::string named(known->attributes.get("tag." + tag));
        found.emplace_back(entry->first + "_tag_pushed",
                           known->attributes.get(fmt::format("image.{}.pushed", named)));
        if (entity.type == kDefinition) continue;  // paper runs nothing
        found.emplace_back(entry->first + "_tag_digest", named);
        const std::string_view digest = entity.attributes.get(entry->first + "_digest");
        if (digest.empty()) continue;
        found.emplace_back(entry->first + "_pushed",
                           known->attributes.get(fmt::format("image.{}.pushed", digest)));
        runners.emplace(digest, entity.id);
      }
      for (auto& [path, value] : found) {
        if (!value.empty()) entity.attributes.set(std::move(path), std::move(value));
      }
    }
    for (auto& change : batch_.changes) {
      const auto runner = runners.find(std::string(change.attributes.get("image.digest")));
      if (runner != runners.end()) change.entity = owner_of(runner->second);
    }
  }

  /// The service of a task; else the entity itself.
  std::string owner_of(const std::string& id) const {
    for (const auto& relation : batch_.relations) {
      if (relation.kind == RelationKind::kContains && relation.to == id &&
          relation.from.find(":service/") != std::string::npos)
        return relation.from;
    }
    return id;
  }

  void compare_definitions() {
    std::map<std::string, std::map<double, const Entity*>> families;
    for (const Entity& entity : batch_.entities) {
      const auto revision = entity.attributes.number("definition.revision");
      if (entity.type == kDefinition && revision)
        families[std::string(entity.attributes.get("definition.family"))].emplace(*revision, &entity);
    }
    const auto users = users_of_definitions();
    for (auto& change : batch_.changes) {
      const Entity* definition = find(change.entity);
      if (definition == nullptr || definition->type != kDefinition) continue;
      const auto& family = families[std::string(definition->attributes.get("definition.family"))];
      auto at = family.find(definition->attributes.number("definition.revision").value_or(0));
      if (at != family.end() && at != family.begin()) {
        const Entity* before = std::prev(at)->second;
        const std::string file =
            fmt::format("{}.taskdef.yaml", definition->attributes.get("definition.family"));
        change.diff = definition_difference(before->attributes, definition->attributes, file);
        change.has_diff = true;
        change.files = {file};
        change.attributes.set("described", "true");
      }
      // Who runs it is what was changed.
      if (const auto who = users.find(definition->id); who != users.end()) {
        for (const std::string& user : who->second) {
          if (user.find(":service/") != std::string::npos) change.entity = user;
        }
      }
    }
  }

  /// Several answers tell of one change of a function: its configuration, its code, its versions.
  void tell_changes_once() {
    std::set<std::tuple<telemetry::ChangeKind, std::string, std::string>> told;
    std::erase_if(batch_.changes, [&](const telemetry::ChangeEvent& change) {
      return !told.emplace(change.kind, change.id, change.entity).second;
    });
  }

  /// What a load balancer measures at its targets is what the one service behind a target group did: its time
  /// to respond, its statuses, its requests. The balancer's own refusals stay with the balancer.
  void give_measurements_to_services() {
    std::map<std::string, std::vector<std::string>> behind;  // target group → services
    for (const auto& relation : batch_.relations) {
      if (relation.kind != RelationKind::kRoutesTo ||
          relation.from.find(":targetgroup/") == std::string::npos)
        continue;
      auto& services = behind[relation.from];
      if (std::find(services.begin(), services.end(), relation.to) == services.end())
        services.push_back(relation.to);
    }
    for (auto& series : batch_.metrics) {
      const auto at = behind.find(series.key.entity);
      if (at == behind.end() || at->second.size() != 1) continue;
      const std::string_view metric = series.key.metric;
      if (metric.starts_with("HTTPCode_Target_") || metric == "TargetResponseTime" ||
          metric == "RequestCount")
        series.key.entity = at->second.front();
    }
  }

  /// A series that was asked for in two ways, by its own name and among others, is one.
  void tell_series_once() {
    std::map<telemetry::MetricKey, std::size_t> longest;
    const auto size_of = [this](std::size_t i) { return batch_.metrics[i].points.size(); };
    for (std::size_t i = 0; i < batch_.metrics.size(); ++i) {
      const auto [at, is_new] = longest.emplace(batch_.metrics[i].key, i);
      if (!is_new && size_of(i) > size_of(at->second)) at->second = i;
    }
    if (longest.size() == batch_.metrics.size()) return;
    std::vector<telemetry::MetricSeries> kept;
    for (std::size_t i = 0; i < batch_.metrics.size(); ++i) {
      if (longest.at(batch_.metrics[i].key) == i) kept.push_back(std::move(batch_.metrics[i]));
    }
    batch_.metrics = std::move(kept);
  }

  /// Since when messages of a queue end up in its dead-letter queue, where that was measured. What lies there
  /// from long ago says nothing.
  void tell_dead_letters() {
    std::vector<telemetry::PlatformEvent> events;
    for (const Entity& queue : batch_.entities) {
      const Entity* dead = find(std::string(queue.attributes.get("queue.dead_letter")));
      if (dead == nullptr || dead->id == queue.id) continue;
      for (const auto& series : batch_.metrics) {
        const bool meant = series.key.entity == dead->id &&
                           series.key.metric == "ApproximateNumberOfMessagesVisible" &&
                           !series.points.empty();
        if (!meant) continue;
        const double before = series.points.front().value;
        const auto grown = std::find_if(series.points.begin(), series.points.end(),
                                        [&](const auto& point) { return point.value > before; });
        if (grown == series.points.end()) continue;
        telemetry::PlatformEvent event;
        event.time = grown->time;
        event.entity = queue.id;
        event.source = "sqs";
        event.type = "queue";
        event.reason = "DeadLetters";
        event.message = fmt::format("{:.0f} messages of {} were moved to the dead-letter queue {}",
                                    series.points.back().value - before, queue.name, dead->name);
        event.ref = dead->ref;
        events.push_back(std::move(event));
        break;
      }
    }
    for (auto& event : events) batch_.events.push_back(std::move(event));
  }

  TelemetryBatch& batch_;
  std::map<std::string, std::size_t> by_id_;
};

}  // namespace

void link_resources(TelemetryBatch& batch) {
  Linker(batch).run();
}

}  // namespace midwatch::clients::aws
