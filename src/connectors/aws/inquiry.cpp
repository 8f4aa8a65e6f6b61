#include "src/connectors/aws/inquiry.h"

#include <algorithm>
#include <deque>
#include <tuple>

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/wildcard.h"
#include "src/clients/aws/aws_decoder.h"
#include "src/clients/aws/resource_links.h"

namespace midwatch::connectors::aws {
namespace {

using base::Json;
using telemetry::RelationKind;

/// A stack holds much that has nothing to do with each other.
constexpr int kStackSteps = 2;

void decode_one(const Answer& answer, std::size_t number, telemetry::TelemetryBatch& batch) {
  clients::aws::decode_cli_output({answer.text, {static_cast<std::uint32_t>(number), 0}, {}}, batch);
}

void admit_tagged(const Json& body, Boundary& boundary) {
  for (const Json& mapping : base::list_at(body, "ResourceTagMappingList")) {
    const auto has = [&](const auto& wanted) {
      const Json& tags = base::list_at(mapping, "Tags");
      return std::any_of(tags.begin(), tags.end(), [&](const Json& tag) {
        return base::text_at(tag, "Key") == wanted.first &&
               base::fits(wanted.second, base::text_at(tag, "Value"));
      });
    };
    const auto& tags = boundary.space().tags;
    if (std::all_of(tags.begin(), tags.end(), has)) boundary.admit(base::text_at(mapping, "ResourceARN"));
  }
}

void list_tags(Inquiry& inquiry, const std::string& region, Boundary& boundary) {
  Json filters = Json::array();
  for (const auto& [key, pattern] : boundary.space().tags) filters.push_back({{"Key", key}});
  Question question;
  question.request = {"resourcegroupstaggingapi", "GetResources", region, {{"TagFilters", filters}}};
  if (const auto body = inquiry.ask_now(std::move(question))) admit_tagged(*body, boundary);
}

void list_stacks(Inquiry& inquiry, const std::string& region, Boundary& boundary) {
  const auto& patterns = boundary.space().stacks;
  Question question;
  question.request = {"cloudformation", "DescribeStacks", region, Json::object()};
  const auto stacks = inquiry.ask_now(std::move(question));
  if (!stacks) return;
  std::vector<Question> lists;
  for (const Json& stack : base::list_at(*stacks, "Stacks")) {
    const std::string name = base::text_at(stack, "StackName");
    const bool wanted = std::any_of(patterns.begin(), patterns.end(),
                                    [&](const std::string& pattern) { return base::fits(pattern, name); });
    if (!wanted) continue;
    boundary.admit(base::text_at(stack, "StackId"));
    Question list;
    list.request = {"cloudformation", "ListStackResources", region, {{"StackName", name}}};
    lists.push_back(std::move(list));
  }
  inquiry.ask(std::move(lists));
  for (const auto& entity : inquiry.known().entities) {
    if (entity.attributes.find("stack.logical_id") != nullptr) boundary.admit(entity.id);
  }
}

/// A target group and the service behind it are one and the same to a client.
int steps_of(const telemetry::Relation& relation) {
  if (relation.kind == RelationKind::kDeployedBy) return kStackSteps;
  const bool one =
      relation.kind == RelationKind::kRoutesTo && relation.from.find(":targetgroup/") != std::string::npos;
  return one ? 0 : 1;
}

}  // namespace

base::Result<Json> body_of(const Answer& answer) {
  if (answer.answered)
    return base::parse_json(std::string_view(answer.text).substr(answer.text.find('\n') + 1));
  telemetry::TelemetryBatch batch;
  decode_one(answer, 0, batch);
  const auto& notices = batch.notices;
  return base::external_error(base::ErrorCode::kUnavailable,
                              notices.empty() ? answer.command + " gave no answer" : notices.front().message);
}

std::map<std::string, int> distances_from(const std::string& origin, const telemetry::TelemetryBatch& batch,
                                          int farthest) {
  std::map<std::string, int> distances{{origin, 0}};
  std::deque<std::string> open{origin};
  std::multimap<std::string, std::pair<std::string, int>> edges;
  for (const auto& relation : batch.relations) {
    const int steps = steps_of(relation);
    edges.emplace(relation.from, std::pair(relation.to, steps));
    edges.emplace(relation.to, std::pair(relation.from, steps));
  }
  while (!open.empty()) {
    const std::string at = std::move(open.front());
    open.pop_front();
    const int here = distances[at];
    const auto [first, last] = edges.equal_range(at);
    for (auto edge = first; edge != last; ++edge) {
      const auto& [to, steps] = edge->second;
      const auto known = distances.find(to);
      if (here + steps > farthest || (known != distances.end() && known->second <= here + steps)) continue;
      distances[to] = here + steps;
      if (steps == 0) {
        open.push_front(to);
      } else {
        open.push_back(to);
      }
    }
  }
  return distances;
}

std::span<const Answer> Inquiry::ask(std::vector<Question> questions) {
  const std::size_t before = answers_.size();
  for (Question& question : questions) {
    asked_.insert(key_of(question));
    if (question.request.account.empty()) question.request.account = account_;
  }
  ++rounds_;
  for (Answer& answer : asker_.ask(std::move(questions))) {
    if (listener_) listener_({rounds_, asker_.calls(), &answer});
    answers_.push_back(std::move(answer));
  }
  const std::size_t after = answers_.size();
  for (std::size_t i = before; i < after; ++i) {
    // Copies: keeping one more answer moves those that are there.
    const auto [question, fault, detail] =
        std::tuple(answers_[i].question, answers_[i].code_fault, answers_[i].code_detail);
    if (!fault.empty()) leave_out(question, fault, detail);
  }
  return std::span(answers_).subspan(before, after - before);
}

base::Result<Json> Inquiry::ask_now(Question question) {
  std::vector<Question> one;
  one.push_back(std::move(question));
  return body_of(ask(std::move(one)).front());
}

void Inquiry::ask_again(const std::vector<std::size_t>& numbers) {
  std::vector<Question> questions;
  for (const std::size_t number : numbers) questions.push_back(answers_[number].question);
  auto again = asker_.ask(std::move(questions));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (listener_) listener_({rounds_, asker_.calls(), &again[i]});
    if (again[i].answered) answers_[numbers[i]] = std::move(again[i]);
  }
  decoded_ = {};  // what was said before is not what holds now
  decoded_answers_ = 0;
}

