#include "src/app/aws_access.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app {

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

base::Result<std::unique_ptr<clients::aws::api::Api>> open_aws(const connectors::aws::AgentSpace& space,
                                                               const base::Clock& clock) {
  using namespace clients::aws::api;
  AccountOptions options;
  if (space.accounts.size() == 1 && space.accounts.front().regions.size() == 1)
    options.region = space.accounts.front().regions.front();
  return open_account(runtime::RequestContext::unlimited(clock), clock, Environment::of_process(), options);
}

}  // namespace midwatch::app
