#include "src/cli/incident_command.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/remote/incident_text.h"
#include "src/app/remote/watch_client.h"
#include "src/app/watch/serve_config.h"
#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/http/curl_client.h"
#include "src/http/url.h"

namespace midwatch::cli {
namespace {

using base::Json;

struct Options {
  std::string server;
  std::string token_file;
  std::string id;
  std::string status;
  std::string space;
  std::string words;
  std::string text;
  std::string format = "text";
  std::string alarm;
  std::string entity;
  std::string question;
  Presentation how;
};

/// A connection to the server of the options or of the environment.
class Connection {
 public:
  static base::Result<std::unique_ptr<Connection>> open(const Options& options) {
    app::WatchAddress address;
    const char* server = std::getenv("MIDWATCH_SERVER");
    if (!options.server.empty()) {
      address.server = options.server;
    } else if (server != nullptr && *server != '\0') {
      address.server = server;
    }
    while (address.server.ends_with('/')) address.server.pop_back();
    MIDWATCH_TRY(const auto url, http::parse_url(address.server));
    if (url.scheme == "http" && !http::is_loopback(url.host)) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              address.server + ": a token is not sent in clear over a network; use https");
    }
    if (!options.token_file.empty()) {
      MIDWATCH_TRY(address.token, app::read_secret({"", options.token_file}));
    } else if (std::getenv("MIDWATCH_TOKEN") != nullptr) {
      MIDWATCH_TRY(address.token, app::read_secret({"MIDWATCH_TOKEN", ""}));
    }
    return std::unique_ptr<Connection>(new Connection(std::move(address)));
  }

  const app::WatchClient& client() const { return client_; }

 private:
  explicit Connection(app::WatchAddress address) : client_(http_, std::move(address), clock_) {}

  base::SystemClock clock_;
  http::CurlClient http_;
  app::WatchClient client_;
};

/// A command's text, or why there is none.
using Answer = base::Result<std::string>;

Answer list(const app::WatchClient& client, const Options& options) {
  std::string path = "/incidents?limit=100";
  for (const auto& [name, value] :
       {std::pair("status", options.status), {"space", options.space}, {"words", options.words}}) {
    if (!value.empty()) path += fmt::format("&{}={}", name, http::percent_encode(value));
  }
  MIDWATCH_TRY(const auto page, client.get(path));
  if (options.format == "json") return base::dump_json_indented(page) + "\n";
  return app::incident_table(base::list_at(page, "items"), language_of(options.how));
}

/// The report of the investigation, as the server writes it.
Answer show(const app::WatchClient& client, const Options& options) {
  MIDWATCH_TRY(const auto investigation, client.investigation(options.id));
  const bool ja = language_of(options.how) == model::Language::kJapanese;
  return client.get_bytes(fmt::format("/investigations/{}/report?format={}&language={}",
                                      base::text_at(investigation, "id"), options.format, ja ? "ja" : "en"));
}

Answer export_recording(const app::WatchClient& client, const Options& options) {
  MIDWATCH_TRY(const auto investigation, client.investigation(options.id));
  return client.get_bytes(fmt::format("/investigations/{}/recording", base::text_at(investigation, "id")));
}

/// Prints each step as it comes; its own answer is the last line.
Answer follow_from(const app::WatchClient& client, const std::string& investigation, std::uint64_t after,
                   const Options& options) {
  constexpr auto kBetweenLooks = std::chrono::milliseconds(300);
  const auto language = language_of(options.how);
  MIDWATCH_TRY(const auto ended, client.follow(
                                     investigation, after,
                                     [&](const Json& entry) {
                                       fmt::print("{}", app::journal_line(entry, language));
                                       std::fflush(stdout);
                                     },
                                     [&] {
                                       std::this_thread::sleep_for(kBetweenLooks);
                                       return true;
                                     }));
  return app::outcome_line(ended, language);
}

Answer follow(const app::WatchClient& client, const Options& options) {
  MIDWATCH_TRY(const auto investigation, client.investigation(options.id));
  return follow_from(client, base::text_at(investigation, "id"), 0, options);
}

Answer steer(const app::WatchClient& client, const Options& options) {
  MIDWATCH_TRY(const auto investigation, client.investigation(options.id));
  MIDWATCH_TRY(const auto taken,
               client.post(fmt::format("/investigations/{}/messages", base::text_at(investigation, "id")),
                           Json{{"text", options.text}}));
  if (options.format == "json") return base::dump_json_indented(taken) + "\n";
  return base::text_at(taken, "answer",
                       language_of(options.how) == model::Language::kJapanese ? "ja" : "en") +
         "\n";
}

