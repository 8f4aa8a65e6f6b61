#include "src/cli/serve_command.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/watch/serve_config.h"
#include "src/app/watch/watch_server.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/cli/commands.h"
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

/// One line of the log, whole, whoever writes at the same time.
void log_line(const std::string& line) {
  constexpr std::size_t kLongest = 2000;
  static std::mutex mutex;
  const base::SystemClock clock;
  const std::lock_guard lock(mutex);
  fmt::print(stderr, "{} {}\n", base::format_rfc3339(clock.now()), base::printable(line, kLongest));
}

using Server = std::unique_ptr<app::WatchServer>;

base::Result<Server> start(const app::ServeConfig& config, const Options& options, bool only_works,
                           const base::Clock& clock) {
  auto server =
      app::WatchServer::start({config, MIDWATCH_VERSION, options.knowledge, only_works, log_line}, clock);
  if (server) {
    fmt::print("{}\n", only_works ? (*server)->name() : (*server)->address());
    std::fflush(stdout);
  }
  return server;
}

/// Goes on as the file says now: what runs is handed over and taken up again, event streams resume. A file
/// that is not well, or with which it does not start, changes nothing. Errors: it does not start as it was
/// either.
base::Result<> reload(Server& server, app::ServeConfig& config, const Options& options, bool only_works,
                      const base::Clock& clock) {
  const auto refuse = [](const base::Error& error) {
    log_line("the configuration was not taken, it goes on as before: " + error.describe());
  };
  auto changed = config_of(options);
  if (changed && !only_works) {
    if (const auto safe = app::check_exposure(*changed); !safe) changed = safe.error();
  }
  if (!changed) {
    refuse(changed.error());
    return {};
  }
  server.reset();
  auto next = start(*changed, options, only_works, clock);
  if (next) {
    config = *std::move(changed);
    log_line("the configuration was read again");
  } else {
    refuse(next.error());
    next = start(config, options, only_works, clock);
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
  auto server = start(config, options, only_works, clock);
  if (!server) return tell(server.error());
  int received = 0;
  while (sigwait(&signals, &received) == 0 && received == SIGHUP) {
    if (const auto well = reload(*server, config, options, only_works, clock); !well)
      return tell(well.error());
  }
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