void Inquiry::ask_instead(std::vector<std::pair<std::size_t, Question>> questions) {
  std::vector<Question> wanted;
  wanted.reserve(questions.size());
  for (auto& [number, question] : questions) {
    asked_.insert(key_of(question));
    wanted.push_back(std::move(question));
  }
  auto answers = asker_.ask(std::move(wanted));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (listener_) listener_({rounds_, asker_.calls(), &answers[i]});
    answers_[questions[i].first] = std::move(answers[i]);
  }
  decoded_ = {};  // what was said before is not what holds now
  decoded_answers_ = 0;
}

void Inquiry::leave_out(const Question& question, std::string_view code, std::string_view why) {
  answers_.push_back(unanswered(question, code, why));
}

std::string Inquiry::key_of(const Question& question) const {
  const std::string& account = question.request.account;
  // One account is asked the same by its number and by being the only one.
  return (account_.empty() || account.empty() ? account_ : account) + " " + command_text(question.request);
}

telemetry::TelemetryBatch Inquiry::known() {
  for (; decoded_answers_ < answers_.size(); ++decoded_answers_) {
    decode_one(answers_[decoded_answers_], decoded_answers_, decoded_);
    decoded_.metrics.clear();
    decoded_.logs.clear();
    decoded_.spans.clear();
  }
  auto batch = decoded_;
  clients::aws::link_resources(batch);
  return batch;
}

bool Inquiry::was_asked(const Question& question) const {
  return asked_.contains(key_of(question));
}

void list_space(Inquiry& inquiry, const std::string& region, Boundary& boundary) {
  if (!boundary.space().tags.empty()) list_tags(inquiry, region, boundary);
  if (!boundary.space().stacks.empty()) list_stacks(inquiry, region, boundary);
}

}  // namespace midwatch::connectors::aws
