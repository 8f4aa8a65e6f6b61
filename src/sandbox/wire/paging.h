#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "src/base/json.h"
#include "src/base/time.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// Which page a client asks for.
struct PageRequest {
  std::size_t first = 0;  ///< items that earlier pages held
  std::size_t items = 0;  ///< that this page may hold
  base::Timestamp as_of;  ///< when the first page was asked for: later pages show the same moment
  std::string bound_to;   ///< the question that its tokens belong to
  /// Where tokens are members of an item: those that the first item of the page has, and their values.
  std::vector<std::pair<std::string, std::string>> begins_with;
};

/// Cuts whole answers into pages. A token holds where the next page begins and as of when, sealed together
/// with the question that it belongs to: it is of no use for any other. Where a service's tokens are members
/// of the item that comes next, they are also a way to ask from there on: the account sees them.
///
/// Threads: any.
class Pager {
 public:
  explicit Pager(std::string secret) : secret_(std::move(secret)) {}

  /// Takes the members that page out of `call.input`.
  ///
  /// Errors: ValidationException: a limit that is none; InvalidNextToken (under the service's own name): a
  /// token
  ///         of another question, or of nobody.
  tl::expected<PageRequest, AccountError> read(const Operation& operation, AccountCall& call) const;

  /// The items of a page, and the token of the next where there is one.
  base::Json cut(const Operation& operation, const PageRequest& page, base::Json whole) const;

 private:
  std::string seal(const PageRequest& page, std::size_t next) const;

  std::string secret_;
};

}  // namespace midwatch::sandbox::wire
