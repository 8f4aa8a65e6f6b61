#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/child_process.h"
#include "src/clients/aws/api/credentials/credential_document.h"
#include "src/clients/aws/api/credentials/source_context.h"

namespace midwatch::clients::aws::api {

FoundCredentials process_credentials(const SourceContext& from, const std::string& command,
                                     const std::string& profile) {
  const std::string source = "credential_process of profile " + profile;
  const auto words = split_command(command);
  if (words.empty()) return no_credentials(source, "the command has an open quote or is empty");
  const auto output = run_child(from.context, words);
  if (!output) return no_credentials(source, output.error().describe());
  const auto document = base::parse_json(*output);
  if (!document || base::at(*document, "Version") != 1)
    return no_credentials(source, "the command printed no JSON with \"Version\": 1");
  MIDWATCH_TRY(Credentials credentials, read_credentials(*document, {.token = "SessionToken"}, source));
  return credentials;
}

}  // namespace midwatch::clients::aws::api
