#include "src/evaluate/scorecard.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "src/evaluate/score.h"

namespace midwatch::evaluate {
namespace {

constexpr int kWorstRank = 10;
constexpr std::size_t kBins = 10;

using Cases = std::vector<const ScoredCase*>;

RankSummary summary_of(const std::vector<std::optional<int>>& ranks) {
  RankSummary s;
  s.cases = ranks.size();
  const auto n = static_cast<double>(ranks.size());
  std::array<double, 5> ac{};
  for (const auto& rank : ranks) {
    for (std::size_t k = 0; k < ac.size(); ++k) ac[k] += rank && *rank <= static_cast<int>(k) + 1 ? 1 / n : 0;
    s.mar += std::min(rank.value_or(kWorstRank), kWorstRank) / n;
  }
  s.ac1 = ac[0];
  s.ac3 = ac[2];
  s.ac5 = ac[4];
  for (const double share : ac) s.avg5 += share / static_cast<double>(ac.size());
  return s;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(q * static_cast<double>(values.size()));
  return values[std::min(values.size() - 1, at)];
}

bool is_healthy(const Truth& truth) {
  return truth.roots && truth.roots->empty();
}

/// The level of a set is that of its first incident.
ScoreRow row_of(std::string name, const std::string& level, const Cases& cases) {
  ScoreRow row;
  row.name = std::move(name);
  row.level = level;
  std::vector<std::optional<int>> ranks;
  std::vector<double> times;
  for (const ScoredCase* c : cases) {
    const auto& [truth, answer] = *c;
    if (answer.reached) times.push_back(answer.milliseconds);
    if (answer.reached && answer.outcome == model::Outcome::kRootCause) ++row.asserted;
    row.wrong += asserted_wrongly(answer, truth) ? 1 : 0;
    if (is_healthy(truth)) {
      ++row.healthy;
      row.healthy_right += answer.reached && answer.outcome == model::Outcome::kNothingWrong ? 1 : 0;
      continue;
    }
    if (truth.roots && !truth.decoys.empty()) {
      ++row.with_decoys;
      row.decoys_blamed += blames_decoy(answer, truth) ? 1 : 0;
    }
    if (asks(truth, level)) ranks.push_back(rank_of(answer, truth, level));
  }
  if (!ranks.empty()) row.ranks = summary_of(ranks);
  row.median_ms = quantile(times, 0.5);
  row.p95_ms = quantile(times, 0.95);
  return row;
}

std::string wanted_of(const Truth& truth) {
  if (is_healthy(truth)) return "nothing wrong";
  std::string out;
  if (!truth.roots) return "the words of the truth";
  for (const auto& root : *truth.roots) {
    std::string one = truth.level == "change" ? root.change
                      : truth.level == "mode" ? root.entity + " " + root.mode
                                              : root.entity;
    if (truth.level == "kind" && !root.kinds.empty()) one += " " + root.kinds.front();
    out += (out.empty() ? "" : " or ") + one;
  }
  return out;
}

std::string got_of(const ScoredCase& c) {
  if (!c.answer.reached) return "no report";
  if (c.answer.ranking.empty()) return std::string(to_string(c.answer.outcome));
  const auto& first = c.answer.ranking.front();
  return fmt::format("{} {}{}", first.entity, first.mode, first.change.empty() ? "" : " " + first.change);
}

void add_miss(const ScoredCase& c, const std::string& level, std::vector<Miss>& misses) {
  const auto& [truth, answer] = c;
  if (is_healthy(truth)) {
    if (answer.outcome != model::Outcome::kNothingWrong || !answer.reached)
      misses.push_back({truth.id, std::nullopt, wanted_of(truth), got_of(c)});
    return;
  }
  if (!asks(truth, level)) return;
  const auto rank = rank_of(answer, truth, level);
  if (rank != 1) misses.push_back({truth.id, rank, wanted_of(truth), got_of(c)});
}

/// A truth that names a place says whether the first entity is right; another says it of the asked level.
std::vector<CalibrationBin> calibration_of(const std::vector<ScoredCase>& cases) {
  std::vector<CalibrationBin> bins;
  for (std::size_t i = 0; i < kBins; ++i)
    bins.push_back({static_cast<double>(i) / kBins, static_cast<double>(i + 1) / kBins, 0, 0, 0});
  for (const auto& [truth, answer] : cases) {
    const std::string level = asks(truth, "entity") ? "entity" : truth.level;
    if (!asks(truth, level) || is_healthy(truth) || answer.ranking.empty()) continue;
    auto& bin = bins[std::min(kBins - 1, static_cast<std::size_t>(answer.probability * kBins))];
    ++bin.cases;
    bin.mean_probability += answer.probability;
    bin.right += rank_of(answer, truth, level) == 1 ? 1 : 0;
  }
  for (auto& bin : bins) {
    if (bin.cases == 0) continue;
    bin.mean_probability /= static_cast<double>(bin.cases);
    bin.right /= static_cast<double>(bin.cases);
  }
  return bins;
}

}  // namespace

Scorecard make_scorecard(const std::vector<ScoredCase>& cases) {
  Scorecard card;
  std::vector<std::string> order;
  std::map<std::string, Cases> sets;
  for (const auto& c : cases) {
    if (!sets.contains(c.truth.set)) order.push_back(c.truth.set);
    sets[c.truth.set].push_back(&c);
    if (!c.answer.reached) card.failures.emplace_back(c.truth.id, c.answer.error);
  }
  for (const auto& name : order) {
    const Cases& of_set = sets[name];
    const std::string& level = of_set.front()->truth.level;
    ScoreSet set;
    set.whole = row_of(name.empty() ? "all" : name, level, of_set);
    std::map<std::string, Cases> groups;
    for (const ScoredCase* c : of_set) groups[c->truth.group].push_back(c);
    if (groups.size() > 1 || !groups.begin()->first.empty()) {
      for (const auto& [group, members] : groups) set.groups.push_back(row_of(group, level, members));
    }
    for (const ScoredCase* c : of_set) add_miss(*c, level, set.misses);
    card.sets.push_back(std::move(set));
  }
  card.calibration = calibration_of(cases);
  return card;
}

}  // namespace midwatch::evaluate
