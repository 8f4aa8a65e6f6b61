#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "src/base/clock.h"
#include "src/clients/aws/api/api.h"
#include "src/store/store.h"

namespace midwatch::app {

/// Keeps every answer of an account in the store before it counts, and gives it again when the same question
/// comes in a later attempt of the same investigation: what was answered once is never asked twice.
///
/// Shape:    a question is told apart by account, region, service, operation, input, and by how often it was
///           asked before in this attempt.
/// Errors:   those of the account, which are not kept: a later attempt asks again; those of the store.
/// Threads:  any number at once.
/// Requires: the store, the account and the clock outlive it.
class JournaledApi final : public clients::aws::api::Api {
 public:
  struct Asked {
    const clients::aws::api::ApiRequest& request;
    std::optional<base::Error> refused;
    base::Duration took;
  };
  using Listener = std::function<void(const Asked&)>;

  /// `clock` is the true time, by which requests are signed; the investigation's own may differ. `listener`
  /// hears of what was really asked, and not given up before the answer.
  JournaledApi(clients::aws::api::Api& account, store::Store& store, std::string investigation,
               const base::Clock& clock, Listener listener)
      : account_(account),
        store_(store),
        investigation_(std::move(investigation)),
        clock_(clock),
        listener_(std::move(listener)) {}

  base::Result<base::Json> call(const runtime::RequestContext& context,
                                const clients::aws::api::ApiRequest& request) override;
  base::Result<clients::aws::api::CodePackage> fetch_code(
      const runtime::RequestContext& context, const clients::aws::api::ApiRequest& request) override;

  /// Errors: the first of the store, after which what was answered does not count.
  base::Result<> kept_all();

 private:
  std::string document_of(const clients::aws::api::ApiRequest& request);
  base::Result<std::optional<std::string>> kept(const std::string& name);
  template <class Value>
  base::Result<Value> noted(base::Result<Value> of_the_store);
  /// Gives what is kept of a question, or asks and keeps what comes. `Form` says how it is written and read.
  template <class Form, class Ask>
  base::Result<typename Form::Value> answer(const runtime::RequestContext& context,
                                            const clients::aws::api::ApiRequest& request, const Ask& ask);

  clients::aws::api::Api& account_;
  store::Store& store_;
  std::string investigation_;
  const base::Clock& clock_;
  Listener listener_;
  std::mutex mutex_;
  std::optional<base::Error> problem_;
  std::map<std::string, std::uint32_t, std::less<>> times_;  ///< each question was asked in this attempt
};

}  // namespace midwatch::app
