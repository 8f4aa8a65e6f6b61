#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/api/caller.h"
#include "src/api/change_feed.h"
#include "src/api/watch.h"
#include "src/base/clock.h"
#include "src/base/ids.h"
#include "src/base/log.h"
#include "src/http/server/server.h"
#include "src/identity/oidc_provider.h"
#include "src/identity/sign_ins.h"
#include "src/knowledge/knowledge_base.h"
#include "src/store/store.h"

namespace midwatch::api {

/// A file of the web page.
struct Page {
  std::string body;
  std::string media_type;
  bool immutable = false;  ///< its name changes with its content
  std::string gzip{};      ///< the body compressed; empty where that is not smaller
};

/// Gives the file at a path that belongs to no operation; nothing where there is none. Threads: several at
/// once.
using PageProvider = std::function<std::optional<Page>(std::string_view path)>;

struct ApiOptions {
  std::string version;  ///< of the program
  /// Names by which browsers may reach the server besides those of loopback.
  std::vector<std::string> host_names;
  /// True: only names of loopback and `host_names` are answered, which a name that somebody else lets point
  /// to loopback (DNS rebinding) is not. False: any, where `host_names` is empty.
  bool on_loopback = true;
  /// True: a proxy in front speaks TLS, and says for whom (X-Forwarded-For). Cookies are then for TLS alone.
  bool behind_proxy = false;
  std::string provider_name{};  ///< as the page calls it
  /// Queued and running investigations of one space; more get 429.
  std::size_t active_per_space = 200;
  /// An event stream says at least so often that it lives, and looks at the store.
  std::chrono::milliseconds heartbeat{10'000};
};

/// How a request was answered.
struct Answered {
  std::string_view
      operation;  ///< its operationId; "page" for a file of the page, "none" where there is nothing
  int status = 200;
  base::Duration took{};  ///< until the answer stood; a stream goes on after that
};

/// What the API works with. All that is referred to must outlive the handler.
struct ApiDependencies {
  store::Store& store;
  Watch& watch;
  ChangeFeed& feed;
  const knowledge::KnowledgeBase& knowledge;
  const base::Clock& clock;
  base::IdGenerator& ids;
  Authenticator authenticate;  ///< of whom neither a session nor a token of the store tells
  PageProvider page{};
  /// What the server measures of itself, in the text exposition format of Prometheus.
  std::function<std::string()> metrics{};
  /// Hears of each answer with status 500, and of every request where somebody wants to know that much.
  base::Log log{};
  /// Told of each answer, for who measures.
  std::function<void(const Answered&)> on_answer{};
  ApiOptions options{};
  /// Told within its transaction of an incident that somebody resolves.
  std::function<base::Result<>(store::Session&, const model::Incident&)> on_resolved{};
  /// Of people who sign in; null: nobody can, and tokens of the store open nothing.
  identity::SignIns* sign_ins = nullptr;
  /// Who else vouches for people; null: nobody.
  identity::OidcProvider* provider = nullptr;
};

/// Answers the operations of openapi.yaml, and files of the web page. Threads: any number at once.
http::ServerHandler make_api(ApiDependencies dependencies);

}  // namespace midwatch::api
