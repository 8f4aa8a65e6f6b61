// Finds the numbers of src/diagnose/calibration.h from incidents whose answer is known, and what they are
// worth: each set is scored with numbers that were found on the other sets alone.
//
// usage: calibrate INCIDENTS [THREADS]     INCIDENTS/SET/truth.jsonl, INCIDENTS/SET/BUNDLE
#include <algorithm>
#include <atomic>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "src/connectors/bundle/bundle_connector.h"
#include "src/connectors/bundle/byte_source.h"
#include "src/diagnose/diagnosis.h"
#include "src/evaluate/score.h"
#include "src/investigation/gatherer.h"
#include "src/knowledge/knowledge_base.h"

namespace {

using namespace midwatch;
namespace fs = std::filesystem;

constexpr std::size_t kMaxTruth = 256UL * 1024 * 1024;
constexpr int kRounds = 2;
constexpr double kLeastProbability = 0.005;

/// A number to find: where it is, where the search begins without any data, and how it is varied.
struct Parameter {
  const char* name;
  double diagnose::Calibration::*value;
  double neutral;
  std::vector<double> choices;
};

const std::vector<Parameter>& parameters() {
  using C = diagnose::Calibration;
  static const std::vector<Parameter> kParameters{
      {"knowledge_pseudo_count", &C::knowledge_pseudo_count, 5, {1, 2, 5, 10, 20, 40}},
      {"involvement", &C::involvement, 1, {1, 1.15, 1.3, 1.6, 2}},
      {"downstream_share", &C::downstream_share, 0.5, {0.2, 0.4, 0.5, 0.6, 0.8, 1}},
      {"propagation_temper", &C::propagation_temper, 1, {0.3, 0.5, 1, 1.5}},
      {"trace_weight", &C::trace_weight, 1, {0.1, 0.3, 0.6, 1}},
      {"probability_temper", &C::probability_temper, 1, {0.5, 0.7, 0.9, 1, 1.2}},
      {"unknown_log_odds", &C::unknown_log_odds, 0, {-4, -2, 0, 2}},
      {"unknown_share", &C::unknown_share, 0.05, {0.02, 0.05, 0.08, 0.15}},
      {"late_cause", &C::late_cause, 0.1, {0.01, 0.03, 0.1, 0.2}},
      {"alarm_above", &C::alarm_above, 0.8, {0.6, 0.8, 0.9, 0.97}},
      {"alarm_elsewhere", &C::alarm_elsewhere, 0.2, {0.02, 0.05, 0.1, 0.2, 0.4}},
      {"alarm_carried", &C::alarm_carried, 0.75, {0.5, 0.75, 0.9}},
  };
  return kParameters;
}

struct Case {
  std::string set;
  evaluate::Truth truth;
  diagnose::CaseFile file;
};

/// How well the cases of one set are answered.
struct Figures {
  double first = 0;            ///< share of the right place on top
  double log_probability = 0;  ///< mean, of the right place
  double objective() const { return first + 0.2 * log_probability; }
};

std::vector<Case> read_cases(const std::string& folder, const knowledge::KnowledgeBase& knowledge,
                             const base::Clock& clock) {
  std::vector<Case> cases;
  const auto context = runtime::RequestContext::unlimited(clock);
  std::vector<fs::path> sets;
  for (const auto& entry : fs::directory_iterator(folder)) sets.push_back(entry.path());
  std::sort(sets.begin(), sets.end());
  for (const fs::path& set : sets) {
    if (!fs::exists(set / "truth.jsonl")) continue;
    const auto file = connectors::bundle::open_file((set / "truth.jsonl").string());
    if (!file) continue;
    const auto text = connectors::bundle::read_all(**file, kMaxTruth);
    if (!text) continue;
    auto truths = evaluate::read_truth(*text, set.string());
    if (!truths) continue;
    for (auto& truth : *truths) {
      // Only questions about places, where something was wrong.
      if (!truth.has_place || !truth.roots || truth.roots->empty() || truth.roots->front().entity.empty())
        continue;
      const auto bundle = connectors::bundle::BundleConnector::open((set / truth.id).string(), context);
      if (!bundle) continue;
      auto gathered = investigation::gather(context, **bundle, (*bundle)->scope(), knowledge, {});
      if (!gathered) continue;
      Case one{set.filename().string(), std::move(truth), std::move(gathered->file)};
      one.truth.level = "entity";
      cases.push_back(std::move(one));
    }
  }
  return cases;
}

Figures answer(const Case& c, const knowledge::KnowledgeBase& knowledge,
               const diagnose::Calibration& calibration) {
  const auto diagnosis = diagnose::diagnose(c.file, knowledge, calibration);
  double right = 0;
  Figures figures;
  for (std::size_t i = 0; i < diagnosis.hypotheses.size(); ++i) {
    const auto& h = diagnosis.hypotheses[i];
    const std::string entity = evaluate::compared_entity(h.entity, c.truth);
    const bool is_right = std::any_of(c.truth.roots->begin(), c.truth.roots->end(), [&](const auto& root) {
      return evaluate::compared_entity(root.entity, c.truth) == entity;
    });
    if (!is_right) continue;
    if (i == 0) figures.first = 1;
    right = std::max(right, h.place_probability);
  }
  figures.log_probability = std::log(std::max(right, kLeastProbability));
  return figures;
}

class Calibrator {
 public:
  Calibrator(std::vector<Case> cases, const knowledge::KnowledgeBase& knowledge, unsigned threads)
      : cases_(std::move(cases)), knowledge_(knowledge), threads_(threads) {
    for (const Case& c : cases_) ++count_[c.set];
  }

