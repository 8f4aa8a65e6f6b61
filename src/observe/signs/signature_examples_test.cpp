#include <algorithm>

#include <gtest/gtest.h>

#include "src/knowledge/embedded_knowledge.h"
#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::signs {
namespace {

bool fits(const SignatureMatcher& matcher, const knowledge::Signature& signature, const std::string& text) {
  const auto matches = matcher.match(text);
  return std::any_of(matches.begin(), matches.end(),
                     [&](const auto& m) { return m.signature == &signature; });
}

TEST(SignaturesOfTheKnowledge, FitTheirExamplesAndNothingElse) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge.has_value());
  const SignatureMatcher matcher(*knowledge);
  for (const auto& signature : knowledge->signatures) {
    for (const auto& text : signature.examples)
      EXPECT_TRUE(fits(matcher, signature, text)) << signature.id << ": " << text;
    for (const auto& text : signature.counterexamples)
      EXPECT_FALSE(fits(matcher, signature, text)) << signature.id << ": " << text;
  }
}

TEST(SignaturesOfTheKnowledge, AreKnownByTextReasonOrExitCode) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge.has_value());
  for (const auto& s : knowledge->signatures) {
    EXPECT_FALSE(s.literals.empty() && s.reasons.empty() && s.exit_codes.empty()) << s.id;
    EXPECT_TRUE(s.literals.empty() || !s.examples.empty()) << s.id << " has no example";
  }
}

struct Captured {
  const char* text;
  const char* signature;
  const char* fact;
  const char* value;
};

class SignatureFacts : public testing::TestWithParam<Captured> {};

TEST_P(SignatureFacts, AreWhatTheTextSays) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge.has_value());
  const SignatureMatcher matcher(*knowledge);
  const Captured& c = GetParam();
  for (const auto& match : matcher.match(c.text)) {
    if (match.signature->id != c.signature) continue;
    const auto fact = match.facts.find(c.fact);
    ASSERT_NE(fact, match.facts.end()) << c.text;
    EXPECT_EQ(fact->second, c.value) << c.text;
    return;
  }
  ADD_FAILURE() << c.signature << " does not fit: " << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Texts, SignatureFacts,
    testing::Values(
        Captured{"Error: required environment variable PAYMENT_URL is not set",
                 "missing_environment_variable", "variable", "PAYMENT_URL"},
        Captured{"Missing required env var: API_TOKEN_FILE", "missing_environment_variable", "variable",
                 "API_TOKEN_FILE"},
        Captured{"raise KeyError(key) from None\nKeyError: 'DATABASE_HOST'", "missing_environment_variable",
                 "variable", "DATABASE_HOST"},
        Captured{"/start.sh: line 3: QUEUE_NAME: unbound variable", "missing_environment_variable",
                 "variable", "QUEUE_NAME"},
        Captured{"DB_URL must be set", "missing_environment_variable", "variable", "DB_URL"},
        Captured{R"(exec: "pyton": executable file not found in $PATH: unknown)", "command_not_found",
                 "command", "pyton"},
        Captured{"/bin/sh: 1: mgirate: not found", "command_not_found", "command", "mgirate"},
        Captured{"sh: curll: not found", "command_not_found", "command", "curll"},
        Captured{"bash: line 3: kubectll: command not found", "command_not_found", "command", "kubectll"},
        Captured{"Error: getaddrinfo ENOTFOUND ledger.shop.svc.cluster.local", "dns_unresolved", "host",
                 "ledger.shop.svc.cluster.local"},
        Captured{"dial tcp: lookup queue.internal on 10.96.0.10:53: no such host", "dns_unresolved", "host",
                 "queue.internal"},
        Captured{"wget: bad address 'orders:8080'", "dns_unresolved", "host", "orders"},
        Captured{"curl: (6) Could not resolve host: billing", "dns_unresolved", "host", "billing"},
        Captured{"could not translate host name \"pg-main\" to address: Name or service not known",
                 "dns_unresolved", "host", "pg-main"},
        Captured{"connect ECONNREFUSED 10.0.0.7:6379", "connection_refused", "port", "6379"},
        Captured{"connection to server at \"pg\" (10.1.1.1), port 5432 failed: Connection refused",
                 "connection_refused", "host", "pg"},
        Captured{"dial tcp 10.0.3.4:5432: i/o timeout", "connection_timeout", "host", "10.0.3.4"},
        Captured{"FATAL: password authentication failed for user \"shop\"", "authentication_failed", "user",
                 "shop"},
        Captured{"storageclass.storage.k8s.io \"fast-ssd\" not found", "storage_class_missing",
                 "storage_class", "fast-ssd"},
        Captured{"0/3 nodes are available: 1 node(s) had untolerated taint {team: ml}, 2 Insufficient cpu.",
                 "insufficient_resource", "resource", "cpu"},
        Captured{"0/3 nodes are available: 1 node(s) had untolerated taint {team: ml}, 2 Insufficient cpu.",
                 "untolerated_taint", "taint", "team: ml"},
        Captured{"pods \"w-1\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, "
                 "limited: pods=4",
                 "quota_exceeded", "quota", "compute"},
        Captured{"pods \"w-1\" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, "
                 "limited: pods=4",
                 "quota_exceeded", "limit", "pods=4"},
        Captured{"Failed to pull image \"shop/api:v9\": rpc error: code = NotFound desc = failed to resolve "
                 "reference "
                 "\"docker.io/shop/api:v9\": docker.io/shop/api:v9: not found",
                 "image_not_found", "image", "docker.io/shop/api:v9"},
        Captured{"Back-off restarting failed container worker in pod worker-5d9_shop(1b)", "crash_loop",
                 "container", "worker"},
        Captured{"Container api failed liveness probe, will be restarted", "liveness_probe_failed",
                 "container", "api"},
        Captured{"/bin/sh: syntax error: unexpected \"done\"", "script_syntax_error", "detail",
                 "unexpected \"done\""},
        Captured{"Traceback (most recent call last):\n  File \"/app/m.py\", line 3, in <module>\nValueError: "
                 "bad port",
                 "uncaught_exception", "exception", "ValueError"},
        Captured{"configmap \"app-settings\" not found", "config_map_missing", "config_map", "app-settings"},
        Captured{"couldn't find key DB_URL in ConfigMap shop/app-settings", "config_key_missing", "key",
                 "DB_URL"}));

TEST(SignatureMatcher, DoesNotReadWhatAGatewayQuotesOfAFunction) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge.has_value());
  const SignatureMatcher matcher(*knowledge);
  const std::string error = "certificate has expired: partner.example";
  EXPECT_FALSE(matcher.match(error).empty());
  EXPECT_TRUE(matcher
                  .match("(1) Lambda execution failed with status 200 due to customer function error: " +
                         error + ". Lambda request id: 2")
                  .empty());
}

TEST(SignatureMatcher, KnowsReasonsInAnyCaseAndExitCodesWhole) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge.has_value());
  const SignatureMatcher matcher(*knowledge);
  ASSERT_FALSE(matcher.match_reason("oomkilled").empty());
  EXPECT_EQ(matcher.match_reason("oomkilled").front().signature->id, "oom_kill");
  EXPECT_TRUE(matcher.match_reason("OOM").empty());
  ASSERT_EQ(matcher.match_exit_code("137").size(), 1U);
  EXPECT_TRUE(matcher.match_exit_code("13").empty());
  EXPECT_TRUE(matcher.match_exit_code("").empty());
}

}  // namespace
}  // namespace midwatch::observe::signs
