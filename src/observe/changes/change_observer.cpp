#include "src/observe/changes/change_observer.h"

#include <algorithm>
#include <map>
#include <set>

#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/knowledge/statement.h"
#include "src/observe/changes/change_reach.h"
#include "src/observe/changes/change_reader.h"

namespace midwatch::observe::changes {
namespace {

using model::Observation;
using telemetry::ChangeEvent;
using telemetry::ChangeKind;

constexpr std::size_t kTextBytes = 160;
/// An excerpt holds 400 bytes; marks and escapes need some of them.
constexpr std::size_t kQuoteBytes = 360;
/// Facts beyond this many of one change are a change too large to be read by its parts.
constexpr std::size_t kFactsPerChange = 16;

std::string printable(const std::string& text) {
  return base::printable(base::redact(text), kTextBytes);
}

model::Text printable(const model::Text& text) {
  return {printable(text.en), printable(text.ja)};
}

/// A fact that is a sentence, with its twin (model::fill).
void set(model::Facts& facts, const std::string& name, const model::Text& text) {
  facts[name] = text.en;
  if (text.ja != text.en) facts[name + "_ja"] = text.ja;
}

/// As people quote it: the first ten digits of a hash, all else whole.
std::string short_id(const std::string& id) {
  constexpr std::size_t kHash = 20;
  constexpr std::size_t kShown = 10;
  const bool hash = id.size() >= kHash && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  return printable(hash ? id.substr(0, kShown) : id);
}

/// The name of the call that an audit trail tells of; empty for changes of files.
std::string_view call_of(const ChangeEvent& event) {
  return event.attributes.get("event_name");
}

/// The parameters of a call, and what a platform says of a resource, stand in no file that somebody could
/// mend.
bool stands_in_files(const ChangeEvent& event) {
  return event.attributes.get("described") != "true";
}

/// What people say instead of an audit trail's opaque id: the call, and who made it. All else by its id.
std::string label_of(const ChangeEvent& event, const std::string& id) {
  const std::string call(call_of(event));
  if (call.empty()) return short_id(id);
  return printable(event.actor.empty() ? call : call + " (" + event.actor + ")");
}

/// In one phrase of any language: "pool_size: 40 → 4", "if user == nil { → …", "… → time.Sleep(1)".
std::string what_it_did(const ChangeFact& fact) {
  const bool named = !fact.symbol.empty() && fact.symbol != fact.before && fact.symbol != fact.after;
  const std::string name = named ? fact.symbol + ": " : std::string();
  if (fact.before.empty() && fact.after.empty()) return fact.symbol;
  return name + (fact.before.empty() ? "…" : fact.before) + " → " + (fact.after.empty() ? "…" : fact.after);
}

/// The events of one content.
struct Group {
  std::string id;
  std::vector<const ChangeEvent*> events;

  /// The event that holds the content: with a diff, else the commit, else the first.
  const ChangeEvent& content() const {
    const ChangeEvent* best = events.front();
    for (const ChangeEvent* event : events) {
      if (event->has_diff && !best->has_diff) best = event;
      if (event->has_diff == best->has_diff && event->kind == ChangeKind::kCommit &&
          best->kind != ChangeKind::kCommit)
        best = event;
    }
    return *best;
  }
};

/// Commits and deployments are one by the commit's id; all else stands for itself.
std::vector<Group> group(const std::vector<ChangeEvent>& events) {
  std::map<std::pair<int, std::string>, Group> groups;
  for (const ChangeEvent& event : events) {
    const bool code = event.kind == ChangeKind::kCommit || event.kind == ChangeKind::kDeployment;
    const std::string id = code ? std::string(commit_of(event)) : event.id;
    auto& g = groups[{code ? -1 : static_cast<int>(event.kind), id}];
    g.id = id;
    g.events.push_back(&event);
  }
  std::vector<Group> out;
  for (auto& [key, g] : groups) out.push_back(std::move(g));
  std::stable_sort(out.begin(), out.end(), [](const Group& a, const Group& b) {
    return std::tie(a.content().time, a.id) < std::tie(b.content().time, b.id);
  });
  return out;
}

class Observer {
 public:
  Observer(const std::vector<ChangeEvent>& events, const std::vector<telemetry::Entity>& entities,
           const knowledge::KnowledgeBase& knowledge, const model::SourceName& source_name)
      : knowledge_(knowledge),
        reader_(knowledge.change_rules),
        reach_(events, entities),
        source_name_(source_name) {}

