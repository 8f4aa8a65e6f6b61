#include "src/sandbox/world/function_log.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/sandbox/world/scene.h"

namespace midwatch::sandbox::world {
namespace {

bool python(const FunctionSpec& spec) {
  return spec.runtime.starts_with("python");
}

/// Milliseconds always, as JavaScript prints a date.
std::string iso(base::Timestamp time) {
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count() % 1000;
  return fmt::format("{}.{:03}Z", base::format_rfc3339(time).substr(0, 19), milliseconds);
}

}  // namespace

std::string init_line(const FunctionSpec& spec) {
  const std::string version = python(spec) ? "python:3.12.v38" : "nodejs:22.v41";
  return fmt::format(
      "INIT_START Runtime Version: {}\tRuntime Version ARN: arn:aws:lambda:eu-west-1::runtime:{:0>64}",
      version, "8c5e1f0b2a");
}

std::string said_line(const FunctionSpec& spec, base::Timestamp time, const std::string& request,
                      const std::string& line) {
  if (python(spec)) return fmt::format("[INFO]\t{}\t{}\t{}", iso(time), request, line);
  return fmt::format("{}\t{}\tINFO\t{}", iso(time), request, line);
}

std::string failure_line(const FunctionSpec& spec, base::Timestamp time, const std::string& request,
                         const Failure& failure) {
  if (python(spec)) {
    std::string text =
        fmt::format("[ERROR] {}: {}\nTraceback (most recent call last):", failure.type, failure.message);
    for (const std::string& frame : failure.stack) text += "\n  " + frame;
    return text;
  }
  base::Json error{{"errorType", failure.type}, {"errorMessage", failure.message}};
  if (failure.members.is_object()) {
    for (const auto& [key, value] : failure.members.items()) error[key] = value;
  }
  base::Json stack = base::Json::array({fmt::format("{}: {}", failure.type, failure.message)});
  for (const std::string& frame : failure.stack) stack.push_back("    at " + frame);
  error["stack"] = std::move(stack);
  const bool load = failure.type.starts_with("Runtime.");
  return fmt::format("{}\t{}\tERROR\t{} \t{}", iso(time), load ? "undefined" : request,
                     load ? "Uncaught Exception" : "Invoke Error", base::dump_json(error));
}

std::string report_line(const ReportLine& report) {
  std::string text = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {} ms\tMemory Size: {:.0f} MB\tMax Memory "
      "Used: "
      "{:.0f} MB",
      report.request, report.seconds * 1000,
      static_cast<long>(std::ceil((report.seconds + report.init_seconds) * 1000)), report.memory,
      report.used);
  if (report.init_seconds > 0) text += fmt::format("\tInit Duration: {:.2f} ms", report.init_seconds * 1000);
  if (report.status.empty()) return text + "\t\n";
  text += "\tStatus: " + report.status;
  if (!report.platform_error.empty()) text += "\tError Type: " + report.platform_error;
  return text;
}

Failure unknown_host(const std::string& host) {
  Failure failure;
  failure.type = "Error";
  failure.message = "getaddrinfo ENOTFOUND " + host;
  failure.members = {{"code", "ENOTFOUND"}, {"errno", -3008}, {"syscall", "getaddrinfo"}, {"hostname", host}};
  failure.stack = {"GetAddrInfoReqWrap.onlookup [as oncomplete] (node:dns:111:26)"};
  return failure;
}

Failure access_denied(const Scene& scene, const std::string& role, const std::string& session,
                      const std::string& permission) {
  const std::size_t space = permission.find(' ');
  const std::string action = permission.substr(0, space);
  const bool of_s3 = action.starts_with("s3:");  // it puts resources into quotes, and has a code of its own
  std::string resource;
  const char* quote = of_s3 ? "\"" : "";
  if (space != std::string::npos)
    resource = fmt::format(" on resource: {0}{1}{0}", quote, permission.substr(space + 1));
  Failure failure;
  failure.type = of_s3 ? "AccessDenied" : "AccessDeniedException";
  failure.message =
      fmt::format("User: arn:aws:sts::{}:assumed-role/{}/{} is not authorized to perform: {}{} {}",
                  scene.world.account, role, session, action, resource,
                  scene.is_denied_by_bucket(role, permission)
                      ? std::string("with an explicit deny in a resource-based policy")
                      : fmt::format("because no identity-based policy allows the {} action", action));
  return failure;
}

Failure platform_failure(const std::string& request, const std::string& status, const FunctionSpec& spec) {
  Failure failure;
  const bool late = status == "timeout";
  failure.type = late ? "Sandbox.Timedout" : "Runtime.ExitError";
  failure.message =
      late ? fmt::format("RequestId: {} Error: Task timed out after {:.2f} seconds", request, spec.timeout)
           : fmt::format("RequestId: {} Error: Runtime exited with error: signal: killed", request);
  return failure;
}

Failure missing_module(const FunctionSpec& spec, const std::string& module) {
  Failure failure;
  failure.type = "Runtime.ImportModuleError";
  const std::string handler = spec.handler.substr(0, spec.handler.rfind('.'));
  failure.message =
      python(spec)
          ? fmt::format("Unable to import module '{}': No module named '{}'", handler, module)
          : fmt::format("Error: Cannot find module '{}'\nRequire stack:\n- /var/task/{}.js", module, handler);
  return failure;
}

}  // namespace midwatch::sandbox::world
