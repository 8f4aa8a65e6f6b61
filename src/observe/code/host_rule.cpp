#include <algorithm>
#include <array>
#include <map>

#include "src/base/ascii.h"
#include "src/base/redact.h"
#include "src/base/utf8.h"
#include "src/knowledge/metric_meaning.h"
#include "src/observe/code/rules.h"

namespace midwatch::observe::code {
namespace {

constexpr std::size_t kLongestHost = 253;  // RFC 1035, section 2.3.4
constexpr std::size_t kShownBytes = 120;
/// Where the provider says in which network a function runs.
constexpr const char* kNetwork = "VpcConfig.VpcId";
/// A key stands so near before its value.
constexpr std::size_t kNear = 3;

constexpr std::array<std::string_view, 8> kHostWords{"host", "hostname", "server",  "endpoint",
                                                     "url",  "uri",      "address", "addr"};

bool is_host_word(std::string_view name) {
  const auto words = knowledge::name_words(name);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::find(kHostWords.begin(), kHostWords.end(), word) != kHostWords.end() ||
           word.ends_with("host");
  });
}

/// The host of "db.internal", "db.internal:5432", "postgres://app@db.internal/app"; empty for anything else.
std::string_view host_in(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
    text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("/?#"));
    if (const std::size_t user = text.rfind('@'); user != std::string_view::npos)
      text.remove_prefix(user + 1);
  }
  if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    if (text.find_first_not_of("0123456789", colon + 1) != std::string_view::npos) return {};
    text = text.substr(0, colon);
  }
  const bool plain = !text.empty() && text.size() <= kLongestHost && text.front() != '.' &&
                     text.back() != '.' && text.front() != '-' && text.find("..") == std::string_view::npos &&
                     std::all_of(text.begin(), text.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                              c == '-' || c == '.' || c == '_';
                     });
  return plain ? text : std::string_view();
}

bool is_local(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "0.0.0.0" || host.starts_with("169.254.");
}

/// A variable of the environment that names a host.
struct Variable {
  std::string name;
  std::string host;
  std::string path;
};

std::vector<Variable> host_variables(const telemetry::Entity& entity) {
  std::vector<Variable> out;
  constexpr std::string_view kEnvironment = ".env.";
  for (const auto* entry : entity.attributes.with_prefix("container.")) {
    const auto& [path, value] = *entry;
    const std::size_t at = path.find(kEnvironment);
    if (at == std::string::npos) continue;
    const std::string name = path.substr(at + kEnvironment.size());
    const std::string_view host = host_in(value);
    if (is_host_word(name) && !host.empty()) out.push_back({name, std::string(host), path});
  }
  return out;
}

/// How much two names have in common: words of the one that are words of the other.
std::size_t shared_words(std::string_view a, std::string_view b) {
  const auto left = knowledge::name_words(a);
  const auto right = knowledge::name_words(b);
  return static_cast<std::size_t>(std::count_if(left.begin(), left.end(), [&](const std::string& word) {
    return std::find(right.begin(), right.end(), word) != right.end();
  }));
}

/// Why a string is taken for the host that a client connects to: the key or the call before it.
bool is_used_as_host(const Source& s, std::size_t i) {
  if (inner_text(s.at(i)).find("://") != std::string_view::npos) return true;
  for (std::size_t back = 1; back <= std::min(kNear, i); ++back) {
    const Token& t = s.at(i - back);
    if (t.kind == TokenKind::kName && is_host_word(t.text)) return true;
    if (t.kind == TokenKind::kString && back == 2 && s.is(i - 1, ":") && is_host_word(inner_text(t)))
      return true;
    if (t.is(",") || t.is(";") || t.is("{")) break;
  }
  return false;
}

/// "process.env.DB_HOST || 'localhost'": what stands in where nothing is set.
bool is_fallback(const Source& s, std::size_t i) {
  if (i == 0) return false;
  if (s.is(i - 1, "||") || s.is(i - 1, "??") || s.is(i - 1, "or")) return true;
  constexpr std::size_t kCall = 6;
  for (std::size_t back = 1; back <= std::min(kCall, i); ++back) {
    const auto variable = Values::variable_at(s, i - back);
    if (variable && variable->fallback == i) return true;
  }
  return false;
}

}  // namespace

void find_literal_hosts(const Code& code, std::vector<Finding>& out) {
  const auto variables = host_variables(code.entity);
  if (variables.empty()) return;
  for (const Source& s : code.sources) {
    for (std::size_t i = 0; i < s.tokens.size(); ++i) {
      if (s.at(i).kind != TokenKind::kString || s.at(i).text.size() > kLongestHost * 2) continue;
      const std::string_view host = host_in(inner_text(s.at(i)));
      if (host.empty() || is_local(host)) continue;
      const bool fails = code.failing_hosts.contains(base::to_lower(host));
      const bool dotted = host.find('.') != std::string_view::npos;
      if (!fails && (!dotted || !is_used_as_host(s, i) || is_fallback(s, i))) continue;
      const bool same = std::any_of(variables.begin(), variables.end(), [&](const Variable& v) {
        return base::to_lower(v.host) == base::to_lower(host);
      });
      if (same) continue;
      const auto& best =
          *std::max_element(variables.begin(), variables.end(), [&](const auto& a, const auto& b) {
            return shared_words(a.name + " " + a.host, host) < shared_words(b.name + " " + b.host, host);
          });
      // Without a record of it failing, only what is clearly the same thing under another name is told.
      if (!fails && shared_words(best.name + " " + best.host, host) == 0) continue;
      Finding f{"code.host.literal", &s, i, fails ? 2.0 : 1.0};
      f.facts["host"] = base::printable(base::redact(host), kShownBytes);
      f.facts["variable"] = base::printable(best.name, kShownBytes);
      f.facts["expected"] = base::printable(base::redact(best.host), kShownBytes);
      f.attributes = {best.path};
      // Whose resolver is asked for the name.
      if (const std::string_view vpc = code.entity.attributes.get(kNetwork); !vpc.empty()) {
        f.facts["vpc"] = base::printable(vpc, kShownBytes);
        f.attributes.emplace_back(kNetwork);
      }
      out.push_back(std::move(f));
    }
  }
}

}  // namespace midwatch::observe::code
