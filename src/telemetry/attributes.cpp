#include "src/telemetry/attributes.h"

#include <algorithm>

#include "src/telemetry/number.h"

namespace midwatch::telemetry {
namespace {

bool path_before(const Attributes::Entry& entry, std::string_view path) {
  return entry.first < path;
}

}  // namespace

void Attributes::set(std::string path, std::string value) {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), path, path_before);
  if (at != entries_.end() && at->first == path) {
    at->second = std::move(value);
  } else {
    entries_.emplace(at, std::move(path), std::move(value));
  }
}

const std::string* Attributes::find(std::string_view path) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), path, path_before);
  return at != entries_.end() && at->first == path ? &at->second : nullptr;
}

std::string_view Attributes::get(std::string_view path, std::string_view otherwise) const {
  const std::string* value = find(path);
  return value ? std::string_view(*value) : otherwise;
}

std::optional<double> Attributes::number(std::string_view path) const {
  const std::string* value = find(path);
  return value ? parse_number(*value) : std::nullopt;
}

std::vector<const Attributes::Entry*> Attributes::with_prefix(std::string_view prefix) const {
  std::vector<const Entry*> found;
  for (auto at = std::lower_bound(entries_.begin(), entries_.end(), prefix, path_before);
       at != entries_.end() && at->first.starts_with(prefix); ++at) {
    found.push_back(&*at);
  }
  return found;
}

void Attributes::merge(const Attributes& other) {
  for (const auto& [path, value] : other) set(path, value);
}

}  // namespace midwatch::telemetry
