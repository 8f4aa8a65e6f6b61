#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "src/base/json.h"
#include "src/connectors/aws/asker.h"
#include "src/connectors/aws/boundary.h"
#include "src/telemetry/telemetry_batch.h"

namespace midwatch::connectors::aws {

/// How far the asking is, for a terminal.
struct AskingProgress {
  std::size_t round = 0;
  std::size_t calls = 0;
  const Answer* answer = nullptr;
};

using AnswerListener = std::function<void(const AskingProgress&)>;

/// The JSON of an answer. Errors: it has none.
base::Result<base::Json> body_of(const Answer& answer);

/// Steps from `origin` to every entity that relations lead to, either way, up to `farthest`. A stack holds
/// much that has nothing to do with each other, so that a way over it counts as two steps. Pure.
std::map<std::string, int> distances_from(const std::string& origin, const telemetry::TelemetryBatch& batch,
                                          int farthest);

/// Everything that was asked so far of an account, and what it answered. Requires: as Asker.
class Inquiry {
 public:
  Inquiry(clients::aws::api::Api& api, const runtime::RequestContext& context, const AskingLimits& limits,
          AnswerListener listener)
      : asker_(api, context, limits), listener_(std::move(listener)) {}

  /// Sends what names no account to this one from now on.
  void turn_to(std::string account) { account_ = std::move(account); }
  /// Asks one round, and gives its answers until the next one.
  std::span<const Answer> ask(std::vector<Question> questions);
  /// Asks one question at once. Errors: its refusal, in words for people.
  base::Result<base::Json> ask_now(Question question);
  /// Asks the questions of these answers once more, and keeps what is answered now in place of what was.
  void ask_again(const std::vector<std::size_t>& numbers);
  /// Asks other questions in the place of those of these answers, and keeps what is answered to them instead.
  void ask_instead(std::vector<std::pair<std::size_t, Question>> questions);
  /// Keeps that something was not asked, and why.
  void leave_out(const Question& question, std::string_view code, std::string_view why);

  bool was_asked(const Question& question) const;
  const std::vector<Answer>& answers() const { return answers_; }
  std::vector<Answer> take_answers() && { return std::move(answers_); }
  /// What exists by all answers together, linked, and what could not be read: what happens in time (series,
  /// lines, spans) is left out. The position of an answer is its RecordRef::source.
  telemetry::TelemetryBatch known();
  std::size_t calls() const { return asker_.calls(); }
  std::size_t calls_left() const { return asker_.calls_left(); }
  bool is_over() const { return asker_.is_over(); }

 private:
  std::string key_of(const Question& question) const;

  Asker asker_;
  AnswerListener listener_;
  std::vector<Answer> answers_;
  std::string account_;
  std::set<std::string> asked_;        ///< by account and text
  telemetry::TelemetryBatch decoded_;  ///< of the first `decoded_answers_`, not linked
  std::size_t decoded_answers_ = 0;
  std::size_t rounds_ = 0;
};

/// Finds what the stacks and tags of the space hold, and admits it.
void list_space(Inquiry& inquiry, const std::string& region, Boundary& boundary);

}  // namespace midwatch::connectors::aws
