#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "src/base/json.h"
#include "src/clients/aws/api/table/operation.h"

namespace midwatch::clients::aws::api {

/// Joins the pages of one operation into one answer.
class Pages {
 public:
  /// `max_items` 0: all of them.
  Pages(const Operation& operation, std::size_t max_items);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

  /// Adds a page; the members of the input to ask the next one with (null where one must not be given), or
  /// nothing where it was the last or enough is there.
  /// Errors: kMalformed: the service gave the tokens again that it was just asked with.
  base::Result<std::optional<base::Json>> add(base::Json page);

  /// The joined answer; it keeps the tokens of the next page only where `max_items` cut it off.
  base::Json take();

 private:
  std::size_t items() const;

  const Operation& operation_;
  const std::size_t max_items_;
  std::unique_ptr<base::Json> joined_;  ///< null before the first page
  std::string last_tokens_;             ///< as JSON
};

}  // namespace midwatch::clients::aws::api
