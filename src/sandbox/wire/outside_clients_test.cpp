#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/clock.h"
#include "src/base/json_access.h"
#include "src/sandbox/wire/sandbox_server.h"
#include "src/sandbox/wire/testing/fake_account.h"

namespace midwatch::sandbox::wire {
namespace {

namespace fs = std::filesystem;
using base::Json;
using base::text_at;

/// The Python that holds Debian's awscli, whatever else is installed.
constexpr const char* kPython = "/usr/bin/python3";

/// Operations that the sandbox speaks and Debian's awscli does not know yet: deployments of ECS services.
constexpr std::size_t kNewerThanAwscli = 3;

/// The output of a command and how it ended.
std::pair<int, std::string> run(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {-1, "popen failed"};
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), count);
  return {pclose(pipe), text};
}

std::string source(const std::string& path) {
  return fmt::format("{}/src/sandbox/wire/{}", MIDWATCH_SOURCE_DIR, path);
}

std::string key_of(const Json& call) {
  return text_at(call, "service") + " " + text_at(call, "operation");
}

/// Without the order of members, which clients choose.
nlohmann::json sorted(const Json& value) {
  return nlohmann::json::parse(value.dump());
}

/// A folder that is gone after the test.
class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / "midwatch-outside-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Clients that nobody here wrote ask every operation: of a sandbox that answers, one that refuses in the
/// operation's own words, one that denies and one that throttles.
class OutsideClients : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fs::exists("/usr/bin/aws")) << "awscli is missing; './run test' installs it";
    const auto [status, text] =
        run(fmt::format("{} {} {}", kPython, source("outside/sample_calls.py"), source("model")));
    ASSERT_EQ(status, 0) << text;
    calls_ = Json::parse(text);
    std::size_t spoken = 0;
    for (const Service& service : known_services()) spoken += service.operations.size();
    ASSERT_GE(calls_.size() + kNewerThanAwscli, spoken);
    std::ofstream(scratch_.path() + "/calls.json") << text;
    for (const Json& call : calls_) {
      serving_.say(key_of(call), call["output"]);
      if (call.contains("error")) refusing_.refuse(key_of(call), {text_at(call["error"], "name"), "none"});
    }
    start(serving_, {});
    start(refusing_, {});
    start(serving_, {Fault{.kind = FaultKind::kDenied, .operations = {}}});
    start(serving_, {Fault{.kind = FaultKind::kThrottled, .operations = {}}});
  }

  void start(Account& account, std::vector<Fault> faults) {
    SandboxServer::Options options;
    options.gateway.throttles = false;
    options.gateway.faults = std::move(faults);
    auto started = SandboxServer::start(account, clock_, clock_, options);
    ASSERT_TRUE(started) << started.error().describe();
    addresses_ += (*started)->address() + " ";
    sandboxes_.push_back(*std::move(started));
  }

  /// Runs a client with everything switched off that could lead it elsewhere.
  std::pair<int, std::string> ask_with(const std::string& client) {
    const Credentials key = sandbox_credentials();
    return run(
        fmt::format("env -i PATH=/usr/bin:/bin HOME=/nonexistent AWS_EC2_METADATA_DISABLED=true "
                    "AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null "
                    "NO_PROXY=127.0.0.1 {} {}/calls.json {} {} {} 2>&1",
                    client, scratch_.path(), addresses_, key.access_key, key.secret_key));
  }

  /// The inputs that the account saw are those that the client was given.
  void expect_inputs() const {
    const std::vector<AccountCall> seen = serving_.calls();
    for (const Json& call : calls_) {
      if (call["service"] == "sts") continue;
      bool found = false;
      std::string others;
      for (const AccountCall& one : seen) {
        if (one.service + " " + one.operation != key_of(call)) continue;
        found = found || sorted(one.input) == sorted(call["input"]);
        others += "\n  " + one.input.dump();
      }
      EXPECT_TRUE(found) << key_of(call) << ": " << call["input"].dump() << " was read as" << others;
    }
  }

  base::SystemClock clock_;
  Scratch scratch_;
  Json calls_;
  testing::FakeAccount serving_;
  testing::FakeAccount refusing_;
  std::vector<std::unique_ptr<SandboxServer>> sandboxes_;
  std::string addresses_;
};

TEST_F(OutsideClients, TheAwsCliAgreesOnEveryOperation) {
  const auto [status, text] = ask_with(fmt::format("{} {}", kPython, source("outside/ask_with_aws_cli.py")));
  EXPECT_EQ(status, 0) << text;
  expect_inputs();
}

TEST_F(OutsideClients, TheAwsSdkForJavaScriptAgreesOnEveryOperation) {
  const std::string folder = fmt::format("{}/build/aws_sdk_js", MIDWATCH_SOURCE_DIR);
  if (std::ifstream reason(folder + "/unavailable"); reason) {
    const std::string text((std::istreambuf_iterator<char>(reason)), std::istreambuf_iterator<char>());
    GTEST_SKIP() << "the AWS SDK could not be installed: " << text;
  }
  ASSERT_TRUE(fs::exists(folder + "/installed")) << "the AWS SDK is missing; './run test' installs it";
  const auto [status, text] =
      ask_with(fmt::format("node {} {}", source("outside/ask_with_aws_sdk.mjs"), folder));
  EXPECT_EQ(status, 0) << text;
  expect_inputs();
}

}  // namespace
}  // namespace midwatch::sandbox::wire
