#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "src/observe/code/rules.h"

namespace midwatch::observe::code {
namespace {

constexpr double kMillisecond = 1e-3;
/// While code is loaded, anything that takes this long delays every cold start.
constexpr double kLongImport = 1;
/// A loop that looks at the clock compares it with a number that stands so near.
constexpr std::size_t kClockTokens = 24;

/// Functions that people write, or import, to wait; the argument is the time.
constexpr std::array<std::string_view, 8> kSleepers{"sleep",   "delay",    "wait",     "pause",
                                                    "sleepMs", "wait_for", "sleep_ms", "timeout"};

struct Wait {
  std::size_t token;
  double seconds;
  std::string_view call;
};

class Waits {
 public:
  Waits(const Code& code, const Source& source) : code_(code), s_(source) {}

  std::vector<Wait> all() {
    for (std::size_t i = 0; i < s_.tokens.size(); ++i) {
      if (s_.at(i).kind != TokenKind::kName) continue;
      if (s_.is(i, "while")) {
        busy_loop(i);
      } else if (s_.is(i + 1, "(") && s_.partner[i + 1] != kNone) {
        call(i);
      }
    }
    return std::move(out_);
  }

 private:
  void add(std::size_t token, std::optional<double> amount, double unit) {
    if (amount && *amount > 0) out_.push_back({token, *amount * unit, s_.at(token).text});
  }

  std::optional<double> argument(std::size_t from, std::size_t close) const {
    return code_.values.number(s_, from, close);
  }

  void call(std::size_t i) {
    const std::size_t close = s_.partner[i + 1];
    const std::string_view name = s_.at(i).text;
    const bool python = s_.language == Language::kPython;
    if (!python && name == "setTimeout") {
      // setTimeout(done, 30000) where somebody waits for it; of timers/promises, the time comes first.
      const std::size_t comma = s_.end_of_statement(i + 2, close - i);
      if (comma < close && is_awaited(i)) {
        add(i, argument(comma + 1, close), kMillisecond);
      } else if (comma >= close && is_awaited(i)) {
        add(i, argument(i + 2, close), kMillisecond);
      }
      return;
    }
    if (std::find(kSleepers.begin(), kSleepers.end(), name) == kSleepers.end()) return;
    if (python) {
      if (name == "sleep") add(i, argument(i + 2, close), 1);
    } else if (is_awaited(i)) {
      add(i, argument(i + 2, close), kMillisecond);
    }
  }

  /// "await x", "return x", or inside of "new Promise(…)".
  bool is_awaited(std::size_t i) const {
    std::size_t first = i;
    while (first >= 2 && s_.is(first - 1, ".") && s_.is_name(first - 2)) first -= 2;
    if (first > 0 && (s_.is(first - 1, "await") || s_.is(first - 1, "return") || s_.is(first - 1, "yield")))
      return true;
    const std::size_t reach = std::min<std::size_t>(first, kClockTokens);
    for (std::size_t back = 1; back <= reach; ++back) {
      if (s_.is(first - back, "Promise")) return true;
      if (s_.is(first - back, ";")) break;
    }
    return false;
  }

  /// "while (Date.now() - start < 30000)", "while time.time() < start + 30".
  void busy_loop(std::size_t i) {
    const std::size_t end = std::min(i + kClockTokens, s_.tokens.size());
    bool milliseconds = false;
    bool seconds = false;
    for (std::size_t k = i + 1; k < end; ++k) {
      if (s_.is(k, "{") || s_.is(k, ";") || (k > i + 1 && s_.at(k).begins_line)) break;
      milliseconds = milliseconds || (s_.is(k, "Date") && s_.is(k + 2, "now"));
      seconds = seconds || (s_.is(k, "time") && (s_.is(k + 2, "time") || s_.is(k + 2, "monotonic")));
      const bool compares = s_.is(k, "<") || s_.is(k, "<=");
      if (compares && milliseconds) add(i, code_.values.number(s_, k + 1, s_.tokens.size()), kMillisecond);
      if (compares && seconds) add(i, code_.values.number(s_, k + 1, s_.tokens.size()), 1);
      if (compares) break;
    }
  }

  const Code& code_;
  const Source& s_;
  std::vector<Wait> out_;
};

}  // namespace

void find_waits(const Code& code, std::vector<Finding>& out) {
  for (const Source& source : code.sources) {
    for (const Wait& wait : Waits(code, source).all()) {
      const bool import = source.in_module(wait.token);
      const bool too_long = code.limit && wait.seconds >= *code.limit;
      if (!too_long && !(import && wait.seconds >= kLongImport)) continue;
      Finding f{import ? "code.import.waits" : "code.wait.over_limit", &source, wait.token, wait.seconds};
      f.facts["duration"] = fmt::format("{:g} s", wait.seconds);
      f.facts["call"] = std::string(wait.call);
      if (code.limit && too_long) {
        f.facts["limit"] = fmt::format("{:g} s", *code.limit);
        f.attributes = code.limit_paths;
      }
      out.push_back(std::move(f));
    }
  }
}

}  // namespace midwatch::observe::code
