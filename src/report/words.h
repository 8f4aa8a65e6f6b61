#pragma once

#include "src/model/mitigation.h"
#include "src/model/text.h"

namespace midwatch::report {

/// The headings and small words of a report, in both languages.
struct Words {
  model::Text root_cause{"Root cause", "根本原因"};
  model::Text nothing_wrong{"Nothing wrong", "異常なし"};
  model::Text inconclusive{"Inconclusive", "原因未特定"};
  model::Text alarm{"Alarm", "アラーム"};
  model::Text where{"Where", "場所"};
  model::Text since{"Since", "発生時刻"};
  model::Text impact{"Impact", "影響"};
  model::Text why{"Why", "理由"};
  model::Text how_sure{"How sure", "確度"};
  model::Text now{"What now", "今すべきこと"};
  model::Text permanent{"For good", "恒久対策"};
  model::Text also{"Also", "別の原因"};
  model::Text seen{"Seen", "観測"};
  model::Text candidates{"Candidates", "候補"};
  model::Text best_question{"Ask next", "次の確認"};
  model::Text looked_at{"Looked at", "確認範囲"};
  model::Text closest{"Closest", "最大の変動"};
  model::Text not_seen{"Not seen", "未確認"};

  model::Text chain{"From the cause to the alarm", "原因からアラームまで"};
  model::Text evidence{"Evidence", "証拠"};
  model::Text mitigation{"Mitigation", "対処手順"};
  model::Text spec{"Specification of the change", "変更仕様"};
  model::Text requirements{"Requirements", "要件"};
  model::Text acceptance{"Acceptance", "受け入れ条件"};
  model::Text hypotheses{"Hypotheses, weighed", "仮説の比較"};
  model::Text steering{"What people told it", "担当者の指示"};
  model::Text ruled_out{"Ruled out", "除外"};
  model::Text more{"and {count} more, in the JSON report", "ほか {count} 件（JSON レポートに記載）"};
  model::Text gaps{"What could not be seen", "確認できなかったこと"};
  model::Text questions{"What would decide", "次に確認すべきこと"};
  model::Text timeline{"Timeline", "時系列"};
  model::Text charts{"Measurements", "計測値の推移"};
  model::Text figures{"How it was made", "調査の規模"};

  model::Text in_favour{"for", "支持"};
  model::Text against{"against", "反証"};
  model::Text missing{"missing", "未観測"};
  model::Text risk{"risk", "リスク"};
  model::Text temporary{"Temporary: the cause stays.", "暫定対処です（原因は残ります）。"};
  model::Text lasting{"Lasting.", "恒久的な対処です。"};
  model::Text unknown{"unknown", "不明"};
  model::Text problem{"Problem", "問題"};
  model::Text files{"Files", "ファイル"};
  model::Text irreversible{"cannot be undone", "取り消し不可"};
  model::Text nothing_moved{"nothing left its ordinary range", "平常の範囲を外れたものはありません"};

  model::Text ordinary_range{"ordinary range", "平常範囲"};
  model::Text onset{"onset", "異常開始"};
  model::Text change{"change", "変更"};
  model::Text utc{"UTC", "UTC"};

  model::Text prepare{"prepare", "準備"};
  model::Text pre_validate{"check before", "事前確認"};
  model::Text apply{"apply", "適用"};
  model::Text post_validate{"check after", "事後確認"};
  model::Text rollback{"roll back", "切り戻し"};
};

inline const Words kWords;

/// The word for a phase of a mitigation.
inline const model::Text& word_of(model::MitigationPhase phase) {
  switch (phase) {
    case model::MitigationPhase::kPrepare:
      return kWords.prepare;
    case model::MitigationPhase::kPreValidate:
      return kWords.pre_validate;
    case model::MitigationPhase::kApply:
      return kWords.apply;
    case model::MitigationPhase::kPostValidate:
      return kWords.post_validate;
    case model::MitigationPhase::kRollback:
      break;
  }
  return kWords.rollback;
}

}  // namespace midwatch::report
