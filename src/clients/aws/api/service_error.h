#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/base/result.h"
#include "src/clients/aws/api/table/operation.h"
#include "src/http/http_client.h"

namespace midwatch::clients::aws::api {

/// What a service refused with, read from any of the protocols' error bodies.
struct ServiceError {
  std::string code;     ///< bare: `ResourceNotFoundException`; empty where the body says none
  std::string message;  ///< for people, bounded and without secrets
  std::string region;   ///< where a bucket lies that was asked for elsewhere
  int status = 0;
  std::optional<std::chrono::milliseconds> retry_after;
};

/// Reads an answer whose status is no success. Some services and proxies send back what they were sent: each
/// of `secrets` is taken out of the message.
ServiceError read_service_error(const http::HttpResponse& response,
                                std::span<const std::string_view> secrets);

/// True where the service was asked too often.
/// Source: botocore 1.43.11, retries/standard.py
bool is_throttling(const ServiceError& error);

/// True where the same call may succeed at once: the service stumbled.
bool is_transient(const ServiceError& error);

/// True where the credentials were good once and are no longer.
bool is_expired(const ServiceError& error);

/// True where the service found this machine's clock wrong.
bool is_clock_skew(const ServiceError& error);

/// The error for callers of `service` `operation`; see Api::call for which code means what.
base::Error to_error(const ServiceError& error, const Service& service, const Operation& operation);

/// The region in which a bucket lies by such an error (kConflict); empty where it names none.
std::string region_named_in(const base::Error& error);

}  // namespace midwatch::clients::aws::api