Answer start(const app::WatchClient& client, const Options& options) {
  Json from = Json::object();
  for (const auto& [name, value] :
       {std::pair("alarm", options.alarm), {"entity", options.entity}, {"question", options.question}}) {
    if (!value.empty()) from[name] = value;
  }
  if (from.empty()) from["latest"] = true;
  MIDWATCH_TRY(const auto incident,
               client.post("/incidents", Json{{"space", options.space}, {"start", from}}));
  if (options.format == "json") return base::dump_json_indented(incident) + "\n";
  return follow_from(client, base::text_at(incident, "investigation", "id"), 0, options);
}

int answer(const Options& options, Answer (*job)(const app::WatchClient&, const Options&)) {
  const auto connection = Connection::open(options);
  if (!connection) return tell(connection.error());
  const auto text = job((*connection)->client(), options);
  return text ? write_output(*text, options.how) : tell(text.error());
}

}  // namespace

void add_incident(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("incident", "Ask a server: list, show, follow, steer, export, start");
  command->require_subcommand(1);
  command->footer(
      "The server is --server or MIDWATCH_SERVER (http://127.0.0.1:8686 without), the token --token-file or "
      "MIDWATCH_TOKEN.\nID is an incident's (its latest investigation is meant) or an investigation's.\n"
      "Examples:\n"
      "  midwatch incident list --status open\n"
      "  midwatch incident follow ID\n"
      "  midwatch incident steer ID \"that deploy was planned\"\n"
      "  midwatch incident export ID --output incident.tar.gz    replays with 'midwatch investigate'\n"
      "  midwatch incident start --space shop --alarm orders-errors");
  const auto add = [&](const char* name, const char* what, auto job) {
    auto options = std::make_shared<Options>();
    CLI::App* sub = command->add_subcommand(name, what);
    sub->add_option("--server", options->server, "address of the server");
    sub->add_option("--token-file", options->token_file, "a file that holds the token");
    add_presentation(*sub, options->how);
    sub->callback([options, &status, job] { status = answer(*options, job); });
    return std::pair(sub, options);
  };
  const auto add_id = [](CLI::App& sub, Options& options) {
    sub.add_option("ID", options.id, "an incident or an investigation")->required();
  };
  const auto add_format = [](CLI::App& sub, Options& options, std::vector<std::string> formats) {
    sub.add_option("--format", options.format, fmt::format("{}", fmt::join(formats, ", ")))
        ->check(CLI::IsMember(std::move(formats)));
  };
  {
    const auto [sub, options] = add("list", "Incidents, newest first", &list);
    sub->add_option("--status", options->status, "open or resolved")
        ->check(CLI::IsMember({"open", "resolved"}));
    sub->add_option("--space", options->space, "of this space only");
    sub->add_option("--words", options->words, "a part of title, alarm or entity");
    add_format(*sub, *options, {"text", "json"});
  }
  {
    const auto [sub, options] = add("show", "The report", &show);
    add_id(*sub, *options);
    add_format(*sub, *options, {"text", "markdown", "json", "html"});
  }
  {
    const auto [sub, options] =
        add("follow", "The steps of an investigation as they come, until it ends", &follow);
    add_id(*sub, *options);
  }
  {
    const auto [sub, options] =
        add("steer", "Tell an investigation something: a sentence in English or Japanese", &steer);
    add_id(*sub, *options);
    sub->add_option("TEXT", options->text, "the sentence")->required();
    add_format(*sub, *options, {"text", "json"});
  }
  {
    const auto [sub, options] =
        add("export", "Everything that was read, as a bundle (.tar.gz)", &export_recording);
    add_id(*sub, *options);
  }
  {
    const auto [sub, options] = add("start", "Open an incident and follow its investigation", &start);
    sub->add_option("--space", options->space, "whose account is asked")->required();
    sub->add_option("--alarm", options->alarm, "name of an alarm; without any of these, the latest one");
    sub->add_option("--entity", options->entity, "name or ARN of what is in trouble");
    sub->add_option("--question", options->question, "a sentence in English or Japanese");
    add_format(*sub, *options, {"text", "json"});
  }
}

}  // namespace midwatch::cli
