#pragma once

#include <string>
#include <vector>

#include "src/api/caller.h"
#include "src/app/watch/serve_config.h"

namespace midwatch::app {

/// Who sends a request, by the bearer token. Where no tokens are configured,
/// everybody may do everything: check_exposure() sees to it that then nobody but this machine comes.
///
/// Threads: safe.
class TokenCheck {
 public:
  TokenCheck(std::vector<TokenConfig> tokens, std::vector<std::string> all_spaces)
      : tokens_(std::move(tokens)), all_spaces_(std::move(all_spaces)) {}

  base::Result<api::Caller> operator()(const http::ServerRequest& request) const;

 private:
  std::vector<TokenConfig> tokens_;
  std::vector<std::string> all_spaces_;
};

/// A new token, as its owner keeps it, and what the configuration keeps of it.
struct NewToken {
  std::string token;
  std::string sha256;
};

/// Errors: kUnavailable: the machine gives no random numbers.
base::Result<NewToken> make_token();

}  // namespace midwatch::app
