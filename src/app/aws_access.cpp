#include "src/app/aws_access.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

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

base::Result<std::unique_ptr<clients::aws::api::Api>> open_aws(const connectors::aws::AgentSpace& /*space*/,
                                                               const base::Clock& /*clock*/) {
  return base::environment_error(
      base::ErrorCode::kUnsupported,
      "this build cannot reach AWS by itself; record what the AWS CLI prints as raw/aws/ of a bundle "
      "(docs/incident-bundle.md) and investigate that");
}

}  // namespace midwatch::app
