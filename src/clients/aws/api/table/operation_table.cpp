#include "src/clients/aws/api/table/operation_table.h"

#include <algorithm>

namespace midwatch::clients::aws::api {
namespace {

/// The field whose `key` is `name`: that of this parent before that of any.
const Field* find_field(std::span<const Field> fields, std::string_view Field::*key, std::string_view parent,
                        std::string_view name) {
  const Field* anywhere = nullptr;
  for (const Field& field : fields) {
    if (field.*key != name) continue;
    if (field.parent == parent) return &field;
    if (field.parent.empty()) anywhere = &field;
  }
  return anywhere;
}

}  // namespace

const Service* find_service(std::string_view name) {
  for (const auto& getter : service_getters())
    if (getter().name == name) return &getter();
  return nullptr;
}

const Operation* find_operation(const Service& service, std::string_view name) {
  const auto found = std::find_if(service.operations.begin(), service.operations.end(),
                                  [name](const Operation& operation) { return operation.name == name; });
  return found == service.operations.end() ? nullptr : &*found;
}

const Field* find_output(const Service& service, std::string_view parent, std::string_view wire) {
  return find_field(service.outputs, &Field::wire, parent, wire);
}

const Field* find_input(const Service& service, std::string_view parent, std::string_view name) {
  return find_field(service.inputs, &Field::name, parent, name);
}

}  // namespace midwatch::clients::aws::api
