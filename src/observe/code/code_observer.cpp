#include "src/observe/code/code_observer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/observe/code/rules.h"
#include "src/observe/code/values.h"

namespace midwatch::observe::code {
namespace {

using model::Observation;

/// Of one entity; what is beyond is quoted where it fails, but not searched.
constexpr std::size_t kMostTokensInAll = 1'000'000;
/// Of one type and entity, so many are told.
constexpr std::size_t kToldPerType = 3;
constexpr std::size_t kQuoteBytes = 160;
constexpr std::size_t kPathBytes = 200;
/// Lines around the one that it is about, in the record that is shown.
constexpr std::size_t kLinesAround = 2;
/// A longer line is a generated one: only a part of it is shown.
constexpr std::size_t kLongLine = 400;
constexpr std::size_t kBeforeColumn = 60;
/// How surely something is out of the ordinary: code that stands there need not be what fails.
constexpr double kQuoted = 0.9;
constexpr double kPlain = 0.4;

/// "index.js:3:20" in its parts.
struct Place {
  std::string_view path;
  std::size_t line = 0;
  std::size_t column = 0;
};

std::optional<std::size_t> take_number(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  text = text.substr(0, colon);
  return value;
}

std::optional<Place> place_of(std::string_view location) {
  const auto last = take_number(location);
  if (!last) return std::nullopt;
  const auto first = take_number(location);
  constexpr std::string_view kScheme = "file://";
  if (location.starts_with(kScheme)) location.remove_prefix(kScheme.size());
  return first ? Place{location, *first, *last} : Place{location, *last, 0};
}

/// True where one path ends with the other, at a folder.
bool same_file(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  return !b.empty() && a.ends_with(b) &&
         (a.size() == b.size() || b.front() == '/' || a[a.size() - b.size() - 1] == '/');
}

class Observer {
 public:
  Observer(const CodeInput& input, topology::EntityIndex index, const std::vector<Source>& sources)
      : input_(input), index_(index), entity_(input.topology.entity(index)), sources_(sources) {}

