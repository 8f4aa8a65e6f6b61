#include "src/observe/lines/frame.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

namespace midwatch::observe::lines {
namespace {

struct FrameForm {
  std::string_view language;
  RE2 pattern;  // captures: what decides whose code it is, file, line, column (may be empty)
};

/// How each language writes a frame. The first form that fits counts.
const std::vector<std::unique_ptr<FrameForm>>& frame_forms() {
  static const auto kForms = [] {
    std::vector<std::unique_ptr<FrameForm>> forms;
    const auto add = [&](std::string_view language, const char* pattern) {
      forms.push_back(std::unique_ptr<FrameForm>(new FrameForm{language, RE2(pattern, RE2::Quiet)}));
    };
    add("python", R"re(^\s*File ("([^"]+)"), line (\d+)())re");
    add("dotnet", R"re(^\s*at (.+) in (.+):line (\d+)())re");
    add("java",
        R"re(^\s*at ((?:[\w.@-]*//?)?[\w.$<>-]+)\.[\w$<>-]+\(([\w$-]+\.(?:java|kt|scala|groovy|clj)):(\d+)()\))re");
    add("node", R"re(^\s*at (?:[^(]*\()?((?:file://|https?://[^/\s]+)?(\S+?)):(\d+):(\d+)\)?\s*$)re");
    add("ruby", R"re(^\s*(?:from )?((\S+\.rb)):(\d+)():in )re");
    add("php", R"re(^\s*#\d+ ((\S+\.php))\((\d+)()\))re");
    add("php", R"re(^\s*thrown in ((\S+\.php)) on line (\d+)())re");
    add("rust", R"re(^\s*at ((\S+\.rs)):(\d+):(\d+))re");
    add("go", R"re(^\s*(([^\s:()]+\.go)):(\d+)()(?:\s|$))re");
    add("cpp", R"re(^\s*#\d+\s.*\bat ((\S+?\.(?:cc|cpp|cxx|c|h|hh|hpp))):(\d+):?(\d*))re");
    add("cpp", R"re(^\s*#\d+\s+0x[0-9a-f]+ in .* ((\S+?\.(?:cc|cpp|cxx|c|h|hh|hpp))):(\d+):?(\d*))re");
    return forms;
  }();
  return kForms;
}

/// Where runtimes and installed packages lie, by a part of the path or by the start of a Java or .NET name.
bool is_own(std::string_view whose, std::string_view language) {
  static constexpr std::array<std::string_view, 33> kPaths{"node_modules/",
                                                           "node:",
                                                           "internal/",
                                                           "/var/runtime/",
                                                           "<anonymous>",
                                                           "site-packages/",
                                                           "dist-packages/",
                                                           "/usr/lib/",
                                                           "/lib/python",
                                                           "/var/lang/",
                                                           "<frozen",
                                                           "<string>",
                                                           "<__array_function__",
                                                           "/usr/local/go",
                                                           "/go/pkg/mod/",
                                                           "/usr/lib/go",
                                                           "/vendor/",
                                                           "_testmain.go",
                                                           "/gems/",
                                                           "/usr/lib/ruby",
                                                           "/lib/ruby/",
                                                           "/rustc/",
                                                           ".cargo/registry",
                                                           "library/std/",
                                                           "library/core/",
                                                           "/usr/include/",
                                                           "/build/glibc",
                                                           "sysdeps/",
                                                           "libsanitizer",
                                                           "asan_",
                                                           "libstdc++",
                                                           "/nptl/",
                                                           "/csu/"};
  static constexpr std::array<std::string_view, 51> kNames{"java.",
                                                           "javax.",
                                                           "jakarta.",
                                                           "jdk.",
                                                           "sun.",
                                                           "com.sun.",
                                                           "org.spring",
                                                           "org.apache.",
                                                           "org.hibernate.",
                                                           "org.eclipse.",
                                                           "org.jboss.",
                                                           "org.postgresql.",
                                                           "org.junit.",
                                                           "org.slf4j.",
                                                           "org.mariadb.",
                                                           "org.redisson.",
                                                           "org.mongodb.",
                                                           "org.elasticsearch.",
                                                           "com.zaxxer.",
                                                           "com.fasterxml.",
                                                           "com.mysql.",
                                                           "com.mongodb.",
                                                           "com.google.common.",
                                                           "com.google.protobuf.",
                                                           "com.netflix.",
                                                           "com.amazonaws.",
                                                           "com.zaxxer",
                                                           "com.github.benmanes.",
                                                           "com.datastax.",
                                                           "software.amazon.",
                                                           "oracle.",
                                                           "io.netty.",
                                                           "io.grpc.",
                                                           "io.undertow.",
                                                           "io.micrometer.",
                                                           "io.vertx.",
                                                           "io.lettuce.",
                                                           "io.opentelemetry.",
                                                           "io.quarkus.",
                                                           "reactor.",
                                                           "rx.",
                                                           "akka.",
                                                           "kotlin",
                                                           "scala.",
                                                           "clojure.",
                                                           "groovy.",
                                                           "feign.",
                                                           "okhttp3.",
                                                           "redis.clients.",
                                                           "ch.qos.",
                                                           "lombok."};
  static constexpr std::array<std::string_view, 6> kDotnet{"System.",     "Microsoft.",     "Npgsql.",
                                                           "Newtonsoft.", "StackExchange.", "Grpc."};
  const auto starts = [&](std::string_view name) { return whose.starts_with(name); };
  if (language == "java") {
    const std::size_t module = whose.rfind('/');
    if (module != std::string_view::npos) whose.remove_prefix(module + 1);
    return std::none_of(kNames.begin(), kNames.end(), starts);
  }
  if (language == "dotnet") return std::none_of(kDotnet.begin(), kDotnet.end(), starts);
  return std::none_of(kPaths.begin(), kPaths.end(),
                      [&](std::string_view part) { return whose.find(part) != std::string_view::npos; });
}

std::string_view view(const re2::StringPiece& piece) {
  return {piece.data(), piece.size()};
}

}  // namespace

std::optional<Frame> read_frame(std::string_view line) {
  for (const auto& form : frame_forms()) {
    re2::StringPiece whose;
    re2::StringPiece file;
    re2::StringPiece number;
    re2::StringPiece column;
    if (!RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), form->pattern, &whose, &file, &number,
                           &column))
      continue;
    Frame frame;
    frame.language = form->language;
    frame.location = fmt::format("{}:{}", view(file), view(number));
    if (!column.empty()) frame.location += fmt::format(":{}", view(column));
    frame.own = is_own(view(whose), form->language);
    return frame;
  }
  return std::nullopt;
}

}  // namespace midwatch::observe::lines
