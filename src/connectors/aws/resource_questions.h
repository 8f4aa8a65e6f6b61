#pragma once

#include <string>
#include <vector>

#include "src/base/time.h"
#include "src/connectors/aws/question.h"
#include "src/telemetry/entity.h"

namespace midwatch::connectors::aws {

/// The times that questions are about.
struct AskedTimes {
  base::TimeRange window;    ///< of the incident
  base::TimeRange baseline;  ///< before it
  base::TimeRange changes() const { return {baseline.start - kChangesBefore, window.end}; }

  /// A change may need a while to show: a leak fills, a cache runs out.
  static constexpr base::Duration kChangesBefore = std::chrono::hours(21);
};

/// What is worth asking of a resource itself: its configuration, its short-lived records, its log lines, who
/// changed it. Values are those of the alarmed entity; a neighbour's answers tell less. Pure.
///
/// Shape: `entity` may be known by its id only; with its attributes, more can be asked.
std::vector<Question> questions_about(const telemetry::Entity& entity, const AskedTimes& times,
                                      const std::string& region);

/// What an answer makes it possible to ask: of a list, its items; of lines that were too many to be read,
/// those after them that tell of trouble. Pure.
std::vector<Question> questions_after(const Question& asked, const base::Json& body, const AskedTimes& times);

/// What is asked once, of no resource in particular: the call graph that traces show, and failed traces.
std::vector<Question> questions_about_traces(const AskedTimes& times, const std::string& region);

/// Which services run behind load balancers: asked where the alarmed entity is one.
Question question_for_clusters(const std::string& region);

}  // namespace midwatch::connectors::aws
