#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "src/api/call.h"
#include "src/base/json.h"

namespace midwatch::api {

/// What a member of a request's body must be.
enum class MemberKind { kText, kTexts, kFlag, kWhole, kTime, kObject };

struct Member {
  std::string_view name;
  MemberKind kind = MemberKind::kText;
  bool required = false;
  std::size_t longest = 200;  ///< of a text, in characters
  std::string_view words{};   ///< the values that a text may have, separated by spaces; empty: any
};

/// The body as an object with these members and no others. Errors: kInvalidArgument, naming the member and
/// what is wrong with it; kUnsupported where it is not announced as JSON.
base::Result<base::Json> read_body(const Call& call, std::span<const Member> members);

/// The same of an object within a body; `where` is its name.
base::Result<> check_members(const base::Json& object, std::span<const Member> members,
                             std::string_view where);

}  // namespace midwatch::api
