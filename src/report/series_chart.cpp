#include "src/report/series_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "src/base/quantity.h"

namespace midwatch::report {
namespace {

constexpr double kWidth = 320;
constexpr double kHeight = 130;
constexpr double kLeft = 8;
constexpr double kTop = 16;
constexpr double kBottom = 18;
/// A distance between points this many times the usual one is a hole.
constexpr double kHole = 2.5;

class Chart {
 public:
  explicit Chart(const model::Chart& chart) : c_(chart) {
    from_ = base::to_seconds(c_.points.front().time);
    to_ = std::max(from_ + 1, base::to_seconds(c_.points.back().time));
    low_ = c_.baseline_low.value_or(c_.points.front().value);
    high_ = c_.baseline_high.value_or(low_);
    for (const auto& p : c_.points) {
      low_ = std::min(low_, p.value);
      high_ = std::max(high_, p.value);
    }
    if (high_ <= low_) high_ = low_ + std::max(1e-9, std::abs(low_) * 0.1);
  }

  double x(base::Timestamp time) const {
    return kLeft + (base::to_seconds(time) - from_) / (to_ - from_) * (kWidth - 2 * kLeft);
  }
  double y(double value) const {
    return kTop + (high_ - value) / (high_ - low_) * (kHeight - kTop - kBottom);
  }

  std::string line() const {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < c_.points.size(); ++i)
      gaps.push_back(base::to_seconds(c_.points[i].time - c_.points[i - 1].time));
    std::sort(gaps.begin(), gaps.end());
    const double usual = gaps.empty() ? 0 : gaps[gaps.size() / 2];
    std::string path;
    for (std::size_t i = 0; i < c_.points.size(); ++i) {
      const bool starts =
          i == 0 || base::to_seconds(c_.points[i].time - c_.points[i - 1].time) > kHole * usual;
      path += fmt::format("{}{:.1f} {:.1f}", starts ? "M" : "L", x(c_.points[i].time), y(c_.points[i].value));
    }
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"1.6\"/>", path);
  }

  std::string mark(base::Timestamp time, const char* colour, const char* dash) const {
    const double at = x(time);
    if (at < 0 || at > kWidth) return {};
    return fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"{3}\" stroke-dasharray=\"{4}\"/>",
        at, kTop, kHeight - kBottom, colour, dash);
  }

  std::string labels() const {
    const std::string first = base::format_rfc3339(c_.points.front().time).substr(11, 5);
    const std::string last = base::format_rfc3339(c_.points.back().time).substr(11, 5);
    return fmt::format(
        "<text x=\"{0}\" y=\"11\">{1}</text><text x=\"{0}\" y=\"{2}\">{3} — {4} UTC</text><text x=\"{5}\" "
        "y=\"{2}\" "
        "text-anchor=\"end\">{6}</text>",
        kLeft, base::format_number(high_), kHeight - 4, first, last, kWidth - kLeft,
        base::format_number(low_));
  }

  std::string ordinary() const {
    if (!c_.baseline_low) return {};
    const double top = y(*c_.baseline_high);
    return fmt::format("<rect x=\"{}\" y=\"{:.1f}\" width=\"{}\" height=\"{:.1f}\" fill=\"var(--band)\"/>",
                       kLeft, top - 2, kWidth - 2 * kLeft, std::max(4.0, y(*c_.baseline_low) - top + 4));
  }

 private:
  const model::Chart& c_;
  double from_ = 0;
  double to_ = 0;
  double low_ = 0;
  double high_ = 0;
};

}  // namespace

std::string series_chart(const model::Chart& chart, const std::vector<base::Timestamp>& changes,
                         const std::optional<base::Timestamp>& alarm) {
  if (chart.points.empty()) return {};
  const Chart c(chart);
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\">", kWidth, kHeight);
  svg += c.ordinary();
  for (const auto& change : changes) svg += c.mark(change, "var(--soft)", "2 3");
  if (alarm) svg += c.mark(*alarm, "var(--bad)", "6 3");
  if (chart.onset) svg += c.mark(*chart.onset, "var(--bad)", "1 0");
  svg += c.line() + c.labels() + "</svg>";
  return svg;
}

}  // namespace midwatch::report
