#pragma once

#include <string>
#include <vector>

#include "src/connectors/aws/question.h"
#include "src/connectors/aws/resource_questions.h"
#include "src/telemetry/entity.h"

namespace midwatch::connectors::aws {

/// One series of CloudWatch.
struct WantedSeries {
  std::string name_space;
  std::string metric;
  std::string stat;
  std::vector<std::pair<std::string, std::string>> dimensions;
  friend bool operator==(const WantedSeries&, const WantedSeries&) = default;
};

/// The series that tell how a resource does; none for a kind that CloudWatch does not measure. Pure.
std::vector<WantedSeries> series_of(const telemetry::Entity& entity,
                                    const std::vector<telemetry::Relation>& relations);

/// One GetMetricData for many series (500 at most a call), from the baseline to the end of the window.
std::vector<Question> metric_questions(const std::vector<WantedSeries>& series, const AskedTimes& times,
                                       base::Timestamp now, const std::string& region);

}  // namespace midwatch::connectors::aws
