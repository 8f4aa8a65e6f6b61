#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "src/api/api.h"
#include "src/base/json.h"

namespace midwatch::api {

using Parameters = std::map<std::string, std::string, std::less<>>;

/// One request, with all that was decoded and checked of it before its handler sees it.
struct Call {
  const http::ServerRequest& request;
  std::string request_id;
  Parameters path;
  Parameters query;
  Caller caller;

  /// A part of the path by its name in the pattern.
  std::string part(std::string_view name) const;
  /// A parameter of the query; empty where it is absent.
  std::string parameter(std::string_view name) const;
};

/// Answers one operation. Errors become problem details.
using Handler = base::Result<http::ServerResponse> (*)(const ApiDependencies& api, const Call& call);

/// Path and query, decoded. Errors: kInvalidArgument: wrong percent-encoding, no UTF-8, control characters, a
/// parameter that is there twice, or too many.
base::Result<std::vector<std::string>> decode_path(std::string_view path);
base::Result<Parameters> decode_query(std::string_view query);

/// The parameter as a moment; nothing where it is absent. Errors: kInvalidArgument.
base::Result<std::optional<base::Timestamp>> time_parameter(const Call& call, std::string_view name);
/// The parameters `from` and `to` as a range, open where one is absent; nothing where both are.
/// Errors: kInvalidArgument.
base::Result<std::optional<base::TimeRange>> range_parameter(const Call& call);
/// A parameter that is true or false. Errors: kInvalidArgument.
base::Result<std::optional<bool>> flag_parameter(const Call& call, std::string_view name);
/// The parameter as a whole number. Errors: kInvalidArgument.
base::Result<std::uint64_t> number_parameter(const Call& call, std::string_view name, std::uint64_t least,
                                             std::uint64_t most, std::uint64_t otherwise);
/// How many items a page holds.
base::Result<std::size_t> limit_parameter(const Call& call);

/// One of the words, or nothing where the parameter is absent. Errors: kInvalidArgument.
template <class Value>
base::Result<std::optional<Value>> word_parameter(const Call& call, std::string_view name,
                                                  std::optional<Value> (*of_word)(std::string_view));

base::Error not_one_of_the_words(std::string_view name, std::string_view word);

http::ServerResponse json_answer(int status, const base::Json& body);

/// Runs work in a transaction of the store, and gives its value.
template <class Work>
std::invoke_result_t<Work, store::Session&> value_of(
    store::Store& store, base::Result<> (store::Store::*transaction)(const store::Work&), const Work& work) {
  std::optional<typename std::invoke_result_t<Work, store::Session&>::value_type> value;
  auto done = (store.*transaction)([&](store::Session& session) -> base::Result<> {
    auto result = work(session);
    if (!result) return std::move(result).error();
    value = *std::move(result);
    return {};
  });
  if (!done) return std::move(done).error();
  return *std::move(value);
}

/// Of what only reads.
template <class Work>
std::invoke_result_t<Work, store::Session&> reading(store::Store& store, const Work& work) {
  return value_of(store, &store::Store::read, work);
}

/// Of what writes.
template <class Work>
std::invoke_result_t<Work, store::Session&> writing(store::Store& store, const Work& work) {
  return value_of(store, &store::Store::write, work);
}

template <class Value>
base::Result<std::optional<Value>> word_parameter(const Call& call, std::string_view name,
                                                  std::optional<Value> (*of_word)(std::string_view)) {
  const std::string word = call.parameter(name);
  if (word.empty()) return std::optional<Value>();
  const std::optional<Value> value = of_word(word);
  if (!value) return not_one_of_the_words(name, word);
  return value;
}

}  // namespace midwatch::api
