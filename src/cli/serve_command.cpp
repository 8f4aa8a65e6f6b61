#include "src/cli/serve_command.h"

#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/watch/serve_config.h"
#include "src/app/watch/token_check.h"
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

/// Runs until it is told to end. Prints where it answers, or who it is where it only works.
int run(app::ServeConfig config, const std::string& knowledge, bool only_works) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts
  const base::SystemClock clock;
  auto server =
      app::WatchServer::start({std::move(config), MIDWATCH_VERSION, knowledge, only_works, log_line}, clock);
  if (!server) return tell(server.error());
  fmt::print("{}\n", only_works ? (*server)->name() : (*server)->address());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
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
  return run(*std::move(config), options.knowledge, false);
}

int work(const Options& options) {
  auto config = config_of(options);
  if (!config) return tell(config.error());
  return run(*std::move(config), options.knowledge, true);
}

int print_token() {
  const auto token = app::make_token();
  if (!token) return tell(token.error());
  fmt::print("token:  {}\nsha256: {}\n", token->token, token->sha256);
  return kReached;
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
      "Prints its address and runs until it is ended. docs/serve.md describes the configuration.\n"
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
  CLI::App* token =
      app.add_subcommand("token", "Make a token for the API: one line to keep, one for the configuration");
  token->callback([&status] { status = print_token(); });
}

}  // namespace midwatch::cli
