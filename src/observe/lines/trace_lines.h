#pragma once

#include <string_view>

namespace midwatch::observe::lines {

/// Says which of the lines of one stream belong to the record before them because they go on with a stack
/// trace: logging drivers that know no multi-line records (awslogs, container runtimes) hand out a trace line
/// by line.
///
/// Known: Java, .NET, Node, Python with chained exceptions, Go with its goroutines, Ruby, PHP, Rust, gdb and
/// AddressSanitizer. An ordinary line ends what is open.
/// Threads: one thread.
class TraceLines {
 public:
  /// True where `line` goes on with the record before it.
  bool continues(std::string_view line);

 private:
  enum class Open : unsigned char { kNothing, kRecord, kFrames, kPython, kPythonEnd, kGo, kNative };

  bool continues_python(std::string_view line);
  void begin(std::string_view line);

  Open open_ = Open::kNothing;
};

}  // namespace midwatch::observe::lines
