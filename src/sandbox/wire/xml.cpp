#include "src/sandbox/wire/xml.h"

#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using Kind = Shape::Kind;

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] - 'A' + 'a');
  return out;
}

class Writer {
 public:
  explicit Writer(XmlStyle style) : style_(style) {}

  void members(const Json& value, const Shape* shape) {
    if (!value.is_object()) return;
    for (const auto& [name, inner] : value.items()) {
      if (inner.is_null()) continue;
      const Member* member = shape == nullptr ? nullptr : shape->member(name);
      if (member == nullptr)
        element(style_ == XmlStyle::kEc2 ? lower_first(name) : name, inner, nullptr, false);
      else
        element(tag_of(*member), inner, member->shape, member->flat);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  std::string tag_of(const Member& member) const {
    if (!member.tag.empty()) return member.tag;
    return style_ == XmlStyle::kEc2 ? lower_first(member.name) : member.name;
  }

  void element(const std::string& tag, const Json& value, const Shape* shape, bool flat) {
    flat = flat || (shape != nullptr && shape->flat);
    if (value.is_array()) return list(tag, value, shape, flat);
    if (value.is_object() && shape != nullptr && shape->kind == Kind::kMap)
      return map(tag, value, *shape, flat);
    open(tag);
    if (value.is_object())
      members(value, shape);
    else
      out_ += escape_xml(base::text(value));
    close(tag);
  }

  void list(const std::string& tag, const Json& value, const Shape* shape, bool flat) {
    std::string item = style_ == XmlStyle::kEc2 ? "item" : "member";
    if (shape != nullptr && !shape->tag.empty()) item = shape->tag;
    if (!flat) open(tag);
    for (const Json& inner : value)
      element(flat ? tag : item, inner, shape == nullptr ? nullptr : shape->item, false);
    if (!flat) close(tag);
  }

  void map(const std::string& tag, const Json& value, const Shape& shape, bool flat) {
    if (!flat) open(tag);
    for (const auto& [key, inner] : value.items()) {
      open(flat ? tag : "entry");
      element(shape.key, Json(key), nullptr, false);
      element(shape.value, inner, shape.item, false);
      close(flat ? tag : "entry");
    }
    if (!flat) close(tag);
  }

  void open(std::string_view tag) { out_.append("<").append(tag).append(">"); }
  void close(std::string_view tag) { out_.append("</").append(tag).append(">"); }

  XmlStyle style_;
  std::string out_;
};

}  // namespace

std::string to_xml(const Json& value, const Shape* shape, XmlStyle style) {
  Writer writer(style);
  writer.members(value, shape);
  return writer.take();
}

std::string escape_xml(std::string_view text) {
  constexpr unsigned char kFirstPrintable = 0x20;
  std::string out;
  for (const char c : base::repair_utf8(text)) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\r')
      out += "&#xD;";
    else if (static_cast<unsigned char>(c) < kFirstPrintable && c != '\n' && c != '\t')
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

}  // namespace midwatch::sandbox::wire
