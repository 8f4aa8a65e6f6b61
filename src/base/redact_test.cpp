#include "src/base/redact.h"

#include <gtest/gtest.h>

namespace midwatch::base {
namespace {

TEST(Redact, TakesSecretsOutAndLeavesTheRest) {
  struct Case {
    const char* text;
    const char* secret;
    const char* kept;
  };
  for (const Case& c : {
           Case{"using key AKIAIOSFODNN7EXAMPLE in us-east-1", "AKIAIOSFODNN7EXAMPLE", "us-east-1"},
           Case{"postgres://app:s3cr3t!@db.local:5432/shop", "s3cr3t!", "db.local:5432/shop"},
           Case{"DB_PASSWORD=hunter22 DB_HOST=db", "hunter22", "DB_HOST=db"},
           Case{R"({"password": "p\"w", "user": "app"})", R"(p\"w)", R"("user": "app")"},
           Case{"Authorization: Bearer abcdef0123456789", "abcdef0123456789", "Bearer"},
           Case{"token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.abc_def", "eyJzdWIiOiIxMjM0NTYifQ",
                "token"},
           Case{"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nnext", "MIIE", "next"},
           Case{"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY", "wJalrXUtnFEMI",
                "aws_secret_access_key"},
           Case{R"({"secretString":"{\"user\":\"app\",\"x\":\"hunter22\"}","secretId":"db"})", "hunter22",
                R"("secretId":"db")"},
           Case{"mysql --password hunter22 -h db", "hunter22", "-h db"},
           Case{"https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef&x=1", "0123456789abcdef",
                "x=1"},
           Case{"remote https://ghp_0123456789abcdefABCD/x", "0123456789abcdefABCD", "remote"},
           Case{"stripe sk_live_0123456789abcdef failed", "0123456789abcdef", "failed"},
           Case{"slack xoxb-0123456789-abcdefgh sent", "0123456789-abcdefgh", "sent"},
           Case{"mail SG.0123456789abcdef.x sent", "0123456789abcdef", "sent"},
           Case{"ASIA0123456789ABCDEF is used", "ASIA0123456789ABCDEF", "is used"},
           Case{"authorization: BASIC dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA", "authorization"},
           Case{"net use /password hunter22 z:", "hunter22", "z:"},
           Case{"pwd=hunter22;host=db", "hunter22", "host=db"},
           Case{"MY_CREDENTIALS: hunter22", "hunter22", "MY_CREDENTIALS"},
           Case{"a sig=0123456789abcdef&x=1", "0123456789abcdef", "x=1"},
           Case{R"("privateKey" => "hunter 22")", "hunter 22", "privateKey"},
       }) {
    const std::string out = redact(c.text);
    EXPECT_EQ(out.find(c.secret), std::string::npos) << out;
    EXPECT_NE(out.find(c.kept), std::string::npos) << out;
    EXPECT_NE(out.find(kRedacted), std::string::npos) << out;
    EXPECT_EQ(redact(out), out);
  }
}

TEST(Redact, LeavesOrdinaryLogLinesAlone) {
  for (const char* text : {
           "FATAL:  password authentication failed for user \"app\"",
           "GET /api/v1/tokens 200 12ms",
           "Error: getaddrinfo ENOTFOUND db.local:5432",
           "secret created and never read: arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf",
       }) {
    EXPECT_EQ(redact(text), text);
  }
}

TEST(Redact, KnowsSecretKeysFromReferences) {
  for (const char* key : {"DB_PASSWORD", "apiKey", "AUTH_TOKEN", "client_secret", "AWS_SECRET_ACCESS_KEY",
                          "SecretString", "secretBinary"}) {
    EXPECT_TRUE(is_secret_key(key)) << key;
  }
  for (const char* key : {"DB_HOST", "secretName", "imagePullSecrets", "keyspace"})
    EXPECT_FALSE(is_secret_key(key)) << key;
}

}  // namespace
}  // namespace midwatch::base
