#include "src/sandbox/world/world_reader.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/sandbox/world/component_readers.h"
#include "src/sandbox/world/placeholders.h"
#include "src/sandbox/world/random.h"

namespace midwatch::sandbox::world {
namespace {

constexpr double kMinute = 60;

std::map<std::string, std::string> choose_names(const Node& root, std::uint64_t seed, Faults& faults) {
  std::map<std::string, std::string> names;
  Random digits(seed, "account");
  names["account"] = fmt::format("{:012}", 100000000000U + digits.next() % 800000000000U);
  names["region"] = "eu-west-1";
  if (const Node* region = root.find("region")) names["region"] = region->scalar;
  const Node* offered = root.find("names");
  if (offered == nullptr) return names;
  for (const auto& [key, value] : offered->members) {
    if (value.kind == Node::Kind::kList && !value.items.empty()) {
      names[key.scalar] = value.items[Random(seed, key.scalar).below(value.items.size())].scalar;
    } else if (value.kind == Node::Kind::kScalar) {
      names[key.scalar] = value.scalar;
    } else {
      faults.add(value, fmt::format("'{}' must be a name or a list of names to choose from", key.scalar));
    }
  }
  return names;
}

Change read_change(const Node& node, Faults& faults) {
  Fields fields(node, faults, "change");
  Change change;
  change.at = fields.seconds_or("at", 0);
  change.event = fields.text_or("call", "");
  change.by = fields.text_or("by", change.by);
  change.resource_type = fields.text_or("resource_type", "");
  change.resource = fields.text_or("resource", "");
  change.pushed = fields.seconds_or("pushed", change.pushed);
  change.error_code = fields.text_or("error_code", "");
  change.error_message = fields.text_or("error_message", "");
  change.region = fields.text_or("region", "");
  change.parameters = fields.json("parameters");
  fields.child("set");
  for (const auto& [key, kind] :
       {std::pair{"deploy", ChangeKind::kDeploy}, std::pair{"update_code", ChangeKind::kUpdateCode},
        std::pair{"update_configuration", ChangeKind::kUpdateConfiguration}}) {
    const std::string target = fields.text_or(key, "");
    if (target.empty()) continue;
    change.kind = kind;
    change.target = target;
  }
  if (change.kind == ChangeKind::kCall && !change.event.empty() &&
      change.event.find('.') == std::string::npos)
    fields.fault("'call' must be service.Event, for example ec2.RevokeSecurityGroupIngress");
  return change;
}

/// Reads the components of one kind; `set` of a change lays other values over what a component said until
/// then.
class ComponentReader {
 public:
  ComponentReader(const Node& root, Fields& fields, Faults& faults)
      : fields_(fields), faults_(faults), changes_(root.find("changes")) {}

  template <class Spec>
  void read(std::string_view section, Named<Spec>& out) {
    for (const Node& item : fields_.list(section)) {
      const Node* name = item.find("name");
      if (name == nullptr) {
        faults_.add(item, fmt::format("{}: 'name' is missing", section));
        continue;
      }
      known_.push_back(name->scalar);
      Timeline<Spec> timeline;
      Node current = item;
      add(-kForever, current, timeline);
      for (const auto& [at, overlay] : overlays(name->scalar)) {
        current = overlaid(current, *overlay);
        add(at, current, timeline);
      }
      out.emplace_back(name->scalar, std::move(timeline));
    }
  }

  /// Says where a change sets something that does not exist.
  void check_targets() {
    if (changes_ == nullptr) return;
    for (const Node& change : changes_->items) {
      const Node* set = change.find("set");
      if (set == nullptr) continue;
      for (const auto& [key, value] : set->members) {
        if (std::find(known_.begin(), known_.end(), key.scalar) == known_.end())
          faults_.add(key, fmt::format("nothing is named '{}'", key.scalar));
      }
    }
  }

 private:
  static constexpr double kForever = 1e12;