  std::vector<Observation> run() {
    const Values values(sources_, [this](std::string_view name) { return variable(name); });
    Code code{sources_, entity_, values, {}, {}, {}, false};
    note_seen(code);
    note_limit(code);
    std::vector<Finding> findings;
    for (const auto rule : {find_waits, find_growth, find_literal_hosts, find_unchecked_nulls, find_handler})
      rule(code, findings);
    note_import(findings);
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.type, b.size) < std::tie(b.type, a.size);
    });
    for (const Place& place : failing_) quote_failing(place);
    std::map<std::string, std::size_t> told;
    for (const Finding& f : findings) {
      if (told[f.type]++ < kToldPerType) add(f);
    }
    return std::move(out_);
  }

 private:
  std::optional<std::string> variable(std::string_view name) const {
    const std::string ending = fmt::format(".env.{}", name);
    for (const auto* entry : entity_.attributes.with_prefix("container.")) {
      if (entry->first.ends_with(ending)) return entry->second;
    }
    return std::nullopt;
  }

  /// What the other detectors saw at this entity.
  void note_seen(Code& code) {
    for (const Observation& o : input_.seen) {
      const auto at = input_.topology.find(o.entity);
      if (!at || *at != index_) continue;
      if (o.type == "sign.null_dereference") code.fails_on_null = true;
      if (const auto host = o.facts.find("host"); host != o.facts.end())
        code.failing_hosts.insert(base::to_lower(host->second));
      const auto location = o.facts.find("location");
      if (location == o.facts.end() || !o.type.starts_with("log.exception.")) continue;
      if (const auto place = place_of(location->second)) failing_.push_back(*place);
    }
  }

  /// The configuration says how long a run may take; where nobody read it, what the platform said of a run.
  void note_limit(Code& code) const {
    const auto seconds = [](std::string_view text) -> std::optional<double> {
      double value = 0;
      const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      const bool plain = error == std::errc() && value > 0 &&
                         (last == text.data() + text.size() || std::string_view(last) == " s");
      return plain ? std::optional(value) : std::nullopt;
    };
    if (const std::string* own = entity_.attributes.find("limit.timeout"); own != nullptr) {
      code.limit = seconds(*own);
      if (code.limit) code.limit_paths = {"limit.timeout"};
    }
    if (code.limit) return;
    for (const Observation& o : input_.seen) {
      const auto at = input_.topology.find(o.entity);
      if (o.type != "state.function.timed_out" || !at || *at != index_) continue;
      if (const auto limit = o.facts.find("limit"); limit != o.facts.end())
        code.limit = seconds(limit->second);
    }
  }

  /// Code that does not wait while it is loaded does not block there.
  void note_import(std::vector<Finding>& findings) const {
    const bool waits = std::any_of(findings.begin(), findings.end(),
                                   [](const Finding& f) { return f.type == "code.import.waits"; });
    const auto handler = std::find_if(findings.begin(), findings.end(),
                                      [](const Finding& f) { return f.type == "code.handler.found"; });
    if (waits || handler == findings.end()) return;
    Finding plain{"code.import.plain", handler->source, 0};
    plain.facts["file"] = base::printable(handler->source->file.path, kPathBytes);
    findings.push_back(std::move(plain));
  }

  void quote_failing(const Place& place) {
    for (const Source& source : sources_) {
      if (!same_file(place.path, source.file.path) || line_of(source.file.content, place.line).empty())
        continue;
      Observation o = made("code.line.failing", source, place.line, place.column);
      const bool known = std::any_of(out_.begin(), out_.end(), [&](const Observation& other) {
        return other.type == o.type && other.subject == o.subject;
      });
      if (!known && out_.size() < kToldPerType) out_.push_back(std::move(o));
      return;
    }
  }

  void add(const Finding& f) {
    const Token& token = f.source->at(f.token);
    Observation o = made(f.type, *f.source, std::max<std::size_t>(token.line, 1), token.column);
    if (f.type == "code.handler.found" || f.type == "code.import.plain") o.strength = kPlain;
    for (const auto& [name, value] : f.facts)
      o.facts[name] = base::printable(base::redact(value), kQuoteBytes);
    if (!f.attributes.empty())
      o.evidence.push_back(model::attribute_evidence(entity_, f.attributes, input_.source_name));
    out_.push_back(std::move(o));
  }

  Observation made(std::string type, const Source& source, std::size_t line, std::size_t column) const {
    Observation o;
    o.entity = entity_.id;
    o.type = std::move(type);
    o.strength = kQuoted;
    const std::string path = base::printable(source.file.path, kPathBytes);
    o.facts["location"] =
        column > 0 ? fmt::format("{}:{}:{}", path, line, column) : fmt::format("{}:{}", path, line);
    o.subject = o.facts["location"];
    const std::string_view quote = part_of_line(line_of(source.file.content, line), column);
    o.facts["code"] = base::printable(base::redact(quote), kQuoteBytes);
    const std::string_view content = source.file.content;
    const std::string_view around =
        line_of(content, line).size() > kLongLine ? quote : lines_around(content, line, kLinesAround);
    o.evidence.push_back(model::code_evidence(fmt::format("code/{}/{}", source.file.entity, source.file.path),
                                              source.file.entity, content, line, around));
    return o;
  }

  /// A line without what indents it; of a long one, what stands around the column.
  static std::string_view part_of_line(std::string_view line, std::size_t column) {
    if (line.size() > kLongLine) {
      // Columns count characters: in a long line they find the place only about.
      std::size_t from = std::min(line.size(), column > kBeforeColumn ? column - kBeforeColumn : 0);
      while (from < line.size() && is_inside(line[from])) ++from;
      std::size_t length = std::min(kQuoteBytes, line.size() - from);
      while (from + length < line.size() && is_inside(line[from + length])) --length;
      line = line.substr(from, length);
    }
    return base::trim(line);
  }

  /// A byte that goes on with a character.
  static bool is_inside(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

  const CodeInput& input_;
  topology::EntityIndex index_;
  const telemetry::Entity& entity_;
  const std::vector<Source>& sources_;
  std::vector<Place> failing_;
  std::vector<Observation> out_;
};

}  // namespace

CodeFindings observe_code(const CodeInput& input) {
  std::map<topology::EntityIndex, std::vector<SourceFile>> by_entity;
  for (const SourceFile& file : input.files) {
    const auto index = input.topology.find(file.entity);
    if (index && language_of(file.path) != Language::kOther) by_entity[*index].push_back(file);
  }
  CodeFindings out;
  for (auto& [index, files] : by_entity) {
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entity, a.path) < std::tie(b.entity, b.path);
    });
    std::vector<Source> sources;
    sources.reserve(files.size());
    std::size_t left = kMostTokensInAll;
    for (const SourceFile& file : files) {
      sources.push_back(read_source(file, left));
      left -= std::min(left, sources.back().tokens.size());
    }
    out.entities.insert(input.topology.id(index));
    for (Observation& o : Observer(input, index, sources).run()) out.observations.push_back(std::move(o));
  }
  return out;
}

}  // namespace midwatch::observe::code
