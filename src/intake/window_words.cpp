#include "src/intake/window_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <re2/re2.h>

namespace midwatch::intake {
namespace {

using base::Duration;
using base::TimeRange;
using base::Timestamp;

constexpr auto kDay = std::chrono::hours(24);
/// Sources keep metrics for some 15 months.
constexpr auto kFarthest = std::chrono::hours(24) * 500;
/// What "around 01:30" reaches to, each way.
constexpr auto kAround = std::chrono::minutes(15);

// A time of day: "1:30", "01:30:15", "1時30分", "1時半", "1時". Its groups: hour, minute, second, minute,
// half.
#define MIDWATCH_TIME_OF_DAY R"(\b(\d{1,2})(?::(\d{2})(?::(\d{2}))?|時(?:(\d{1,2})分|(半))?))"

/// Everything is compiled once, and never destroyed: sentences may come while the program ends.
struct Patterns {
  const RE2 range{
      MIDWATCH_TIME_OF_DAY
      R"((?:\s*(?:jst|utc|z))?\s*(?:~|-|から|より|\bto\b|\bt?ill?\b|\buntil\b|\band\b)\s*)" MIDWATCH_TIME_OF_DAY,
      options()};
  const RE2 dated{R"((\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(:\d{2}(?:\.\d{1,9})?)?(z|[+-]\d{2}:?\d{2})?)",
                  options()};
  const RE2 day{R"(\b(\d{4}-\d{2}-\d{2})\b)", options()};
  const RE2 other_day{
      R"((?:\d月|\d日|昨日|昨夜|昨晩|一昨日|先週|明日|翌日|前日|\b(?:yesterday|tomorrow|last (?:night|week|month)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|days?|weeks?)\b))",
      options()};
  const RE2 since{R"((?:(?:\bfrom|\bsince|\bafter|\bstarting at)\s+)" MIDWATCH_TIME_OF_DAY R"())", options()};
  const RE2 since_japanese{MIDWATCH_TIME_OF_DAY R"((?:から|以降|より後))", options()};
  const RE2 until{R"((?:(?:\buntil|\btill|\bbefore|\bup to)\s+)" MIDWATCH_TIME_OF_DAY R"())", options()};
  const RE2 until_japanese{MIDWATCH_TIME_OF_DAY R"((?:まで|以前))", options()};
  const RE2 around{
      R"((?:\b(?:look|check|focus|zoom|concentrate)\b.*\b(?:at|around|about|on)\s+)" MIDWATCH_TIME_OF_DAY
      R"())",
      options()};
  const RE2 around_japanese{MIDWATCH_TIME_OF_DAY R"((?:頃|ごろ|前後|付近|あたり))", options()};
  const RE2 moved{
      R"(\b(an?|one|two|three|half an|\d{1,3})(?:\s+more)?\s*(hours?|hrs?|h|minutes?|mins?|min|m)\s+(earlier|before|back|later|after|longer)\b)",
      options()};
  const RE2 moved_japanese{
      R"((\d{1,3})(時間|分)(半)?(?:ほど|くらい|ぐらい)?(?:さらに|もっと)?(前|早|後|遅|あと))", options()};
  const RE2 tokyo{R"((?:\bjst\b|日本時間))", options()};

