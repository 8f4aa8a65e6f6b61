#include "src/app/world_evaluation.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "src/app/aws_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/app/metered_api.h"
#include "src/app/sandbox_hosting.h"
#include "src/app/world_loading.h"
#include "src/base/try.h"
#include "src/clients/aws/api/credentials/open_account.h"

namespace midwatch::app {
namespace {

model::Outcome outcome_of(const std::string& name) {
  for (const auto outcome : {model::Outcome::kNothingWrong, model::Outcome::kInconclusive}) {
    if (model::to_string(outcome) == name) return outcome;
  }
  return model::Outcome::kRootCause;
}

evaluate::WorldExpectation expectation_of(const sandbox::world::WorldTruth& truth) {
  return {outcome_of(truth.outcome), truth.entities, truth.modes, truth.decoys, truth.location, truth.also};
}

base::Result<evaluate::WorldRun> run_world(const WorldEvaluation& what, const std::string& path,
                                           std::uint64_t seed, const knowledge::KnowledgeBase& knowledge,
                                           const base::Clock& clock) {
  HostedSandbox sandbox;
  MIDWATCH_TRY_VOID(sandbox.start({path, 0, what.latency, seed}, clock));
  const auto context = runtime::RequestContext::unlimited(clock);
  MIDWATCH_TRY(const auto account,
               clients::aws::api::open_account(context, clock,
                                               clients::aws::api::Environment(sandbox.environment()), {}));
  MeteredApi api(*account);
  AwsInvestigation investigation;
  investigation.wanted.latest = true;
  investigation.options.limits.time = what.deadline;
  investigation.threads = 1;
  const auto begun = clock.steady_now();
  const auto record = investigate_aws(investigation, api, knowledge, clock);
  const double seconds = std::chrono::duration<double>(clock.steady_now() - begun).count();
  const evaluate::WorldExpectation expected = expectation_of(sandbox.truth());
  evaluate::WorldRun run;
  if (record) {
    run = evaluate::score_world(*record, expected);
  } else {
    run.error = record.error().describe();
    run.control = expected.outcome != model::Outcome::kRootCause;
  }
  run.calls = api.calls();
  run.dollars = api.dollars();
  run.seconds = seconds;
  return run;
}

}  // namespace

base::Result<std::vector<evaluate::WorldRun>> evaluate_worlds(const WorldEvaluation& what,
                                                              const base::Clock& clock) {
  MIDWATCH_TRY(const auto worlds, list_worlds(what.worlds));
  MIDWATCH_TRY(const auto knowledge, load_knowledge(what.knowledge_folder));
  std::map<std::string, std::string> names;
  for (const auto& path : worlds) {
    MIDWATCH_TRY(const auto world, load_world(path, 1));
    names[path] = world.name;
  }
  std::vector<evaluate::WorldRun> runs(worlds.size() * what.seeds);
  std::atomic<std::size_t> next = 0;
  std::mutex progress;
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < runs.size(); i = next++) {
      const std::string& path = worlds[i / what.seeds];
      const std::uint64_t seed = what.first_seed + i % what.seeds;
      auto run = run_world(what, path, seed, knowledge, clock);
      if (run) {
        runs[i] = std::move(*run);
      } else {
        runs[i].error = run.error().describe();
      }
      runs[i].world = names[path];
      runs[i].seed = seed;
      const std::lock_guard lock(progress);
      ++done;
      if (what.on_progress) what.on_progress(done, runs.size());
    }
  };
  const std::size_t jobs = what.jobs > 0 ? what.jobs : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(jobs, runs.size()); ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return runs;
}

}  // namespace midwatch::app
