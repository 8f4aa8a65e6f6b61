#pragma once

#include <string_view>

#include "src/clients/aws/document.h"

namespace midwatch::clients::aws {

/// An operation whose answers are understood.
struct KnownOperation {
  std::string_view service;    ///< as the CLI spells it: "ecs"
  std::string_view operation;  ///< "describe-services"
  Decoder decode;
  /// How an answer is recognised where no command names it: a member of the body, and, where others have the
  /// same member, a member of the objects in that list (or of that object). Empty: only by its command.
  std::string_view member;
  std::string_view inner;
};

/// The decoder of an answer, by its command, else by its shape; nothing for one that nobody understands.
const KnownOperation* find_operation(const CommandLine& command, const base::Json& body);

}  // namespace midwatch::clients::aws
