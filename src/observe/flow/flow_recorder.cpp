#include "src/observe/flow/flow_recorder.h"

#include <algorithm>
#include <tuple>

namespace midwatch::observe::flow {
namespace {

/// Bits of a trace's number that tell requests apart even where the caller's numbers are not hashes.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33U;
  return x;
}

}  // namespace

bool FlowRecorder::keeps(std::uint64_t trace) const {
  return (mix(trace) & mask_) == 0;
}

void FlowRecorder::thin_out() {
  while (steps_.size() >= kMaxSteps) {
    mask_ = mask_ * 2 + 1;
    std::erase_if(steps_, [this](const Step& s) { return !keeps(s.trace); });
    if (mask_ == UINT64_MAX) return;  // one endless request is left
  }
}

void FlowRecorder::add(const Step& step) {
  if (!keeps(step.trace)) return;
  if (steps_.size() >= kMaxSteps) {
    thin_out();
    if (!keeps(step.trace) || steps_.size() >= kMaxSteps) return;
  }
  steps_.push_back(step);
}

std::vector<Step> FlowRecorder::take() {
  std::stable_sort(steps_.begin(), steps_.end(), [](const Step& a, const Step& b) {
    return std::tie(a.trace, a.entity, a.span, a.time) < std::tie(b.trace, b.entity, b.span, b.time);
  });
  return std::move(steps_);
}

}  // namespace midwatch::observe::flow
