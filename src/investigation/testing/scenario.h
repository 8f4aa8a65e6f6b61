#pragma once

#include <memory>
#include <string>
#include <vector>

#include "src/connectors/connector.h"
#include "src/telemetry/alarm.h"

namespace midwatch::investigation::testing {

/// A small invented incident, for tests of the whole way from records to the change that is blamed.
///
/// Source: a YAML file: `alarm {entity, metric, at, summary}`, `calls [[caller, callee]]`, `metrics` ("entity
/// metric before after minute", or `{series, ramp}` for a rise that takes minutes), `logs [{entity, severity,
/// from, times, text}]`, `clusters` (counts of lines against before), `status` (a provider's page), `changes`
/// (commit by default), `expect` (the id of the guilty change, or none). Times are minutes; nothing is
/// random.
struct Scenario {
  std::string name;
  std::string expect;
  telemetry::IncidentScope scope;
  std::shared_ptr<connectors::Connector> connector;
};

/// Reads a scenario. Errors: a file that is no scenario ends the test program with what is wrong.
Scenario read_scenario(const std::string& path);

}  // namespace midwatch::investigation::testing
