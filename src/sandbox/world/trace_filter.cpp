#include "src/sandbox/world/trace_filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace midwatch::sandbox::world {

/// Reads an expression from left to right; a wrong one leaves `wrong_` set.
class TraceFilter::Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::optional<Condition> whole() {
    Condition condition = any(0);
    skip_spaces();
    if (wrong_ || !text_.empty()) return std::nullopt;
    return condition;
  }

 private:
  static constexpr int kDeepest = 20;

  void skip_spaces() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
  }

  bool take(std::string_view word) {
    skip_spaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  Condition any(int depth) {
    std::vector<Condition> parts{all(depth)};
    while (!wrong_ && take("OR")) parts.push_back(all(depth));
    return [parts = std::move(parts)](const TraceRecord& trace, const Node& node) {
      return std::any_of(parts.begin(), parts.end(), [&](const Condition& one) { return one(trace, node); });
    };
  }

  Condition all(int depth) {
    std::vector<Condition> parts{one(depth)};
    while (!wrong_ && take("AND")) parts.push_back(one(depth));
    return [parts = std::move(parts)](const TraceRecord& trace, const Node& node) {
      return std::all_of(parts.begin(), parts.end(),
                         [&](const Condition& each) { return each(trace, node); });
    };
  }

  Condition one(int depth) {
    if (depth > kDeepest) return fail();
    if (take("!")) {
      return [inner = one(depth + 1)](const TraceRecord& trace, const Node& node) {
        return !inner(trace, node);
      };
    }
    if (take("(")) {
      Condition inner = any(depth + 1);
      return take(")") ? inner : fail();
    }
    if (take("service(")) return service(depth);
    if (take("responsetime") || take("duration")) return time();
    if (take("fault")) return flag([](const Node& node) { return node.fault; });
    if (take("error")) return flag([](const Node&) { return false; });  // no client of a world is wrong
    if (take("ok")) return flag([](const Node& node) { return !node.fault; });
    return fail();
  }

  Condition service(int depth) {
    if (!take("\"")) return fail();
    const std::size_t end = text_.find('"');
    if (end == std::string_view::npos) return fail();
    std::string name(text_.substr(0, end));
    text_.remove_prefix(end + 1);
    if (!take(")")) return fail();
    Condition inner = [](const TraceRecord&, const Node&) { return true; };
    if (take("{")) {
      inner = any(depth + 1);
      if (!take("}")) return fail();
    }
    return [name = std::move(name), inner = std::move(inner)](const TraceRecord& trace, const Node&) {
      if (trace.entry == name && inner(trace, {name, trace.seconds, trace.fault})) return true;
      return std::any_of(trace.calls.begin(), trace.calls.end(), [&](const TraceCall& call) {
        return call.name == name && inner(trace, {name, call.seconds, call.fault});
      });
    };
  }

  Condition flag(bool (*of)(const Node&)) {
    bool wanted = true;
    if (take("=")) {
      wanted = take("true");
      if (!wanted && !take("false")) return fail();
    }
    return [of, wanted](const TraceRecord&, const Node& node) { return of(node) == wanted; };
  }

  Condition time() {
    static constexpr std::array<std::string_view, 5> kOperators{">=", "<=", ">", "<", "="};
    const auto* sign =
        std::find_if(kOperators.begin(), kOperators.end(), [&](std::string_view word) { return take(word); });
    skip_spaces();
    double limit = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), limit);
    if (sign == kOperators.end() || error != std::errc()) return fail();
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return [sign = *sign, limit](const TraceRecord&, const Node& node) {
      if (sign == ">=") return node.seconds >= limit;
      if (sign == "<=") return node.seconds <= limit;
      if (sign == ">") return node.seconds > limit;
      return sign == "<" ? node.seconds < limit : node.seconds == limit;
    };
  }

  Condition fail() {
    wrong_ = true;
    return [](const TraceRecord&, const Node&) { return false; };
  }

  std::string_view text_;
  bool wrong_ = false;
};

std::optional<TraceFilter> TraceFilter::read(std::string_view expression) {
  if (expression.empty()) return TraceFilter([](const TraceRecord&, const Node&) { return true; });
  auto condition = Reader(expression).whole();
  if (!condition) return std::nullopt;
  return TraceFilter(*std::move(condition));
}

bool TraceFilter::matches(const TraceRecord& trace) const {
  return condition_(trace, {trace.entry, trace.seconds, trace.fault});
}

}  // namespace midwatch::sandbox::world
