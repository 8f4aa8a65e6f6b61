#include "src/observe/changes/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <span>

#include "src/knowledge/metric_meaning.h"

namespace midwatch::observe::changes {
namespace {

using knowledge::name_words;
using std::string_view;

constexpr std::size_t kMostPerSide = 2000;
constexpr std::size_t kOuterNames = 6;
constexpr std::size_t kShortestWord = 2;

void add_words(std::vector<std::string>& to, string_view text) {
  for (auto& word : name_words(text)) to.push_back(std::move(word));
}

bool is_sign(std::span<const Token> tokens, std::size_t at, string_view sign) {
  return at < tokens.size() && tokens[at].kind == TokenKind::kSign && tokens[at].text == sign;
}

/// Calls whose arguments are texts for people: logger.warn(…), fmt.Errorf(…), new NotFoundException(…).
bool is_call_for_people(string_view receiver, string_view function) {
  static constexpr std::array<string_view, 8> kReceivers{"log",  "logger", "logging", "console",
                                                         "slog", "zap",    "errors",  "logrus"};
  static constexpr std::array<string_view, 20> kFunctions{
      "printf",  "println", "print", "sprintf", "errorf", "fatal", "fatalf", "panic",  "wrap", "warn",
      "warning", "info",    "debug", "trace",   "error",  "infof", "warnf",  "debugf", "msg",  "message"};
  for (const std::string& word : name_words(receiver)) {
    if (std::find(kReceivers.begin(), kReceivers.end(), word) != kReceivers.end()) return true;
  }
  std::string name(function);
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(kFunctions.begin(), kFunctions.end(), name) != kFunctions.end() ||
         name.ends_with("exception") || name.ends_with("error");
}

bool is_line_config(string_view path) {
  static constexpr std::array<string_view, 9> kEndings{".yaml", ".yml",  ".properties", ".ini", ".cfg",
                                                       ".env",  ".conf", ".cnf",        ".toml"};
  const std::size_t slash = path.find_last_of('/');
  const string_view name = slash == string_view::npos ? path : path.substr(slash + 1);
  return std::any_of(kEndings.begin(), kEndings.end(), [&](string_view e) { return name.ends_with(e); }) ||
         name.starts_with(".env") || name == "Procfile";
}

/// What encloses a line, by indentation: the lines before it that begin further left.
class Surroundings {
 public:
  void enter(const SourceLine& line) {
    if (line.code.empty()) return;
    while (!outer_.empty() && outer_.back().first >= line.indent) outer_.pop_back();
  }
  void leave(const SourceLine& line, std::vector<std::string> words) {
    if (!line.code.empty()) outer_.emplace_back(line.indent, std::move(words));
  }
  void add_to(std::vector<std::string>& context) const {
    for (const auto& [indent, words] : outer_) context.insert(context.end(), words.begin(), words.end());
  }

 private:
  std::vector<std::pair<std::size_t, std::vector<std::string>>> outer_;
};

/// The words that name what a line opens: its first names.
std::vector<std::string> naming_words(string_view code) {
  std::vector<std::string> words;
  std::size_t names = 0;
  for (const Token& token : tokens_of(code)) {
    if (token.kind == TokenKind::kSign || token.kind == TokenKind::kNumber) continue;
    add_words(words, token.text);
    if (++names >= kOuterNames) break;
  }
  return words;
}

/// Settings of code, from the tokens of one line.
class CodeLine {
 public:
  CodeLine(const SourceLine& line, std::vector<std::string> context, bool type_follows_name,
           std::vector<Setting>& out)
      : line_(line),
        tokens_(tokens_of(line.code)),
        context_(std::move(context)),
        type_follows_name_(type_follows_name),
        out_(out) {}

  void read() {
    std::size_t at = 0;
    while (at < tokens_.size()) {
      if (tokens_[at].kind == TokenKind::kSign) {
        take_sign(at);
        ++at;
        continue;
      }
      const std::size_t before = at;
      if (is_value_place(at)) take_value(at);
      if (at == before) ++at;
    }
  }

 private:
  struct Frame {
    std::string key;
    std::string path;  ///< the receiver of a call
    std::string name;  ///< its first argument where that is a text: getInt("workers", 4)
    std::size_t position = 0;
    bool call = false;
    bool list = false;
  };