  std::vector<std::pair<double, const Node*>> overlays(const std::string& name) const {
    std::vector<std::pair<double, const Node*>> found;
    if (changes_ == nullptr) return found;
    for (const Node& change : changes_->items) {
      const Node* set = change.find("set");
      const Node* overlay = set == nullptr ? nullptr : set->find(name);
      const Node* at = change.find("at");
      if (overlay != nullptr)
        found.emplace_back(at == nullptr ? 0 : parse_seconds(at->scalar).value_or(0), overlay);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    return found;
  }

  template <class Spec>
  void add(double from, const Node& node, Timeline<Spec>& timeline) {
    Spec spec;
    read_spec(node, faults_, spec);
    timeline.add(from, std::move(spec));
  }

  Fields& fields_;
  Faults& faults_;
  const Node* changes_;
  std::vector<std::string> known_;
};

/// The day and the minute of day at which the story of this seed takes place.
base::Timestamp zero_of(std::uint64_t seed) {
  Random random(seed, "zero");
  const auto first = base::parse_rfc3339("2026-03-02T00:00:00Z");
  constexpr std::uint64_t kDays = 180;
  constexpr std::uint64_t kMinutes = 1440;
  return *first + std::chrono::hours(24 * (random.next() % kDays)) +
         std::chrono::minutes(random.next() % kMinutes);
}

/// Makes the texts "@-3d" of provider-shaped documents moments of this world, and "$from" and "$until"
/// seconds.
void resolve_times(base::Json& json, base::Timestamp zero) {
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    const auto seconds = text.starts_with('@') ? parse_seconds(text.substr(1)) : std::nullopt;
    if (seconds) json = base::format_rfc3339(zero + base::duration_from_seconds(*seconds));
  }
  for (const char* bound : {"$from", "$until"}) {
    if (json.is_object() && json.contains(bound))
      json[bound] = parse_seconds(base::text_at(json, bound)).value_or(0);
  }
  if (!json.is_structured()) return;
  for (auto& item : json) resolve_times(item, zero);
}

void check_loads(const World& world, const Node& root, Faults& faults) {
  const auto check = [&](const std::string& owner, const std::string& load) {
    if (!load.empty() && !world.loads.contains(load))
      faults.add(root, fmt::format("{} has the load '{}', which does not exist", owner, load));
  };
  for (const auto& [name, spec] : world.functions) check(name, spec.last().load);
  for (const auto& [name, spec] : world.services) check(name, spec.last().load);
  for (const auto& [name, spec] : world.queues) check(name, spec.last().load);
  for (const auto& [name, spec] : world.workflows) check(name, spec.last().load);
  for (const MeasurementSpec& spec : world.measurements) check(spec.metric, spec.load);
  for (const JournalSpec& spec : world.journals) check(spec.group, spec.load);
  const bool known = std::any_of(world.alarms.begin(), world.alarms.end(),
                                 [&](const AlarmSpec& alarm) { return alarm.name == world.alarm; });
  if (!world.alarm.empty() && !known)
    faults.add(root, fmt::format("the alarm '{}' that is investigated does not exist", world.alarm));
}

void read_sections(const Node& root, Fields& fields, Faults& faults, World& world) {
  for (const auto& [key, value] : fields.child("loads").members)
    world.loads[key.scalar] = read_load(value, faults);
  ComponentReader components(root, fields, faults);
  components.read("functions", world.functions);
  components.read("services", world.services);
  components.read("databases", world.databases);
  components.read("tables", world.tables);
  components.read("hosts", world.hosts);
  components.read("queues", world.queues);
  components.read("roles", world.roles);
  components.read("nats", world.nats);
  components.read("buckets", world.buckets);
  components.read("zones", world.zones);
  components.read("workflows", world.workflows);
  components.check_targets();
  for (const Node& item : fields.list("measurements"))
    world.measurements.push_back(read_measurement(item, faults));
  for (const Node& item : fields.list("journals")) world.journals.push_back(read_journal(item, faults));
  for (const Node& item : fields.list("alarms")) world.alarms.push_back(read_alarm(item, faults));
  for (const Node& item : fields.list("changes")) world.changes.push_back(read_change(item, faults));
  std::stable_sort(world.changes.begin(), world.changes.end(),
                   [](const Change& a, const Change& b) { return a.at < b.at; });
  for (const Node& item : fields.list("notes")) {
    Fields note(item, faults, "note");
    world.notes.push_back({note.seconds_or("at", 0), note.text("source"), note.json("members")});
  }
}

}  // namespace

base::Result<World> read_world(std::string_view text, const std::string& path, std::uint64_t seed,
                               std::optional<base::Timestamp> asked_at) {
  MIDWATCH_TRY(Node root, read_node(text, path));
  Faults faults(path);
  World world;
  {
    const auto names = choose_names(root, seed, faults);
    fill_placeholders(root, names, faults);
    world.account = names.at("account");
    world.region = names.at("region");
    Fields fields(root, faults, "world");
    fields.child("names");
    world.concurrency = fields.number_or("concurrency", world.concurrency);
    world.transaction_search = fields.flag_or("transaction_search", false);
    fields.text_or("region", "");
    world.name = fields.text("world");
    world.title = fields.text("title");
    world.history = fields.seconds_or("history", world.history);
    world.asked = fields.seconds_or("asked", world.asked);
    world.horizon = std::max(world.horizon, world.asked + kMinute);
    world.zero =
        asked_at
            ? std::chrono::floor<std::chrono::minutes>(*asked_at - base::duration_from_seconds(world.asked))
            : zero_of(seed);
    world.alarm = fields.text_or("alarm", "");
    read_sections(root, fields, faults, world);
    world.documents = fields.json("documents");
    resolve_times(world.documents, world.zero);
    for (PlatformNote& note : world.notes) resolve_times(note.members, world.zero);
    world.refuses = fields.texts("refuses");
    world.silent = fields.texts("silent");
    world.truth = read_world_truth(fields.child("truth"), faults);
    check_loads(world, root, faults);
  }
  if (faults.first()) return *faults.first();
  return world;
}

}  // namespace midwatch::sandbox::world
