#pragma once

#include <string>
#include <string_view>

#include "src/base/json.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// The defaults of names in XML: `<Name>` and `<member>` of the query protocol, `<name>` and `<item>` of
/// EC2's.
enum class XmlStyle { kQuery, kEc2 };

/// The members of an answer as elements, in the order of `value`; null members are left out.
std::string to_xml(const base::Json& value, const Shape* shape, XmlStyle style);

/// Text inside an element: markup and what XML 1.0 cannot hold is replaced.
std::string escape_xml(std::string_view text);

}  // namespace midwatch::sandbox::wire
