#include "src/clients/aws/api/pages.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/json_access.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

/// `a.b` inside `object`, or null.
template <class AnyJson>
AnyJson* find_path(AnyJson& object, std::string_view path) {
  AnyJson* place = &object;
  for (const auto part : base::split(path, '.')) {
    if (!place->is_object()) return nullptr;
    const auto found = place->find(std::string(part));
    if (found == place->end()) return nullptr;
    place = &*found;
  }
  return place;
}

void put_path(Json& object, std::string_view path, Json value) {
  Json* place = &object;
  for (const auto part : base::split(path, '.')) place = &(*place)[std::string(part)];
  *place = std::move(value);
}

bool is_empty_token(const Json& token) {
  return token.is_null() || (token.is_string() && token.get_ref<const std::string&>().empty());
}

/// Takes the tokens out of a page: as the members of the input that ask for the next one.
Json take_tokens(const Paging& paging, Json& page) {
  const auto given = base::split_words(paging.input_token);
  const auto answered = base::split_words(paging.output_token);
  Json next = Json::object();
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string name(answered[i]);
    const Json& token = base::at(page, name);
    next[std::string(given[i])] = is_empty_token(token) ? Json() : token;
    page.erase(name);
  }
  return next;
}

/// Puts the tokens back into an answer that was cut off, under the names that they have there.
void keep_tokens(const Paging& paging, const Json& next, Json& answer) {
  const auto answered = base::split_words(paging.output_token);
  std::size_t i = 0;
  for (const Json& token : next) {
    if (!token.is_null()) answer[std::string(answered[i])] = token;
    ++i;
  }
}

/// Log events are read forward until the service gives the same place again: there is no other sign of the
/// end.
bool ends_by_repeating(const Operation& operation) {
  return operation.paging.output_token == "nextForwardToken";
}

}  // namespace

Pages::Pages(const Operation& operation, std::size_t max_items)
    : operation_(operation), max_items_(max_items) {}
Pages::~Pages() = default;

Json Pages::take() {
  return joined_ ? std::move(*joined_) : Json(Json::object());
}

std::size_t Pages::items() const {
  std::size_t count = 0;
  for (const auto path : base::split_words(operation_.paging.results)) {
    const Json* list = find_path(std::as_const(*joined_), path);
    if (list != nullptr && list->is_array()) count += list->size();
  }
  return count;
}

base::Result<std::optional<Json>> Pages::add(Json page) {
  const Paging& paging = operation_.paging;
  if (paging.input_token.empty()) {
    joined_ = std::make_unique<Json>(std::move(page));
    return std::nullopt;
  }
  const bool said_last = !paging.more.empty() && base::at(page, paging.more) != true;
  Json next = take_tokens(paging, page);
  if (!joined_) {
    joined_ = std::make_unique<Json>(std::move(page));
  } else {
    for (const auto path : base::split_words(paging.results)) {
      Json* more = find_path(page, path);
      if (more == nullptr || !more->is_array()) continue;
      Json* list = find_path(*joined_, path);
      if (list == nullptr || !list->is_array()) {
        put_path(*joined_, path, *more);
      } else {
        for (Json& item : *more) list->push_back(std::move(item));
      }
    }
  }
  if (!paging.more.empty()) joined_->erase(std::string(paging.more));
  if (said_last || std::all_of(next.begin(), next.end(), is_empty_token)) return std::nullopt;
  std::string tokens = base::dump_json(next);
  if (tokens == last_tokens_) {
    if (ends_by_repeating(operation_)) return std::nullopt;
    return base::external_error(
        base::ErrorCode::kMalformed,
        fmt::format("the pages of {} do not end: the service gave the same token twice", operation_.name));
  }
  if (max_items_ != 0 && items() >= max_items_) {
    keep_tokens(paging, next, *joined_);
    return std::nullopt;
  }
  last_tokens_ = std::move(tokens);
  return std::optional<Json>(std::move(next));
}

}  // namespace midwatch::clients::aws::api
