#include "src/observe/traces/trace_assembly.h"

#include <xxhash.h>

namespace midwatch::observe::traces {

std::uint32_t TextIndex::of(std::string_view text) {
  if (const auto at = numbers_.find(text); at != numbers_.end()) return at->second;
  const auto number = static_cast<std::uint32_t>(texts_.size());
  texts_.emplace_back(text);
  numbers_.emplace(std::string(text), number);
  return number;
}

std::uint64_t id_hash(std::string_view id) {
  if (id.empty()) return 0;
  const std::uint64_t hash = XXH3_64bits(id.data(), id.size());
  return hash == 0 ? 1 : hash;
}

void TraceAssembly::add(const OpenSpan& span) {
  auto [at, is_new] = open_.try_emplace(span.trace);
  if (is_new) order_.push_back(span.trace);
  at->second.push_back(span);
  if (++spans_ > max_open_) hand_out_oldest();
}

void TraceAssembly::hand_out_oldest() {
  const std::uint64_t trace = order_.front();
  order_.pop_front();
  const auto at = open_.find(trace);
  spans_ -= at->second.size();
  complete_(at->second);
  open_.erase(at);
}

void TraceAssembly::flush() {
  while (!order_.empty()) hand_out_oldest();
}

}  // namespace midwatch::observe::traces
