#include "src/clients/aws/api/answer_decoder.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "src/base/ascii.h"
#include "src/base/time.h"
#include "src/base/try.h"
#include "src/base/utf8.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/clients/aws/api/xml_document.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

/// The CLI's name of a member.
std::string cli_name(const Service& service, const Field* field, std::string_view wire) {
  if (field != nullptr) return std::string(field->name);
  std::string name(wire);
  if (service.capitalised && !name.empty() && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

FieldKind kind_of(const Field* field) {
  return field == nullptr ? FieldKind::kText : field->kind;
}

/// Epoch seconds as RFC 3339; what is no number stays as it is.
Json time_of_seconds(const Json& value) {
  if (value.is_array()) {
    Json list = Json::array();
    for (const Json& item : value) list.push_back(time_of_seconds(item));
    return list;
  }
  if (!value.is_number()) return value;
  const auto time = base::parse_epoch_seconds(value.dump());
  return time ? Json(base::format_rfc3339(*time)) : value;
}

class JsonReader {
 public:
  explicit JsonReader(const Service& service) : service_(service) {}

  Json read(std::string_view parent, Json value) const {
    if (value.is_array()) {
      for (Json& item : value) item = read(parent, std::move(item));
      return value;
    }
    if (!value.is_object()) return value;
    Json object = Json::object();
    for (auto& [key, member] : value.items()) {
      if (member.is_null()) continue;  // the CLI prints no member that has no value
      const Field* field = find_output(service_, parent, key);
      object[cli_name(service_, field, key)] = read_member(kind_of(field), key, std::move(member));
    }
    return object;
  }

 private:
  Json read_member(FieldKind kind, std::string_view key, Json member) const {
    if (kind == FieldKind::kTime) return time_of_seconds(member);
    if (kind == FieldKind::kMaps) return member;
    if (kind != FieldKind::kMap) return read(key, std::move(member));
    if (member.is_array()) {  // a list of maps
      for (Json& item : member) item = read_member(kind, key, std::move(item));
    } else if (member.is_object()) {
      for (auto& [name, value] : member.items()) value = read(key, std::move(value));
    }
    return member;
  }

  const Service& service_;
};

Json number_of(const std::string& text) {
  std::int64_t whole = 0;
  const char* end = text.data() + text.size();
  if (const auto got = std::from_chars(text.data(), end, whole); got.ec == std::errc() && got.ptr == end)
    return whole;
  double real = 0;
  if (const auto got = std::from_chars(text.data(), end, real); got.ec == std::errc() && got.ptr == end)
    return real;
  return text;
}

Json document_of(const std::string& text) {
  auto parsed = base::parse_json(http::percent_decode(text));
  return parsed ? std::move(*parsed) : Json(text);
}

Json scalar_of(FieldKind kind, const std::string& text) {
  switch (kind) {
    case FieldKind::kNumber:
      return number_of(text);
    case FieldKind::kBoolean:
      return text == "true" ? Json(true) : text == "false" ? Json(false) : Json(text);
    case FieldKind::kTime: {
      const auto time = base::parse_rfc3339(text);
      return time ? Json(base::format_rfc3339(*time)) : Json(text);
    }
    case FieldKind::kDocument:
      return document_of(text);
    default:
      return text;
  }
}

class XmlReader {
 public:
  explicit XmlReader(const Service& service) : service_(service) {}

  Json read_members(std::string_view parent, const XmlElement& element) const {
    Json object = Json::object();
    for (const XmlElement& child : element.children) {
      const Field* field = find_output(service_, parent, child.name);
      const std::string name = cli_name(service_, field, child.name);
      const FieldKind kind = kind_of(field);
      if (kind == FieldKind::kFlatList) {
        object[name].push_back(read_value(FieldKind::kText, child.name, child));
      } else {
        add(object, name, kind, read_value(kind, child.name, child));
      }
    }
    return object;
  }

  Json read_value(FieldKind kind, std::string_view name, const XmlElement& element) const {
    switch (kind) {
      case FieldKind::kList:
      case FieldKind::kNumbers: {
        const auto item_kind = kind == FieldKind::kList ? FieldKind::kText : FieldKind::kNumber;
        Json list = Json::array();
        for (const XmlElement& item : element.children) list.push_back(read_value(item_kind, name, item));
        return list;
      }
      case FieldKind::kMap: {
        Json map = Json::object();
        for (const XmlElement& entry : element.children)
          if (entry.children.size() == 2)
            map[entry.children[0].text] = read_value(FieldKind::kText, name, entry.children[1]);
        return map;
      }
      case FieldKind::kText:
        return element.children.empty() ? Json(element.text) : read_members(name, element);
      default:
        return scalar_of(kind, element.text);
    }
  }

 private:
  /// A member that comes again although nothing calls it a list becomes one, so that nothing is lost.
  static void add(Json& object, const std::string& name, FieldKind kind, Json value) {
    const auto found = object.find(name);
    if (found == object.end()) {
      object[name] = std::move(value);
    } else if (kind == FieldKind::kList || kind == FieldKind::kNumbers || kind == FieldKind::kMap) {
      if (found->is_array() && value.is_array()) {
        found->insert(found->end(), value.begin(), value.end());
      } else if (found->is_object() && value.is_object()) {
        found->update(value);
      }
    } else if (found->is_array()) {
      found->push_back(std::move(value));
    } else {
      Json first = std::move(*found);
      *found = Json::array({std::move(first), std::move(value)});
    }
  }

  const Service& service_;
};

base::Result<Json> decode_json(const Service& service, const Operation& operation, std::string_view body) {
  if (base::trim(body).empty()) return Json(Json::object());
  MIDWATCH_TRY(Json parsed, base::parse_json(body));
  if (!parsed.is_object())
    return base::external_error(base::ErrorCode::kMalformed, "the answer is no JSON object");
  return JsonReader(service).read(operation.name, std::move(parsed));
}

/// The members lie in `<XResult>` (query) or beside the request's id (ec2).
base::Result<Json> decode_xml(const Service& service, const Operation& operation, std::string_view body) {
  MIDWATCH_TRY(const XmlElement root, parse_xml(body));
  const XmlElement* result = root.child(std::string(operation.name) + "Result");
  Json members = XmlReader(service).read_members(operation.name, result == nullptr ? root : *result);
  for (const char* envelope : {"ResponseMetadata", "RequestId"})
    if (result == nullptr) members.erase(envelope);
  return members;
}

/// The members lie in the root element, or the root is the one member, or the body is its text.
base::Result<Json> decode_rest_xml(const Service& service, const Operation& operation,
                                   std::string_view body) {
  const std::string payload(operation.payload);
  if (operation.payload_is_text) return Json{{payload, base::repair_utf8(body)}};
  MIDWATCH_TRY(const XmlElement root, parse_xml(body));
  const XmlReader reader(service);
  if (payload.empty()) return reader.read_members(operation.name, root);
  Json value = reader.read_value(kind_of(find_output(service, operation.name, payload)), payload, root);
  // The CLI prints a null for an element that says nothing.
  if (value.is_string() && value.get_ref<const std::string&>().empty()) value = Json();
  return Json{{payload, std::move(value)}};
}

}  // namespace

base::Result<Json> decode_answer(const Service& service, const Operation& operation, std::string_view body) {
  switch (service.protocol) {
    case Protocol::kRestXml:
      return decode_rest_xml(service, operation, body);
    case Protocol::kQuery:
    case Protocol::kEc2:
      return decode_xml(service, operation, body);
    default:
      return decode_json(service, operation, body);
  }
}

}  // namespace midwatch::clients::aws::api
