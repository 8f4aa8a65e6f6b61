#include "src/app/aws_access.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/try.h"

namespace midwatch::app {
namespace {

using clients::aws::api::Api;
using clients::aws::api::ApiRequest;
using clients::aws::api::CodePackage;
using connectors::aws::AgentSpace;
using connectors::aws::SpaceAccount;

/// Sends a request to the account that it names, or else to the first. Threads: as its accounts.
class SpaceApi final : public Api {
 public:
  explicit SpaceApi(std::vector<OpenedAccount> accounts) : accounts_(std::move(accounts)) {}

  base::Result<base::Json> call(const runtime::RequestContext& context, const ApiRequest& request) override {
    MIDWATCH_TRY(Api * account, account_of(request));
    return account->call(context, request);
  }
  base::Result<CodePackage> fetch_code(const runtime::RequestContext& context,
                                       const ApiRequest& request) override {
    MIDWATCH_TRY(Api * account, account_of(request));
    return account->fetch_code(context, request);
  }

 private:
  base::Result<Api*> account_of(const ApiRequest& request) const {
    if (request.account.empty()) return accounts_.front().account.get();
    const auto one = std::find_if(accounts_.begin(), accounts_.end(),
                                  [&](const OpenedAccount& a) { return a.id == request.account; });
    if (one == accounts_.end()) {
      return base::user_error(base::ErrorCode::kPermissionDenied,
                              fmt::format("account {} is not in the space", request.account));
    }
    return one->account.get();
  }

  std::vector<OpenedAccount> accounts_;
};

}  // namespace

base::Result<connectors::aws::AgentSpace> load_space(const std::string& path) {
  if (path.empty()) return connectors::aws::AgentSpace{};
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("the space file {} cannot be read", path));
  }
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return connectors::aws::read_agent_space(text, path);
}

base::Result<std::vector<OpenedAccount>> open_accounts(const AgentSpace& space, const base::Clock& clock) {
  const auto context = runtime::RequestContext::unlimited(clock);
  std::vector<SpaceAccount> accounts = space.accounts;
  if (accounts.empty()) accounts.emplace_back();
  std::vector<OpenedAccount> out;
  for (const SpaceAccount& one : accounts) {
    clients::aws::api::AccountOptions options;
    if (!one.regions.empty()) options.region = one.regions.front();
    if (!one.role.empty()) {
      options.role = clients::aws::api::RoleRequest{.role_arn = one.role,
                                                    .session_name = one.session_name,
                                                    .external_id = one.external_id,
                                                    .duration_seconds = {}};
    }
    MIDWATCH_TRY(auto account, clients::aws::api::open_account(
                                   context, clock, clients::aws::api::Environment::of_process(), options));
    out.push_back({one.id, one.regions, std::move(account)});
  }
  return out;
}

base::Result<std::unique_ptr<Api>> open_aws(const AgentSpace& space, const base::Clock& clock) {
  MIDWATCH_TRY(auto accounts, open_accounts(space, clock));
  if (accounts.size() == 1) return std::unique_ptr<Api>(std::move(accounts.front().account));
  return std::unique_ptr<Api>(std::make_unique<SpaceApi>(std::move(accounts)));
}

}  // namespace midwatch::app
