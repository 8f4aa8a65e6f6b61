#include "src/observe/lines/stack_trace.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "src/observe/lines/frame.h"

namespace midwatch::observe::lines {
namespace {

constexpr std::size_t kMaxLines = 200;
constexpr std::size_t kMaxBytes = 32 * 1024;

std::string text_of(const re2::StringPiece& piece) {
  return piece.data() == nullptr ? std::string() : std::string(piece.data(), piece.size());
}

/// One exception of a chain, with its frames.
struct Link {
  std::string exception;
  std::string message;
  std::string location;
  std::string language;
  bool frames = false;
};

/// Lines end with "\n", "\r\n", or "\r" (as a serverless runtime writes them).
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  text = text.substr(0, kMaxBytes);
  while (!text.empty() && lines.size() < kMaxLines) {
    const std::size_t end = text.find_first_of("\r\n");
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
  return lines;
}

/// A type and a message that a line names.
struct Named {
  std::string exception;
  std::string message;
};

/// "com.example.OrderException: no stock", "Uncaught TypeError: x is undefined", anywhere in a line.
std::optional<Named> named_in(std::string_view line) {
  static const RE2 kPattern(
      R"re((?:^|[\s:\]"'>(])((?:[A-Za-z_][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error|Failure|Fault|Timeout|Interrupt|Exit|Denied|Refused|NotFound|Abort|OutOfMemory))(?: \(\d+\)| \[\w+\])?(?::\s*(.*))?$)re",
      RE2::Quiet);
  re2::StringPiece type;
  re2::StringPiece message;
  if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kPattern, &type, &message))
    return std::nullopt;
  return Named{text_of(type), text_of(message)};
}

/// The line that a runtime writes before or behind its frames, whatever the type is called.
std::optional<std::pair<Named, std::string>> headline(std::string_view line) {
  struct Form {
    const char* language;
    const char* pattern;
  };
  static constexpr std::array<Form, 6> kForms{{
      {"go", R"re(^(panic|fatal error): (.*?)(?: \[recovered\])?$)re"},
      {"cpp", R"re(^(?:==\d+==)?\s*ERROR: ((?:Address|Leak|Thread|Memory)Sanitizer: \S+)\s*(.*)$)re"},
      {"cpp", R"re(^terminate called after throwing an instance of '([^']+)'()$)re"},
      {"cpp", R"re(^(?:Program received signal|Program terminated with signal) (SIG\w+), (.*?)\.?$)re"},
      {"php", R"re(PHP (?:Fatal|Parse) error:\s+(?:Uncaught )?([\w\\]+): (.*?)(?: in \S+:\d+)?$)re"},
      {"rust", R"re(^thread '[^']*' (panicked) at '?(.*?)'?:?$)re"},
  }};
  static const auto kPatterns = [] {
    std::vector<std::pair<std::string, std::unique_ptr<RE2>>> patterns;
    for (const Form& f : kForms)
      patterns.emplace_back(f.language, std::make_unique<RE2>(f.pattern, RE2::Quiet));
    return patterns;
  }();
  re2::StringPiece type;
  re2::StringPiece message;
  for (const auto& [language, pattern] : kPatterns) {
    if (RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *pattern, &type, &message))
      return std::pair(Named{text_of(type), text_of(message)}, language);
  }
  return std::nullopt;
}

class TraceReader {
 public:
  std::optional<StackTrace> read(std::string_view text) {
    for (const std::string_view line : lines_of(text)) read_line(line);
    const Link* cause = innermost();
    if (cause == nullptr) return std::nullopt;
    StackTrace trace;
    trace.exception = cause->exception;
    trace.message = cause->message;
    trace.location = cause->location;
    for (const Link& link : links_) {
      if (trace.language.empty()) trace.language = link.language;
      if (trace.location.empty()) trace.location = link.location;
    }
    return trace;
  }

 private:
  Link& link() {
    if (links_.empty()) links_.emplace_back();
    return links_.back();
  }

  void open(Named named, std::string language) {
    // A second exception behind frames is a further link; one before them says more of the same.
    if (links_.empty() || links_.back().frames || !links_.back().exception.empty()) links_.emplace_back();
    links_.back().exception = std::move(named.exception);
    links_.back().message = std::move(named.message);
    if (links_.back().language.empty()) links_.back().language = std::move(language);
  }