  const std::map<std::string, std::size_t>& sets() const { return count_; }

  /// The figures of each set; answers are kept, because searches meet again.
  const std::map<std::string, Figures>& figures(const diagnose::Calibration& calibration) {
    std::vector<double> key;
    for (const Parameter& p : parameters()) key.push_back(calibration.*p.value);
    if (const auto at = known_.find(key); at != known_.end()) return at->second;
    std::vector<Figures> answers(cases_.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < cases_.size(); i = next++)
        answers[i] = answer(cases_[i], knowledge_, calibration);
    };
    {
      std::vector<std::jthread> pool;
      for (unsigned i = 1; i < threads_; ++i) pool.emplace_back(work);
      work();
    }
    std::map<std::string, Figures> sums;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      auto& sum = sums[cases_[i].set];
      const double n = static_cast<double>(count_[cases_[i].set]);
      sum.first += answers[i].first / n;
      sum.log_probability += answers[i].log_probability / n;
    }
    return known_.emplace(std::move(key), std::move(sums)).first->second;
  }

  /// The mean over sets, so that a large set does not decide alone.
  double objective(const diagnose::Calibration& calibration, const std::string& without) {
    double sum = 0;
    double n = 0;
    for (const auto& [set, f] : figures(calibration)) {
      if (set == without) continue;
      sum += f.objective();
      n += 1;
    }
    return n > 0 ? sum / n : 0;
  }

  /// One number after the other, in rounds, from values that nobody looked at data for.
  diagnose::Calibration found(const std::string& without) {
    diagnose::Calibration best;
    for (const Parameter& p : parameters()) best.*p.value = p.neutral;
    double reached = objective(best, without);
    for (int round = 0; round < kRounds; ++round) {
      for (const Parameter& p : parameters()) {
        for (const double choice : p.choices) {
          diagnose::Calibration other = best;
          other.*p.value = choice;
          const double value = objective(other, without);
          if (value <= reached) continue;
          reached = value;
          best = other;
        }
      }
    }
    return best;
  }

 private:
  std::vector<Case> cases_;
  const knowledge::KnowledgeBase& knowledge_;
  unsigned threads_;
  std::map<std::string, std::size_t> count_;
  std::map<std::vector<double>, std::map<std::string, Figures>> known_;
};

void print_flatness(Calibrator& calibrator) {
  fmt::print("\n| number | in use | mean AC@1 over sets at other values |\n| --- | --- | --- |\n");
  const diagnose::Calibration used;
  for (const Parameter& p : parameters()) {
    std::string cells;
    for (const double choice : p.choices) {
      diagnose::Calibration other = used;
      other.*p.value = choice;
      double sum = 0;
      const auto& figures = calibrator.figures(other);
      for (const auto& [set, f] : figures) sum += f.first;
      cells += fmt::format("{}{:g}: {:.3f}", cells.empty() ? "" : ", ", choice,
                           sum / static_cast<double>(figures.size()));
    }
    fmt::print("| {} | {:g} | {} |\n", p.name, used.*p.value, cells);
  }
}

void print_sets(Calibrator& calibrator) {
  diagnose::Calibration neutral;
  for (const Parameter& p : parameters()) neutral.*p.value = p.neutral;
  fmt::print(
      "\n| set | incidents | AC@1 in use | found without this set | neutral |\n| --- | --- | --- | --- | --- "
      "|\n");
  for (const auto& [set, count] : calibrator.sets()) {
    const diagnose::Calibration without = calibrator.found(set);
    fmt::print("| {} | {} | {:.3f} | {:.3f} | {:.3f} |\n", set, count, calibrator.figures({}).at(set).first,
               calibrator.figures(without).at(set).first, calibrator.figures(neutral).at(set).first);
    std::fflush(stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: calibrate INCIDENTS [THREADS]\n");
    return 2;
  }
  const auto knowledge = knowledge::embedded_knowledge();
  if (!knowledge) {
    fmt::print(stderr, "calibrate: {}\n", knowledge.error().describe());
    return 1;
  }
  const base::SystemClock clock;
  const unsigned threads = argc > 2 ? static_cast<unsigned>(std::max(1, std::atoi(argv[2]))) : 1;
  Calibrator calibrator(read_cases(argv[1], *knowledge, clock), *knowledge, threads);
  print_flatness(calibrator);
  print_sets(calibrator);
  return 0;
}
