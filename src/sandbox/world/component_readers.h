#pragma once

#include "src/sandbox/world/fields.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

/// Each reads one component of a world file; what is wrong goes to `faults`.
void read_spec(const Node& node, Faults& faults, FunctionSpec& out);
void read_spec(const Node& node, Faults& faults, ServiceSpec& out);
void read_spec(const Node& node, Faults& faults, DatabaseSpec& out);
void read_spec(const Node& node, Faults& faults, TableSpec& out);
void read_spec(const Node& node, Faults& faults, HostSpec& out);
void read_spec(const Node& node, Faults& faults, QueueSpec& out);
void read_spec(const Node& node, Faults& faults, RoleSpec& out);
void read_spec(const Node& node, Faults& faults, NatSpec& out);
void read_spec(const Node& node, Faults& faults, BucketSpec& out);
void read_spec(const Node& node, Faults& faults, ZoneSpec& out);
void read_spec(const Node& node, Faults& faults, WorkflowSpec& out);
MeasurementSpec read_measurement(const Node& node, Faults& faults);
JournalSpec read_journal(const Node& node, Faults& faults);
Load read_load(const Node& node, Faults& faults);
AlarmSpec read_alarm(const Node& node, Faults& faults);
WorldTruth read_world_truth(const Node& node, Faults& faults);

}  // namespace midwatch::sandbox::world
