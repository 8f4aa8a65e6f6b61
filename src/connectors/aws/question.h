#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/clients/aws/api/api.h"

namespace midwatch::connectors::aws {

/// One question to the account, and why it is worth asking.
struct Question {
  clients::aws::api::ApiRequest request;
  std::string subject;               ///< the entity that it is about; empty: none in particular
  std::vector<std::string> names{};  ///< what is looked for in its answer: host names of a list of zones
  double value = 1;                  ///< the information that its answer is expected to give, in bits
  double cost = 1;                   ///< in calls of ordinary length; a slow or throttled API costs more

  double worth() const { return value / cost; }
};

/// A question that belongs to the same subject as one before it.
Question following(const Question& asked, const char* service, const char* operation, base::Json input,
                   double value);

/// The name that the AWS CLI gives an operation, a member or a service's word: "DescribeDBInstances" is
/// "describe-db-instances", "logGroupName" is "log-group-name".
std::string cli_word(std::string_view name);

/// True of the question for a function's package.
bool asks_for_code(const Question& question);

/// True of a question whose answer names resources of the whole account: an expression over its metrics.
bool asks_of_everyone(const Question& question);

/// The `aws …` command that asks the same; it can be pasted into a shell, and
/// clients/aws/command_line.h reads it back.
std::string command_text(const clients::aws::api::ApiRequest& request);

}  // namespace midwatch::connectors::aws
