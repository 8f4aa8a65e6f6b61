#include "src/sandbox/wire/cbor.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <nlohmann/json.hpp>

#include "src/base/utf8.h"
#include "src/sandbox/wire/json_shape.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using Kind = Shape::Kind;

/// Deeper than any operation's input.
constexpr std::size_t kDeepest = 64;

/// The major types of RFC 8949 section 3.1.
enum Major : unsigned { kUnsigned, kNegative, kBytes, kText, kArray, kMap, kTag, kSimple };

class Encoder {
 public:
  void value(const Json& json, const Shape* shape) {
    if (shape != nullptr && shape->kind == Kind::kTime && json.is_string()) return time(json);
    if (json.is_object()) {
      head(kMap, json.size());
      for (const auto& [key, inner] : json.items()) {
        text(key);
        value(inner, shape_of(shape, key));
      }
    } else if (json.is_array()) {
      head(kArray, json.size());
      for (const Json& inner : json) value(inner, shape == nullptr ? nullptr : shape->item);
    } else {
      scalar(json);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  static const Shape* shape_of(const Shape* shape, const std::string& key) {
    if (shape == nullptr) return nullptr;
    if (shape->kind == Kind::kMap) return shape->item;
    const Member* member = shape->member(key);
    return member == nullptr ? nullptr : member->shape;
  }

  void time(const Json& json) {
    static const Shape kShape{.kind = Kind::kTime};
    constexpr std::uint64_t kEpoch = 1;
    const Json seconds = to_body(json, &kShape, BodyNames::kMembers);
    if (seconds.is_number()) head(kTag, kEpoch);
    scalar(seconds);
  }

  void scalar(const Json& json) {
    constexpr char kFalse = '\xf4';
    constexpr char kTrue = '\xf5';
    constexpr char kNull = '\xf6';
    if (json.is_string()) return text(json.get_ref<const std::string&>());
    if (json.is_number_float()) return number(json.get<double>());
    if (json.is_number_integer()) return integer(json.get<std::int64_t>());
    out_ += !json.is_boolean() ? kNull : json.get<bool>() ? kTrue : kFalse;
  }

  void text(std::string_view what) {
    const std::string valid = base::repair_utf8(what);
    head(kText, valid.size());
    out_ += valid;
  }

  void integer(std::int64_t what) {
    if (what >= 0)
      head(kUnsigned, static_cast<std::uint64_t>(what));
    else
      head(kNegative, static_cast<std::uint64_t>(-(what + 1)));
  }

  void number(double what) {
    constexpr char kDouble = '\xfb';
    out_ += kDouble;
    bytes(std::bit_cast<std::uint64_t>(what), 8);
  }

  void head(Major major, std::uint64_t count) {
    constexpr std::uint64_t kInline = 24;
    const unsigned first = static_cast<unsigned>(major) << 5U;
    if (count < kInline) {
      out_ += static_cast<char>(first | static_cast<unsigned>(count));
      return;
    }
    // The sizes of an argument, by the value that announces them: 24 one byte, 25 two, 26 four, 27 eight.
    unsigned width = 0;
    while (width < 3 && count >> (8U << width) != 0) ++width;
    out_ += static_cast<char>(first | (static_cast<unsigned>(kInline) + width));
    bytes(count, 1U << width);
  }

  void bytes(std::uint64_t what, unsigned count) {
    for (unsigned i = count; i-- > 0;) out_ += static_cast<char>(what >> (8U * i) & 0xffU);
  }

  std::string out_;
};

/// Reads the data items of RFC 8949 that AWS sends; `failed` once something is not well-formed.
class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }

  Json item(std::size_t depth) {
    const unsigned first = byte();
    const auto major = static_cast<Major>(first >> 5U);
    const unsigned detail = first & 0x1fU;
    if (failed_ || depth > kDeepest) return fail();
    if (major == kSimple) return simple(detail);
    const bool open = detail == kIndefinite;
    const std::uint64_t count = open ? 0 : argument(detail);
    if (failed_) return nullptr;
    switch (major) {
      case kUnsigned:
        return open ? fail() : Json(count);
      case kNegative:
        return open || count > kLargest ? fail() : Json(-1 - static_cast<std::int64_t>(count));
      case kBytes:
        skip_text(count, open);
        return nullptr;
      case kText:
        return base::repair_utf8(open ? pieces() : take(count));
      case kArray:
        return array(count, open, depth);
      case kMap:
        return map(count, open, depth);
      case kTag:
      case kSimple:
        break;
    }
    return item(depth + 1);  // of a tag: what it says of the item is known from the shape
  }

