#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/api/change_feed.h"
#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/model/investigation.h"
#include "src/store/store.h"

namespace midwatch::app {

/// Writes the steps of one investigation, and tells those who follow it.
///
/// Threads:  any number at once.
/// Requires: store, feed and clock outlive it.
class InvestigationJournal {
 public:
  InvestigationJournal(store::Store& store, api::ChangeFeed& feed, const base::Clock& clock,
                       const model::Investigation& investigation)
      : store_(store),
        feed_(feed),
        clock_(clock),
        investigation_(investigation.id),
        space_(investigation.space) {}

  base::Result<> add(std::string kind, model::Text what, const base::Json& data);

  /// An entry of now that its caller writes with more, and tells. `data` is a JSON document.
  model::JournalEntry entry(std::string kind, model::Text what, std::string data) const;

  /// What was written after a sequence, by anybody.
  base::Result<std::vector<model::JournalEntry>> after(std::uint64_t sequence) const;

 private:
  store::Store& store_;
  api::ChangeFeed& feed_;
  const base::Clock& clock_;
  std::string investigation_;
  std::string space_;
};

}  // namespace midwatch::app
