#include "src/sandbox/world/scene.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "src/sandbox/world/bucket_policy.h"
#include "src/sandbox/world/world_names.h"

namespace midwatch::sandbox::world {
namespace {

const LoadStep* step_at(const Load& load, double time) {
  const LoadStep* current = nullptr;
  for (const LoadStep& step : load.steps) {
    if (step.from <= time && time < step.until) current = &step;
  }
  return current;
}

const std::map<std::string, double>& inputs_at(const Load& load, double time) {
  const LoadStep* step = step_at(load, time);
  return step != nullptr && !step->inputs.empty() ? step->inputs : load.inputs;
}

bool has_record(const ZoneSpec& zone, const std::string& host) {
  return std::any_of(zone.records.begin(), zone.records.end(),
                     [&host](const RecordSpec& record) { return record.name == host; });
}

}  // namespace

base::Timestamp Scene::moment(double seconds) const {
  return world.zero + base::duration_from_seconds(std::round(seconds * 1000) / 1000);
}

double Scene::requests(const std::string& load, Random& random) const {
  const auto found = world.loads.find(load);
  if (found == world.loads.end()) return 0;
  constexpr double kDaySeconds = 86400;
  const LoadStep* step = step_at(found->second, time);
  const double rate = step == nullptr ? found->second.rate : step->rate;
  const double of_day = 1 + found->second.swing * std::sin(2 * std::numbers::pi * time / kDaySeconds);
  return std::max(0.0, rate * of_day * (1 + found->second.noise * random.normal()));
}

std::string Scene::input(const std::string& load, Random& random) const {
  const auto found = world.loads.find(load);
  if (found == world.loads.end()) return {};
  double drawn = random.uniform();
  for (const auto& [name, share] : inputs_at(found->second, time)) {
    if (drawn < share) return name;
    drawn -= share;
  }
  return {};
}

double Scene::input_share(const std::string& load, const std::string& input) const {
  const auto found = world.loads.find(load);
  if (found == world.loads.end()) return 0;
  const auto& inputs = inputs_at(found->second, time);
  const auto share = inputs.find(input);
  return share == inputs.end() ? 0 : share->second;
}

void Scene::measure(const std::string& name_space, const std::string& name, Dimensions dimensions,
                    double value, double count) {
  std::sort(dimensions.begin(), dimensions.end());
  history.metrics.add({name_space, name, std::move(dimensions)}, minute, value, count);
}

void Scene::log(const std::string& group, base::Timestamp at, const std::string& stream,
                std::string message) {
  history.logs[group].push_back({at, stream, std::move(message)});
}

bool Scene::notifies(const std::string& bucket, const std::string& function) const {
  return std::any_of(world.buckets.begin(), world.buckets.end(), [&](const auto& one) {
    const auto& told = one.second.at(time).notifies;
    return one.first == bucket && std::find(told.begin(), told.end(), function) != told.end();
  });
}

bool Scene::is_denied_by_bucket(const std::string& role, const std::string& permission) const {
  constexpr std::string_view kBucket = "arn:aws:s3:::";
  const std::size_t space = permission.find(' ');
  const std::string resource = space == std::string::npos ? std::string() : permission.substr(space + 1);
  if (!resource.starts_with(kBucket)) return false;
  const std::string name =
      resource.substr(kBucket.size(), resource.find('/', kBucket.size()) - kBucket.size());
  return std::any_of(world.buckets.begin(), world.buckets.end(), [&](const auto& bucket) {
    return bucket.first == name &&
           denies(bucket.second.at(time).policy,
                  {global_arn(world, "iam", "role/" + role), permission.substr(0, space), resource});
  });
}

bool Scene::allows(const std::string& role, const std::string& permission) const {
  if (is_denied_by_bucket(role, permission)) return false;
  const std::string action = permission.substr(0, permission.find(' '));
  const std::string service = action.substr(0, action.find(':')) + ":*";
  for (const auto& [name, spec] : world.roles) {
    if (name != role) continue;
    const auto& allowed = spec.at(time).allows;
    return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
      const std::string granted = entry.substr(0, entry.find(' '));
      return granted == action || granted == service || granted == "*";
    });
  }
  return true;  // a role of which the world says nothing is not its subject
}

bool Scene::resolves(const std::string& host) const {
  if (host.ends_with(".amazonaws.com")) return true;
  for (const auto& [name, spec] : world.zones) {
    if (host.ends_with("." + name)) return has_record(spec.at(time), host);
  }
  for (const auto& [name, spec] : world.hosts) {
    if (name == host) return spec.at(time).resolves;
  }
  return false;
}

std::string last_name(const std::string& name) {
  return name.substr(name.find_last_of("/:") + 1);
}

}  // namespace midwatch::sandbox::world