  static RE2::Options options() {
    RE2::Options made;
    made.set_case_sensitive(false);
    made.set_log_errors(false);
    return made;
  }
};
#undef MIDWATCH_TIME_OF_DAY

const Patterns& patterns() {
  static const auto* const kPatterns = new Patterns();
  return *kPatterns;
}

/// The groups of a time of day, as a pattern found them.
struct TimeWords {
  re2::StringPiece hour, minute, second, minute_word, half;
};

int number_in(re2::StringPiece digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// Since midnight; nothing for what is no time of day.
std::optional<Duration> time_of_day(const TimeWords& words) {
  const int hour = number_in(words.hour);
  const int minute =
      words.half.empty() ? number_in(words.minute.empty() ? words.minute_word : words.minute) : 30;
  const int second = number_in(words.second);
  // 24:00 and Japan's 25時 are ends of a day, or its night.
  constexpr int kLastHour = 29;
  if (hour > kLastHour || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

class Reader {
 public:
  Reader(const std::string& sentence, TimeRange window) : sentence_(sentence), window_(window) {
    if (RE2::PartialMatch(sentence_, patterns().tokyo)) zone_ = std::chrono::hours(9);
    std::string date;
    if (RE2::PartialMatch(sentence_, patterns().day, &date)) {
      day_ = base::parse_rfc3339(date + "T00:00:00Z");
      names_far_day_ = !day_ || is_far(*day_);
    }
  }

  std::optional<TimeRange> read() const {
    // A day that is named otherwise than by its date: better none than the wrong one.
    if (names_far_day_ || RE2::PartialMatch(sentence_, patterns().other_day)) return std::nullopt;
    if (auto range = read_dated()) return range;
    if (auto range = read_range()) return range;
    if (auto range = read_moved()) return range;
    return read_one();
  }

 private:
  /// True for what no investigation looks at; differences of nearer moments never overflow.
  bool is_far(Timestamp moment) const {
    return moment < window_.start - kFarthest || moment > window_.end + kFarthest;
  }

  /// The moment with this time of day on the day that the sentence names, or that is nearest to another.
  Timestamp nearest(Duration time, Timestamp to) const {
    if (day_) return *day_ + time - zone_;
    const Timestamp day(std::chrono::floor<std::chrono::days>(to + zone_));
    Timestamp best = day + time - zone_;
    for (const auto& other : {best - kDay, best + kDay}) {
      if (std::chrono::abs(other - to) < std::chrono::abs(best - to)) best = other;
    }
    return best;
  }

  Timestamp middle() const { return window_.start + (window_.end - window_.start) / 2; }

  std::optional<TimeRange> read_dated() const {
    re2::StringPiece rest(sentence_);
    const auto next = [&]() -> std::optional<Timestamp> {
      std::string day;
      std::string time;
      std::string seconds;
      std::string zone;
      if (!RE2::FindAndConsume(&rest, patterns().dated, &day, &time, &seconds, &zone)) return std::nullopt;
      const auto moment = base::parse_rfc3339(day + "T" + time + (seconds.empty() ? ":00" : seconds) +
                                              (zone.empty() ? "Z" : zone));
      return moment && zone.empty() ? *moment - zone_ : moment;
    };
    const auto from = next();
    const auto to = next();
    if (!from || !to || is_far(*from) || is_far(*to) || *to <= *from) return std::nullopt;
    return TimeRange{*from, *to};
  }

  std::optional<TimeRange> read_range() const {
    TimeWords from;
    TimeWords to;
    if (!RE2::PartialMatch(sentence_, patterns().range, &from.hour, &from.minute, &from.second,
                           &from.minute_word, &from.half, &to.hour, &to.minute, &to.second, &to.minute_word,
                           &to.half))
      return std::nullopt;
    const auto begin = time_of_day(from);
    const auto end = time_of_day(to);
    if (!begin || !end) return std::nullopt;
    Duration length = (*end - *begin) % kDay;
    if (length < Duration::zero()) length += kDay;  // 23:50–00:10
    if (length == Duration::zero()) return std::nullopt;
    const Timestamp start = nearest(*begin, middle() - length / 2);
    return TimeRange{start, start + length};
  }

  std::optional<Duration> one_time(const RE2& pattern) const {
    TimeWords words;
    if (!RE2::PartialMatch(sentence_, pattern, &words.hour, &words.minute, &words.second, &words.minute_word,
                           &words.half))
      return std::nullopt;
    return time_of_day(words);
  }

  std::optional<Duration> one_time(const RE2& english, const RE2& japanese) const {
    const auto time = one_time(english);
    return time ? time : one_time(japanese);
  }

  std::optional<TimeRange> read_one() const {
    const Patterns& known = patterns();
    TimeRange range = window_;
    if (const auto time = one_time(known.since, known.since_japanese)) {
      range.start = nearest(*time, window_.start);
    } else if (const auto end = one_time(known.until, known.until_japanese)) {
      range.end = nearest(*end, window_.end);
    } else if (const auto point = one_time(known.around, known.around_japanese)) {
      const Timestamp around = nearest(*point, middle());
      range = {around - kAround, around + kAround};
    } else {
      return std::nullopt;
    }
    return range.empty() ? std::nullopt : std::optional(range);
  }

  std::optional<TimeRange> read_moved() const {
    std::string count;
    std::string unit;
    std::string half;
    std::string where;
    if (!RE2::PartialMatch(sentence_, patterns().moved, &count, &unit, &where) &&
        !RE2::PartialMatch(sentence_, patterns().moved_japanese, &count, &unit, &half, &where))
      return std::nullopt;
    const bool hours = unit == "時間" || unit.front() == 'h' || unit.front() == 'H';
    Duration by = hours ? Duration(std::chrono::hours(1)) : Duration(std::chrono::minutes(1));
    by = count_of(count, by) + (half.empty() ? Duration::zero() : by / 2);
    if (by <= Duration::zero()) return std::nullopt;
    constexpr auto kBack = std::to_array<std::string_view>({"earlier", "before", "back", "前", "早"});
    std::transform(where.begin(), where.end(), where.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const bool back = std::find(kBack.begin(), kBack.end(), where) != kBack.end();
    return back ? TimeRange{window_.start - by, window_.end} : TimeRange{window_.start, window_.end + by};
  }

  static Duration count_of(const std::string& count, Duration unit) {
    if (count.front() >= '0' && count.front() <= '9') return number_in(count) * unit;
    const char first = count.front();
    if (first == 'h' || first == 'H') return unit / 2;
    const bool second_letter_h = count.size() > 1 && (count[1] == 'h' || count[1] == 'H');
    if (first == 't' || first == 'T') return unit * (second_letter_h ? 3 : 2);
    return unit;
  }

  const std::string& sentence_;
  TimeRange window_;
  Duration zone_{};
  std::optional<Timestamp> day_{};  ///< midnight in UTC of the day that the sentence names by its date
  bool names_far_day_ = false;
};

}  // namespace

std::optional<TimeRange> window_in(const std::string& sentence, TimeRange window) {
  return Reader(sentence, window).read();
}

}  // namespace midwatch::intake
