#include "src/app/watch/investigation_journal.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "src/base/try.h"

namespace midwatch::app {

model::JournalEntry InvestigationJournal::entry(std::string kind, model::Text what, std::string data) const {
  return {investigation_, 0, clock_.now(), std::move(kind), std::move(what), std::move(data)};
}

base::Result<> InvestigationJournal::add(std::string kind, model::Text what, const base::Json& data) {
  const model::JournalEntry added = entry(std::move(kind), std::move(what), base::dump_json(data));
  MIDWATCH_TRY_VOID(store_.write([&](store::Session& session) -> base::Result<> {
    MIDWATCH_TRY([[maybe_unused]] const auto sequence, session.append(added));
    return {};
  }));
  feed_.publish({api::Change::Kind::kJournal, investigation_, space_});
  return {};
}

base::Result<std::vector<model::JournalEntry>> InvestigationJournal::after(std::uint64_t sequence) const {
  constexpr std::size_t kAtOnce = 500;
  std::vector<model::JournalEntry> all;
  MIDWATCH_TRY_VOID(store_.read([&](store::Session& session) -> base::Result<> {
    all.clear();
    while (true) {
      const std::uint64_t last = all.empty() ? sequence : all.back().sequence;
      MIDWATCH_TRY(auto entries, session.journal(investigation_, last, kAtOnce));
      if (entries.empty()) return {};
      std::move(entries.begin(), entries.end(), std::back_inserter(all));
    }
  }));
  return all;
}

}  // namespace midwatch::app
