#pragma once

namespace midwatch::diagnose {

/// The numbers of the engine that come from calibration on the development incidents rather than from
/// knowledge. How each was found, how flat the optimum is, and the leave-one-set-out results are in
/// docs/calibration.md.
struct Calibration {
  /// What knowledge says of how often a sign is seen without the mode weighs as much as this many other
  /// suspects of the incident.
  double knowledge_pseudo_count = 10.0;
  /// An observation that a mode does not speak of is this much likelier at the entity at fault than
  /// elsewhere.
  double involvement = 1.15;
  /// Share of what propagates that is counted when asking whether a fault below explains a sign.
  double downstream_share = 0.4;
  /// Passes that let the suspects' probabilities decide how much a fault below explains.
  int propagation_passes = 1;
  /// Exponent that flattens the probabilities between passes; evidence of one fault is correlated.
  double propagation_temper = 1.0;
  /// Weight of slow and failing spans as such: they see what metrics of latency and errors see, once more.
  double trace_weight = 0.3;
  /// Exponent that turns summed log likelihood ratios into calibrated probabilities.
  double probability_temper = 0.9;
  /// Log odds of "something that is not among the hypotheses".
  double unknown_log_odds = -2.0;
  /// Its least share: of causes that looked certain, so many were none of the hypotheses.
  double unknown_share = 0.08;
  /// The first thing out of the ordinary at the entity at fault comes after the alarm this often; elsewhere
  /// this often.
  double late_cause = 0.03;
  double late_other = 0.2;
  /// An alarm is seen at the entity at fault or at one that depends on it, else by chance.
  double alarm_above = 0.9;
  double alarm_elsewhere = 0.05;
  double alarm_unknown = 0.2;  ///< where nobody knows what the alarm's entity depends on
  /// What the alarm measures is out of the ordinary at the entity at fault as well, where it is measured
  /// there.
  double alarm_carried = 0.75;
};

}  // namespace midwatch::diagnose