 private:
  static constexpr unsigned kIndefinite = 31;
  static constexpr std::uint64_t kLargest = 0x7fffffffffffffffULL;
  static constexpr unsigned kBreak = 0xff;

  Json fail() {
    failed_ = true;
    return nullptr;
  }

  unsigned byte() {
    if (rest_.empty()) {
      failed_ = true;
      return 0;
    }
    const auto out = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return out;
  }

  std::uint64_t big_endian(unsigned width) {
    std::uint64_t out = 0;
    for (unsigned i = 0; i < width; ++i) out = out << 8U | byte();
    return out;
  }

  std::uint64_t argument(unsigned detail) {
    constexpr unsigned kOneByte = 24;
    constexpr unsigned kEightBytes = 27;
    if (detail < kOneByte) return detail;
    if (detail <= kEightBytes) return big_endian(1U << (detail - kOneByte));
    failed_ = true;
    return 0;
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }

  bool ended() {
    if (rest_.empty()) failed_ = true;
    if (failed_ || static_cast<unsigned char>(rest_.front()) != kBreak) return failed_;
    rest_.remove_prefix(1);
    return true;
  }

  /// The pieces of a text of indefinite length; each has a length of its own.
  std::string pieces() {
    std::string out;
    while (!ended()) {
      const unsigned detail = byte() & 0x1fU;
      if (detail == kIndefinite) failed_ = true;
      if (!failed_) out += take(argument(detail));
    }
    return out;
  }

  void skip_text(std::uint64_t count, bool open) {
    if (open)
      pieces();
    else
      take(count);
  }

  Json array(std::uint64_t count, bool open, std::size_t depth) {
    Json out = Json::array();
    for (std::uint64_t i = 0; !failed_ && (open ? !ended() : i < count); ++i) out.push_back(item(depth + 1));
    return out;
  }

  Json map(std::uint64_t count, bool open, std::size_t depth) {
    Json out = Json::object();
    for (std::uint64_t i = 0; !failed_ && (open ? !ended() : i < count); ++i) {
      const Json key = item(depth + 1);
      if (!key.is_string()) return fail();
      out[key.get_ref<const std::string&>()] = item(depth + 1);
    }
    return out;
  }

  Json simple(unsigned detail) {
    constexpr unsigned kFalse = 20;
    constexpr unsigned kTrue = 21;
    constexpr unsigned kUndefined = 23;
    constexpr unsigned kHalf = 25;
    constexpr unsigned kFloat = 26;
    constexpr unsigned kDouble = 27;
    if (detail == kFalse || detail == kTrue) return detail == kTrue;
    if (detail == kFloat)
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(big_endian(4))));
    if (detail == kDouble) return std::bit_cast<double>(big_endian(8));
    if (detail == kHalf) return half(static_cast<unsigned>(big_endian(2)));
    return detail > kTrue && detail <= kUndefined ? Json(nullptr) : fail();
  }

  /// RFC 8949, appendix D.
  static double half(unsigned bits) {
    const int exponent = static_cast<int>(bits >> 10U & 0x1fU);
    const unsigned mantissa = bits & 0x3ffU;
    double value = std::ldexp(mantissa + (exponent == 0 ? 0.0 : 1024.0), (exponent == 0 ? 1 : exponent) - 25);
    if (exponent == 31) value = mantissa == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
    return (bits & 0x8000U) != 0 ? -value : value;
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

std::optional<Json> decode_cbor(std::string_view bytes) {
  Decoder decoder(bytes);
  Json value = decoder.item(0);
  if (decoder.failed() || !decoder.at_end()) return {};
  return value;
}

std::string encode_cbor(const Json& value, const Shape* shape) {
  Encoder encoder;
  encoder.value(value, shape);
  return encoder.take();
}

}  // namespace midwatch::sandbox::wire
