#include "src/mitigate/planner.h"

#include <algorithm>
#include <cctype>

#include "src/base/utf8.h"

namespace midwatch::mitigate {
namespace {

using model::MitigationPhase;

constexpr std::size_t kLongestArgument = 400;

/// True where a text is one argument whatever shell reads it.
bool is_plain_argument(std::string_view text) {
  if (text.empty() || text.size() > kLongestArgument || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("._:/@=,+-").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// `*` stands for any text; letters of either case are the same.
bool wildcard_match(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (wildcard_match(pattern.substr(1), text.substr(skip))) return true;
    }
    return false;
  }
  return !text.empty() && pattern.front() == text.front() &&
         wildcard_match(pattern.substr(1), text.substr(1));
}

bool fits(const std::vector<std::string>& types, const telemetry::Entity* entity) {
  if (types.empty()) return true;
  if (entity == nullptr) return false;
  const std::string type = lower(entity->type);
  const std::string kind = lower(entity->attributes.get("platform.kind"));
  return std::any_of(types.begin(), types.end(), [&](const std::string& t) {
    return wildcard_match(lower(t), type) || (!kind.empty() && wildcard_match(lower(t), kind));
  });
}

/// The facts that a command may use: those that are one plain argument.
model::Facts plain_only(const model::Facts& facts) {
  model::Facts plain;
  for (const auto& [name, value] : facts) {
    if (is_plain_argument(value)) plain.emplace(name, value);
  }
  return plain;
}

bool is_revert(const knowledge::StepTemplate& step) {
  return step.command.find("{change") != std::string::npos ||
         step.command.find("{commit") != std::string::npos;
}

/// The parts of an ARN that commands need.
void add_arn_facts(const std::string& arn, model::Facts& facts) {
  if (!arn.starts_with("arn:")) return;
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (int i = 0; i < 5; ++i) {
    const std::size_t colon = arn.find(':', start);
    if (colon == std::string::npos) return;
    parts.push_back(arn.substr(start, colon - start));
    start = colon + 1;
  }
  const std::string resource = arn.substr(start);
  if (!parts[3].empty()) facts.emplace("region", parts[3]);
  const std::size_t last = resource.find_last_of(":/");
  facts.emplace("name", last == std::string::npos ? resource : resource.substr(last + 1));
  if (parts[2] == "ecs" && resource.starts_with("service/")) {
    const std::size_t slash = resource.find('/', 8);
    if (slash != std::string::npos) facts.emplace("cluster", resource.substr(8, slash - 8));
  }
}

}  // namespace

model::Facts command_facts(const PlanInput& input) {
  model::Facts facts = input.hypothesis->facts;
  const std::string& id = input.hypothesis->entity;
  add_arn_facts(id, facts);
  const std::size_t first = id.find('/');
  const std::size_t last = id.rfind('/');
  if (!id.starts_with("arn:") && first != std::string::npos && last > first) {
    facts.emplace("namespace", id.substr(0, first));
    facts.emplace("name", id.substr(last + 1));
  }
  if (input.entity != nullptr) {
    const auto& attributes = input.entity->attributes;
    for (const auto& [fact, path] :
         {std::pair{"namespace", "metadata.namespace"}, std::pair{"cluster", "clusterArn"},
          std::pair{"region", "region"}, std::pair{"replicas", "replicas.desired"}}) {
      if (const std::string* value = attributes.find(path); value != nullptr && !value->empty())
        facts.emplace(fact, *value);
    }
    facts.emplace("name", input.entity->name.empty() ? id : input.entity->name);
    // "deployment/web": what kubectl takes for any kind of object.
    if (attributes.find("platform.kind") != nullptr && !input.entity->type.empty())
      facts.emplace("resource", lower(input.entity->type) + "/" + facts.at("name"));
    if (const auto replicas = attributes.number("replicas.desired"))
      facts.emplace("replicas_next", std::to_string(static_cast<long long>(*replicas) + 1));
  }
  facts.emplace("name", id);
  if (input.change != nullptr) {
    facts.emplace("change", input.change->id);  // a text may call it by a shorter name
    if (input.change->kind == telemetry::ChangeKind::kCommit ||
        input.change->attributes.find("commit") != nullptr)
      facts["commit"] = std::string(input.change->attributes.get("commit", input.change->id));
  }
  return facts;
}

model::MitigationPlan plan_mitigation(const PlanInput& input) {
  model::MitigationPlan plan;
  const knowledge::FailureMode& mode = *input.mode;
  const model::Facts facts = command_facts(input);
  const model::Facts plain = plain_only(facts);
  plan.summary = model::fill(mode.mitigation, facts);
  plan.permanent_fix = model::fill(mode.permanent_fix, facts);
  plan.temporary = mode.temporary;
  bool changes_something = false;
  for (const knowledge::StepTemplate& step : mode.steps) {
    if (!fits(step.types, input.entity)) continue;
    if (is_revert(step) && (input.change == nullptr || !input.change->has_diff)) continue;
    const std::string command = model::fill(step.command, plain);
    if (model::has_open_place(command)) continue;
    plan.steps.push_back({step.phase, command, model::fill(step.effect, facts), model::fill(step.risk, facts),
                          step.reversible});
    changes_something = changes_something || step.phase == MitigationPhase::kApply;
  }
  std::stable_sort(plan.steps.begin(), plan.steps.end(),
                   [](const auto& a, const auto& b) { return a.phase < b.phase; });
  plan.operational = mode.operational && changes_something;
  if (!plan.operational) {
    // Steps that only look stay useful; those that belong to a change that is not made do not.
    std::erase_if(plan.steps, [](const model::MitigationStep& s) {
      return s.phase == MitigationPhase::kPostValidate || s.phase == MitigationPhase::kRollback ||
             s.phase == MitigationPhase::kApply;
    });
  }
  return plan;
}

model::ChangeSpec write_spec(const PlanInput& input) {
  model::ChangeSpec spec;
  const model::Facts facts = command_facts(input);
  spec.problem = model::fill(input.mode->why, facts);
  for (const auto& requirement : input.mode->requirements)
    spec.requirements.push_back(model::fill(requirement, facts));
  for (const auto& acceptance : input.mode->acceptance)
    spec.acceptance.push_back(model::fill(acceptance, facts));
  if (!input.hypothesis->location.empty()) {
    spec.files.push_back(input.hypothesis->location.substr(0, input.hypothesis->location.find(':')));
  }
  if (input.change != nullptr) {
    for (const auto& file : input.change->files) {
      if (std::find(spec.files.begin(), spec.files.end(), file) == spec.files.end())
        spec.files.push_back(file);
    }
  }
  return spec;
}

}  // namespace midwatch::mitigate
