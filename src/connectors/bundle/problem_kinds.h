#pragma once

#include <string_view>

namespace midwatch::connectors::bundle {

/// A kind of problem that a file can have, in the words of a gap. The texts are fixed: they never hold text
/// of a record.
struct ProblemKind {
  std::string_view en;
  std::string_view ja;
};

namespace problem {

// What can be wrong with a line.
inline constexpr ProblemKind kLineTooLong{"line is longer than 16 MiB, skipped",
                                          "16 MiB を超える行のためスキップしました"};
inline constexpr ProblemKind kNoJson{"line is no JSON, skipped",
                                     "JSON として読めない行のためスキップしました"};
inline constexpr ProblemKind kNoObject{"line is no JSON object, skipped",
                                       "JSON オブジェクトではない行のためスキップしました"};
inline constexpr ProblemKind kTooDeep{"JSON nested deeper than 200 levels, skipped",
                                      "JSON の入れ子が 200 段を超えるためスキップしました"};
inline constexpr ProblemKind kNotUtf8{"invalid UTF-8, replaced by U+FFFD",
                                      "不正な UTF-8 を U+FFFD に置き換えました"};
inline constexpr ProblemKind kTextCut{"text longer than 1 MiB, cut",
                                      "1 MiB を超えるテキストを切り詰めました"};
inline constexpr ProblemKind kAttributesCut{"more attributes than are kept, the rest left out",
                                            "属性が多すぎるため、残りを省きました"};
inline constexpr ProblemKind kTooManyRecords{"more records than are kept, skipped",
                                             "保持できる件数を超えたレコードをスキップしました"};
inline constexpr ProblemKind kTooManyEntities{"more distinct entities than are kept, record skipped",
                                              "エンティティの種類が多すぎるためスキップしました"};
inline constexpr ProblemKind kTooManyInstances{
    "more distinct instances than are kept, read without instance",
    "インスタンスの種類が多すぎるため、インスタンスなしで読みました"};

inline constexpr ProblemKind kLogWithoutBody{"log record without a body, skipped",
                                             "本文のないログレコードをスキップしました"};
inline constexpr ProblemKind kLogWithoutEntity{"log record without an entity, skipped",
                                               "エンティティのないログレコードをスキップしました"};
inline constexpr ProblemKind kLogTime{
    "log record whose timestamp is neither RFC 3339 with zone nor epoch seconds, read without time",
    "タイムスタンプを解釈できないログレコード（タイムゾーン付き RFC 3339 "
    "でもエポック秒でもない）を時刻なしで読みました"};

inline constexpr ProblemKind kSpanWithoutIds{
    "span without trace_id, span_id or entity, skipped",
    "trace_id、span_id、entity のいずれかがないスパンをスキップしました"};
inline constexpr ProblemKind kSpanTime{"span without a readable start and duration_ms, skipped",
                                       "start または duration_ms を解釈できないスパンをスキップしました"};
inline constexpr ProblemKind kTooManyOperations{
    "more distinct span names than are kept, read as '(other operations)'",
    "スパン名の種類が多すぎるため、(other operations) として読みました"};
inline constexpr ProblemKind kSpanStatus{"span status that is neither ok nor error, ignored",
                                         "ok でも error でもないスパンの status を無視しました"};

inline constexpr ProblemKind kChangeTime{
    "change whose timestamp is neither RFC 3339 with zone nor epoch seconds, skipped",
    "タイムスタンプを解釈できない変更（タイムゾーン付き RFC 3339 でもエポック秒でもない）をスキップしました"};
inline constexpr ProblemKind kChangeWithoutId{"change without an id, skipped",
                                              "id のない変更をスキップしました"};
inline constexpr ProblemKind kChangeKind{"change of an unknown kind, read as 'other'",
                                         "未知の kind の変更を other として読みました"};
inline constexpr ProblemKind kChangeTwice{"change whose kind and id occurred before, skipped",
                                          "kind と id が既出の変更をスキップしました"};
inline constexpr ProblemKind kEventTime{
    "event whose timestamp is neither RFC 3339 with zone nor epoch seconds, skipped",
    "タイムスタンプを解釈できないイベント（タイムゾーン付き RFC 3339 "
    "でもエポック秒でもない）をスキップしました"};
inline constexpr ProblemKind kEventWithoutEntity{"event without an entity, skipped",
                                                 "エンティティのないイベントをスキップしました"};
inline constexpr ProblemKind kEntityWithoutId{"entity without an id, skipped",
                                              "id のないエンティティをスキップしました"};
inline constexpr ProblemKind kEntityTwice{"entity whose id occurred before, merged",
                                          "id が既出のエンティティを統合しました"};
inline constexpr ProblemKind kRelationEnds{"relation without both ends, skipped",
                                           "from または to のない関係をスキップしました"};
inline constexpr ProblemKind kRelationKind{"relation of an unknown kind, read as 'related'",
                                           "未知の kind の関係を related として読みました"};

inline constexpr ProblemKind kRowShape{"row does not have the header's columns, skipped",
                                       "列がヘッダーと合わない行をスキップしました"};
inline constexpr ProblemKind kRowQuotes{
    "row with an open quote (a field must not hold a line end), skipped",
    "引用符が閉じていない行をスキップしました（フィールド内の改行は使えません）"};
inline constexpr ProblemKind kRowTime{
    "row whose timestamp is neither RFC 3339 with zone nor epoch seconds, skipped",
    "タイムスタンプを解釈できない行（タイムゾーン付き RFC 3339 でもエポック秒でもない）をスキップしました"};
inline constexpr ProblemKind kRowEmptyValue{"row without a value, an absent sample, skipped",
                                            "値が空の行（欠測）をスキップしました"};
inline constexpr ProblemKind kRowValue{"row whose value is no finite number, an absent sample, skipped",
                                       "値が有限の数値ではない行（欠測）をスキップしました"};
inline constexpr ProblemKind kRowNames{"row without entity or metric, skipped",
                                       "entity または metric が空の行をスキップしました"};
inline constexpr ProblemKind kTooManySeries{"more series than are kept, row skipped",
                                            "系列が多すぎるため行をスキップしました"};
inline constexpr ProblemKind kThinned{"more points than are kept, neighbours averaged",
                                      "データ点が多すぎるため、隣り合う点を平均して間引きました"};
inline constexpr ProblemKind kColumnTwice{"a column name occurs twice, the first one is read",
                                          "列名が重複しているため、最初の列を読みました"};

// What can be wrong with a member of a bundle.
inline constexpr ProblemKind kLink{"a link, which could lead out of the bundle; not followed",
                                   "バンドルの外に出る可能性のあるリンクのためたどりませんでした"};
inline constexpr ProblemKind kSpecial{"a device, pipe or socket; not read",
                                      "デバイス・パイプ・ソケットのため読みませんでした"};
inline constexpr ProblemKind kDeep{"a path that is too long or too deep; not read",
                                   "パスが長すぎるか階層が深すぎるため読みませんでした"};

}  // namespace problem
}  // namespace midwatch::connectors::bundle
