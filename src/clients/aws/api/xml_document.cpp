#include "src/clients/aws/api/xml_document.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <fmt/format.h>

#include "src/base/utf8.h"

namespace midwatch::clients::aws::api {
namespace {

constexpr std::size_t kMaxDepth = 100;  // answers nest about ten levels
constexpr std::size_t kMaxEntityBytes = 12;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool ends_name(char c) {
  return is_space(c) || c == '>' || c == '/' || c == '=' || c == '<';
}

void append_code_point(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | (code >> 6U));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | (code >> 12U));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (code >> 18U));
    out += static_cast<char>(0x80U | ((code >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((code >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code & 0x3FU));
  }
}

/// Appends what `&name;` stands for; false where it stands for nothing.
bool append_entity(std::string& out, std::string_view name) {
  static constexpr std::pair<std::string_view, char> kNamed[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [known, character] : kNamed) {
    if (name == known) {
      out += character;
      return true;
    }
  }
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  constexpr std::uint32_t kLast = 0x10FFFF;
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (name.empty() || error != std::errc() || end != name.data() + name.size() || code > kLast || surrogate)
    return false;
  append_code_point(out, code);
  return true;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<XmlElement> document() {
    if (rest().starts_with("\xEF\xBB\xBF")) at_ += 3;
    std::vector<XmlElement> open;
    while (at_ < text_.size()) {
      if (text_[at_] != '<') {
        if (!read_text(open)) return fail("text where none belongs, or an unknown entity");
      } else if (rest().starts_with("<!--")) {
        if (!skip_past("-->")) return fail("a comment without an end");
      } else if (rest().starts_with("<?")) {
        if (!skip_past("?>")) return fail("an instruction without an end");
      } else if (rest().starts_with("<![CDATA[")) {
        if (!read_cdata(open)) return fail("a CDATA section without an end or outside of elements");
      } else if (rest().starts_with("<!")) {
        return fail("a document type definition");
      } else if (rest().starts_with("</")) {
        if (!read_end(open)) return fail("an end tag that fits no start tag");
        if (done_) return finish();
      } else {
        if (open.size() >= kMaxDepth) return fail("too many levels");
        if (!read_start(open)) return fail("a start tag that is not well-formed");
        if (done_) return finish();
      }
    }
    return fail(open.empty() ? "no element" : "the end is missing");
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  base::Error fail(std::string_view what) const {
    return base::external_error(base::ErrorCode::kMalformed,
                                fmt::format("XML with {}, at byte {}", what, at_));
  }

  bool skip_past(std::string_view end) {
    const auto found = text_.find(end, at_);
    if (found == std::string_view::npos) return false;
    at_ = found + end.size();
    return true;
  }

  bool read_text(std::vector<XmlElement>& open) {
    const auto end = std::min(text_.find('<', at_), text_.size());
    std::string out;
    while (at_ < end) {
      if (text_[at_] != '&') {
        const auto stop = std::min(text_.find('&', at_), end);
        out += text_.substr(at_, stop - at_);
        at_ = stop;
        continue;
      }
      const auto semicolon = text_.find(';', at_);
      if (semicolon == std::string_view::npos || semicolon - at_ > kMaxEntityBytes ||
          !append_entity(out, text_.substr(at_ + 1, semicolon - at_ - 1))) {
        return false;
      }
      at_ = semicolon + 1;
    }
    if (open.empty()) return std::all_of(out.begin(), out.end(), is_space);
    open.back().text += out;
    return true;
  }

  bool read_cdata(std::vector<XmlElement>& open) {
    constexpr std::string_view kStart = "<![CDATA[";
    const auto end = text_.find("]]>", at_);
    if (end == std::string_view::npos || open.empty()) return false;
    open.back().text += text_.substr(at_ + kStart.size(), end - at_ - kStart.size());
    at_ = end + 3;
    return true;
  }

  std::string_view read_name() {
    const auto start = at_;
    while (at_ < text_.size() && !ends_name(text_[at_])) ++at_;
    auto name = text_.substr(start, at_ - start);
    if (const auto colon = name.find(':'); colon != std::string_view::npos) name.remove_prefix(colon + 1);
    return name;
  }

  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  /// Passes over `name="value"` up to the end of the tag.
  bool skip_attributes() {
    while (true) {
      skip_spaces();
      if (at_ >= text_.size()) return false;
      if (text_[at_] == '>' || text_[at_] == '/') return true;
      if (read_name().empty()) return false;
      skip_spaces();
      if (at_ >= text_.size() || text_[at_] != '=') return false;
      ++at_;
      skip_spaces();
      if (at_ >= text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) return false;
      const auto end = text_.find(text_[at_], at_ + 1);
      if (end == std::string_view::npos) return false;
      at_ = end + 1;
    }
  }

  bool read_start(std::vector<XmlElement>& open) {
    ++at_;
    const auto name = read_name();
    if (name.empty() || !skip_attributes()) return false;
    open.push_back({.name = base::repair_utf8(name), .text = {}, .children = {}});
    const bool empty = text_[at_] == '/';
    if (empty) ++at_;
    if (at_ >= text_.size() || text_[at_] != '>') return false;
    ++at_;
    if (empty) close(open);
    return true;
  }

  bool read_end(std::vector<XmlElement>& open) {
    at_ += 2;
    const auto name = read_name();
    skip_spaces();
    if (open.empty() || open.back().name != base::repair_utf8(name) || at_ >= text_.size() ||
        text_[at_] != '>') {
      return false;
    }
    ++at_;
    close(open);
    return true;
  }

  void close(std::vector<XmlElement>& open) {
    XmlElement element = std::move(open.back());
    open.pop_back();
    element.text = base::repair_utf8(element.text);
    if (open.empty()) {
      root_ = std::move(element);
      done_ = true;
    } else {
      open.back().children.push_back(std::move(element));
    }
  }

  /// After the root only spaces, comments and instructions may follow; what else follows is refused.
  base::Result<XmlElement> finish() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (rest().starts_with("<!--") && skip_past("-->")) {
        continue;
      } else {
        return fail("something after its end");
      }
    }
    return std::move(root_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  XmlElement root_;
  bool done_ = false;
};

}  // namespace

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [wanted](const XmlElement& each) { return each.name == wanted; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::child_text(std::string_view wanted) const {
  const XmlElement* found = child(wanted);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

base::Result<XmlElement> parse_xml(std::string_view text) {
  return Parser(text).document();
}

}  // namespace midwatch::clients::aws::api
