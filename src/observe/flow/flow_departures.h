#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "src/observe/flow/flow_recorder.h"

namespace midwatch::observe::flow {

/// What the words of a step say, beside what it is.
struct StepMeaning {
  int severity = 0;        ///< 2 error, 1 warning, 0 other
  bool passed_on = false;  ///< an error that lays itself on somebody else
};

/// A point of the code where requests no longer go on as they used to.
struct Departure {
  std::uint32_t entity = 0;
  Step after;                    ///< the last step that was as ever
  std::optional<Step> expected;  ///< what used to come next; absent: the end of the request's part
  std::optional<Step> instead;   ///< what came, most often; absent: nothing
  bool rejoins =
      false;  ///< the expected step still comes, later: something was put in between, nothing is lost
  std::uint64_t count = 0;     ///< requests that departed here first
  std::uint64_t passed = 0;    ///< times that requests of the incident reached the step
  std::uint64_t baseline = 0;  ///< times that requests of the baseline reached it
  double chance = 1;           ///< probability of so many departures if nothing had changed
  std::int64_t first = 0;      ///< time of the first one, nanoseconds
};

/// Finds where the control flow of requests departs from that of a baseline.
///
/// From the baseline, it learns which step follows which within one part of a request. A step of the incident
/// departs when none of the steps that used to follow does. Of the departures of one request only the deepest
/// is counted: the last step that was as ever before the first that was not; callers depart after it because
/// of it. Where the same entity goes on to say that somebody else failed, the departure is not its own.
/// Source: the idea of comparing event patterns of requests with those of a fault-free time is Nezha's (Yu et
/// al., "Nezha:
///         Interpretable Fine-Grained Root Causes Analysis for Microservices on Multi-modal Observability
///         Data", ESEC/FSE 2023); the count is judged by the beta-binomial predictive distribution with
///         Jeffreys' prior.
/// Shape:  the least probable first; ties by entity, then by step.
/// Requires: steps as FlowRecorder::take orders them.
std::vector<Departure> find_departures(const std::vector<Step>& baseline, const std::vector<Step>& incident,
                                       const std::function<StepMeaning(const Step&)>& meaning);

/// The probability that of `trials` at least `hits` succeed, where `before_hits` of `before_trials` did.
/// Source: beta-binomial predictive distribution, Jeffreys' prior (e.g. Gelman et al., Bayesian Data
/// Analysis,
///         3rd ed., section 2.4).
double predictive_tail(std::uint64_t hits, std::uint64_t trials, std::uint64_t before_hits,
                       std::uint64_t before_trials);

}  // namespace midwatch::observe::flow
