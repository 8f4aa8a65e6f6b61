#include <algorithm>

#include <gtest/gtest.h>

#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::database {
namespace {

/// The texts that a signature gives as examples match it, and its counterexamples do not.
TEST(SignatureExamples, DoWhatTheirSignatureSays) {
  const auto knowledge = knowledge::embedded_knowledge();
  ASSERT_TRUE(knowledge);
  const signs::SignatureMatcher matcher(*knowledge);
  const auto matches = [&](const std::string& text, const std::string& id) {
    const auto found = matcher.match(text);
    return std::any_of(found.begin(), found.end(), [&](const auto& m) { return m.signature->id == id; });
  };
  for (const auto& signature : knowledge->signatures) {
    for (const auto& text : signature.examples)
      EXPECT_TRUE(matches(text, signature.id)) << signature.id << ": " << text;
    for (const auto& text : signature.counterexamples)
      EXPECT_FALSE(matches(text, signature.id)) << signature.id << ": " << text;
  }
}

}  // namespace
}  // namespace midwatch::observe::database
