#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace midwatch::clients::aws::api {

/// An element without its attributes and namespace: services say nothing in them.
struct XmlElement {
  std::string name;
  std::string text;  ///< of this element alone, entities resolved
  std::vector<XmlElement> children;

  /// The first child of that name, or null.
  const XmlElement* child(std::string_view wanted) const;
  /// Its text; empty where there is no such child.
  std::string_view child_text(std::string_view wanted) const;
};

/// Reads the XML that AWS services answer with. A document type definition is refused: nothing here needs
/// one, and it could make a short text long.
///
/// Errors: kMalformed: no well-formed XML, cut off, or nested more than 100 levels; with the place in bytes.
base::Result<XmlElement> parse_xml(std::string_view text);

}  // namespace midwatch::clients::aws::api
