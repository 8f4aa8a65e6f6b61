#include "src/base/json_builder.h"

#include <algorithm>
#include <iterator>

namespace midwatch::base {
namespace {

using Object = Json::object_t;

constexpr std::size_t kFirstRoom = 4;    ///< members; most objects have a handful
constexpr std::size_t kMostRoom = 1024;  ///< kept free at once, whatever length a document claims
constexpr std::size_t kManyKeys = 32;    ///< from here on an index is quicker than comparing one by one

/// Makes room for `count` members in all. The members' keys are copied, for they are constant; values move.
void make_room(Object& object, std::size_t count) {
  if (count <= object.capacity()) return;
  Object roomier;
  roomier.reserve(std::max(count, 2 * object.size()));
  Object::Container& members = roomier;
  for (auto& [key, value] : object) members.emplace_back(key, std::move(value));
  object.swap(roomier);
}

}  // namespace

bool JsonBuilder::start_object(std::size_t members) {
  open_.push_back({Json::object(), {}, {}});
  if (members <= kMostRoom) make_room(open_.back().value.get_ref<Object&>(), members);
  return true;
}

bool JsonBuilder::start_array(std::size_t items) {
  open_.push_back({Json::array(), {}, {}});
  if (items <= kMostRoom) open_.back().value.get_ref<Json::array_t&>().reserve(items);
  return true;
}

bool JsonBuilder::key(std::string& value) {
  open_.back().key = std::move(value);
  return true;
}

bool JsonBuilder::put(Json value) {
  if (open_.empty()) {
    document_ = std::move(value);
  } else if (Open& open = open_.back(); open.value.is_array()) {
    open.value.get_ref<Json::array_t&>().push_back(std::move(value));
  } else {
    add(open, std::move(value));
  }
  return true;
}

bool JsonBuilder::close() {
  Json value = std::move(open_.back().value);
  open_.pop_back();
  return put(std::move(value));
}

void JsonBuilder::add(Open& open, Json value) {
  auto& object = open.value.get_ref<Object&>();
  const bool many = object.size() >= kManyKeys;
  if (many && open.numbers.empty()) {
    for (std::size_t i = 0; i < object.size(); ++i)
      open.numbers.emplace(object.begin()[static_cast<std::ptrdiff_t>(i)].first, i);
  }
  auto same = object.end();
  if (many) {
    const auto [at, added] = open.numbers.emplace(open.key, object.size());
    if (!added) same = std::next(object.begin(), static_cast<std::ptrdiff_t>(at->second));
  } else {
    same = std::find_if(object.begin(), object.end(),
                        [&](const auto& member) { return member.first == open.key; });
  }
  if (same != object.end()) {
    same->second = std::move(value);
    return;
  }
  if (object.size() == object.capacity()) make_room(object, std::max(kFirstRoom, object.size() + 1));
  Object::Container& members = object;
  members.emplace_back(std::move(open.key), std::move(value));
}

bool JsonBuilder::parse_error(std::size_t position, const std::string& /*last_token*/,
                              const nlohmann::json::exception& error) {
  constexpr int kNumberOverflow = 406;  // the library's number for it
  error_at_ = position;
  number_is_too_large_ = error.id == kNumberOverflow;
  open_.clear();
  document_ = nullptr;
  return false;
}

}  // namespace midwatch::base
