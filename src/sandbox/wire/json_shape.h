#pragma once

#include "src/base/json.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// Which names a JSON body uses: those of the AWS CLI, or those of a REST service's model.
enum class BodyNames { kMembers, kTags };

/// A body's value as the AWS CLI writes it: times as RFC 3339 text.
base::Json from_body(const base::Json& body, const Shape* shape, BodyNames names);

/// The reverse: times as epoch seconds.
base::Json to_body(const base::Json& value, const Shape* shape, BodyNames names);

/// A time as RFC 3339 text from whatever a client sends: epoch seconds or text; another value stays as it is.
base::Json time_as_text(const base::Json& value);

}  // namespace midwatch::sandbox::wire
