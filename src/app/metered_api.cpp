#include "src/app/metered_api.h"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"

namespace midwatch::app {
namespace {

/// What a price is counted by.
enum class Unit { kRequest, kItemsAsked, kItemsAnswered, kBytesScanned };

struct Price {
  std::string_view service;
  std::string_view operation;  ///< empty: every other one of the service
  Unit unit;
  std::string_view member;  ///< that holds the items
  double dollars;           ///< a unit
};

// The first row that fits counts.
constexpr std::array kPrices{
    Price{"cloudwatch", "GetMetricData", Unit::kItemsAsked, "MetricDataQueries", 0.01 / 1000},
    Price{"cloudwatch", "", Unit::kRequest, "", 0.01 / 1000},
    Price{"logs", "GetQueryResults", Unit::kBytesScanned, "", 0.005 / 1e9},
    Price{"xray", "GetTraceSummaries", Unit::kItemsAnswered, "TraceSummaries", 0.5 / 1e6},
    Price{"xray", "BatchGetTraces", Unit::kItemsAnswered, "Traces", 0.5 / 1e6},
    Price{"secretsmanager", "", Unit::kRequest, "", 0.05 / 10'000},
    Price{"pi", "", Unit::kRequest, "", 0.01 / 1000},
    Price{"sqs", "", Unit::kRequest, "", 0.4 / 1e6},
    Price{"sns", "", Unit::kRequest, "", 0.5 / 1e6},
};

double units_of(const Price& price, const base::Json& input, const base::Json& answer) {
  switch (price.unit) {
    case Unit::kItemsAsked:
      return static_cast<double>(base::list_at(input, price.member).size());
    case Unit::kItemsAnswered:
      return static_cast<double>(base::list_at(answer, price.member).size());
    case Unit::kBytesScanned:
      return base::number_at(answer, "statistics", "bytesScanned").value_or(0);
    case Unit::kRequest:
      break;
  }
  return 1;
}

}  // namespace

double price_of(const clients::aws::api::ApiRequest& request, const base::Json& answer) {
  for (const Price& price : kPrices) {
    if (price.service == request.service && (price.operation.empty() || price.operation == request.operation))
      return price.dollars * units_of(price, request.input, answer);
  }
  return 0;
}

base::Result<base::Json> MeteredApi::call(const runtime::RequestContext& context,
                                          const clients::aws::api::ApiRequest& request) {
  ++calls_;
  auto answer = inner_.call(context, request);
  const double price = price_of(request, answer ? *answer : base::Json());
  const std::lock_guard lock(mutex_);
  dollars_ += price;
  return answer;
}

base::Result<clients::aws::api::CodePackage> MeteredApi::fetch_code(
    const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) {
  ++calls_;  // AWS asks nothing for it
  return inner_.fetch_code(context, request);
}

double MeteredApi::dollars() const {
  const std::lock_guard lock(mutex_);
  return dollars_;
}

}  // namespace midwatch::app
