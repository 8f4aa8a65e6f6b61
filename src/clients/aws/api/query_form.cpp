#include "src/clients/aws/api/query_form.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/clients/aws/api/table/operation_table.h"
#include "src/http/url.h"

namespace midwatch::clients::aws::api {
namespace {

using base::Json;

class FormWriter {
 public:
  explicit FormWriter(const Service& service) : service_(service) {}

  void add(std::string_view key, std::string_view value) {
    form_ += fmt::format("{}{}={}", form_.empty() ? "" : "&", http::percent_encode(key),
                         http::percent_encode(value));
  }

  void add_members(const std::string& prefix, std::string_view parent, const Json& object) {
    for (const auto& [name, value] : object.items()) {
      const Field* field = find_input(service_, parent, name);
      const std::string wire(field == nullptr ? std::string_view(name) : field->wire);
      const std::string place = prefix.empty() ? wire : fmt::format("{}.{}", prefix, wire);
      if (value.is_array()) {
        add_list(place, field == nullptr ? std::string_view() : field->item, name, value);
      } else if (value.is_object()) {
        add_members(place, name, value);
      } else {
        add_scalar(place, value);
      }
    }
  }

  std::string take() { return std::move(form_); }

 private:
  void add_list(const std::string& place, std::string_view item, std::string_view name, const Json& list) {
    const std::string items = item.empty() ? place : fmt::format("{}.{}", place, item);
    std::size_t number = 0;
    for (const Json& value : list) {
      const std::string each = fmt::format("{}.{}", items, ++number);
      if (value.is_object()) {
        add_members(each, name, value);
      } else {
        add_scalar(each, value);
      }
    }
  }

  void add_scalar(const std::string& place, const Json& value) {
    if (value.is_null()) return;
    add(place, value.is_boolean() ? (value.get<bool>() ? "true" : "false") : base::text(value));
  }

  const Service& service_;
  std::string form_;
};

}  // namespace

std::string query_form(const Service& service, const Operation& operation, const Json& input) {
  FormWriter writer(service);
  writer.add("Action", operation.name);
  writer.add("Version", service.version);
  writer.add_members("", operation.name, input);
  return writer.take();
}

}  // namespace midwatch::clients::aws::api
