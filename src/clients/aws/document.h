#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/clients/aws/command_line.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::clients::aws {

/// One answer of an AWS API: the body, and what was asked.
///
/// The body is the JSON of `aws … --output json`, which has the members of the API's answer; an API body of a
/// JSON protocol differs from it only in its times (epoch seconds), and both forms are read.
struct Document {
  const base::Json& body;
  const CommandLine& command;  ///< empty where nobody says what was asked
  telemetry::RecordRef ref;
  std::optional<base::Timestamp> reference_time;  ///< when it was asked, as well as it is known
};

/// A decoder adds what a document says to a batch. It never fails: what it cannot read it leaves out, and
/// where nothing could be read it adds a notice.
using Decoder = void (*)(const Document&, telemetry::TelemetryBatch&);

/// A time in one of AWS's forms: RFC 3339 (also without colon in the offset), or epoch seconds as a number.
std::optional<base::Timestamp> time_of(const base::Json& value);
/// Epoch milliseconds, as CloudWatch Logs counts.
std::optional<base::Timestamp> time_of_milliseconds(const base::Json& value);
/// RFC 3339, or empty where there is no time.
std::string time_text(const base::Json& value);

/// An entity with its id, type, name, kind (platform.kind), and the provider's own members as attributes.
telemetry::Entity make_entity(std::string id, std::string_view type, std::string name, std::string_view kind,
                              const base::Json& members, telemetry::RecordRef ref);

/// Copies members to attribute paths where they are there: {"platform.phase", "status"}.
void copy_members(const base::Json& object,
                  std::initializer_list<std::pair<std::string_view, std::string_view>> paths,
                  telemetry::Attributes& attributes);
/// The same of times, printed as RFC 3339.
void copy_times(const base::Json& object,
                std::initializer_list<std::pair<std::string_view, std::string_view>> paths,
                telemetry::Attributes& attributes);

/// Sets a number where there is one, times `unit`.
void set_number(telemetry::Attributes& attributes, std::string_view path, const base::Json& value,
                double unit = 1);

void relate(telemetry::TelemetryBatch& out, std::string from, std::string to, telemetry::RelationKind kind,
            telemetry::RecordRef ref);

/// "service/name": the id of a resource whose ARN nobody gives.
std::string named_id(std::string_view service, std::string_view name);

/// Says that one id means another entity, so that records under either find it.
void add_alias(telemetry::TelemetryBatch& out, std::string alias, std::string entity);

/// An event of a platform, with its time or else the time of the question.
telemetry::PlatformEvent make_event(const Document& document, std::string entity, std::string_view source,
                                    const base::Json& time);

inline constexpr double kMebibyte = 1024.0 * 1024.0;
inline constexpr double kGibibyte = 1024.0 * kMebibyte;

}  // namespace midwatch::clients::aws
