#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "src/store/store.h"

/// What the contract stores, and how it compares what it reads.
namespace midwatch::store::contract {

/// A moment so many seconds after some fixed one.
base::Timestamp at(std::int64_t seconds);

/// As much of a text as a key takes.
std::string key_of(const std::string& text);

/// Items with every field set; `text` stands in each that is free text.
model::Incident incident_of(const std::string& id, std::int64_t opened, const std::string& text = "checkout");
model::Investigation investigation_of(const std::string& id, const std::string& incident,
                                      std::int64_t requested, const std::string& text = "checkout");
StoredAlarm alarm_of(const std::string& id, const std::string& incident, std::int64_t received,
                     const std::string& text = "checkout");
Delivery delivery_of(const std::string& id, std::int64_t received, const std::string& text = "checkout");

/// Every field of an item.
std::string show(const Delivery& delivery);
std::string show(const StoredAlarm& stored);
std::string show(const model::Incident& item);
std::string show(const model::Investigation& item);
std::string show(const model::JournalEntry& entry);
std::string show(const Document& document);
std::string show(const model::Feedback& feedback);
std::string show(const OutboxMessage& message);

/// The ids of items, separated by spaces.
template <class T>
std::string ids(const std::vector<T>& items) {
  std::string all;
  for (const auto& item : items) {
    if (!all.empty()) all += " ";
    if constexpr (requires { item.alarm.id; }) {
      all += item.alarm.id;
    } else {
      all += item.id;
    }
  }
  return all;
}

}  // namespace midwatch::store::contract
