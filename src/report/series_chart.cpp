#include "src/report/series_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace midwatch::report {
namespace {

constexpr double kWidth = 1000;
constexpr double kHeight = 100;
/// Room above and below the line, so that its width is not cut.
constexpr double kMargin = 4;
/// A distance between points this many times the usual one is a hole.
constexpr double kHole = 2.5;
/// So few points are shown one by one.
constexpr std::size_t kFewPoints = 40;
/// A series that never moves is drawn in the middle of this share of its level.
constexpr double kFlatShare = 0.1;

class Drawing {
 public:
  Drawing(const model::Chart& chart, const ChartAxis& axis)
      : chart_(chart), axis_(axis), scale_(chart_scale(chart)) {}

  std::string draw() const {
    std::string svg = fmt::format(
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">", kWidth, kHeight);
    svg += band();
    for (const auto& change : axis_.changes) svg += mark(change, "change");
    if (axis_.alarm) svg += mark(*axis_.alarm, "alarm");
    if (chart_.onset) svg += mark(*chart_.onset, "onset");
    return svg + line() + "</svg>";
  }

 private:
  double x(base::Timestamp time) const {
    const double length = base::to_seconds(axis_.range.length());
    return length <= 0 ? kWidth / 2 : base::to_seconds(time - axis_.range.start) / length * kWidth;
  }
  double y(double value) const {
    return kMargin + (scale_.high - value) / (scale_.high - scale_.low) * (kHeight - 2 * kMargin);
  }

  std::string band() const {
    if (!chart_.baseline_low || !chart_.baseline_high) return {};
    const double top = y(*chart_.baseline_high);
    const double bottom = y(*chart_.baseline_low);
    return fmt::format("<rect class=\"band\" x=\"0\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\"/>", top,
                       kWidth, std::max(2.0, bottom - top));
  }

  std::string mark(base::Timestamp time, const char* kind) const {
    const double at = x(time);
    if (at < 0 || at > kWidth) return {};
    return fmt::format("<line class=\"{0}\" x1=\"{1:.1f}\" x2=\"{1:.1f}\" y1=\"0\" y2=\"{2}\"/>", kind, at,
                       kHeight);
  }

  double usual_distance() const {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < chart_.points.size(); ++i)
      gaps.push_back(base::to_seconds(chart_.points[i].time - chart_.points[i - 1].time));
    if (gaps.empty()) return 0;
    std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
    return gaps[gaps.size() / 2];
  }

  std::string line() const {
    const double usual = usual_distance();
    std::string path;
    std::string dots;
    for (std::size_t i = 0; i < chart_.points.size(); ++i) {
      const auto& p = chart_.points[i];
      const auto far_from = [&](std::size_t a, std::size_t b) {
        return base::to_seconds(chart_.points[b].time - chart_.points[a].time) > kHole * usual;
      };
      const bool starts = i == 0 || far_from(i - 1, i);
      const bool ends = i + 1 == chart_.points.size() || far_from(i, i + 1);
      path += fmt::format("{}{:.1f} {:.1f}", starts ? "M" : "L", x(p.time), y(p.value));
      // A stroke of no length with round ends is a dot: for a point alone, and where few points are measured.
      if ((starts && ends) || chart_.points.size() <= kFewPoints)
        dots += fmt::format("M{0:.1f} {1:.1f}l0.01 0", x(p.time), y(p.value));
    }
    std::string out = fmt::format("<path class=\"series\" d=\"{}\"/>", path);
    if (!dots.empty()) out += fmt::format("<path class=\"series dot\" d=\"{}\"/>", dots);
    return out;
  }

  const model::Chart& chart_;
  const ChartAxis& axis_;
  ChartScale scale_;
};

}  // namespace

ChartAxis chart_axis(const model::InvestigationRecord& record) {
  ChartAxis axis;
  axis.alarm = record.scope.alarm.time;
  bool first = true;
  for (const auto& chart : record.charts) {
    const base::TimeRange range{chart.points.front().time, chart.points.back().time};
    axis.range.start = first ? range.start : std::min(axis.range.start, range.start);
    axis.range.end = first ? range.end : std::max(axis.range.end, range.end);
    first = false;
  }
  for (const auto& entry : record.timeline) {
    if (entry.kind == "change") axis.changes.push_back(entry.time);
  }
  return axis;
}

ChartScale chart_scale(const model::Chart& chart) {
  ChartScale scale{chart.points.front().value, chart.points.front().value};
  for (const auto& p : chart.points) {
    scale.low = std::min(scale.low, p.value);
    scale.high = std::max(scale.high, p.value);
  }
  if (chart.baseline_low) scale.low = std::min(scale.low, *chart.baseline_low);
  if (chart.baseline_high) scale.high = std::max(scale.high, *chart.baseline_high);
  // Most quantities begin at zero; a scale that shows it does not exaggerate.
  if (scale.low > 0 && scale.low < scale.high / 2) scale.low = 0;
  if (scale.high - scale.low <= 1e-12 * std::abs(scale.high)) {
    const double half = std::max(std::abs(scale.high) * kFlatShare, 0.5);
    scale = {scale.low - half, scale.high + half};
  }
  return scale;
}

std::string series_chart(const model::Chart& chart, const ChartAxis& axis) {
  return chart.points.empty() ? std::string() : Drawing(chart, axis).draw();
}

}  // namespace midwatch::report
