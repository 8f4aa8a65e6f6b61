#include "src/observe/events/provider_incidents.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include <re2/re2.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/events/detections.h"

namespace midwatch::observe::events {
namespace {

using model::Observation;
using telemetry::PlatformEvent;

/// Named by the trouble itself.
constexpr double kNamed = 0.95;
/// Known, but nothing that was seen names it.
constexpr double kUnnamed = 0.2;
/// What began long before the trouble is hardly its cause.
constexpr double kOld = 0.5;
constexpr base::Duration kOldSpan = std::chrono::hours(6);
/// Status pages tell of incidents after they began.
constexpr base::Duration kTellingDelay = std::chrono::minutes(45);
constexpr std::size_t kTextBytes = 300;
constexpr double kLeastTrouble = 0.3;

enum class Status { kOther, kTrouble, kOver };

Status status_of(const PlatformEvent& event) {
  static const RE2 kOverWords(
      R"re((?i)operating[ _-]?normally|\boperational\b|resolved|recovered|no (?:known )?issues|all systems|\bok\b|healthy|completed|closed)re");
  static const RE2 kTroubleWords(
      R"re((?i)degrad|outage|disrupt|impair|incident|investigating|identified|monitoring|partial|major|critical|increased (?:error|latenc)|elevated|unavailable|\bdown\b|issue)re");
  const std::string said = event.type + ' ' + event.reason;
  // The status decides; only where it says nothing, the message does.
  for (const std::string* text : {&said, &event.message}) {
    if (RE2::PartialMatch(*text, kOverWords)) return Status::kOver;
    if (RE2::PartialMatch(*text, kTroubleWords)) return Status::kTrouble;
  }
  return Status::kOther;
}

/// The words that name a service and no other: "s3" of "Amazon Simple Storage Service (S3)".
std::set<std::string> naming_words(const std::string& name) {
  static constexpr std::array<std::string_view, 34> kGeneric{
      "amazon",  "aws",     "azure",  "google",   "cloud",  "service",   "services", "simple", "elastic",
      "managed", "api",     "apis",   "platform", "inc",    "microsoft", "web",      "the",    "and",
      "for",     "of",      "status", "region",   "us",     "eu",        "east",     "west",   "global",
      "public",  "private", "data",   "online",   "hosted", "system",    "systems"};
  const std::size_t open = name.find('(');
  const std::size_t close = name.find(')', open == std::string::npos ? 0 : open);
  std::set<std::string> words;
  const auto take = [&](std::string_view text) {
    for (auto& word : knowledge::name_words(text)) {
      const bool number =
          std::all_of(word.begin(), word.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
      if (word.size() < 2 || number || std::find(kGeneric.begin(), kGeneric.end(), word) != kGeneric.end())
        continue;
      words.insert(std::move(word));
    }
  };
  // An abbreviation in parentheses is what programs write.
  if (open != std::string::npos && close != std::string::npos)
    take(std::string_view(name).substr(open + 1, close - open - 1));
  if (words.empty()) take(name);
  // "DynamoDB" is split at its capitals; programs write it whole.
  std::string_view rest = name;
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of(" ()/-,");
    std::string word = base::to_lower(rest.substr(0, end));
    if (word.size() >= 3 && std::find(kGeneric.begin(), kGeneric.end(), word) == kGeneric.end() &&
        open == std::string::npos)
      words.insert(std::move(word));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return words;
}

std::set<std::string> regions_in(const std::string& text) {
  static const RE2 kRegion(
      R"re(\b((?:us|eu|ap|sa|ca|af|me|il|mx|cn)-(?:gov-)?(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-?\d|(?:us|europe|asia|australia|northamerica|southamerica)-(?:east|west|central|south|north|northeast|southeast|southwest)\d|(?:east|west|central|north|south)(?:us|europe|asia)\d?)\b)re");
  std::set<std::string> regions;
  re2::StringPiece rest(text);
  std::string region;
  while (RE2::FindAndConsume(&rest, kRegion, &region)) regions.insert(region);
  return regions;
}

/// The words of a name in one, as host names have them: "lumenmodels" of "Lumen Models API" beside
/// api.lumenmodels.example. Nothing where that is too short to be telling.
std::string joined_name(const std::string& name, const std::set<std::string>& words) {
  constexpr std::size_t kShortest = 6;
  std::string joined;
  for (const std::string& word : knowledge::name_words(name)) {
    if (words.contains(word)) joined += word;
  }
  return joined.size() < kShortest ? std::string() : joined;
}

/// What an entity's trouble says, by entity.
struct Trouble {
  std::string text;  // lower case
  std::set<std::string> words;
  std::set<std::string> regions;
  std::optional<base::Timestamp> onset;
};

bool is_trouble(const Observation& o) {
  static constexpr std::array<std::string_view, 9> kTypes{
      "log.error.",      "log.exception.",   "log.warning.",      "log.passed_on",    "trace.",
      "log.pattern.new", "metric.errors.up", "metric.latency.up", "metric.throttles."};
  return o.strength >= kLeastTrouble &&
         std::any_of(kTypes.begin(), kTypes.end(), [&](std::string_view t) { return o.type.starts_with(t); });
}

std::map<std::string, Trouble> troubles_of(const std::vector<Observation>& observations) {
  std::map<std::string, Trouble> troubles;
  for (const Observation& o : observations) {
    if (!is_trouble(o) || o.entity.empty()) continue;
    Trouble& trouble = troubles[o.entity];
    trouble.text += ' ' + base::to_lower(o.subject);
    for (const char* fact : {"sample", "message", "operation"}) {
      if (const auto at = o.facts.find(fact); at != o.facts.end())
        trouble.text += ' ' + base::to_lower(at->second);
    }
    if (o.onset && (!trouble.onset || *o.onset < *trouble.onset)) trouble.onset = o.onset;
  }
  for (auto& [entity, trouble] : troubles) {
    for (auto& word : knowledge::name_words(trouble.text)) trouble.words.insert(std::move(word));
    trouble.regions = regions_in(trouble.text);
  }
  return troubles;
}

class Reader {
 public:
  Reader(const std::vector<Observation>& observations, const telemetry::IncidentScope& scope,
         const model::SourceName& source_name)
      : troubles_(troubles_of(observations)), scope_(scope), source_name_(source_name) {}

  void read(const PlatformEvent& event) {
    const Status status = status_of(event);
    if (status == Status::kOther || event.time >= scope_.window.end) return;
    const std::set<std::string> words = naming_words(event.entity);
    const std::string joined = joined_name(event.entity, words);
    std::set<std::string> regions = regions_in(base::to_lower(event.message + ' ' + event.entity));
    if (const std::string* region = event.attributes.find("region"); region != nullptr)
      regions = {base::to_lower(*region)};
    bool named = false;
    for (const auto& [entity, trouble] : troubles_) {
      if (!names(trouble, words, joined) || elsewhere(trouble, regions)) continue;
      if (status == Status::kOver && (!trouble.onset || event.time <= *trouble.onset)) continue;
      named = true;
      tell(event, entity, status, regions, kNamed * age(event, trouble));
    }
    if (!named && status == Status::kTrouble) tell(event, event.entity, status, regions, kUnnamed);
  }

  std::vector<Observation> take() { return std::move(out_); }

 private:
  static bool names(const Trouble& trouble, const std::set<std::string>& words, const std::string& joined) {
    if (!joined.empty() && trouble.text.find(joined) != std::string::npos) return true;
    return std::any_of(words.begin(), words.end(), [&](const auto& w) { return trouble.words.contains(w); });
  }

  static bool elsewhere(const Trouble& trouble, const std::set<std::string>& regions) {
    if (regions.empty() || trouble.regions.empty()) return false;
    return std::none_of(regions.begin(), regions.end(),
                        [&](const auto& r) { return trouble.regions.contains(r); });
  }

  static double age(const PlatformEvent& event, const Trouble& trouble) {
    if (!trouble.onset) return 1;
    if (event.time > *trouble.onset + kTellingDelay) return kOld;
    return *trouble.onset - event.time > kOldSpan ? kOld : 1;
  }

  void tell(const PlatformEvent& event, const std::string& entity, Status status,
            const std::set<std::string>& regions, double strength) {
    static const RE2 kWide(
        R"re((?i)availability zone|\bzones?\b|region-wide|multiple services|power|cooling|network connectivity|data ?cent(?:er|re)|backbone|all services)re");
    Observation o;
    o.entity = entity;
    o.type = status == Status::kTrouble ? "event.provider_incident" : "event.recovered";
    o.subject = printable(event.entity);
    o.strength = strength;
    o.onset = event.time;
    o.facts["provider"] = printable(event.entity);
    o.facts["status"] = printable(event.type.empty() ? event.reason : event.type);
    o.facts["message"] = printable(event.message);
    o.facts["impairment"] = RE2::PartialMatch(event.message, kWide) ? "region" : "service";
    if (!regions.empty()) o.facts["region"] = *regions.begin();
    o.evidence.push_back(model::record_evidence(event, source_name_));
    out_.push_back(std::move(o));
  }

  static std::string printable(const std::string& text) {
    return base::printable(base::redact(text), kTextBytes);
  }

  std::map<std::string, Trouble> troubles_;
  const telemetry::IncidentScope& scope_;
  const model::SourceName& source_name_;
  std::vector<Observation> out_;
};

}  // namespace

bool is_provider_event(const PlatformEvent& event) {
  if (is_detection(event)) return false;
  const std::vector<std::string> words = knowledge::name_words(event.source);
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return has("status") || has("statuspage") || has("provider") ||
         (has("health") &&
          (has("dashboard") || has("aws") || has("service") || has("azure") || has("cloud")));
}

std::vector<Observation> observe_provider_incidents(const std::vector<PlatformEvent>& events,
                                                    const std::vector<Observation>& observations,
                                                    const telemetry::IncidentScope& scope,
                                                    const model::SourceName& source_name) {
  const bool any = std::any_of(events.begin(), events.end(), is_provider_event);
  if (!any) return {};
  Reader reader(observations, scope, source_name);
  for (const PlatformEvent& event : events) {
    if (is_provider_event(event)) reader.read(event);
  }
  return reader.take();
}

}  // namespace midwatch::observe::events
