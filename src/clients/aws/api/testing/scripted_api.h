#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/clients/aws/api/api.h"

namespace midwatch::clients::aws::api::testing {

/// An account whose answers a test writes down. What nobody wrote down is answered with an empty object, as
/// by a service that has nothing.
///
/// Threads: `call` any number at once; the rest before the first call.
class ScriptedApi final : public Api {
 public:
  /// Answers an operation; only where the input's JSON holds `input_part`, if one is given. The rule that was
  /// written last wins.
  ScriptedApi& answers(const std::string& operation, const std::string& json,
                       const std::string& input_part = {});
  /// Refuses an operation.
  ScriptedApi& refuses(const std::string& operation, base::Error error);
  /// Points of one metric and statistic, one a minute from `start`, whatever its dimensions.
  ScriptedApi& measures(const std::string& metric, const std::string& stat, base::Timestamp start,
                        std::vector<double> values);
  /// Gives a function's package; the rest of the answer is that of GetFunction.
  ScriptedApi& packs(std::string archive);
  /// Runs before each call: to let time pass.
  ScriptedApi& before_each(std::function<void(const ApiRequest&)> action);

  base::Result<base::Json> call(const runtime::RequestContext& context, const ApiRequest& request) override;
  base::Result<CodePackage> fetch_code(const runtime::RequestContext& context,
                                       const ApiRequest& request) override;

  /// "ecs DescribeTasks {…}" of every call, ordered by text.
  std::vector<std::string> calls() const;
  /// How many calls were of an operation.
  std::size_t count(const std::string& operation) const;

 private:
  struct Rule {
    std::string operation;
    std::string input_part;
    base::Result<std::string> answer;
  };
  struct Series {
    base::Timestamp start;
    std::vector<double> values;
  };

  base::Json metric_data(const ApiRequest& request) const;

  std::vector<Rule> rules_;
  std::map<std::string, Series> series_;
  std::function<void(const ApiRequest&)> action_;
  std::string archive_;
  mutable std::mutex mutex_;
  std::vector<std::string> calls_;
};

}  // namespace midwatch::clients::aws::api::testing
