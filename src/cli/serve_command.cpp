#include "src/cli/serve_command.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/watch/serve_config.h"
#include "src/app/watch/watch_server.h"
#include "src/base/try.h"
#include "src/cli/commands.h"
#include "src/cli/log_writer.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

struct Options {
  std::string config;
  std::string listen;
  std::string store;
  std::string knowledge;
  bool sandbox = false;
  bool check = false;
};

base::Result<app::ServeConfig> config_of(const Options& options) {
  app::ServeConfig config;
  if (!options.config.empty()) {
    MIDWATCH_TRY(config, app::load_serve_config(options.config));
  }
  if (!options.listen.empty()) config.listen = options.listen;
  if (!options.store.empty()) config.store = options.store;
  config.sandbox = config.sandbox || options.sandbox;
  return config;
}

using Server = std::unique_ptr<app::WatchServer>;

/// What a server is started with besides its configuration.
struct Start {
  const Options& options;
  bool only_works = false;
  const base::Clock& clock;
  LogWriter& log;
};

base::Result<Server> start(const app::ServeConfig& config, const Start& how) {
  how.log.set(config.log);
  auto server = app::WatchServer::start(
      {config, MIDWATCH_VERSION, how.options.knowledge, how.only_works,
       [&how_log = how.log](const base::LogRecord& record) { how_log.write(record); }},
      how.clock);
  if (server) {
    const std::string name = how.only_works ? (*server)->name() : (*server)->address();
    fmt::print("{}\n", name);
    std::fflush(stdout);
    how.log.write(
        {base::LogLevel::kInfo,
         how.only_works ? "the worker has started" : "the server has started",
         {{how.only_works ? "worker" : "address", name}, {"version", std::string(MIDWATCH_VERSION)}}});
  }
  return server;
}

/// Goes on as the file says now: what runs is handed over and taken up again, event streams resume. A file
/// that is not well, or with which it does not start, changes nothing. Errors: it does not start as it was
/// either.
base::Result<> reload(Server& server, app::ServeConfig& config, const Start& how) {
  const auto refuse = [&how](const base::Error& error) {
    how.log.write(base::trouble("the configuration was not taken, it goes on as before", error));
  };
  auto changed = config_of(how.options);
  if (changed && !how.only_works) {
    if (const auto safe = app::check_exposure(*changed); !safe) changed = safe.error();
  }
  if (!changed) {
    refuse(changed.error());
    return {};
  }
  server.reset();
  auto next = start(*changed, how);
  if (next) {
    config = *std::move(changed);
    how.log.write({base::LogLevel::kInfo, "the configuration was read again", {}});
  } else {
    refuse(next.error());
    next = start(config, how);
    if (!next) return std::move(next.error());
  }
  server = *std::move(next);
  return {};
}

/// Runs until it is told to end; SIGHUP reads the configuration again. Prints where it answers, or who it is
/// where it only works.
int run(app::ServeConfig config, const Options& options, bool only_works) {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts
  const base::SystemClock clock;
  LogWriter log(stderr, clock);
  const Start how{options, only_works, clock, log};
  auto server = start(config, how);
  if (!server) return tell(server.error());
  int received = 0;
  while (sigwait(&signals, &received) == 0 && received == SIGHUP) {
    if (const auto well = reload(*server, config, how); !well) return tell(well.error());
  }
  log.write({base::LogLevel::kInfo, "it ends, and what runs is handed over", {}});
  (*server)->stop();
  return kReached;
}

int serve(const Options& options) {
  auto config = config_of(options);
  if (!config) return tell(config.error());
  if (options.check) {
    if (const auto safe = app::check_exposure(*config); !safe) return tell(safe.error());
    fmt::print("the configuration is well\n");
    return kReached;
  }
  return run(*std::move(config), options, false);
}

int work(const Options& options) {
  auto config = config_of(options);
  if (!config) return tell(config.error());
  return run(*std::move(config), options, true);
}

void add_worker(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("worker", "Run investigations that a server took in, on this machine too");
  command->footer(
      "Shares the store of `midwatch serve`, best in PostgreSQL, and takes from it the investigations of "
      "the\n"
      "spaces of its configuration. It listens to nobody. Prints its name and runs until it is ended: on\n"
      "SIGTERM it hands over what it has begun; what a killed one had begun is taken up by another.\n"
      "Example:\n"
      "  midwatch worker --config midwatch.yaml");
  command->add_option("--config", options->config, "the configuration file of the server")->required();
  command->add_option("--store", options->store, "where everything is kept");
  command->add_option("--knowledge", options->knowledge,
                      "a knowledge folder instead of the built-in knowledge");
  command->callback([options, &status] { status = work(*options); });
}

}  // namespace

void add_serve(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("serve", "Receive alarms, investigate them, and show the page");
  command->footer(
      "Prints its address and runs until it is ended. docs/serve.md describes the configuration;\n"
      "SIGHUP reads it again.\n"
      "Examples:\n"
      "  midwatch serve --sandbox                    try it: a page, and simulated accounts that break\n"
      "  midwatch serve --config midwatch.yaml       webhooks, spaces, tokens\n"
      "  midwatch serve --config midwatch.yaml --check");
  command->add_option("--config", options->config, "a configuration file");
  command->add_option("--listen", options->listen, "address and port (default: 127.0.0.1:8686)");
  command->add_option("--store", options->store, "where everything is kept (default: midwatch.db here)");
  command->add_option("--knowledge", options->knowledge,
                      "a knowledge folder instead of the built-in knowledge");
  command->add_flag("--sandbox", options->sandbox, "offer simulated accounts in which something breaks");
  command->add_flag("--check", options->check, "only say whether the configuration is well");
  command->callback([options, &status] { status = serve(*options); });
  add_worker(app, status);
}

}  // namespace midwatch::cli
