#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/telemetry/span.h"

namespace midwatch::observe::traces {

/// Gives each distinct text a small number, in the order of first sight.
class TextIndex {
 public:
  std::uint32_t of(std::string_view text);
  const std::string& text(std::uint32_t number) const { return texts_[number]; }
  std::size_t size() const { return texts_.size(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view t) const { return std::hash<std::string_view>{}(t); }
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::deque<std::string> texts_;
};

/// A span of a trace that is being put together, without its texts.
struct OpenSpan {
  std::uint64_t trace = 0;   ///< hash of trace_id
  std::uint64_t id = 0;      ///< hash of span_id
  std::uint64_t parent = 0;  ///< hash of parent_span_id; 0 for a root
  std::uint32_t entity = 0;
  std::uint32_t operation = 0;
  double start = 0;     ///< seconds since the first span seen
  double duration = 0;  ///< seconds
  bool error = false;
  bool baseline = false;
  base::Timestamp began;  ///< as recorded
  base::Duration lasted{};
  telemetry::RecordRef ref;
};

/// Collects the spans of each trace and hands out the trace when it is complete: at the end, or when too much
/// is open.
class TraceAssembly {
 public:
  using Complete = std::function<void(std::vector<OpenSpan>&)>;

  TraceAssembly(std::size_t max_open_spans, Complete complete)
      : max_open_(max_open_spans), complete_(std::move(complete)) {}

  void add(const OpenSpan& span);
  /// Hands out all that is open, in the order in which the traces began.
  void flush();

 private:
  void hand_out_oldest();

  std::size_t max_open_;
  Complete complete_;
  std::unordered_map<std::uint64_t, std::vector<OpenSpan>> open_;  // hash of trace id → spans
  std::deque<std::uint64_t> order_;
  std::size_t spans_ = 0;
};

/// Hash of an identifier; never 0 for a text that is not empty.
std::uint64_t id_hash(std::string_view id);

}  // namespace midwatch::observe::traces
