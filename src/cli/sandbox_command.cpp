#include "src/cli/sandbox_command.h"

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/sandbox_export.h"
#include "src/app/sandbox_hosting.h"
#include "src/cli/commands.h"
#include "src/cli/options.h"
#include "src/cli/terminal.h"

namespace midwatch::cli {
namespace {

int write_bundle(const app::SandboxExport& what) {
  const auto done = app::export_world(what);
  if (!done) return tell(done.error());
  fmt::print("{}\n", what.folder);
  return kReached;
}

/// Waits until somebody ends the program. The signals are blocked before any thread starts.
void wait_for_end(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

int host(app::SandboxHosting what, const std::string& faults) {
  if (what.world.empty()) {
    return tell(base::user_error(base::ErrorCode::kInvalidArgument,
                                 "which world? --world NAME or FILE, for example lambda-timeout"));
  }
  if (!faults.empty()) {
    auto plan = app::load_faults(faults);
    if (!plan) return tell(plan.error());
    what.faults = *std::move(plan);
  }
  what.undelivered = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const base::SystemClock clock;
  app::HostedSandbox sandbox;
  if (const auto started = sandbox.start(what, clock); !started) return tell(started.error());
  fmt::print(
      "export AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\nexport AWS_REGION={}\nexport "
      "AWS_ENDPOINT_URL={}\n# the alarm fired at {}; end with Ctrl-C\n",
      sandbox.access_key(), sandbox.secret_key(), sandbox.region(), sandbox.address(),
      base::format_rfc3339(sandbox.alarm_time()));
  std::fflush(stdout);
  wait_for_end(signals);
  return kReached;
}

void add_hosting(CLI::App& sandbox, int& status) {
  auto what = std::make_shared<app::SandboxHosting>();
  auto faults = std::make_shared<std::string>();
  sandbox.footer(
      "Answers on loopback over the protocols of AWS until it is ended, and prints the variables by which a\n"
      "client finds it. Its keys open nothing anywhere else. An old AWS CLI also needs --endpoint-url.\n"
      "Example:\n"
      "  midwatch sandbox --world lambda-timeout --port 4577 --latency 80ms");
  sandbox.add_option("--world", what->world, "a world file, or the name of one that is part of the program");
  sandbox.add_option("--port", what->port, "where to listen; 0: any free port");
  add_latency(sandbox, what->latency);
  sandbox.add_option("--seed", what->seed, "which names, times and noise the world has");
  sandbox.add_option("--faults", *faults, "a plan of what goes wrong: throttling, stalls, cut answers");
  sandbox.add_option("--notify", what->notify,
                     "an http address on this machine, or an https one, that hears of alarms as from SNS; it "
                     "must confirm first");
  sandbox.add_option("--notify-signature", what->notify_signature, "1 (SHA-1) or 2 (SHA-256)");
  sandbox.callback([what, faults, &sandbox, &status] {
    if (sandbox.get_subcommands().empty()) status = host(*what, *faults);
  });
}

}  // namespace

void add_sandbox(CLI::App& app, int& status) {
  CLI::App* sandbox = app.add_subcommand("sandbox", "A simulated AWS account made from a world file");
  sandbox->require_subcommand(0, 1);
  add_hosting(*sandbox, status);
  auto what = std::make_shared<app::SandboxExport>();
  CLI::App* command =
      sandbox->add_subcommand("export", "Write what a simulated account says of its incident as a bundle");
  command->footer(
      "docs/writing-a-world.md describes the file.\n"
      "Example:\n"
      "  midwatch sandbox export --world lambda-timeout --seed 7 out\n"
      "  midwatch investigate out");
  command->add_option("--world", what->world, "a world file, or the name of one that is part of the program")
      ->required();
  command->add_option("--seed", what->seed, "which names, times and noise the world has");
  command->add_option("OUT", what->folder, "the folder to write; it must be empty or absent")->required();
  command->callback([what, &status] { status = write_bundle(*what); });
}

}  // namespace midwatch::cli
