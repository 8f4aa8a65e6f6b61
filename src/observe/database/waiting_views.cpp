#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/quantity.h"
#include "src/observe/database/views.h"
#include "src/observe/database/wait_class.h"

namespace midwatch::observe::database {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// So many that wait, or one that waits so long (seconds), are no ordinary moment.
constexpr std::size_t kManyWaiting = 3;
constexpr double kLongWait = 30;
constexpr double kSure = 0.95;
constexpr double kSome = 0.7;
/// One that waits, nobody says how long.
constexpr double kMoment = 0.45;
/// Far more than anybody could end; what is beyond is not followed.
constexpr std::size_t kMostWaiters = 2000;
constexpr std::size_t kMostEdges = 20'000;
constexpr std::size_t kMostBlockers = 50;
/// A share of fewer sessions at work is a coincidence.
constexpr double kEnoughAtWork = 5;

/// What is known of the process behind a number.
struct Process {
  const PlatformEvent* row = nullptr;
  std::string application;
  std::string user;
  std::string state;
  std::string sql;
  std::string relation;
  std::optional<double> age;  ///< of its transaction; seconds
};

struct Edge {
  std::string waiter;
  std::string blocker;
};

void fill(std::string& known, std::string_view said) {
  if (known.empty() && !said.empty()) known = view_text(said);
}

class WaitReader {
 public:
  explicit WaitReader(const ViewInput& input) : input_(input) {}

  Waiting run() {
    read_sessions();
    read_blocked();
    read_locks();
    Waiting out;
    const double strength = tell(out.observations);
    out.load = load_of_sessions();
    if (!enough(out.load)) out.load = strength > kMoment ? load_of_waiters() : LoadProfile{};
    return out;
  }

 private:
  Process& process(const std::string& pid, const PlatformEvent* row) {
    Process& p = processes_[pid];
    if (p.row == nullptr) p.row = row;
    return p;
  }

  static std::optional<double> first_of(const PlatformEvent& row, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (const auto value = row.attributes.number(name)) return value;
    }
    return std::nullopt;
  }

  void wait(const std::string& waiter, std::string_view blockers, const PlatformEvent* row,
            std::optional<double> seconds) {
    if (waiters_.size() < kMostWaiters) waiters_.emplace(waiter, row);
    if (seconds) longest_ = std::max(longest_.value_or(0), *seconds);
    for (const std::string_view blocker : base::split(blockers, ',')) {
      const bool room = edges_.size() < kMostEdges && waiters_.contains(waiter);
      if (room && !blocker.empty() && blocker != waiter) edges_.push_back({waiter, std::string(blocker)});
    }
  }

  void read_sessions() {
    for (const PlatformEvent* row : input_.views.of("session")) {
      const auto& a = row->attributes;
      const std::string pid(a.get("pid"));
      if (pid.empty()) continue;
      Process& p = process(pid, row);
      fill(p.application, a.get("application_name"));
      fill(p.user, a.get("usename"));
      fill(p.state, a.get("state"));
      fill(p.sql, a.get("query"));
      if (!p.age) p.age = first_of(*row, {"xact_age", "age", "state_age"});
      const std::string_view blockers = a.get("blocked_by");
      if (!blockers.empty() || a.get("wait_event_type") == "Lock")
        wait(pid, blockers, row, first_of(*row, {"query_age", "wait_age", "age"}));
    }
  }

  void read_blocked() {
    for (const PlatformEvent* row : input_.views.of("blocked")) {
      const auto& a = row->attributes;
      const std::string waiter(a.get("blocked_pid"));
      if (waiter.empty()) continue;
      Process& w = process(waiter, row);
      fill(w.application, a.get("blocked_application"));
      fill(w.user, a.get("blocked_user"));
      fill(w.sql, a.get("blocked_query"));
      wait(waiter, a.get("blocking_pid"), row, first_of(*row, {"wait_age"}));
      for (const std::string_view blocker : base::split(a.get("blocking_pid"), ',')) {
        if (blocker.empty()) continue;
        Process& b = process(std::string(blocker), row);
        fill(b.application, a.get("blocking_application"));
        fill(b.user, a.get("blocking_user"));
        fill(b.state, a.get("blocking_state"));
        fill(b.sql, a.get("blocking_query"));
        fill(b.relation, a.get("relation"));
        if (!b.age) b.age = first_of(*row, {"blocking_age"});
      }
    }
  }