  void read_line(std::string_view line) {
    if (line.find("Traceback (most recent call last)") != std::string_view::npos) {
      python_ = true;
      links_.push_back({{}, {}, {}, "python", false});
      return;
    }
    if (python_) {
      read_python(line);
      return;
    }
    const auto frame = read_frame(line);
    // Ruby and PHP name the place and the exception in one line.
    if (!frame || frame->language == "ruby" || frame->language == "php") read_words(line);
    if (frame) add(*frame);
  }

  void add(const Frame& frame) {
    Link& l = link();
    l.frames = true;
    if (l.language.empty()) l.language = frame.language;
    // Python lists the innermost frame last, the others first.
    if (frame.own && (l.location.empty() || frame.language == "python")) l.location = frame.location;
  }

  void read_python(std::string_view line) {
    if (auto frame = read_frame(line)) {
      add(*frame);
      return;
    }
    if (line.empty() || line.front() == ' ' || line.front() == '\t' || !link().frames) return;
    static const RE2 kException(R"re(^([A-Za-z_][\w.]*)(?::\s*(.*))?$)re", RE2::Quiet);
    re2::StringPiece type;
    re2::StringPiece message;
    if (!RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kException, &type, &message)) return;
    link().exception = text_of(type);
    link().message = text_of(message);
    python_ = false;
  }

  void read_words(std::string_view line) {
    if (expects_message_) {
      expects_message_ = false;
      links_.back().message = std::string(line);
      return;
    }
    static const RE2 kRuby(R"re(^\S+\.rb:\d+:in .*?: (.*) \(([A-Z][\w:]*)\)$)re", RE2::Quiet);
    re2::StringPiece message;
    re2::StringPiece type;
    if (RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kRuby, &message, &type)) {
      open({text_of(type), text_of(message)}, "ruby");
      return;
    }
    if (auto named = headline(line)) {
      open(std::move(named->first), std::move(named->second));
      note_rust(line);
      return;
    }
    static const RE2 kWhat(R"re(^\s*what\(\):\s*(.*)$)re", RE2::Quiet);
    re2::StringPiece what;
    if (!links_.empty() && RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kWhat, &what)) {
      links_.back().message = text_of(what);
      links_.back().language = "cpp";
      return;
    }
    const std::size_t inner = line.rfind("---> ");
    const bool chained = line.find("Caused by: ") != std::string_view::npos ||
                         inner != std::string_view::npos || line.find("[cause]: ") != std::string_view::npos;
    if (inner != std::string_view::npos) line.remove_prefix(inner + 5);
    auto named = named_in(line);
    if (!named) named = plain_error(line);
    // The first line names the exception; later ones only where they say that they caused it.
    if (named && (links_.empty() || chained || links_.back().exception.empty())) open(std::move(*named), {});
  }

  /// "Error: no stock", the base type of JavaScript.
  static std::optional<Named> plain_error(std::string_view line) {
    static const RE2 kPattern(R"re(^\s*(?:Uncaught |\[cause\]: )?(Error)(?: \[\w+\])?: (.*)$)re", RE2::Quiet);
    re2::StringPiece type;
    re2::StringPiece message;
    if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kPattern, &type, &message))
      return std::nullopt;
    return Named{text_of(type), text_of(message)};
  }

  /// Rust names the place in its first line: "panicked at src/main.rs:12:5:".
  void note_rust(std::string_view line) {
    static const RE2 kPlace(R"re(panicked at (?:'.*', )?(\S+\.rs:\d+:\d+))re", RE2::Quiet);
    re2::StringPiece place;
    if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kPlace, &place)) return;
    links_.back().location = text_of(place);
    links_.back().language = "rust";
    expects_message_ = line.ends_with(':');
  }

  /// Python's first exception caused the others; elsewhere the last one did.
  const Link* innermost() const {
    const Link* found = nullptr;
    for (const Link& link : links_) {
      if (link.exception.empty() && !link.frames) continue;
      if (found == nullptr || (link.language != "python" && !link.exception.empty())) found = &link;
    }
    return found;
  }

  std::vector<Link> links_;
  bool python_ = false;
  bool expects_message_ = false;  // the next line is the message of the exception
};

}  // namespace

std::optional<StackTrace> read_stack_trace(std::string_view text) {
  return TraceReader().read(text);
}

}  // namespace midwatch::observe::lines
