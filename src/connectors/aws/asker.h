#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "src/base/json.h"
#include "src/clients/aws/api/api.h"
#include "src/connectors/aws/question.h"
#include "src/connectors/connector.h"
#include "src/runtime/request_context.h"

namespace midwatch::connectors::aws {

/// How much may be asked in one investigation.
struct AskingLimits {
  std::size_t calls = 80;
  base::Duration time = std::chrono::seconds(60);
  unsigned parallel = 8;  ///< calls on their way at once; the APIs' own limits are above it
};

/// One question and what came back, in the form of a file of raw/aws: a line that names the command, and the
/// answer as the AWS CLI prints it, without secrets.
struct Answer {
  Question question;
  std::string command;
  std::string text;                 ///< the document
  bool answered = false;            ///< false: refused, or never asked
  bool passing = false;             ///< of a refusal: the same question may be answered later
  std::string elsewhere = {};       ///< of a refusal: the region that may answer it; empty: nobody said
  std::vector<CodeFile> code = {};  ///< of a function, where its package was asked for
  std::string code_fault = {};      ///< why not all of it is there, as a word of clients/aws/refusal
  std::string code_detail = {};
};

/// Asks questions in parallel, within a number of calls and a deadline. What is refused, and what is not
/// asked any more, is an answer too: its text says so, as the AWS CLI would.
///
/// Threads: one at a time; it has threads of its own while `ask` runs.
class Asker {
 public:
  using Listener = std::function<void(const Answer&)>;

  /// Requires: `context` ends at the deadline, and `api` outlives the asker.
  Asker(clients::aws::api::Api& api, const runtime::RequestContext& context, const AskingLimits& limits)
      : api_(api), context_(context), limits_(limits) {}

  /// Answers in the order of the questions, whatever order they came in.
  std::vector<Answer> ask(std::vector<Question> questions);

  std::size_t calls() const { return calls_; }
  std::size_t calls_left() const { return limits_.calls - calls_; }
  bool is_over() const { return calls_left() == 0 || !context_.check(); }

 private:
  Answer ask_one(const Question& question) const;
  Answer ask_for_code(const Question& question) const;

  clients::aws::api::Api& api_;
  const runtime::RequestContext& context_;
  AskingLimits limits_;
  std::size_t calls_ = 0;
};

/// The document that says why a question has no answer.
Answer unanswered(const Question& question, std::string_view code, std::string_view why);

}  // namespace midwatch::connectors::aws
