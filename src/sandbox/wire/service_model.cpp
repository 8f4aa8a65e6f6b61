#include "src/sandbox/wire/service_model.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/base/json_access.h"
#include "src/base/try.h"

namespace midwatch::sandbox::wire {

std::vector<std::string_view> embedded_models();

namespace {

using base::at;
using base::Json;
using base::list_at;
using base::text_at;
using Kind = Shape::Kind;

bool flag_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::string text_or(const Json& object, std::string_view key, const std::string& fallback) {
  const std::string text = text_at(object, key);
  return text.empty() ? fallback : text;
}

/// Finds the shapes that a model's references name.
class Shapes {
 public:
  explicit Shapes(std::map<std::string, std::unique_ptr<Shape>, std::less<>>& all) : all_(all) {}

  const Shape* find(const std::string& reference) const {
    static const Shape kInteger{.kind = Kind::kInteger};
    static const Shape kNumber{.kind = Kind::kNumber};
    static const Shape kBoolean{.kind = Kind::kBoolean};
    static const Shape kTime{.kind = Kind::kTime};
    if (reference == "integer") return &kInteger;
    if (reference == "number") return &kNumber;
    if (reference == "boolean") return &kBoolean;
    if (reference == "time") return &kTime;
    const auto found = all_.find(reference);
    return found == all_.end() ? nullptr : found->second.get();
  }

  void fill(Shape& shape, const Json& source) const {
    const std::string kind = text_at(source, "kind");
    shape.kind = kind == "list" ? Kind::kList : kind == "map" ? Kind::kMap : Kind::kStructure;
    shape.item = find(text_at(source, "item"));
    shape.tag = text_at(source, "tag");
    shape.key = text_or(source, "key", "key");
    shape.value = text_or(source, "value", "value");
    shape.flat = flag_at(source, "flat");
    for (const auto& [name, member] : at(source, "members").items()) {
      shape.members.push_back({.name = name,
                               .tag = text_at(member, "name"),
                               .form = text_at(member, "form"),
                               .place = text_at(member, "in"),
                               .shape = find(text_at(member, "shape")),
                               .flat = flag_at(member, "flat")});
    }
    std::sort(shape.members.begin(), shape.members.end(),
              [](const Member& a, const Member& b) { return a.name < b.name; });
  }

 private:
  std::map<std::string, std::unique_ptr<Shape>, std::less<>>& all_;
};

std::size_t count_at(const Json& object, std::string_view key) {
  return static_cast<std::size_t>(base::number_at(object, key).value_or(0));
}

std::optional<Paging> paging_of(const Json& source) {
  if (!source.is_object()) return {};
  Paging paging{.token_in = text_at(source, "in"),
                .token_out = text_at(source, "out"),
                .place = {},
                .limit = text_at(source, "limit"),
                .more = text_at(source, "more"),
                .lists = {},
                .items = count_at(source, "items"),
                .max = count_at(source, "max")};
  for (const Json& token : list_at(source, "place"))
    paging.place.push_back({text_at(token, "in"), text_at(token, "out"), text_at(token, "member")});
  for (const Json& list : list_at(source, "lists")) paging.lists.push_back(base::text(list));
  return paging;
}

Operation operation_of(const std::string& name, const Json& source, const Shapes& shapes) {
  Operation operation;
  operation.name = name;
  operation.method = text_or(source, "method", "POST");
  operation.uri = text_or(source, "uri", "/");
  operation.status = static_cast<int>(base::number_at(source, "status").value_or(200));
  operation.wrapper = text_or(source, "wrapper", name + "Result");
  operation.root = text_at(source, "root");
  operation.payload = text_at(source, "payload");
  operation.input = shapes.find(text_at(source, "input"));
  operation.output = shapes.find(text_at(source, "output"));
  operation.paging = paging_of(at(source, "page"));
  return operation;
}

std::vector<Service> read_embedded() {
  std::vector<Service> services;
  for (const std::string_view text : embedded_models()) {
    auto service = read_service(text);
    if (!service) throw std::logic_error("a built-in model: " + service.error().describe());
    services.push_back(*std::move(service));
  }
  return services;
}

}  // namespace

const Member* Shape::member(std::string_view name) const {
  const auto found = std::lower_bound(members.begin(), members.end(), name,
                                      [](const Member& m, std::string_view n) { return m.name < n; });
  return found == members.end() || found->name != name ? nullptr : &*found;
}

bool Service::speaks(std::string_view protocol) const {
  return std::find(protocols.begin(), protocols.end(), protocol) != protocols.end();
}

const Operation* Service::operation(std::string_view wanted) const {
  const auto found = operations.find(wanted);
  return found == operations.end() ? nullptr : &found->second;
}

base::Result<Service> read_service(std::string_view text) {
  MIDWATCH_TRY(const Json source, base::parse_json(text));
  Service service;
  service.name = text_at(source, "service");
  if (service.name.empty()) return base::internal_error("a wire model without the name of its service");
  service.signing = text_at(source, "signing");
  for (const Json& protocol : list_at(source, "protocols")) service.protocols.push_back(base::text(protocol));
  service.version = text_at(source, "version");
  service.target = text_at(source, "target");
  service.json_version = text_at(source, "json");
  service.xml_namespace = text_at(source, "namespace");
  service.query_mode = flag_at(source, "query_mode");
  for (const auto& [name, shape] : at(source, "shapes").items())
    service.shapes_[name] = std::make_unique<Shape>();
  const Shapes shapes(service.shapes_);
  for (const auto& [name, shape] : at(source, "shapes").items()) shapes.fill(*service.shapes_[name], shape);
  for (const auto& [name, operation] : at(source, "operations").items())
    service.operations[name] = operation_of(name, operation, shapes);
  for (const auto& [name, error] : at(source, "errors").items())
    service.errors[name] = {text_at(error, "code"), static_cast<int>(count_at(error, "status"))};
  return service;
}

const std::vector<Service>& known_services() {
  static const std::vector<Service> kServices = read_embedded();
  return kServices;
}

}  // namespace midwatch::sandbox::wire
