#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "src/connectors/bundle/line_reader.h"
#include "src/connectors/bundle/read_problems.h"
#include "src/connectors/connector.h"

namespace midwatch::connectors::bundle {

/// Streams logs.ndjson and traces.ndjson: one JSON object a line, parsed on demand, no line kept.
///
/// Every line is checked to be JSON, also where nobody reads it. Names of entities and instances come clean
/// (name_table.h), and no more than NameTable::kMaxNames different ones of each. Threads: one reader a
/// thread.
class StreamReader {
 public:
  StreamReader();
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  /// Beyond so many pairs of entity and span name, further spans are called kOtherOperations. Services have
  /// tens of operations; thousands are names with identifiers in them.
  static constexpr std::size_t kMaxOperations = 50'000;
  static constexpr std::string_view kOtherOperations = "(other operations)";

  /// A log record needs an entity and a body (a body that is no text is given as its JSON); the timestamp may
  /// be null. Returns the number of lines that held something.
  base::Result<std::uint64_t> read_logs(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                        const LogVisitor& visit);
  /// A span needs trace_id, span_id, entity, start and duration_ms.
  base::Result<std::uint64_t> read_spans(LineReader& lines, std::uint32_t source, ReadProblems& problems,
                                         const SpanVisitor& visit);

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace midwatch::connectors::bundle
