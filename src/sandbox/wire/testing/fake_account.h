#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "src/base/json_value.h"
#include "src/sandbox/account.h"

namespace midwatch::sandbox::wire::testing {

/// An account that answers what it was told to, and remembers what it was asked.
class FakeAccount final : public Account {
 public:
  tl::expected<base::Json, AccountError> answer(const AccountCall& call) override {
    const std::lock_guard lock(mutex_);
    calls_.push_back(call);
    const std::string key = call.service + " " + call.operation;
    if (const auto refused = errors_.find(key); refused != errors_.end())
      return tl::unexpected(refused->second);
    if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
    return tl::unexpected(
        AccountError{"AccessDeniedException", "the fake was not told what to answer to " + key});
  }

  void say(const std::string& key, base::Json answer) {
    const std::lock_guard lock(mutex_);
    answers_[key] = std::move(answer);
  }
  void refuse(const std::string& key, AccountError error) {
    const std::lock_guard lock(mutex_);
    errors_[key] = std::move(error);
  }
  std::vector<AccountCall> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, base::Json> answers_;
  std::map<std::string, AccountError> errors_;
  std::vector<AccountCall> calls_;
};

}  // namespace midwatch::sandbox::wire::testing
