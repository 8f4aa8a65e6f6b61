#pragma once

#include <cstdint>
#include <map>

namespace midwatch::observe::traces {

/// A distribution of durations in logarithmic bins of 2 %: bounded memory, exact counts, quantiles within 1
/// %. Source: DDSketch (Masson, Rim, Lee, VLDB 2019), with a fixed floor. Units: seconds.
class LogHistogram {
 public:
  void add(double seconds);

  double count() const { return count_; }
  double sum() const { return sum_; }
  double mean() const { return count_ > 0 ? sum_ / count_ : 0; }
  /// The value below which the share `q` lies; 0 where there is nothing.
  double quantile(double q) const;
  /// The mean of the logarithms; 0 where there is nothing.
  double mean_log() const;

  /// The probability that a value of `other` exceeds one of this (ties count half), and its z-score under the
  /// hypothesis that both are the same. Source: Mann and Whitney 1947, normal approximation with tie
  /// correction.
  struct Comparison {
    double probability = 0.5;
    double z = 0;
  };
  Comparison compare(const LogHistogram& other) const;

  /// Adds the values of `other`, each counting `weight`.
  void merge(const LogHistogram& other, double weight = 1.0);

 private:
  std::map<std::int16_t, double> bins_;
  double count_ = 0;
  double sum_ = 0;
};

}  // namespace midwatch::observe::traces