  void take_sign(std::size_t at) {
    const string_view sign = tokens_[at].text;
    if (sign == "(" || sign == "[" || sign == "{") {
      frames_.push_back(open(at));
    } else if (sign == ")" || sign == "]" || sign == "}") {
      if (!frames_.empty()) frames_.pop_back();
    } else if (sign == ",") {
      pending_.clear();
      if (!frames_.empty()) ++frames_.back().position;
    } else if (sign == ";") {
      pending_.clear();
    } else if (sign == "=" || sign == ":" || sign == ">") {
      note_key(at);
    }
  }

  /// Remembers the key before `=`, `:`, `:=` or `=>`.
  void note_key(std::size_t at) {
    const string_view sign = tokens_[at].text;
    if (at == 0) return;
    std::size_t key = at - 1;
    if (sign == ">") {
      if (!is_sign(tokens_, key, "=") || key == 0) return;
      --key;
    } else if (is_sign(tokens_, at + 1, "=") || (sign == ":" && is_sign(tokens_, at + 1, ":"))) {
      // "==" is a comparison, ":=" is noted at its "=", "::" is a path.
      if (sign != ":" || !is_sign(tokens_, at + 1, "=")) return;
      return;
    }
    if (sign == "=" && is_sign(tokens_, key, ":")) {
      if (key == 0) return;
      --key;
    }
    if (tokens_[key].kind == TokenKind::kSign) return;
    if (type_follows_name_ && sign == "=" && is_declaration_of_type(key)) --key;
    // name: Type = value
    if (sign == "=" && key >= 2 && is_sign(tokens_, key - 1, ":") &&
        tokens_[key - 2].kind == TokenKind::kName)
      key -= 2;
    pending_ = std::string(tokens_[key].text);
    pending_path_ = path_before(key);
  }

  /// Go: `Placed Status = "PLACED"`, with or without `const` or `var` before it.
  bool is_declaration_of_type(std::size_t type) const {
    if (type == 0 || tokens_[type - 1].kind != TokenKind::kName) return false;
    return type == 1 ? !is_name(0, "const") && !is_name(0, "var")
                     : type == 2 && (is_name(0, "const") || is_name(0, "var"));
  }

  /// `cfg.http.` before `Timeout`.
  std::string path_before(std::size_t at) const {
    std::string path;
    while (at >= 2 && is_sign(tokens_, at - 1, ".") && tokens_[at - 2].kind == TokenKind::kName) {
      at -= 2;
      path = std::string(tokens_[at].text) + " " + path;
    }
    return path;
  }

  Frame open(std::size_t at) const {
    Frame frame;
    frame.call = tokens_[at].text == "(";
    // Behind a sign a bracket opens a list, behind a name it takes an element.
    frame.list = tokens_[at].text == "[" && at > 0 && tokens_[at - 1].kind == TokenKind::kSign;
    std::size_t name = at;
    // Generic arguments, and Go's []T{, stand between the name and the bracket.
    if (name > 0 && is_sign(tokens_, name - 1, ">")) {
      while (name > 0 && !is_sign(tokens_, name - 1, "<")) --name;
      if (name > 0) --name;
    }
    if (name > 0 && tokens_[name - 1].kind == TokenKind::kName && (frame.call || pending_.empty())) {
      frame.key = std::string(tokens_[name - 1].text);
      frame.path = path_before(name - 1);
    } else {
      frame.key = pending_;
      frame.path = pending_path_;
      if (frame.key.empty() && !frames_.empty()) frame.key = frames_.back().key;
    }
    if (frame.call && frame.key == "make" && at + 1 < tokens_.size() && tokens_[at + 1].text == "chan")
      frame.key = "channel_capacity";
    return frame;
  }

  bool is_name(std::size_t at, string_view name) const {
    return tokens_[at].kind == TokenKind::kName && tokens_[at].text == name;
  }

  bool is_value_place(std::size_t at) const {
    if (at == 0) return false;
    const Token& before = tokens_[at - 1];
    if (before.kind == TokenKind::kName)
      return before.text == "return" || before.text == "in" || before.text == "LIMIT" ||
             before.text == "limit";
    if (before.kind != TokenKind::kSign) return false;
    static constexpr std::array<string_view, 9> kBefore{"=", ":", "(", ",", "<", ">", "[", "{", "-"};
    if (std::find(kBefore.begin(), kBefore.end(), before.text) == kBefore.end()) return false;
    return before.text != "-" || (at >= 2 && tokens_[at - 2].kind == TokenKind::kSign);
  }

