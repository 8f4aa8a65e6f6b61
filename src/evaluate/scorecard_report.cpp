#include "src/evaluate/scorecard_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/evaluate/text_table.h"

namespace midwatch::evaluate {
namespace {

using base::Json;

constexpr std::size_t kNameBytes = 60;
constexpr std::size_t kTextBytes = 160;
constexpr int kDigits = 5;

std::string share(double value) {
  return fmt::format("{:.3f}", value);
}

/// "7 of 8 (0.875)": small sets are read by their counts.
std::string counted(std::size_t part, std::size_t whole) {
  if (whole == 0) return "-";
  return fmt::format("{} of {}", part, whole);
}

std::string counted(double part, std::size_t whole) {
  return fmt::format("{:.0f} of {} ({})", part * static_cast<double>(whole), whole, share(part));
}

std::vector<std::string> row_cells(const ScoreRow& row, bool group) {
  const auto& r = row.ranks;
  return {(group ? "  " : "") + base::printable(row.name.empty() ? "(no group)" : row.name, kNameBytes),
          row.level,
          r ? counted(r->ac1, r->cases) : "-",
          r ? share(r->ac3) : "-",
          r ? share(r->avg5) : "-",
          r ? fmt::format("{:.2f}", r->mar) : "-",
          counted(row.wrong, row.asserted),
          counted(row.decoys_blamed, row.with_decoys),
          counted(row.healthy_right, row.healthy),
          fmt::format("{:.0f} / {:.0f}", row.median_ms, row.p95_ms)};
}

Table score_table(const Scorecard& card) {
  Table table{{"set / group", "asked", "AC@1", "AC@3", "Avg@5", "mean rank", "wrongly asserted",
               "decoys blamed", "healthy told", "ms (median / p95)"}};
  for (const auto& set : card.sets) {
    table.push_back(row_cells(set.whole, false));
    for (const auto& group : set.groups) table.push_back(row_cells(group, true));
  }
  return table;
}

Table calibration_table(const Scorecard& card) {
  Table table{{"probability", "answers", "mean probability", "right"}};
  for (const auto& bin : card.calibration) {
    if (bin.cases == 0) continue;
    table.push_back({fmt::format("{:.1f} - {:.1f}", bin.from, bin.to), fmt::format("{}", bin.cases),
                     share(bin.mean_probability), share(bin.right)});
  }
  return table;
}

Table miss_table(const ScoreSet& set) {
  Table table{{"incident", "rank", "wanted", "answered"}};
  for (const auto& miss : set.misses) {
    table.push_back({base::printable(miss.id, kNameBytes), miss.rank ? fmt::format("{}", *miss.rank) : "-",
                     base::printable(miss.wanted, kTextBytes), base::printable(miss.got, kTextBytes)});
  }
  return table;
}

template <class Heading, class Lines>
std::string write(const Scorecard& card, bool misses, Heading heading, Lines lines) {
  std::string out = lines(score_table(card));
  const Table calibration = calibration_table(card);
  if (calibration.size() > 1)
    out += heading("Calibration: of the answers with this probability, how many were right") +
           lines(calibration);
  if (misses) {
    for (const auto& set : card.sets) {
      if (!set.misses.empty())
        out += heading("Not answered right: " + base::printable(set.whole.name, kNameBytes)) +
               lines(miss_table(set));
    }
  }
  if (!card.failures.empty()) {
    Table table{{"incident", "why it has no answer"}};
    for (const auto& [id, why] : card.failures)
      table.push_back({base::printable(id, kNameBytes), base::printable(why, kTextBytes)});
    out += heading(fmt::format("Without an answer: {}", card.failures.size())) + lines(table);
  }
  return out;
}

Json row_json(const ScoreRow& row) {
  Json j{{"name", row.name}, {"level", row.level}};
  if (row.ranks) {
    const auto& r = *row.ranks;
    const auto rounded = [](double value) { return base::round_significant(value, kDigits); };
    j["cases"] = r.cases;
    j["ac1"] = rounded(r.ac1);
    j["ac3"] = rounded(r.ac3);
    j["ac5"] = rounded(r.ac5);
    j["avg5"] = rounded(r.avg5);
    j["mean_rank"] = rounded(r.mar);
  }
  j["asserted"] = row.asserted;
  j["asserted_wrongly"] = row.wrong;
  j["with_decoys"] = row.with_decoys;
  j["decoys_blamed"] = row.decoys_blamed;
  j["healthy"] = row.healthy;
  j["healthy_told"] = row.healthy_right;
  j["median_ms"] = base::round_significant(row.median_ms, kDigits);
  j["p95_ms"] = base::round_significant(row.p95_ms, kDigits);
  return j;
}

}  // namespace

std::string scorecard_text(const Scorecard& card, bool misses) {
  return write(
      card, misses, [](const std::string& text) { return "\n" + text + "\n"; }, aligned_table);
}

std::string scorecard_markdown(const Scorecard& card, bool misses) {
  return write(
      card, misses, [](const std::string& text) { return "\n## " + text + "\n\n"; }, markdown_table);
}

base::Json scorecard_json(const Scorecard& card) {
  Json out{{"format", "midwatch.scorecard/v1"},
           {"sets", Json::array()},
           {"calibration", Json::array()},
           {"failures", Json::array()}};
  for (const auto& set : card.sets) {
    Json j = row_json(set.whole);
    j["groups"] = Json::array();
    for (const auto& group : set.groups) j["groups"].push_back(row_json(group));
    j["misses"] = Json::array();
    for (const auto& miss : set.misses) {
      j["misses"].push_back({{"id", miss.id},
                             {"rank", miss.rank ? Json(*miss.rank) : Json(nullptr)},
                             {"wanted", miss.wanted},
                             {"answered", miss.got}});
    }
    out["sets"].push_back(std::move(j));
  }
  for (const auto& bin : card.calibration) {
    out["calibration"].push_back(
        {{"from", bin.from},
         {"to", bin.to},
         {"cases", bin.cases},
         {"mean_probability", base::round_significant(bin.mean_probability, kDigits)},
         {"right", base::round_significant(bin.right, kDigits)}});
  }
  for (const auto& [id, why] : card.failures) out["failures"].push_back({{"id", id}, {"why", why}});
  return out;
}

}  // namespace midwatch::evaluate
