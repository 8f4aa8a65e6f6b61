#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

#include "src/base/clock.h"

namespace midwatch::base {

/// A typed identifier; `Tag` names what it identifies and its printed prefix (`Tag::kPrefix`, for example
/// "inv").
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string uuid) : text_(std::string(Tag::kPrefix) + "-" + std::move(uuid)) {}
  const std::string& text() const { return text_; }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

/// Makes new identifiers.
class IdGenerator {
 public:
  virtual ~IdGenerator() = default;
  /// Makes a UUID in its 36-character form.
  virtual std::string next_uuid() = 0;
};

/// Makes UUID version 7 (RFC 9562): they sort by the time they were made. Threads: safe.
class Uuid7Generator final : public IdGenerator {
 public:
  explicit Uuid7Generator(const Clock& clock);
  std::string next_uuid() override;

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::mt19937_64 random_;
};

/// Makes 00000000-…-1, …-2, …, for tests.
class SequentialIdGenerator final : public IdGenerator {
 public:
  std::string next_uuid() override;

 private:
  std::uint64_t last_ = 0;
};

}  // namespace midwatch::base
