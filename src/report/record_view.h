#pragma once

#include <string>
#include <vector>

#include "src/model/investigation_record.h"

namespace midwatch::report {

/// A record in one language, with the small texts that every face of a report shows. All of them are plain
/// text; who makes markup escapes it.
class RecordView {
 public:
  RecordView(const model::InvestigationRecord& record, model::Language language)
      : record_(record), language_(language) {}

  const model::InvestigationRecord& record() const { return record_; }
  model::Language language() const { return language_; }
  const std::string& operator()(const model::Text& text) const { return text.in(language_); }
  /// The one of two texts that belongs to the language.
  std::string say(std::string english, std::string japanese) const {
    return language_ == model::Language::kJapanese ? std::move(japanese) : std::move(english);
  }

  const model::StatedObservation* find(const std::string& id) const;
  std::string statement(const std::string& observation) const;
  /// The ids of the evidence of an observation.
  std::vector<std::string> evidence(const std::string& observation) const;

  /// What people call an entity.
  std::string name(const std::string& entity) const;
  /// The name and the kind: "orders (ECS Service)"; the name alone where the kind is unknown or is the name.
  std::string label(const std::string& entity) const;
  /// A link of a chain in one line: who, and what happened; a sentence that names the entity stands alone.
  std::string link(const model::ChainLink& link) const;
  /// Of some observations those that tell of a record no earlier one told of, at most so many.
  std::vector<std::string> distinct(const std::vector<std::string>& observations, std::size_t most) const;
  static std::string percent(double probability);
  /// That so many more are in the JSON report.
  std::string more(std::size_t count) const;

  /// A section's heading, with the cause that it is about where there are several.
  std::string heading_of(const model::Text& section, const model::RootCause& cause) const;

  std::string outcome() const;
  std::string alarm() const;
  std::string where(const model::RootCause& cause) const;
  /// When it began, and how long before the alarm.
  std::string since(const model::RootCause& cause) const;
  std::string impact() const;
  /// The probability, and that of the next best entity where it is worth a word.
  std::string sureness(const model::RootCause& cause) const;
  /// Which records were looked at, and how many.
  std::string looked_at() const;
  std::string question(const model::NextQuestion& question) const;
  /// What of a gap a person has to know: what, where, when.
  std::string gap(const model::Gap& gap) const;
  /// Who told it what, and how it was understood.
  std::string directive(const model::Directive& directive) const;
  /// A time to the second, for tables.
  static std::string when(base::Timestamp time);
  /// The hypotheses that are worth showing: the first few, what is not quite improbable, and behind them
  /// what people ruled out.
  std::vector<const model::Hypothesis*> shown_hypotheses(std::size_t most) const;
  /// Where the record of a piece of evidence stands.
  std::string place(const model::Evidence& evidence) const;

 private:
  const model::InvestigationRecord& record_;
  model::Language language_;
};

}  // namespace midwatch::report