  void take_value(std::size_t& at) {
    const std::size_t start = at;
    std::size_t end = at;
    auto value = read_value(tokens_, end);
    // An attribute of markup ends where its tag does.
    const bool ends_tag = value && tokens_[start].kind == TokenKind::kText &&
                          (is_sign(tokens_, end, ">") || is_sign(tokens_, end, "/"));
    if (!value || !(ends_here(end) || ends_tag) || says_nothing(value->text)) return;
    const bool word = value->kind == Value::Kind::kWord && tokens_[start].kind == TokenKind::kName;
    // `return v.Missing ? a : b` and `return "gone"` give back what they find; they set nothing.
    if (word && !is_constant(value->text)) return;
    if (value->kind == Value::Kind::kWord && is_name(start - 1, "return")) return;
    // `key: value` and `name = value` inside a call are their own keys.
    Setting setting;
    setting.comparison = compared_with(start, setting.key);
    Frame* frame = frames_.empty() ? nullptr : &frames_.back();
    if (frame != nullptr && frame->call && frame->position == 0 && tokens_[start].kind == TokenKind::kText)
      frame->name = std::string(tokens_[start].text);
    std::string path;
    if (!setting.comparison.empty()) {
      // compared
    } else if (!pending_.empty() && is_key_end(start - 1)) {
      setting.key = pending_;
      path = pending_path_;
    } else if (tokens_[start - 1].kind == TokenKind::kName) {
      setting.key = std::string(tokens_[start - 1].text);
    } else if (frame != nullptr) {
      setting.argument = frame->call && frame->key != pending_;
      setting.element = frame->list;
      const bool looked_up = frame->position > 0 && !frame->name.empty() && looks_up(frame->key);
      setting.key = looked_up ? frame->name : frame->key;
      setting.position = looked_up ? 0 : frame->position;
      path = frame->path + frame->key;
      // A default that is handed on to another call: newPool(config.getInt("workers", 4)).
      if (looked_up && frames_.size() > 1) path += ' ' + frames_[frames_.size() - 2].key;
    }
    if (setting.key.empty() || (word && only_renames(setting.key, value->text))) return;
    // TrimPrefix(have, "v"): a letter that a function works with.
    if (setting.argument && value->kind == Value::Kind::kWord && value->text.size() < kShortestWord) return;
    // What ends with an error is given a text for people.
    setting.spoken = std::any_of(tokens_.begin(), tokens_.end(), is_raise);
    for (const Frame& f : frames_)
      setting.spoken = setting.spoken || (f.call && is_call_for_people(f.path, f.key));
    finish(std::move(setting), std::move(*value), path);
    at = end;
  }

  /// Quoted signs separate and pad: split(".").
  static bool says_nothing(string_view text) {
    return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  }

  /// `host: HOST` hands on a constant of that name; what that is stands elsewhere.
  static bool only_renames(string_view key, string_view constant) {
    const std::vector<std::string> words = name_words(key);
    const std::vector<std::string> others = name_words(constant);
    return std::all_of(others.begin(), others.end(), [&](const std::string& word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    });
  }

  /// Functions that read a setting by its name, with a default.
  static bool looks_up(string_view function) {
    static constexpr std::array<string_view, 8> kWords{"get",    "env",      "getenv",  "config",
                                                       "option", "property", "setting", "default"};
    for (const std::string& word : name_words(function)) {
      if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
    }
    return false;
  }

  bool is_key_end(std::size_t at) const {
    return is_sign(tokens_, at, "=") || is_sign(tokens_, at, ":") ||
           (is_sign(tokens_, at, ">") && at > 0 && is_sign(tokens_, at - 1, "="));
  }

  /// A value that an operator follows is part of something computed.
  bool ends_here(std::size_t end) const {
    if (end >= tokens_.size()) return true;
    static constexpr std::array<string_view, 8> kAfter{",", ")", "]", "}", ";", "{", "?", "&"};
    if (tokens_[end].kind == TokenKind::kSign)
      return std::find(kAfter.begin(), kAfter.end(), tokens_[end].text) != kAfter.end() ||
             (tokens_[end].text == "|" && is_sign(tokens_, end + 1, "|")) || begins_branch(end);
    return tokens_[end].kind == TokenKind::kName && tokens_[end].text != "if";
  }

