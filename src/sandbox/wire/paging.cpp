#include "src/sandbox/wire/paging.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/digest.h"
#include "src/base/json_access.h"
#include "src/sandbox/wire/hmac.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;

/// Of the seal; as many digits as nobody guesses.
constexpr std::size_t kSealDigits = 32;

/// The value at a path with dots, to be changed; null where there is none.
Json* find(Json& object, std::string_view path) {
  Json* at = &object;
  for (const std::string_view part : base::split(path, '.')) {
    if (!at->is_object()) return nullptr;
    const auto found = at->find(std::string(part));
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

void put(Json& object, std::string_view path, Json value) {
  Json* at = &object;
  for (const std::string_view part : base::split(path, '.')) at = &(*at)[std::string(part)];
  *at = std::move(value);
}

bool read_number(std::string_view text, std::int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

/// How each family of services calls a token that is not its own.
AccountError bad_token(const std::string& service) {
  const std::string message = "The specified token is invalid.";
  if (service == "cloudwatch") return {"InvalidNextToken", message, 400};
  if (service == "cloudtrail") return {"InvalidNextTokenException", message, 400};
  if (service == "ec2") return {"InvalidPaginationToken", message, 400};
  if (service == "elbv2" || service == "cloudformation" || service == "iam")
    return {"ValidationError", message, 400};
  if (service == "rds" || service == "elasticache") return {"InvalidParameterValue", message, 400};
  if (service == "logs" || service == "ecs" || service == "ecr" || service == "secretsmanager")
    return {"InvalidParameterException", message, 400};
  if (service == "stepfunctions") return {"InvalidToken", message, 400};
  if (service == "lambda") return {"InvalidParameterValueException", message, 400};
  if (service == "route53") return {"InvalidInput", message, 400};
  return {"ValidationException", message, 400};
}

/// The first item of a page that is told by members of it. Where none is the one, the account has begun
/// there.
std::size_t first_of(const PageRequest& page, const Json& list) {
  const auto is_it = [&page](const Json& item) {
    return std::all_of(page.begins_with.begin(), page.begins_with.end(), [&item](const auto& member) {
      return base::text_at(item, member.first) == member.second;
    });
  };
  const auto found = std::find_if(list.begin(), list.end(), is_it);
  return found == list.end() ? 0 : static_cast<std::size_t>(found - list.begin());
}

}  // namespace

tl::expected<PageRequest, AccountError> Pager::read(const Operation& operation, AccountCall& call) const {
  const Paging& paging = *operation.paging;
  PageRequest page;
  page.items = paging.items;
  page.as_of = call.now;
  if (const auto limit = base::number_at(call.input, paging.limit); !paging.limit.empty() && limit) {
    if (*limit < 1 || *limit > static_cast<double>(paging.max)) {
      return tl::unexpected(AccountError{
          "ValidationException",
          fmt::format(
              "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must "
              "have value between 1 and {}",
              *limit, paging.limit, paging.max),
          400});
    }
    page.items = static_cast<std::size_t>(*limit);
  }
  if (!paging.limit.empty()) call.input.erase(paging.limit);
  for (const PlaceToken& token : paging.place) {
    if (std::string value = base::text_at(call.input, token.in); !value.empty())
      page.begins_with.emplace_back(token.member, std::move(value));
  }
  if (!paging.place.empty()) return page;
  const std::string token = base::text_at(call.input, paging.token_in);
  call.input.erase(paging.token_in);
  page.bound_to = base::sha256_hex(
      fmt::format("{}\n{}\n{}\n{}", call.service, call.operation, call.region, base::dump_json(call.input)));
  if (token.empty()) return page;

  const auto parts = base::split(token, '-');
  constexpr std::size_t kParts = 3;
  std::int64_t first = 0;
  std::int64_t as_of = 0;
  if (parts.size() != kParts || !read_number(parts[0], first) || !read_number(parts[1], as_of) || first < 0)
    return tl::unexpected(bad_token(call.service));
  page.first = static_cast<std::size_t>(first);
  page.as_of = base::Timestamp(base::Duration(as_of));
  if (!same_secret(seal(page, page.first), token)) return tl::unexpected(bad_token(call.service));
  return page;
}

std::string Pager::seal(const PageRequest& page, std::size_t next) const {
  const std::string text = fmt::format("{}-{}", next, page.as_of.time_since_epoch().count());
  return fmt::format("{}-{}", text,
                     hex_of(hmac_sha256(secret_, text + page.bound_to)).substr(0, kSealDigits));
}

Json Pager::cut(const Operation& operation, const PageRequest& page, Json whole) const {
  const Paging& paging = *operation.paging;
  Json next;  // the first item that this page does not hold
  for (const std::string& path : paging.lists) {
    Json* list = find(whole, path);
    if (list == nullptr || !list->is_array()) continue;
    const std::size_t first = paging.place.empty() ? page.first : first_of(page, *list);
    const std::size_t end = first + page.items;
    if (list->size() > end) next = (*list)[end];
    const auto size = static_cast<std::ptrdiff_t>(list->size());
    const auto from = std::min(size, static_cast<std::ptrdiff_t>(first));
    const auto to = std::min(size, static_cast<std::ptrdiff_t>(end));
    *list = Json(Json::array_t(list->begin() + from, list->begin() + to));
  }
  const bool more = !next.is_null();
  if (more && paging.place.empty()) put(whole, paging.token_out, seal(page, page.first + page.items));
  for (const PlaceToken& token : paging.place) {
    if (const Json& value = base::at(next, token.member); !value.is_null()) put(whole, token.out, value);
  }
  if (!paging.more.empty()) put(whole, paging.more, more);
  return whole;
}

}  // namespace midwatch::sandbox::wire
