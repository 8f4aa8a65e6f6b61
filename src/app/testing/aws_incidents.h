#pragma once

#include <string>

#include "src/base/time.h"
#include "src/clients/aws/api/testing/scripted_api.h"

/// Incidents of an invented account, as its APIs would answer about them.
namespace midwatch::app::testing {

using clients::aws::api::testing::ScriptedApi;

/// 2026-03-03T10:00:00Z: when every alarm here goes off.
inline constexpr base::Timestamp kAlarmTime{std::chrono::seconds(1772532000)};

/// A function behind the alarm "intake-errors".
inline constexpr const char* kIntake = "arn:aws:lambda:us-east-1:123456789012:function:intake";
/// A service behind the alarm "ledger-5xx" of its target group.
inline constexpr const char* kLedger = "arn:aws:ecs:us-east-1:123456789012:service/main/ledger";

/// A request without a body: TypeError in every run.
void write_lambda_null(ScriptedApi& api);
/// 128 MB are full, runs end at the limit of 30 s.
void write_lambda_memory(ScriptedApi& api);
/// Every run ends at the limit of 5 s, memory to spare, no line of the application.
void write_lambda_timeout(ScriptedApi& api);
/// Tasks grow to their limit after a deployment and are killed.
void write_ecs_leak(ScriptedApi& api);
/// A database's host in the environment and no credential; its secret was never read.
void write_ecs_credential(ScriptedApi& api);

}  // namespace midwatch::app::testing