  /// Who waits for the end of a transaction waits for whoever runs it; a table is waited for behind those who
  /// hold it. Who only stands in the queue before is not told from pg_locks alone, and is not blamed.
  void read_locks() {
    std::map<std::string, std::vector<const PlatformEvent*>, std::less<>> held;
    const auto object_of = [](const PlatformEvent& row) {
      const auto& a = row.attributes;
      // Who waits for a row waits behind others that do, whom this view does not name.
      if (a.get("locktype") == "tuple") return std::string();
      return std::string(a.get("transactionid").empty() ? a.get("relation") : a.get("transactionid"));
    };
    for (const PlatformEvent* row : input_.views.of("lock")) {
      if (row->attributes.get("granted") == "true") held[object_of(*row)].push_back(row);
      if (const std::string pid(row->attributes.get("pid")); !pid.empty()) read_lock_owner(pid, *row);
    }
    for (const PlatformEvent* row : input_.views.of("lock")) {
      const std::string pid(row->attributes.get("pid"));
      const std::string object = object_of(*row);
      if (row->attributes.get("granted") != "false" || pid.empty()) continue;
      std::string blockers;
      std::size_t found = 0;
      for (const PlatformEvent* holder : object.empty() ? Views::Rows{} : held[object]) {
        if (++found > kMostBlockers) break;
        if (!conflicts(row->attributes.get("mode"), holder->attributes.get("mode"))) continue;
        blockers += fmt::format("{}{}", blockers.empty() ? "" : ",", holder->attributes.get("pid"));
        fill(processes_[std::string(holder->attributes.get("pid"))].relation,
             row->attributes.get("relation"));
      }
      wait(pid, blockers, row, first_of(*row, {"wait_age"}));
    }
  }

  void read_lock_owner(const std::string& pid, const PlatformEvent& row) {
    Process& p = process(pid, &row);
    fill(p.application, row.attributes.get("application_name"));
    fill(p.user, row.attributes.get("usename"));
    fill(p.state, row.attributes.get("state"));
    fill(p.sql, row.attributes.get("query"));
    if (!p.age) p.age = first_of(row, {"xact_age", "age"});
  }

