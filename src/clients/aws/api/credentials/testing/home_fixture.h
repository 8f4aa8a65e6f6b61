#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "src/clients/aws/api/credentials/credential_chain.h"
#include "src/http/testing/scripted_client.h"

namespace midwatch::clients::aws::api::testing {

/// A home directory of its own, a scripted network and 2025-12-17T01:39:00Z.
class HomeFixture : public ::testing::Test {
 protected:
  HomeFixture() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    home_ = std::filesystem::temp_directory_path() /
            (std::string("midwatch-") + test->name() + "-" + std::to_string(::getpid()));
    std::filesystem::create_directories(home_);
    variables_["HOME"] = home_.string();
    variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  }
  ~HomeFixture() override { std::filesystem::remove_all(home_); }

  void write(const std::string& path, const std::string& text) {
    const auto full = home_ / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  void write_config(const std::string& text) { write(".aws/config", text); }
  void write_credentials(const std::string& text) { write(".aws/credentials", text); }

  Environment environment() const { return Environment(variables_); }
  runtime::RequestContext context() const { return runtime::RequestContext::unlimited(clock_); }

  /// What the chain finds, of a new chain each time.
  base::Result<Credentials> find(const std::string& profile = "") {
    return CredentialChain(http_, environment(), profile).credentials(context());
  }

  /// The answer of STS to AssumeRole and AssumeRoleWithWebIdentity.
  static std::string sts_answer(const std::string& operation, const std::string& key,
                                const std::string& expiration = "2025-12-17T02:39:00Z") {
    return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + key +
           "</AccessKeyId><SecretAccessKey>planted-role-secret</"
           "SecretAccessKey><SessionToken>planted-role-token"
           "</SessionToken><Expiration>" +
           expiration + "</Expiration></Credentials></" + operation + "Result></" + operation + "Response>";
  }

  std::filesystem::path home_;
  std::map<std::string, std::string, std::less<>> variables_;
  base::ManualClock clock_{*base::parse_rfc3339("2025-12-17T01:39:00Z")};
  http::testing::ScriptedClient http_;
};

}  // namespace midwatch::clients::aws::api::testing
