#include "src/app/watch/investigation_journal.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/try.h"

namespace midwatch::app {

model::JournalEntry InvestigationJournal::entry(std::string kind, model::Text what,
                                                const base::Json& data) const {
  return {investigation_, 0, clock_.now(), std::move(kind), std::move(what), base::dump_json(data)};
}

base::Result<> InvestigationJournal::add(std::string kind, model::Text what, const base::Json& data) {
  const model::JournalEntry added = entry(std::move(kind), std::move(what), data);
  MIDWATCH_TRY_VOID(store_.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY([[maybe_unused]] const auto sequence, session.append(added));
    return {};
  }));
  feed_.publish({api::Change::Kind::kJournal, investigation_, space_});
  return {};
}

base::Result<std::size_t> InvestigationJournal::count(const std::string& kind) const {
  constexpr std::size_t kAtOnce = 500;
  std::size_t count = 0;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    count = 0;
    std::uint64_t after = 0;
    while (true) {
      MIDWATCH_TRY(const auto entries, session.journal(investigation_, after, kAtOnce));
      if (entries.empty()) return {};
      after = entries.back().sequence;
      count += static_cast<std::size_t>(
          std::count_if(entries.begin(), entries.end(), [&](const auto& e) { return e.kind == kind; }));
    }
  }));
  return count;
}

}  // namespace midwatch::app