  void observe(const Group& g) {
    const ChangeEvent& content = g.content();
    ReadChange read = reader_.read(content);
    model::ChangeAccount account;
    account.id = g.id;
    account.kind = content.kind;
    account.summary = printable(content.summary);
    account.told = printable(knowledge::sentence_of(content, knowledge_));
    account.time = content.time;
    account.read = read.read;
    account.harmless = to_string(read.harmless);
    account.reaches = reach_.reaches(g.events, read.files);
    if (stands_in_files(content)) {
      for (const auto& file : read.files) account.files.push_back(printable(file));
    }
    account.words = read.words;
    for (const ChangeEvent* event : g.events) tell_deployed(*event, g.id);
    tell_facts(content, read, account);
    out_.accounts.push_back(std::move(account));
  }

  ChangeFindings take() { return std::move(out_); }

 private:
  void tell_deployed(const ChangeEvent& event, const std::string& id) {
    if (event.entity.empty()) return;
    Observation o;
    o.entity = event.entity;
    o.type = "change.deployed";
    o.subject = printable(event.summary.empty() ? event.version : event.summary);
    o.change = id;
    o.onset = event.time;
    o.facts["change"] = label_of(event, id);
    const model::Text told = printable(knowledge::sentence_of(event, knowledge_));
    set(o.facts, "told", told.empty() ? model::Text{o.subject, o.subject} : told);
    set(o.facts, "kind", {std::string(to_string(event.kind)), knowledge::word_of(event.kind, knowledge_).ja});
    o.facts["version"] = printable(event.version);
    o.facts["has_diff"] = event.has_diff ? "true" : "false";
    o.evidence.push_back(model::record_evidence(event, source_name_));
    out_.observations.push_back(std::move(o));
  }

  /// What its content does; of what does nothing, that it does nothing.
  void tell_facts(const ChangeEvent& content, const ReadChange& read, const model::ChangeAccount& account) {
    if (read.harmless != Harmless::kNo) {
      if (read.harmless == Harmless::kUnread) return;
      ChangeFact fact;
      fact.type = "change.harmless";
      fact.symbol = account.harmless;
      fact.file = read.files.empty() ? std::string() : printable(read.files.front());
      fact.strength = 1;
      tell_fact(content, read, fact, account);
      set(out_.observations.back().facts, "why", knowledge_.phrase("innocent_" + account.harmless));
      return;
    }
    std::set<std::pair<std::string, std::string>> told;  // the same in code and configuration is one
    std::size_t count = 0;
    for (const ChangeFact& fact : read.facts) {
      if (count >= kFactsPerChange) break;
      if (!told.emplace(fact.type, fact.before + "\x1f" + fact.after).second) continue;
      tell_fact(content, read, fact, account);
      ++count;
    }
  }

  void tell_fact(const ChangeEvent& content, const ReadChange& read, const ChangeFact& fact,
                 const model::ChangeAccount& account) {
    Observation o;
    o.type = fact.type;
    o.subject = fact.symbol.empty() ? (fact.after.empty() ? fact.before : fact.after) : fact.symbol;
    o.strength = fact.strength;
    o.change = account.id;
    o.onset = account.time;
    if (!account.reaches.empty()) {
      const auto first = std::min_element(
          account.reaches.begin(), account.reaches.end(),
          [](const auto& a, const auto& b) { return std::tie(a.kind, a.since) < std::tie(b.kind, b.since); });
      o.entity = first->entity;
      o.onset = first->since;
    }
    o.facts["change"] = label_of(content, account.id);
    set(o.facts, "summary", account.told);
    o.facts["file"] = fact.file;
    o.facts["symbol"] = fact.symbol;
    o.facts["did"] = base::printable(what_it_did(fact), kTextBytes);
    if (!fact.before.empty()) o.facts["before"] = fact.before;
    if (!fact.after.empty()) o.facts["after"] = fact.after;
    if (!fact.heading.empty()) o.facts["function"] = fact.heading;
    if (!fact.file.empty() && fact.line > 0 && stands_in_files(content))
      o.facts["location"] = fact.file + ":" + std::to_string(fact.line);
    o.evidence.push_back(
        model::record_evidence(content, source_name_, quote(content.diff, read.diff, fact, kQuoteBytes)));
    out_.observations.push_back(std::move(o));
  }

  const knowledge::KnowledgeBase& knowledge_;
  ChangeReader reader_;
  ReachFinder reach_;
  const model::SourceName& source_name_;
  ChangeFindings out_;
};

}  // namespace

ChangeFindings observe_changes(const std::vector<ChangeEvent>& events,
                               const std::vector<telemetry::Entity>& entities,
                               const knowledge::KnowledgeBase& knowledge,
                               const model::SourceName& source_name) {
  if (events.empty()) return {};
  Observer observer(events, entities, knowledge, source_name);
  for (const Group& g : group(events)) observer.observe(g);
  return observer.take();
}

}  // namespace midwatch::observe::changes
