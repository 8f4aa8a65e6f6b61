#pragma once

#include <string>

#include "src/base/time.h"
#include "src/sandbox/world/world.h"

namespace midwatch::sandbox::world {

struct Scene;

/// Lines of a Lambda log group, byte for byte as the runtimes write them.
/// Source: aws/aws-lambda-nodejs-runtime-interface-client; real logs of 2026.
std::string init_line(const FunctionSpec& spec);
std::string said_line(const FunctionSpec& spec, base::Timestamp time, const std::string& request,
                      const std::string& line);
std::string failure_line(const FunctionSpec& spec, base::Timestamp time, const std::string& request,
                         const Failure& failure);

struct ReportLine {
  std::string request;
  double seconds = 0, init_seconds = 0, memory = 0, used = 0;
  std::string status, platform_error;
};
std::string report_line(const ReportLine& report);

/// What code fails with when a name does not exist, a role or a bucket's policy does not allow a call, a
/// module is missing.
Failure unknown_host(const std::string& host);
Failure access_denied(const Scene& scene, const std::string& role, const std::string& session,
                      const std::string& permission);
/// What a caller is told of a run that the platform ended: by its time limit, or as the process was killed.
Failure platform_failure(const std::string& request, const std::string& status, const FunctionSpec& spec);
Failure missing_module(const FunctionSpec& spec, const std::string& module);

}  // namespace midwatch::sandbox::world