  /// `status >= 500 => …`, `x if x > 5 -> …`, `if n > 3:`
  bool begins_branch(std::size_t at) const {
    const bool arrow =
        (is_sign(tokens_, at, "=") || is_sign(tokens_, at, "-")) && is_sign(tokens_, at + 1, ">");
    return arrow || (is_sign(tokens_, at, ":") && at + 1 == tokens_.size());
  }

  /// A name that stands for a fixed value: tls.VersionTLS12, LogLevel.DEBUG, RETRY_NEVER.
  static bool is_constant(string_view name) {
    if (name == "nil" || name == "null" || name == "None" || name == "undefined") return true;
    const std::size_t dot = name.find_last_of(".:");
    const string_view last = dot == string_view::npos ? name : name.substr(dot + 1);
    if (last.empty()) return false;
    const bool upper =
        std::none_of(last.begin(), last.end(), [](unsigned char c) { return std::islower(c) != 0; });
    if (upper) return last.size() > 1;
    return dot != string_view::npos && std::isupper(static_cast<unsigned char>(last.front())) != 0;
  }

  /// `retries <= 5`: the operator, and the name it compares.
  std::string compared_with(std::size_t start, std::string& key) const {
    std::size_t sign = start - 1;
    std::string op;
    while (op.size() < 3 && (is_sign(tokens_, sign, "=") || is_sign(tokens_, sign, "<") ||
                             is_sign(tokens_, sign, ">") || is_sign(tokens_, sign, "!"))) {
      op.insert(0, tokens_[sign].text);
      if (sign == 0) return {};
      --sign;
    }
    if (op != "<" && op != ">" && op != "<=" && op != ">=" && op != "==" && op != "!=" && op != "===")
      return {};
    if (is_sign(tokens_, sign, ")") && sign > 0) {
      while (sign > 0 && !is_sign(tokens_, sign, "(")) --sign;
      if (sign > 0) --sign;
    }
    if (tokens_[sign].kind != TokenKind::kName) return {};
    key = std::string(tokens_[sign].text);
    return op;
  }

  void finish(Setting setting, Value value, const std::string& path) {
    setting.words = name_words(setting.key);
    setting.context = context_;
    add_words(setting.context, path);
    setting.value = std::move(value);
    setting.line = line_.line;
    setting.code = line_.code;
    out_.push_back(std::move(setting));
  }

  const SourceLine& line_;
  std::vector<Token> tokens_;
  std::vector<std::string> context_;
  bool type_follows_name_;
  std::vector<Setting>& out_;
  std::vector<Frame> frames_;
  std::string pending_;
  std::string pending_path_;
};

/// Settings of a configuration file whose values need no quotes, from one line.
class ConfigLine {
 public:
  ConfigLine(const SourceLine& line, const std::vector<std::string>& context, std::string& last_name,
             std::vector<Setting>& out)
      : line_(line), context_(context), last_name_(last_name), out_(out) {}

  void read(bool wanted) {
    string_view text = line_.code;
    const bool item = text.starts_with("- ");
    if (item) {
      text.remove_prefix(2);
      last_name_.clear();
    }
    const auto [key, value] = split(text);
    if (wanted) read_flags(text);
    if (key.empty() || value.empty()) return;
    if (lower_is(key, "name")) last_name_ = std::string(value);
    if (value.front() == '{' && value.back() == '}') {
      if (wanted) add_mapping(key, value, 0);
      return;
    }
    const bool named = lower_is(key, "value") && !last_name_.empty();
    if (wanted) add(named ? last_name_ : std::string(key), value);
  }

 private:
  static bool lower_is(string_view key, string_view word) {
    return key.size() == word.size() &&
           std::equal(key.begin(), key.end(), word.begin(),
                      [](unsigned char a, char b) { return std::tolower(a) == b; });
  }

  static string_view trim(string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
      text.remove_prefix(1);
    while (!text.empty() &&
           (std::isspace(static_cast<unsigned char>(text.back())) != 0 || text.back() == ';'))
      text.remove_suffix(1);
    if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
      text = text.substr(1, text.size() - 2);
    return text;
  }

