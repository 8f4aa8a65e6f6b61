#pragma once

#include "src/model/text.h"

namespace midwatch::report {

/// The headings and small words of a report, in both languages.
struct Words {
  model::Text what{"What", "概要"};
  model::Text where{"Where", "場所"};
  model::Text since{"Since", "発生時刻"};
  model::Text why{"Why", "理由"};
  model::Text how_sure{"How sure", "確度"};
  model::Text now{"What now", "今すべきこと"};
  model::Text outcome{"Outcome", "結論"};
  model::Text chain{"From the cause to the alarm", "原因からアラームまで"};
  model::Text evidence{"Evidence", "証拠"};
  model::Text mitigation{"Mitigation", "対処手順"};
  model::Text permanent{"For good", "恒久対策"};
  model::Text spec{"Specification of the change", "変更仕様"};
  model::Text requirements{"Requirements", "要件"};
  model::Text acceptance{"Acceptance", "受け入れ条件"};
  model::Text alternatives{"Other hypotheses", "他の仮説"};
  model::Text ruled_out{"Ruled out", "除外した原因"};
  model::Text more{"and {count} more, in the JSON report", "ほか {count} 件（JSON レポートに記載）"};
  model::Text gaps{"What could not be seen", "確認できなかったこと"};
  model::Text questions{"What would decide", "次に確認すべきこと"};
  model::Text timeline{"Timeline", "時系列"};
  model::Text impact{"Impact", "影響"};
  model::Text alarm{"Alarm", "アラーム"};
  model::Text charts{"Series", "時系列グラフ"};
  model::Text in_favour{"for", "支持"};
  model::Text against{"against", "反証"};
  model::Text missing{"missing", "欠如"};
  model::Text effect{"Effect", "効果"};
  model::Text risk{"Risk", "リスク"};
  model::Text command{"Command", "コマンド"};
  model::Text phase{"Phase", "段階"};
  model::Text temporary{"This is temporary.", "これは一時的な対処です。"};
  model::Text lasting{"This is lasting.", "これは恒久的な対処です。"};
  model::Text no_operation{"Operations cannot help here", "運用操作では解決しません"};
  model::Text unknown{"unknown", "不明"};
  model::Text ordinary{"ordinary", "平常値"};
  model::Text onset{"onset", "異常開始"};
  model::Text problem{"Problem", "問題"};
  model::Text files{"Files", "ファイル"};
  model::Text records{"records read", "読み取りレコード数"};
  model::Text prepare{"prepare", "準備"};
  model::Text pre_validate{"check before", "事前確認"};
  model::Text apply{"apply", "適用"};
  model::Text post_validate{"check after", "事後確認"};
  model::Text rollback{"roll back", "切り戻し"};
  model::Text irreversible{"cannot be undone", "取り消せません"};
};

inline const Words kWords;

}  // namespace midwatch::report
