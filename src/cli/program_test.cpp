// The program as its users meet it: run as a process of its own, judged by what it prints and how it ends.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "src/base/json.h"

namespace midwatch::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kDemo = std::string(MIDWATCH_SOURCE_DIR) + "/demo/pool-too-small";

struct Ended {
  int status = -1;
  std::string out;
  std::string errors;
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Runs the program by a shell, so that `settings` can be variables and `arguments` quoted words.
Ended run_program(const std::string& arguments, const std::string& settings = "") {
  static int count = 0;
  const fs::path errors = fs::path(::testing::TempDir()) /
                          ("midwatch-errors-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
  const std::string line =
      "env " + settings + " '" MIDWATCH_PROGRAM "' " + arguments + " 2>'" + errors.string() + "'";
  Ended ended;
  FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return ended;
  std::array<char, 65536> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    ended.out.append(piece.data(), got);
  const int status = ::pclose(pipe);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  ended.errors = content_of(errors);
  fs::remove(errors);
  return ended;
}

std::string report_of(const std::string& settings) {
  const Ended ended = run_program("investigate '" + kDemo + "' --format json", settings);
  EXPECT_EQ(ended.status, 0) << ended.errors;
  auto report = base::Json::parse(ended.out, nullptr, false);
  EXPECT_FALSE(report.is_discarded()) << settings;
  if (report.is_discarded()) return {};
  for (const char* name : {"id", "started", "duration_ms", "stats"}) report.erase(name);
  return base::dump_json_indented(report);
}

// glibc chooses other arithmetic for each kind of processor; the tunable makes this one look like an old one.
TEST(Program, AnotherMachineGivesTheSameReport) {
  const std::string here = report_of("");
  ASSERT_THAT(here, HasSubstr("midwatch.report/v1"));
  for (const char* machine : {
           "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX2,-AVX,-FMA,-FMA4,-ERMS,-BMI2",
           "TZ=Asia/Tokyo LC_ALL=C LANG=C HOME=/nowhere",
           "TZ=America/St_Johns LC_ALL=C.UTF-8 COLUMNS=40 NO_COLOR=1",
           "MALLOC_PERTURB_=85 MALLOC_ARENA_MAX=1",
       }) {
    EXPECT_EQ(report_of(machine), here) << machine;
  }
}

TEST(Program, EndsAsTheContractSays) {
  struct Row {
    const char* arguments;
    int status;
    const char* says;
  };
  for (const Row& row : {
           Row{"investigate /nowhere/at/all", 1, "/nowhere/at/all"},
           Row{"investigate --format pdf x", 2, "pdf"},
           Row{"", 2, "--help"},
           Row{"no-such-command", 2, "--help"},
           Row{"verify /nowhere.json /nowhere", 1, "/nowhere"},
           Row{"knowledge show no-such-mode", 1, "no-such-mode"},
           Row{"logs mine /nowhere.log", 1, "/nowhere.log"},
           Row{"metrics score /nowhere.csv", 1, "/nowhere.csv"},
           Row{"investigate --latest-alarm --deadline soon", 2,
               "--deadline: takes a length of time like 500ms, 2s, 1m30s, or 90 (seconds); it is 'soon'"},
           Row{"investigate --latest-alarm --deadline 500ms", 2,
               "--deadline: must be from 1 s to 1 h; it is 500 ms"},
           Row{"topology --deadline 2x", 2, "--deadline: takes a length of time"},
           Row{"sandbox --world lambda-timeout --latency 80", 2,
               "--latency: must be from 0 ms to 1 min; it is 1 min 20 s"},
           Row{"evaluate --worlds --latency quick", 2, "--latency: takes a length of time"},
       }) {
    const Ended ended = run_program(row.arguments);
    EXPECT_EQ(ended.status, row.status) << row.arguments << "\n" << ended.errors;
    EXPECT_THAT(ended.errors, HasSubstr(row.says)) << row.arguments;
    EXPECT_EQ(ended.out, "") << row.arguments;
  }
}

TEST(Program, EveryCommandHasHelpWithExamples) {
  const Ended all = run_program("--help");
  ASSERT_EQ(all.status, 0);
  std::istringstream lines(all.out.substr(all.out.find("Subcommands:")));
  std::string line;
  std::getline(lines, line);
  std::size_t commands = 0;
  while (std::getline(lines, line) && !line.empty()) {
    std::string name;
    std::istringstream(line) >> name;
    const Ended help = run_program(name + " --help");
    EXPECT_EQ(help.status, 0) << name;
    if (name != "version") {
      EXPECT_THAT(help.out, HasSubstr("midwatch " + name + " ")) << "an example";
    }
    ++commands;
  }
  EXPECT_GE(commands, 9U);
}

TEST(Program, IsSilentAndPlainWhereNobodyWatches) {
  const Ended ended = run_program("investigate '" + kDemo + "'");
  EXPECT_EQ(ended.status, 0);
  EXPECT_EQ(ended.errors, "");
  EXPECT_THAT(ended.out, Not(HasSubstr("\x1b")));
}

TEST(Program, ShowsTheTopologyOfABundle) {
  const Ended picture = run_program("topology --bundle '" + kDemo + "' --format mermaid");
  EXPECT_EQ(picture.status, 0) << picture.errors;
  EXPECT_THAT(picture.out, HasSubstr("flowchart LR\n"));
  EXPECT_THAT(picture.out, HasSubstr("-->|calls|"));
  const Ended part =
      run_program("topology --bundle '" + kDemo + "' --entity ordering --steps 1 --format json");
  const auto json = base::Json::parse(part.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << part.errors;
  EXPECT_EQ(json["focus"], "ordering");
  EXPECT_EQ(run_program("topology --bundle '" + kDemo + "' --entity nobody").status, 1);
}

TEST(Program, WhatItReportsItsVerifierHolds) {
  const fs::path report = fs::path(::testing::TempDir()) / ("midwatch-report-" + std::to_string(::getpid()));
  ASSERT_EQ(
      run_program("investigate '" + kDemo + "' --format json --output '" + report.string() + "'").status, 0);
  const Ended held = run_program("verify '" + report.string() + "' '" + kDemo + "'");
  EXPECT_EQ(held.status, 0) << held.out << held.errors;
  std::string forged = content_of(report);
  const auto at = forged.find("\"excerpt\": \"");
  ASSERT_NE(at, std::string::npos);
  forged.insert(at + 12, "forged ");
  std::ofstream(report, std::ios::binary) << forged;
  EXPECT_EQ(run_program("verify '" + report.string() + "' '" + kDemo + "'").status, 1);
  fs::remove(report);
}

TEST(Serve, ReadsItsConfigurationAgainAndKeepsTheOldOneWhereTheNewOneIsNotWell) {
  const fs::path folder = fs::path(::testing::TempDir()) / ("midwatch-reload-" + std::to_string(::getpid()));
  fs::create_directory(folder);
  // Reads what the server says line by line; each wait is for a line, never for a time.
  std::ofstream(folder / "script") << R"(cd "$1" && mkfifo said
config() { printf 'format: midwatch.serve/v1\nlisten: 127.0.0.1:0\nstore: midwatch.db\nspaces: [{name: %s}]\n%s' "$1" "$2" >midwatch.yaml; }
heard() { while read -r line <&3; do case $line in $1) printf '%s\n' "$line"; return 0;; esac; done; return 1; }
config shop ''
"$2" serve --config midwatch.yaml >said 2>&1 &
exec 3<said
heard 'http://127.0.0.1*' && heard '*has started*'
config other 'log: {format: text}'
kill -HUP $! && heard 'http://127.0.0.1*' && heard '*read again*'
config other 'colour: red'
kill -HUP $! && heard '*goes on as before*'
kill -TERM $! && wait $! && echo ended
)";
  const std::string line =
      "bash '" + (folder / "script").string() + "' '" + folder.string() + "' '" MIDWATCH_PROGRAM "'";
  FILE* pipe = ::popen(line.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
    said.append(piece.data(), got);
  EXPECT_EQ(::pclose(pipe), 0);
  EXPECT_THAT(
      said, ::testing::ContainsRegex(
                "http://127.0.0.1:[0-9]+\n"
                "[{]\"time\":\"[^\"]*Z\",\"severity\":\"info\",\"message\":\"the server has started\",.*[}]\n"
                "http://127.0.0.1:[0-9]+\n"
                "[^ ]*Z info    the configuration was read again\n"
                "[^ ]*Z warning .*goes on as before reason=.*midwatch.yaml:5.*colour.*\nended\n"));
  fs::remove_all(folder);
}

TEST(Accounts, AreChangedFromTheCommandLine) {
  const fs::path folder =
      fs::path(::testing::TempDir()) / ("midwatch-accounts-" + std::to_string(::getpid()));
  fs::create_directory(folder);
  std::ofstream(folder / "midwatch.yaml")
      << "format: midwatch.serve/v1\nstore: m.db\nspaces: [{name: shop}]\n";
  struct Row {
    std::string arguments;
    std::string input;
    int status;
    std::string said;
  };
  const std::string good = "correct horse battery";
  const std::vector<Row> rows{
      {"user add ada --grant shop=admin --own", good, 0, ""},
      {"user add ada --grant shop=admin", good, 1, "already"},
      {"user add bob --grant shop=root", good, 1, "viewer, operator or admin"},
      {"user add bob --grant bank=viewer", good, 1, "no such space"},
      {"user add bob --grant shop=viewer --grant shop=admin", good, 1, "given before"},
      {"user add bob --grant shop=viewer", "short", 1, "12 to"},
      {"user add bob --grant shop=viewer", "", 1, "no password was given"},
      {"user add 'B B' --grant shop=viewer", good, 1, "a user's name is of"},
      {"user add bob --grant shop=viewer --password x", good, 2, "--password"},
      {"user add bob --grant '*=viewer'", good, 0, ""},
      {"user grant ada --grant shop=viewer", "", 0, ""},
      {"user set-password ada", "another horse battery", 0, ""},
      {"user disable ada", "", 0, ""},
      {"user disable eve", "", 1, "there is no"},
      {"user list", "", 0, "ada\tdisabled\tshop=viewer\nbob\tenabled\t*=viewer\n"},
      {"user disable --undo ada", "", 0, ""},
      {"user list", "", 0, "ada\tenabled"},
      {"token create ci --grant shop=operator --until 2099-01-01T00:00:00Z", "", 0, "token: mw_"},
      {"token create ci --grant shop=operator --until tomorrow", "", 1, "--until needs a time"},
      {"token list", "", 0, "\tci\tvalid\t2099-01-01T00:00:00Z\tshop=operator\n"},
      {"token revoke tok-none", "", 1, "there is no"},
  };
  std::string everything;
  const auto run = [&](const Row& row) {
    std::ofstream(folder / "input") << row.input << (row.input.empty() ? "" : "\n");
    const Ended ended = run_program(row.arguments + " --config '" + (folder / "midwatch.yaml").string() +
                                    "' <'" + (folder / "input").string() + "'");
    EXPECT_EQ(ended.status, row.status) << row.arguments << ended.out << ended.errors;
    EXPECT_THAT(ended.out + ended.errors, HasSubstr(row.said)) << row.arguments;
    everything += ended.out + ended.errors;
    return ended.out;
  };
  for (const Row& row : rows) run(row);
  const std::string listed = run({"token list", "", 0, "tok-"});
  run({"token revoke " + listed.substr(0, listed.find('\t')), "", 0, ""});
  run({"token list", "", 0, "\trevoked\t"});
  EXPECT_THAT(everything, Not(HasSubstr(good)));
  EXPECT_THAT(content_of(folder / "m.db"), Not(HasSubstr(good)));
  fs::remove_all(folder);
}

/// The lines of a block of YAML text ("key: |") without their indentation.
std::string block_of(const std::string& text, const std::string& key, std::size_t indentation) {
  std::istringstream lines(text.substr(text.find(key + ": |\n") + key.size() + 4));
  std::string block;
  for (std::string line; std::getline(lines, line) && line.starts_with(std::string(indentation, ' '));)
    block += line.substr(indentation) + "\n";
  return block;
}

TEST(Packaging, IsConfiguredAsTheServerUnderstands) {
  const std::string folder = MIDWATCH_SOURCE_DIR "/packaging/";
  const fs::path in_cluster =
      fs::path(::testing::TempDir()) / ("midwatch-cluster-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(in_cluster) << block_of(content_of(folder + "kubernetes/midwatch.yaml"), "midwatch.yaml", 4);
  for (const std::string& path : {folder + "midwatch.yaml", in_cluster.string()}) {
    const Ended ended = run_program("serve --check --config '" + path + "'");
    EXPECT_EQ(ended.status, 0) << path << ": " << ended.errors;
    EXPECT_THAT(content_of(path), HasSubstr("midwatch.serve/v1"));
  }
  fs::remove(in_cluster);
}

}  // namespace
}  // namespace midwatch::cli
