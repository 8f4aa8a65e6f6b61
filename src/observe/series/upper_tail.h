#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace midwatch::observe::series {

/// The upper tail of all values that a statistic has had, in bounded memory.
///
/// Keeps the largest values ever seen. Their excesses over the smallest of them in use follow a generalized
/// Pareto distribution, whatever the values are distributed like; it is fitted by the method of moments. As
/// the fit rests on few excesses, its tail is never lighter than that of the predictive distribution of an
/// exponential with as many observations. What once was extreme is never forgotten, but it becomes ordinary
/// once it has occurred as often as values are kept.
///
/// Source: Pickands 1975 (peaks over a threshold); Hosking and Wallis 1987 (moments); Siffer et al., Anomaly
///         Detection in Streams with Extreme Value Theory, KDD 2017 (streaming use).
/// Threads: one at a time.
class UpperTail {
 public:
  /// How surprising a value is after those added: −log10 of the probability of one at least as large; 0
  /// inside the body of the distribution and while there are too few values to know a tail. Shape: 0 …
  /// kMostSurprise. Requires: a finite value.
  double surprise(double value) const;

  /// Learns a value. Requires: a finite value.
  void add(double value);

  static constexpr double kMostSurprise = 300;

 private:
  static constexpr std::size_t kKept = 32;

  void fit();
  std::size_t excesses() const;

  std::array<double, kKept> largest_{};  ///< descending
  std::size_t kept_ = 0;
  std::uint64_t seen_ = 0;
  std::size_t fitted_ = 0;  ///< excesses behind the fit; 0: no fit yet
  double threshold_ = 0;
  double scale_ = 0;
  double shape_ = 0;
};

}  // namespace midwatch::observe::series
