#include "src/observe/changes/extracted_functions.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <re2/re2.h>

namespace midwatch::observe::changes {
namespace {

using std::string_view;

constexpr std::size_t kMostParameters = 6;
constexpr std::size_t kLongestBody = 200;
/// More in one change are a generated file.
constexpr std::size_t kMostFunctions = 50;

struct ExtractedFunction {
  std::vector<std::string> parameters;
  std::string body;
  std::vector<SourceLine*> lines;
  int definitions = 0;
};

/// The whole of a function on one line: its name, its parameters, what it gives back.
const std::vector<const RE2*>& whole_functions() {
  static const RE2 kGo(R"re(^func (\w+)\(([^()]*)\)[^{]*\{\s*return (.+?);?\s*\}$)re");
  static const RE2 kArrow(
      R"re(^(?:export )?const (\w+) = \(([^()]*)\)(?:\s*:\s*[\w<>\[\]]+)? => ([^{].*?);?$)re");
  static const RE2 kExpression(R"re(^(?:(?:private|internal|public) )?fun (\w+)\(([^()]*)\)[^={]*= (.+)$)re");
  static const RE2 kRuby(R"re(^def (\w+)\(([^()]*)\) = (.+)$)re");
  static const std::vector<const RE2*> kAll{&kGo, &kArrow, &kExpression, &kRuby};
  return kAll;
}

/// The first line of a function whose body is on the next.
const RE2& function_head() {
  static const RE2 kPattern(
      R"re(^(?:(?:export|async|public|private|protected|internal|static|final) )*(?:func|function|def|fun|fn|[\w<>\[\]]+) (\w+)\(([^()]*)\)[^{;=]*[{:]$)re");
  return kPattern;
}

bool is_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

string_view trimmed(string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The parts between commas.
std::vector<std::string> parts_of(string_view list) {
  std::vector<std::string> parts;
  while (!trimmed(list).empty()) {
    const std::size_t comma = list.find(',');
    parts.emplace_back(trimmed(list.substr(0, comma)));
    if (comma == string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

/// The name of a parameter: `l Line`, `line: Line`, `int line`, `line`. Of two words Go has the name first.
std::string parameter_name(string_view declared, bool name_first) {
  const std::size_t colon = declared.find(':');
  if (colon != string_view::npos) return std::string(trimmed(declared.substr(0, colon)));
  const std::size_t space = name_first ? declared.find(' ') : declared.rfind(' ');
  if (space == string_view::npos) return std::string(declared);
  return std::string(trimmed(name_first ? declared.substr(0, space) : declared.substr(space + 1)));
}

bool is_simple(string_view argument) {
  return !argument.empty() && std::all_of(argument.begin(), argument.end(), [](char c) {
    return is_part(c) || c == '.' || c == '"' || c == '\'';
  });
}

/// The body with the arguments in the places of the parameters, all at once.
std::string filled(const ExtractedFunction& function, const std::vector<std::string>& arguments) {
  std::string out;
  std::size_t at = 0;
  while (at < function.body.size()) {
    if (!is_part(function.body[at]) || (at > 0 && function.body[at - 1] == '.')) {
      out += function.body[at++];
      continue;
    }
    std::size_t end = at;
    while (end < function.body.size() && is_part(function.body[end])) ++end;
    const std::string word = function.body.substr(at, end - at);
    const auto parameter = std::find(function.parameters.begin(), function.parameters.end(), word);
    out += parameter == function.parameters.end()
               ? word
               : arguments[static_cast<std::size_t>(parameter - function.parameters.begin())];
    at = end;
  }
  return out;
}

/// The line with its first call of the function replaced; nothing where it has none that can be.
std::optional<std::string> with_call_replaced(const std::string& code, const std::string& name,
                                              const ExtractedFunction& function) {
  const std::size_t at = find_name(code, name);
  if (at == string_view::npos) return std::nullopt;
  const std::size_t open = at + name.size();
  if (open >= code.size() || code[open] != '(') return std::nullopt;
  const std::size_t close = code.find_first_of("()", open + 1);
  if (close == string_view::npos || code[close] == '(') return std::nullopt;
  const std::vector<std::string> arguments = parts_of(string_view(code).substr(open + 1, close - open - 1));
  if (arguments.size() != function.parameters.size() ||
      !std::all_of(arguments.begin(), arguments.end(), [](const auto& a) { return is_simple(a); }))
    return std::nullopt;
  return code.substr(0, at) + filled(function, arguments) + code.substr(close + 1);
}

void note(std::map<std::string, ExtractedFunction>& functions, const std::string& name,
          const std::string& parameters, const std::string& body, std::vector<SourceLine*> lines,
          bool name_first) {
  if (body.size() > kLongestBody) return;
  ExtractedFunction& function = functions[name];
  ++function.definitions;
  function.body = body;
  function.lines = std::move(lines);
  function.parameters.clear();
  for (const std::string& part : parts_of(parameters))
    function.parameters.push_back(parameter_name(part, name_first));
}

/// `head {`, `return …;`, `}` as three added lines in a row; languages without braces have two.
void note_block(std::map<std::string, ExtractedFunction>& functions, PreparedHunk& hunk, std::size_t at) {
  std::string name;
  std::string parameters;
  if (at + 1 >= hunk.lines.size() ||
      !RE2::FullMatch(hunk.lines[at].code, function_head(), &name, &parameters))
    return;
  SourceLine& body = hunk.lines[at + 1];
  if (body.kind != LineKind::kAdded || !body.code.starts_with("return ")) return;
  std::vector<SourceLine*> lines{&hunk.lines[at], &body};
  if (hunk.lines[at].code.ends_with('{')) {
    if (at + 2 >= hunk.lines.size() || hunk.lines[at + 2].code != "}" ||
        hunk.lines[at + 2].kind != LineKind::kAdded)
      return;
    lines.push_back(&hunk.lines[at + 2]);
  }
  std::string given = body.code.substr(std::string("return ").size());
  if (given.ends_with(';')) given.pop_back();
  note(functions, name, parameters, given, std::move(lines), hunk.lines[at].code.starts_with("func "));
}

std::map<std::string, ExtractedFunction> functions_of(std::vector<PreparedHunk>& hunks) {
  std::map<std::string, ExtractedFunction> functions;
  for (PreparedHunk& hunk : hunks) {
    if (hunk.role != FileRole::kCode) continue;
    for (std::size_t i = 0; i < hunk.lines.size(); ++i) {
      SourceLine& line = hunk.lines[i];
      if (line.kind != LineKind::kAdded || line.code.empty()) continue;
      std::string name;
      std::string parameters;
      std::string body;
      const auto whole = std::find_if(
          whole_functions().begin(), whole_functions().end(),
          [&](const RE2* pattern) { return RE2::FullMatch(line.code, *pattern, &name, &parameters, &body); });
      if (whole != whole_functions().end()) {
        note(functions, name, parameters, body, {&line}, line.code.starts_with("func "));
      } else {
        note_block(functions, hunk, i);
      }
    }
  }
  return functions;
}

void put_in(std::vector<PreparedHunk>& hunks, const std::string& name, const ExtractedFunction& function) {
  bool used = false;
  bool left = false;
  for (PreparedHunk& hunk : hunks) {
    for (SourceLine& line : hunk.lines) {
      const bool own = std::find(function.lines.begin(), function.lines.end(), &line) != function.lines.end();
      if (line.kind != LineKind::kAdded || own || find_name(line.code, name) == string_view::npos) continue;
      auto replaced = with_call_replaced(line.code, name, function);
      if (!replaced || find_name(*replaced, name) != string_view::npos) {
        left = true;
        continue;
      }
      line.code = std::move(*replaced);
      used = true;
    }
  }
  if (!used || left) return;
  for (SourceLine* line : function.lines) line->code.clear();
}

}  // namespace

void put_functions_in(std::vector<PreparedHunk>& hunks) {
  const auto functions = functions_of(hunks);
  if (functions.size() > kMostFunctions) return;
  for (const auto& [name, function] : functions) {
    const bool fits = function.definitions == 1 && !function.parameters.empty() &&
                      function.parameters.size() <= kMostParameters && !is_known_before(hunks, name);
    if (fits) put_in(hunks, name, function);
  }
}

}  // namespace midwatch::observe::changes