  /// `key: value`, `key = value`, `key=value`, and nginx's `key value;`.
  static std::pair<string_view, string_view> split(string_view text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] != '=' &&
           !(text[at] == ':' && (at + 1 == text.size() || text[at + 1] == ' ')))
      ++at;
    if (at == text.size()) {
      const std::size_t space = text.find(' ');
      if (!text.ends_with(';') || space == string_view::npos) return {};
      return {text.substr(0, space), trim(text.substr(space + 1))};
    }
    const string_view key = trim(text.substr(0, at));
    if (key.empty() || key.find(' ') != string_view::npos) return {};
    return {key, trim(text.substr(at + 1))};
  }

  /// `--max-connections=100` and `-Xmx512m` inside a value.
  void read_flags(string_view text) {
    for (std::size_t at = text.find('-'); at != string_view::npos; at = text.find('-', at + 1)) {
      if (at > 0 && text[at - 1] != ' ' && text[at - 1] != '"' && text[at - 1] != '\'' && text[at - 1] != '[')
        continue;
      string_view flag = text.substr(at);
      flag = flag.substr(0, flag.find_first_of(" \"',]"));
      if (flag.starts_with("-X") && flag.size() > 4 && !flag.starts_with("-XX")) {
        add(std::string(flag.substr(1, 3)), flag.substr(4), true);
      } else if (const std::size_t equal = flag.find('='); equal != string_view::npos && equal > 2) {
        add(std::string(flag.substr(flag.find_first_not_of('-'), equal - flag.find_first_not_of('-'))),
            flag.substr(equal + 1));
      }
    }
  }

  /// `key: { a: 1, b: { c: 2 } }`: each value is a setting, and the keys outside it are its surroundings.
  void add_mapping(string_view key, string_view mapping, int depth) {
    constexpr int kDeepest = 4;
    const std::size_t known = outer_.size();
    add_words(outer_, key);
    string_view rest = mapping.substr(1, mapping.size() - 2);
    while (!rest.empty()) {
      const std::size_t end = end_of_entry(rest);
      const auto [name, value] = split(trim(rest.substr(0, end)));
      rest.remove_prefix(std::min(rest.size(), end + 1));
      if (name.empty() || value.empty()) continue;
      if (value.front() != '{' || value.back() != '}') {
        add(std::string(name), value);
      } else if (depth < kDeepest) {
        add_mapping(name, value, depth + 1);
      }
    }
    outer_.resize(known);
  }

  /// Where the first entry of a mapping ends: at a comma outside quotes and brackets.
  static std::size_t end_of_entry(string_view text) {
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      } else if (c == ',' && depth == 0) {
        return i;
      }
    }
    return text.size();
  }

  /// Sizes of a Java machine are written 512m and 2g.
  static Value java_size(string_view value) {
    std::string text(value);
    text.back() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.back())));
    Value size = read_scalar(text + "i");
    size.text = std::string(value);
    return size;
  }

  void add(std::string key, string_view value, bool is_java_size = false) {
    Setting setting;
    setting.words = name_words(key);
    setting.key = std::move(key);
    setting.context = context_;
    setting.context.insert(setting.context.end(), outer_.begin(), outer_.end());
    setting.value = is_java_size ? java_size(value) : read_scalar(value);
    setting.line = line_.line;
    setting.code = line_.code;
    out_.push_back(std::move(setting));
  }

  const SourceLine& line_;
  const std::vector<std::string>& context_;
  std::string& last_name_;
  std::vector<Setting>& out_;
  std::vector<std::string> outer_;  ///< words of the keys around an entry of a mapping in one line
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += word;
  return out;
}

std::string same_key(const Setting& s) {
  return joined(s.words) + s.comparison;
}

bool same_value(const Setting& a, const Setting& b) {
  return a.value.same_as(b.value);
}

/// Takes pairs for which `fits` holds out of both lists, in order.
template <class Fits, class Take>
void take_pairs(std::vector<Setting>& removed, std::vector<Setting>& added, Fits fits, Take take) {
  std::vector<char> used(added.size(), 0);
  std::vector<Setting> left;
  for (Setting& r : removed) {
    std::size_t match = added.size();
    for (std::size_t i = 0; i < added.size() && match == added.size(); ++i) {
      if (used[i] == 0 && fits(r, added[i])) match = i;
    }
    if (match == added.size()) {
      left.push_back(std::move(r));
      continue;
    }
    used[match] = 1;
    take(r, added[match]);
  }
  removed = std::move(left);
  std::vector<Setting> rest;
  for (std::size_t i = 0; i < added.size(); ++i) {
    if (used[i] == 0) rest.push_back(std::move(added[i]));
  }
  added = std::move(rest);
}

