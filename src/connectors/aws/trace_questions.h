#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/connectors/aws/metric_questions.h"
#include "src/connectors/aws/resource_questions.h"
#include "src/telemetry/alarm.h"

namespace midwatch::connectors::aws {

/// True for what can be the name of a function. An id may come from an alarm, which may hold anything; what
/// is no such name must not get into a filter. Source: AWS Lambda API reference, FunctionName
bool is_function_name(std::string_view name);

/// Which requests are looked for in traces.
struct TraceInterest {
  std::vector<std::string> names;   ///< under which traces know who is alarmed; empty: anybody
  std::optional<double> slow_from;  ///< s that a slow request takes at least, 0: not known how long; absent:
                                    ///< the incident is not about time
};

/// What an alarm says of slow requests: its threshold, where its metric is a time; 0 where nobody says what
/// it is about. Pure.
std::optional<double> slow_requests_of(const telemetry::Alarm& alarm,
                                       const std::optional<WantedSeries>& series);

/// What is asked beside the call graph and failed requests where time is what it is about: slow requests,
/// ordinary ones from before to compare them with, and whether the account keeps spans as log lines
/// (Transaction Search). Pure; in this order, and nothing where it is not about time.
std::vector<Question> questions_about_slow_requests(const TraceInterest& interest, const AskedTimes& times,
                                                    const std::string& region);

/// The requests of an answer of GetTraceSummaries to look at: the first that failed, else some from the whole
/// answer, chosen in the same way of slow ones and of ordinary ones. Pure.
std::vector<Question> questions_about_requests(const Question& asked, const base::Json& body);

/// True of the question for the segments of some traces.
bool asks_for_traces(const Question& question);
/// True of an answer that names the log group of spans.
bool tells_of_span_lines(const Question& asked, const base::Json& body);

/// The same traces as lines, where X-Ray keeps no segments. Pure.
Question question_about_span_lines(const Question& about_traces, const AskedTimes& times);
/// Lines of spans by the names of the interest, where no trace is known: some of the incident and some from
/// before. Pure.
std::vector<Question> questions_about_span_lines(const TraceInterest& interest, const telemetry::Alarm& alarm,
                                                 const AskedTimes& times, const std::string& region);

}  // namespace midwatch::connectors::aws