  /// Source: PostgreSQL manual, table 13.2 "Conflicting Lock Modes". Modes stand from the weakest to the
  /// strongest; each conflicts with all from some mode on, but for two of the middle.
  static bool conflicts(std::string_view wanted, std::string_view held) {
    static constexpr std::array<std::string_view, 8> kModes{
        "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
        "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};
    // For each mode, the modes that it conflicts with, as bits.
    static constexpr std::array<unsigned, 8> kConflicts{0b10000000, 0b11000000, 0b11110000, 0b11111000,
                                                        0b11101100, 0b11111100, 0b11111110, 0b11111111};
    const auto index = [&](std::string_view mode) {
      return static_cast<std::size_t>(std::find(kModes.begin(), kModes.end(), mode) - kModes.begin());
    };
    const std::size_t w = index(wanted);
    const std::size_t h = index(held);
    return w < kModes.size() && h < kModes.size() && ((kConflicts[w] >> h) & 1U) != 0;
  }

  /// Those who are waited for and wait for nobody, with how many wait behind them, directly or not.
  std::map<std::string, std::set<std::string>> queues() const {
    std::map<std::string, std::vector<std::string>> blockers_of;
    for (const Edge& edge : edges_) blockers_of[edge.waiter].push_back(edge.blocker);
    std::map<std::string, std::set<std::string>> queues;
    for (const auto& [waiter, direct] : blockers_of) {
      std::set<std::string> seen{waiter};
      std::vector<std::string> next = direct;
      while (!next.empty()) {
        const std::string pid = next.back();
        next.pop_back();
        if (!seen.insert(pid).second) continue;
        const auto further = blockers_of.find(pid);
        if (further == blockers_of.end()) {
          queues[pid].insert(waiter);
        } else {
          next.insert(next.end(), further->second.begin(), further->second.end());
        }
      }
    }
    return queues;
  }

  double tell(std::vector<Observation>& out) {
    if (waiters_.empty()) return 0;
    const bool many = waiters_.size() >= kManyWaiting;
    const bool is_long = longest_.value_or(0) >= kLongWait;
    const double strength = many || is_long ? kSure : waiters_.size() > 1 ? kSome : kMoment;
    const auto queues = this->queues();
    const auto root = std::max_element(queues.begin(), queues.end(), [](const auto& a, const auto& b) {
      return a.second.size() < b.second.size();
    });
    Views::Rows rows;
    if (root != queues.end()) {
      if (const auto at = processes_.find(root->first); at != processes_.end() && at->second.row != nullptr)
        rows.push_back(at->second.row);
    }
    for (const auto& [pid, row] : waiters_) rows.push_back(row);
    Observation o = view_observation(input_, "state.database.sessions_blocked", strength, rows);
    o.value = static_cast<double>(waiters_.size());
    o.facts["waiting"] = fmt::format("{}", waiters_.size());
    if (longest_)
      o.facts["waited"] = base::format_duration(base::duration_from_seconds(std::min(*longest_, 1e9)));
    if (root != queues.end()) describe(root->first, o);
    o.onset = onset_before(input_, longest_);
    out.push_back(std::move(o));
    return strength;
  }

  void describe(const std::string& pid, Observation& o) {
    o.facts["pid"] = pid;
    o.subject = pid;
    const auto at = processes_.find(pid);
    if (at == processes_.end()) return;
    const Process& p = at->second;
    const std::pair<const char*, const std::string*> facts[] = {{"application", &p.application},
                                                                {"user", &p.user},
                                                                {"state", &p.state},
                                                                {"sql", &p.sql},
                                                                {"relation", &p.relation}};
    for (const auto& [name, value] : facts) {
      if (!value->empty()) o.facts[name] = *value;
    }
    const std::string holder = p.application.empty() ? p.user : p.application;
    o.facts["holder"] = holder.empty() ? pid : fmt::format("{} ({})", pid, holder);
    if (p.age)
      o.facts["age"] = base::format_duration(base::duration_from_seconds(std::clamp(*p.age, 0.0, 1e9)));
  }

  static void add(const PlatformEvent& row, std::string name, double load, std::vector<LoadShare>& table) {
    const auto at =
        std::find_if(table.begin(), table.end(), [&](const LoadShare& s) { return s.name == name; });
    if (at != table.end()) {
      at->load += load;
      return;
    }
    LoadShare share;
    share.event = &row;
    share.name = std::move(name);
    share.load = load;
    table.push_back(std::move(share));
  }

  static void rank(std::vector<LoadShare>& table) {
    double whole = 0;
    for (const LoadShare& share : table) whole += share.load;
    for (LoadShare& share : table) share.share = whole > 0 ? share.load / whole : 0;
    std::stable_sort(table.begin(), table.end(),
                     [](const auto& a, const auto& b) { return a.load > b.load; });
  }

  static bool enough(const LoadProfile& load) { return load.load_of_waits() >= kEnoughAtWork; }

  /// What the sessions at work do and wait for at that moment, one look of the kind that makes a load.
  LoadProfile load_of_sessions() const {
    LoadProfile load;
    for (const char* view : {"session", "sessions_by_group"}) {
      for (const PlatformEvent* row : input_.views.of(view)) {
        const auto& a = row->attributes;
        const bool states = a.find("state") != nullptr;
        const bool waits = a.find("wait_event") != nullptr || a.find("wait_event_type") != nullptr;
        const std::string_view sql = a.get("query");
        const bool own = sql.find("pg_stat_activity") != std::string_view::npos;
        // Without the state, "no wait" could be anything.
        if (own || (states ? a.get("state") != "active" : !waits)) continue;
        if (a.get("wait_event_type") == "Activity" || a.get("wait_event_type") == "Client") continue;
        const double count = view == std::string_view("session") ? 1 : a.number("count").value_or(0);
        std::string wait(a.get("wait_event_type"));
        if (!a.get("wait_event").empty())
          wait += fmt::format("{}{}", wait.empty() ? "" : ":", a.get("wait_event"));
        if (wait.empty() && states) wait = "CPU";
        add(*row, wait.empty() ? "Lock:" : wait, count, load.waits);
        if (!sql.empty()) {
          add(*row, view_text(sql), count, load.statements);
          load.statements.back().top_wait = wait;
        }
      }
      if (!load.waits.empty()) break;
    }
    rank(load.waits);
    rank(load.statements);
    return load;
  }

  LoadProfile load_of_waiters() const {
    LoadProfile load;
    for (const auto& [pid, row] : waiters_) {
      const auto& a = row->attributes;
      std::string wait = "Lock:";
      wait += a.get("wait_event").empty() ? a.get("locktype") : a.get("wait_event");
      add(*row, wait, 1, load.waits);
      const auto at = processes_.find(pid);
      if (at != processes_.end() && !at->second.sql.empty()) {
        add(*row, at->second.sql, 1, load.statements);
        load.statements.back().top_wait = wait;
      }
    }
    rank(load.waits);
    rank(load.statements);
    return load;
  }

  const ViewInput& input_;
  std::map<std::string, Process, std::less<>> processes_;
  std::map<std::string, const PlatformEvent*> waiters_;
  std::vector<Edge> edges_;
  std::optional<double> longest_;
};

}  // namespace

Waiting observe_waiting(const ViewInput& input) {
  return WaitReader(input).run();
}

}  // namespace midwatch::observe::database