/// What a side sets, and to what.
std::set<std::pair<std::string, std::string>> keys_with_values(const std::vector<Setting>& settings) {
  std::set<std::pair<std::string, std::string>> out;
  for (const Setting& s : settings) out.emplace(same_key(s), s.value.text);
  return out;
}

/// Leaves out what the other side has under the same key, however often: it was neither added nor removed.
void leave_out_known(const std::set<std::pair<std::string, std::string>>& known,
                     std::vector<Setting>& settings) {
  std::erase_if(settings, [&](const Setting& s) { return known.contains({same_key(s), s.value.text}); });
}

/// Puts in what a reference stands for where the same side defines it: `cfg.ShippingTimeout` beside
/// `shipping_timeout: 3s`. What only is referred to is no setting of its own then.
void follow_references(std::vector<Setting>& settings) {
  std::map<std::string, std::size_t> defined;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Setting& s = settings[i];
    if (!s.argument && s.comparison.empty() && s.value.kind != Value::Kind::kWord)
      defined.emplace(joined(s.words), i);
  }
  std::set<std::size_t> referred;
  for (Setting& s : settings) {
    const std::size_t dot = s.value.kind == Value::Kind::kWord ? s.value.text.rfind('.') : std::string::npos;
    if (dot == std::string::npos) continue;
    const auto at = defined.find(joined(name_words(string_view(s.value.text).substr(dot + 1))));
    if (at == defined.end() || &settings[at->second] == &s) continue;
    s.value = settings[at->second].value;
    referred.insert(at->second);
  }
  std::vector<Setting> left;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (!referred.contains(i)) left.push_back(std::move(settings[i]));
  }
  settings = std::move(left);
}

SettingChange pair_of(const Setting& before, const Setting& after) {
  SettingChange change{after.key, after.words, after.context, before, after};
  change.context.insert(change.context.end(), before.context.begin(), before.context.end());
  return change;
}

}  // namespace

std::vector<Setting> settings_of(const std::vector<SourceLine>& lines, LineKind side, string_view path,
                                 string_view heading) {
  std::vector<std::string> file_words;
  add_words(file_words, path);
  add_words(file_words, heading);
  const bool config = is_line_config(path);
  std::vector<Setting> out;
  Surroundings surroundings;
  std::string last_name;
  for (const SourceLine& line : lines) {
    if (line.kind != LineKind::kContext && line.kind != side) continue;
    surroundings.enter(line);
    const bool wanted = line.kind == side && !line.code.empty() && out.size() < kMostPerSide;
    if (wanted || config) {
      std::vector<std::string> context = file_words;
      surroundings.add_to(context);
      if (config) {
        ConfigLine(line, context, last_name, out).read(wanted);
      } else {
        CodeLine(line, std::move(context), path.ends_with(".go"), out).read();
      }
    }
    surroundings.leave(line, naming_words(line.code));
  }
  return out;
}

std::vector<SettingChange> compare_settings(std::vector<Setting> removed, std::vector<Setting> added) {
  std::vector<SettingChange> changes;
  follow_references(removed);
  follow_references(added);
  const auto before = keys_with_values(removed);
  const auto after = keys_with_values(added);
  take_pairs(
      removed, added,
      [](const Setting& a, const Setting& b) {
        const bool place = a.position == b.position || (a.element && b.element);
        return place && same_key(a) == same_key(b) && same_value(a, b);
      },
      [](const Setting&, const Setting&) {});
  for (const bool by_position : {true, false}) {
    take_pairs(
        removed, added,
        [&](const Setting& a, const Setting& b) {
          return same_key(a) == same_key(b) && (!by_position || a.position == b.position);
        },
        [&](const Setting& a, const Setting& b) {
          if (!same_value(a, b)) changes.push_back(pair_of(a, b));
        });
  }
  leave_out_known(after, removed);
  leave_out_known(before, added);
  for (const Setting& s : removed) changes.push_back({s.key, s.words, s.context, s, std::nullopt});
  for (const Setting& s : added) changes.push_back({s.key, s.words, s.context, std::nullopt, s});
  return changes;
}

}  // namespace midwatch::observe::changes
