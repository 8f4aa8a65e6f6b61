#pragma once

#include <vector>

#include "src/base/json.h"
#include "src/connectors/aws/resource_questions.h"

namespace midwatch::connectors::aws {

/// What lines of a log ask for that say that a name is lost or a bucket denied: the zones of the account and
/// who changed them; what the bucket's policy says and who changed that. Pure.
std::vector<Question> questions_from_lines(const Question& asked, const base::Json& body,
                                           const AskedTimes& times);

/// The record set of each name that was looked for, in the zone that answers it: that with the longest name.
std::vector<Question> questions_about_names(const Question& asked, const base::Json& body);

/// Whether the endpoint behind a name is found well, where its record depends on that.
std::vector<Question> questions_about_checks(const Question& asked, const base::Json& body);

}  // namespace midwatch::connectors::aws
