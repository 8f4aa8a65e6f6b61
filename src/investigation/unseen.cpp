#include "src/investigation/unseen.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace midwatch::investigation {
namespace {

struct Signal {
  std::string_view name;
  std::string_view query;  ///< what it would have been read from
  std::string_view en;
  std::string_view ja;
};
constexpr std::array<Signal, 4> kSignals{{{"metric", "metrics.csv", "metrics", "メトリクス"},
                                          {"log", "logs.ndjson", "log lines", "ログ"},
                                          {"trace", "traces.ndjson", "spans", "トレース（スパン）"},
                                          {"change", "changes.ndjson", "changes", "変更履歴"}}};

}  // namespace

std::vector<model::Gap> unseen_signals(const Gathered& gathered) {
  std::vector<model::Gap> gaps;
  for (const Signal& signal : kSignals) {
    if (gathered.file.coverage.signals.contains(signal.name)) continue;
    if (signal.name == "change" && !gathered.changes.empty()) continue;
    model::Gap gap;
    gap.query = signal.query;
    gap.source = signal.query;
    gap.window = gathered.file.scope.window;
    gap.what = {fmt::format("No {} are in what was read, so their silence says nothing.", signal.en),
                fmt::format("読み取ったデータに{}は含まれていません（異常なしを意味しません）。", signal.ja)};
    gaps.push_back(std::move(gap));
  }
  return gaps;
}

}  // namespace midwatch::investigation
