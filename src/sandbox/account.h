#pragma once

#include <string>

#include <tl/expected.hpp>

#include "src/base/json_value.h"
#include "src/base/time.h"

namespace midwatch::sandbox {

/// One operation that somebody asks of a simulated account, freed from its wire protocol.
struct AccountCall {
  std::string service;    ///< as the AWS CLI calls it: `ecs`, `logs`, `elbv2`
  std::string operation;  ///< as the API calls it: `DescribeTasks`
  std::string region;
  base::Json input;     ///< the operation's members, as `aws … --cli-input-json` takes them
  base::Timestamp now;  ///< the simulated time
};

/// What the service refuses with.
struct AccountError {
  std::string code;  ///< of the API: `ResourceNotFoundException`
  std::string message;
  int status = 400;         ///< of HTTP
  std::string region = {};  ///< where to ask instead; empty: nowhere
};

/// A simulated account: what it answers follows from its world and the time.
///
/// Shape:   the whole answer, unpaged, in the members that `aws SERVICE OPERATION --output json` prints,
/// times
///          as RFC 3339 text. What throttles, pages, signs and encodes lies above (src/sandbox/wire).
/// Threads: any number at once.
class Account {
 public:
  virtual ~Account() = default;
  virtual tl::expected<base::Json, AccountError> answer(const AccountCall& call) = 0;
};

}  // namespace midwatch::sandbox
