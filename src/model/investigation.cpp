#include "src/model/investigation.h"

#include <array>
#include <utility>

#include "src/model/words_of.h"

namespace midwatch::model {
namespace {

constexpr std::array<std::pair<InvestigationStatus, std::string_view>, 5> kInvestigationStatusWords{{
    {InvestigationStatus::kQueued, "queued"},
    {InvestigationStatus::kRunning, "running"},
    {InvestigationStatus::kDone, "done"},
    {InvestigationStatus::kFailed, "failed"},
    {InvestigationStatus::kCancelled, "cancelled"},
}};

constexpr std::array<std::pair<Judgement, std::string_view>, 3> kJudgementWords{{
    {Judgement::kRight, "right"},
    {Judgement::kWrong, "wrong"},
    {Judgement::kPartly, "partly"},
}};

}  // namespace

std::string_view to_string(InvestigationStatus status) {
  return word_of(kInvestigationStatusWords, status);
}

std::optional<InvestigationStatus> investigation_status_of(std::string_view word) {
  return of_word(kInvestigationStatusWords, word);
}

std::string_view to_string(Judgement judgement) {
  return word_of(kJudgementWords, judgement);
}

std::optional<Judgement> judgement_of(std::string_view word) {
  return of_word(kJudgementWords, word);
}

}  // namespace midwatch::model
