#include "src/observe/series/seasonal_level.h"

#include <array>

#include "src/observe/series/robust.h"

namespace midwatch::observe::series {

SeasonalLevel::SeasonalLevel(Shape shape)
    : shape_(shape), slots_(static_cast<std::size_t>(shape.cycle / shape.slot)) {}

SeasonalLevel::Place SeasonalLevel::place_of(base::Timestamp time) const {
  const auto since_epoch = time.time_since_epoch();
  std::int64_t cycle = since_epoch / shape_.cycle;
  if (since_epoch % shape_.cycle < base::Duration::zero()) --cycle;  // before 1970
  const auto slot = static_cast<std::size_t>((since_epoch - cycle * shape_.cycle) / shape_.slot);
  return {cycle, slot};
}

std::optional<double> SeasonalLevel::ordinary_at(base::Timestamp time) {
  const Place place = place_of(time);
  if (known_at_ != place) {
    if (place != now_) finish_slot();
    known_ = median_around(place.slot);
    known_at_ = place;
  }
  return known_;
}

void SeasonalLevel::add(base::Timestamp time, double value) {
  const Place place = place_of(time);
  if (place != now_) {
    finish_slot();
    now_ = place;
  }
  sum_ += value;
  ++count_;
}

void SeasonalLevel::finish_slot() {
  if (count_ == 0) return;
  Slot& slot = slots_[now_.slot];
  const double mean = sum_ / static_cast<double>(count_);
  if (slot.means.size() < shape_.kept_cycles) {
    slot.means.push_back(mean);
  } else {
    slot.means[slot.next] = mean;
  }
  slot.next = (slot.next + 1) % shape_.kept_cycles;
  sum_ = 0;
  count_ = 0;
}

std::optional<double> SeasonalLevel::median_around(std::size_t slot) const {
  const std::size_t n = slots_.size();
  std::vector<double> means;
  std::size_t cycles = 0;
  for (const std::size_t near : std::array{(slot + n - 1) % n, slot, (slot + 1) % n}) {
    const auto& of = slots_[near].means;
    cycles = std::max(cycles, of.size());
    means.insert(means.end(), of.begin(), of.end());
  }
  if (cycles < shape_.least_cycles) return std::nullopt;
  return median_of(means);
}

}  // namespace midwatch::observe::series
