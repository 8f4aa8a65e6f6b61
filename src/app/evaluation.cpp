#include "src/app/evaluation.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "src/app/bundle_investigation.h"
#include "src/app/knowledge_loading.h"
#include "src/base/try.h"
#include "src/connectors/bundle/byte_source.h"

namespace midwatch::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTruthFile = "truth.jsonl";
constexpr std::size_t kMaxTruth = 256UL * 1024 * 1024;
constexpr std::array<std::string_view, 4> kArchives{".tar", ".tar.gz", ".tgz", ".tar.zst"};
constexpr std::array<std::string_view, 3> kBundleFiles{"bundle.json", "bundle.json.gz", "bundle.json.zst"};

bool is_bundle_file(const std::string& name) {
  return std::find(kBundleFiles.begin(), kBundleFiles.end(), name) != kBundleFiles.end();
}

bool is_archive(const std::string& name) {
  return std::any_of(kArchives.begin(), kArchives.end(), [&](auto ending) { return name.ends_with(ending); });
}

/// The bundles at and below a path, ordered.
base::Result<std::vector<std::string>> bundles_below(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> bundles;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (is_bundle_file(name)) bundles.push_back(at->path().parent_path().string());
    if (is_archive(name)) bundles.push_back(at->path().string());
  }
  if (error) {
    return base::user_error(base::ErrorCode::kNotFound,
                            fmt::format("cannot read {}: {}", folder, error.message()));
  }
  std::sort(bundles.begin(), bundles.end());
  return bundles;
}

base::Result<std::vector<evaluate::Truth>> read_truths(const Evaluation& what) {
  std::vector<std::string> paths = what.truths;
  if (paths.empty()) {
    for (const auto& folder : what.folders) {
      const fs::path path = fs::path(folder) / kTruthFile;
      if (fs::exists(path)) paths.push_back(path.string());
    }
  }
  if (paths.empty()) {
    return base::user_error(
        base::ErrorCode::kNotFound,
        fmt::format("nothing says what the right answers are: put {} into the folder or name one "
                    "with --truth (docs/evaluating.md)",
                    kTruthFile));
  }
  std::vector<evaluate::Truth> truths;
  for (const auto& path : paths) {
    MIDWATCH_TRY(const auto file, connectors::bundle::open_file(path));
    auto text = connectors::bundle::read_all(*file, kMaxTruth);
    if (!text) return std::move(text).error().with(path);
    MIDWATCH_TRY(auto some, evaluate::read_truth(*text, path));
    for (auto& truth : some) truths.push_back(std::move(truth));
  }
  return truths;
}

/// What was answered for one bundle, by the id that it gives itself.
struct Answered {
  std::string id;
  evaluate::Answer answer;
};

/// Investigates the bundles with several threads; the order of the answers is that of the bundles.
std::vector<Answered> investigate_all(const Evaluation& what, const std::vector<std::string>& bundles,
                                      const knowledge::KnowledgeBase& knowledge, const base::Clock& clock) {
  std::vector<Answered> answers(bundles.size());
  std::atomic<std::size_t> next = 0;
  std::mutex progress;
  std::size_t done = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < bundles.size(); i = next++) {
      BundleInvestigation one;
      one.bundle = bundles[i];
      one.threads = 1;
      const auto record = investigate_bundle(one, knowledge, clock);
      answers[i].id = fs::path(bundles[i]).filename().string();
      if (record) {
        if (!record->bundle.empty()) answers[i].id = record->bundle;
        answers[i].answer = evaluate::answer_of(*record);
      } else {
        answers[i].answer.error = record.error().describe();
      }
      const std::lock_guard lock(progress);
      ++done;
      if (what.on_progress) what.on_progress(done, bundles.size());
    }
  };
  const unsigned jobs = what.jobs > 0 ? what.jobs : std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (unsigned i = 1; i < std::min<std::size_t>(jobs, bundles.size()); ++i) threads.emplace_back(work);
  work();
  threads.clear();
  return answers;
}

}  // namespace

base::Result<EvaluationResult> evaluate_bundles(const Evaluation& what, const base::Clock& clock) {
  MIDWATCH_TRY(const auto truths, read_truths(what));
  MIDWATCH_TRY(const auto knowledge, load_knowledge(what.knowledge_folder));
  std::vector<std::string> bundles;
  for (const auto& folder : what.folders) {
    MIDWATCH_TRY(const auto some, bundles_below(folder));
    bundles.insert(bundles.end(), some.begin(), some.end());
  }
  if (bundles.empty()) {
    return base::user_error(
        base::ErrorCode::kNotFound,
        fmt::format(
            "there is no bundle below {}: a bundle is a folder with a bundle.json, or an archive of one",
            fmt::join(what.folders, ", ")));
  }
  std::map<std::string, evaluate::Answer> by_id;
  for (auto& [id, answer] : investigate_all(what, bundles, knowledge, clock))
    by_id.insert_or_assign(id, std::move(answer));
  EvaluationResult result;
  std::vector<evaluate::ScoredCase> cases;
  for (const auto& truth : truths) {
    const auto answer = by_id.find(truth.id);
    cases.push_back({truth, {}});
    if (answer == by_id.end()) {
      cases.back().answer.error = "no bundle has this id";
      continue;
    }
    cases.back().answer = std::move(answer->second);
    by_id.erase(answer);
  }
  for (const auto& [id, answer] : by_id)
    result.notices.push_back(fmt::format("{}: no truth knows this bundle; left out", id));
  result.card = evaluate::make_scorecard(cases);
  return result;
}

}  // namespace midwatch::app
