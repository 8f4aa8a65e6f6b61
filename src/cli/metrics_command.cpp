#include "src/cli/metrics_command.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/app/series_scoring.h"
#include "src/base/quantity.h"
#include "src/base/utf8.h"
#include "src/cli/commands.h"

namespace midwatch::cli {
namespace {

/// Rows from this score on stand out: on public series, about where telling an anomaly from noise does best.
constexpr double kStandsOut = 0.4;
constexpr std::size_t kMostShown = 20;
constexpr std::size_t kNameBytes = 120;

struct Options {
  std::string file;
  std::string format = "text";
};

/// Standard output in pieces; remembers whether all could be written.
class Output {
 public:
  void write(std::string_view text) {
    text_ += text;
    if (text_.size() > (1U << 20U)) flush();
  }
  bool finish() {
    flush();
    return is_good_ && std::fflush(stdout) == 0;
  }

 private:
  void flush() {
    is_good_ = std::fwrite(text_.data(), 1, text_.size(), stdout) == text_.size() && is_good_;
    text_.clear();
  }
  std::string text_;
  bool is_good_ = true;
};

/// A field of the file as it was, quoted where it could break the row; nothing that a terminal would obey.
std::string csv_field(std::string_view text) {
  std::string shown = base::printable(text, kNameBytes);
  if (shown.find_first_of(",\"") == std::string::npos) return shown;
  std::string quoted = "\"";
  for (const char c : shown) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

struct Standout {
  std::uint64_t line;
  double score;
  std::string text;
};

/// Keeps the rows that stand out most.
class Standouts {
 public:
  void note(const app::ScoredRow& row) {
    if (row.score < kStandsOut) return;
    ++count_;
    const auto weaker = [](const Standout& a, const Standout& b) { return a.score > b.score; };
    if (most_.size() == kMostShown) {
      if (row.score <= most_.front().score) return;
      std::pop_heap(most_.begin(), most_.end(), weaker);
      most_.pop_back();
    }
    most_.push_back({row.line, row.score,
                     fmt::format("{}  score {:.3f}  value {}  {}", base::format_rfc3339(*row.time), row.score,
                                 base::format_number(*row.value), base::printable(row.series, kNameBytes))});
    std::push_heap(most_.begin(), most_.end(), weaker);
  }

  std::string text(std::uint64_t rows) {
    std::string out = fmt::format("{} of {} rows stand out (score {} or more)", count_, rows, kStandsOut);
    if (count_ > most_.size()) out += fmt::format("; the {} most of them", most_.size());
    std::sort(most_.begin(), most_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    for (const Standout& s : most_) out += fmt::format("\nline {:>9}  {}", s.line, s.text);
    return out + "\n";
  }

 private:
  std::uint64_t count_ = 0;
  std::vector<Standout> most_;
};

int score(const Options& options) {
  Output output;
  Standouts standouts;
  const bool rows = options.format == "csv";
  if (rows) output.write("timestamp,score\n");
  const auto file = app::score_series_file(options.file, [&](const app::ScoredRow& row) {
    if (rows) {
      output.write(fmt::format("{},{:.6f}\n", csv_field(row.timestamp), row.score));
    } else {
      standouts.note(row);
    }
  });
  if (!file) {
    output.finish();
    fmt::print(stderr, "midwatch: {}\n", file.error().describe());
    return kFailed;
  }
  if (!rows) output.write(standouts.text(file->rows));
  const bool is_written = output.finish();
  for (const auto& problem : file->problems) fmt::print(stderr, "midwatch: {}\n", problem.what.en);
  if (!is_written) fmt::print(stderr, "midwatch: standard output cannot be written\n");
  return is_written ? kReached : kFailed;
}

}  // namespace

void add_metrics(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* metrics = app.add_subcommand("metrics", "Metrics: score the rows of a series as they come");
  metrics->require_subcommand(1);
  CLI::App* command =
      metrics->add_subcommand("score", "Score how surely something out of the ordinary begins at each row");
  command->footer(
      "Each score rests on the rows before it alone; memory does not grow with the file. A header names the\n"
      "columns: timestamp and value; rows that agree in all others (entity, metric, …) are one series.\n"
      "Examples:\n"
      "  midwatch metrics score cpu.csv                  the rows that stand out\n"
      "  midwatch metrics score cpu.csv --format csv     a row a row: timestamp,score (0 to 1)\n"
      "  zcat cpu.csv.gz | midwatch metrics score -");
  command->add_option("FILE", options->file, "a CSV file (also .gz, .zst), or - for standard input")
      ->required();
  command->add_option("--format", options->format, "text: the rows that stand out; csv: a row a row")
      ->check(CLI::IsMember({"text", "csv"}));
  command->callback([options, &status] { status = score(*options); });
}

}  // namespace midwatch::cli
