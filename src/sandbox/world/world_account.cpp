#include "src/sandbox/world/world_account.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/code_package.h"
#include "src/sandbox/world/simulation.h"

namespace midwatch::sandbox::world {
namespace {

bool refused(const World& world, const AccountCall& call) {
  return holds(world.refuses, call.service + "." + call.operation) ||
         holds(world.refuses, call.service + ".*");
}

}  // namespace

WorldAccount::WorldAccount(World world, std::uint64_t seed)
    : world_(std::move(world)), history_(simulate(world_, seed)) {
  for (const auto& operations :
       {cloudwatch_operations(), logs_operations(), lambda_operations(), ecs_operations(),
        database_operations(), change_operations(), balancer_operations(), gateway_operations(),
        store_operations(), bucket_operations(), zone_operations(), trace_operations(), workflow_operations(),
        document_operations()}) {
    for (const Operation& operation : operations)
      handlers_.emplace(std::pair(operation.service, operation.name), operation.handler);
  }
}

tl::expected<base::Json, AccountError> WorldAccount::answer(const AccountCall& call) {
  if (refused(world_, call)) {
    return refuse(
        call.service == "ec2" ? "UnauthorizedOperation" : "AccessDeniedException",
        fmt::format(
            "User: arn:aws:sts::{}:assumed-role/Midwatch/midwatch is not authorized to perform: {}:{} "
            "because no identity-based policy allows the {}:{} action",
            world_.account, call.service, call.operation, call.service, call.operation),
        call.service == "ec2" ? 403 : 400);
  }
  const auto handler = handlers_.find(std::pair(call.service, call.operation));
  if (handler == handlers_.end()) {
    return refuse(
        "UnknownOperationException",
        fmt::format("The simulated account knows no operation {} of {}.", call.operation, call.service));
  }
  const View view{world_, history_, call.now, base::to_seconds(call.now - world_.zero), call.region};
  return handler->second(view, call.input);
}

std::optional<std::string> WorldAccount::code_package(const std::string& function,
                                                      base::Timestamp now) const {
  for (const auto& [name, spec] : world_.functions) {
    if (name == function) return zip_of(spec.at(base::to_seconds(now - world_.zero)).code);
  }
  return std::nullopt;
}

base::Timestamp WorldAccount::alarm_time() const {
  for (const AlarmState& state : history_.alarm_states) {
    const bool meant = world_.alarm.empty() || world_.alarm == state.alarm;
    if (meant && state.state == "ALARM" && state.time >= world_.zero - std::chrono::hours(1))
      return state.time;
  }
  return world_.zero;
}

base::Timestamp WorldAccount::asked_at() const {
  return world_.zero + base::duration_from_seconds(world_.asked);
}

}  // namespace midwatch::sandbox::world
