#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "src/base/json_value.h"
#include "src/sandbox/account.h"
#include "src/sandbox/world/history.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

using Answer = tl::expected<base::Json, AccountError>;

/// A world as it can be seen at one moment.
struct View {
  const World& world;
  const History& history;
  base::Timestamp now;
  double time;              ///< the same, s from time zero
  std::string_view region;  ///< that is asked; empty: whichever

  bool past(base::Timestamp moment) const { return moment <= now; }
};

using Handler = Answer (*)(const View& view, const base::Json& input);

/// An operation that worlds answer.
struct Operation {
  std::string_view service;  ///< as the AWS CLI calls it
  std::string_view name;     ///< as the API calls it
  Handler handler;
};

/// Each lists the operations of a group of services.
std::vector<Operation> cloudwatch_operations();
std::vector<Operation> logs_operations();
std::vector<Operation> lambda_operations();
std::vector<Operation> ecs_operations();
std::vector<Operation> database_operations();
std::vector<Operation> change_operations();  ///< CloudTrail, ECR
std::vector<Operation> balancer_operations();
std::vector<Operation> gateway_operations();
std::vector<Operation> store_operations();  ///< DynamoDB, SQS
std::vector<Operation> bucket_operations();
std::vector<Operation> zone_operations();  ///< Route 53
std::vector<Operation> trace_operations();
std::vector<Operation> workflow_operations();
std::vector<Operation> document_operations();  ///< what a world file states as it is answered

tl::unexpected<AccountError> refuse(std::string code, std::string message, int status = 400);
/// The texts of a list member; empty where it is absent.
std::vector<std::string> wanted(const base::Json& input, std::string_view member);
bool holds(const std::vector<std::string>& list, std::string_view value);
/// A time member: RFC 3339 text or epoch seconds.
base::Timestamp time_or(const base::Json& input, std::string_view member, base::Timestamp otherwise);
std::string time_text(base::Timestamp time);
/// The provider-shaped objects that the world file states under "service.Operation".
const base::Json& documents(const World& world, std::string_view operation);

}  // namespace midwatch::sandbox::world
