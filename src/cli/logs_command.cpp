#include "src/cli/logs_command.h"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "src/cli/commands.h"
#include "src/observe/lines/header.h"
#include "src/observe/templates/template_miner.h"

namespace midwatch::cli {
namespace {

struct Options {
  std::string file;
  std::string format = "text";
};

std::string csv_field(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

/// Calls `visit` with each line of a file ("-": standard input), without its line end.
template <class Visit>
bool each_line(const std::string& path, Visit visit) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return false;
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    visit(std::string_view(line));
  }
  return true;
}

int mine(const Options& options) {
  observe::templates::TemplateMiner miner;
  std::vector<observe::templates::SkeletonId> of_line;
  const bool rows = options.format == "csv";
  const bool read = each_line(options.file, [&](std::string_view line) {
    const auto id = miner.add(observe::lines::split_header(line).message);
    of_line.push_back(id);
  });
  if (!read) {
    fmt::print(stderr, "midwatch: {} cannot be read; check the path\n", options.file);
    return kFailed;
  }
  const auto templates = miner.finish();
  std::string out;
  if (rows) {
    out = "cluster,template\n";
    for (const auto id : of_line) {
      const auto cluster = templates.cluster_of[id];
      out += fmt::format("{},{}\n", cluster, csv_field(templates.text[cluster]));
      if (out.size() > (1U << 20U)) {
        std::fwrite(out.data(), 1, out.size(), stdout);
        out.clear();
      }
    }
  } else {
    std::vector<std::uint64_t> lines(templates.text.size(), 0);
    for (const auto id : of_line) ++lines[templates.cluster_of[id]];
    for (std::size_t c = 0; c < templates.text.size(); ++c)
      out += fmt::format("{:>9}  {}\n", lines[c], templates.text[c]);
  }
  return std::fwrite(out.data(), 1, out.size(), stdout) == out.size() ? kReached : kFailed;
}

}  // namespace

void add_logs(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* logs = app.add_subcommand("logs", "Log lines: find their templates");
  logs->require_subcommand(1);
  CLI::App* command = logs->add_subcommand("mine", "Find the templates of a log file");
  command->footer(
      "Examples:\n  midwatch logs mine app.log\n  midwatch logs mine app.log --format csv   a row a line: "
      "cluster,template");
  command->add_option("FILE", options->file, "a text file, or - for standard input")->required();
  command->add_option("--format", options->format, "text: a row a template; csv: a row a line")
      ->check(CLI::IsMember({"text", "csv"}));
  command->callback([options, &status] { status = mine(*options); });
}

}  // namespace midwatch::cli
