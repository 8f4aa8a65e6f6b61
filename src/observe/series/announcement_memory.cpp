#include "src/observe/series/announcement_memory.h"

#include <algorithm>

namespace midwatch::observe::series {
namespace {

/// A further announcement within the same event has to be more than a tenth larger: less is what the
/// next rows of one event differ by.
constexpr double kMargin = 1.1;
/// Scores below this are nobody's announcement.
constexpr double kLeastAnnounced = 0.15;

}  // namespace

double AnnouncementMemory::bar() const {
  double bar = 0;
  for (const Announced& a : announced_) {
    const double age = static_cast<double>(row_ - a.row) / static_cast<double>(kMemory);
    bar = std::max(bar, kMargin * a.score * (1 - age * age));
  }
  return bar;
}

double AnnouncementMemory::news(double score) {
  ++row_;
  while (!announced_.empty() && row_ - announced_.front().row >= kMemory) announced_.pop_front();
  if (score <= bar()) return 0;
  if (score >= kLeastAnnounced) {
    while (!announced_.empty() && announced_.back().score <= score) announced_.pop_back();
    announced_.push_back({row_, score});
  }
  return score;
}

}  // namespace midwatch::observe::series
