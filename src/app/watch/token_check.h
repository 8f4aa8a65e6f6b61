#pragma once

#include <functional>
#include <string>
#include <vector>

#include "src/api/caller.h"
#include "src/app/watch/serve_config.h"

namespace midwatch::app {

/// Who sends a request, by a bearer token of the configuration. Where nobody has to say who they are,
/// everybody may do everything: check_exposure() and `is_open` see to it that then nobody but this machine
/// comes.
///
/// Threads: safe, where `is_open` is.
class TokenCheck {
 public:
  TokenCheck(std::vector<TokenConfig> tokens, std::vector<std::string> all_spaces,
             std::function<bool()> is_open)
      : tokens_(std::move(tokens)), all_spaces_(std::move(all_spaces)), is_open_(std::move(is_open)) {}

  base::Result<api::Caller> operator()(const http::ServerRequest& request) const;

 private:
  std::vector<TokenConfig> tokens_;
  std::vector<std::string> all_spaces_;
  std::function<bool()> is_open_;
};

}  // namespace midwatch::app
