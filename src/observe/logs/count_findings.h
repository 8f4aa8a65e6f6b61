#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/model/observation.h"
#include "src/model/record_evidence.h"
#include "src/observe/logs/line_counts.h"
#include "src/observe/signs/signature_matcher.h"

namespace midwatch::observe::logs {

/// What the counts of the two episodes have to be compared by.
struct Comparison {
  bool has_baseline = false;
  /// False where the baseline is only the time before the alarm: a fault may have begun in it.
  bool trusted_baseline = false;
  double scale = 1;  ///< how many lines of the incident one line of the baseline stands for
  std::optional<base::TimeRange> window;  ///< of the incident, where both episodes are in the same files
  model::SourceName source_name;
};

/// The signs of one entity by type; of two of one type, the stronger is kept.
using Signs = std::map<std::string, model::Observation, std::less<>>;
void keep_stronger(Signs& signs, model::Observation sign);

/// Compares how often an entity wrote lines of each template with the baseline: `log.error.new`,
/// `log.pattern.gone`, …, exceptions, and the signatures of the knowledge in what is new or more frequent.
class CountFindings {
 public:
  CountFindings(const signs::SignatureMatcher& matcher, const templates::Templates& templates,
                Comparison comparison)
      : matcher_(matcher), templates_(templates), comparison_(std::move(comparison)) {}

  /// Shape: at most kPerType of each type, the surest first; signs go to `signs`.
  std::vector<model::Observation> tell(const std::string& entity,
                                       const std::map<templates::ClusterId, LineCounts>& counts,
                                       Signs& signs) const;

  static constexpr std::size_t kPerType = 12;

 private:
  /// True where lines of another template, which still come, hold all the words of this one.
  bool is_part_of_another(templates::ClusterId cluster,
                          const std::map<templates::ClusterId, LineCounts>& counts) const;
  model::Observation compare(const LineCounts& c, double load) const;
  void complete(model::Observation& o, const LineCounts& c, templates::ClusterId cluster) const;
  void add_signs(const model::Observation& o, const LineCounts& c, const std::string& text,
                 Signs& signs) const;

  const signs::SignatureMatcher& matcher_;
  const templates::Templates& templates_;
  Comparison comparison_;
};

}  // namespace midwatch::observe::logs
