#include "src/app/doctor.h"

#include <algorithm>
#include <future>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/app/aws_access.h"
#include "src/base/try.h"

namespace midwatch::app {
namespace {

using base::Json;
using connectors::aws::Checkup;
using connectors::aws::ProbeResult;
using connectors::aws::Standing;
using model::Text;

/// Less than ten seconds in all, so that people wait for it.
constexpr base::Duration kTime = std::chrono::seconds(9);
/// Credentials that end sooner may end in the middle of an investigation.
constexpr base::Duration kSoon = std::chrono::minutes(5);

Text named(Standing standing) {
  switch (standing) {
    case Standing::kOk:
      return {"ok", "OK"};
    case Standing::kDenied:
      return {"denied", "権限なし"};
    case Standing::kNotUsed:
      return {"not enabled", "未有効化"};
    case Standing::kNotSignedIn:
      return {"not signed in", "認証エラー"};
    case Standing::kThrottled:
      return {"throttled", "スロットリング"};
    case Standing::kUnreachable:
      return {"unreachable", "到達不可"};
    case Standing::kUnclear:
      break;
  }
  return {"unclear", "判定不能"};
}

Text advice(const ProbeResult& probe) {
  switch (probe.standing) {
    case Standing::kDenied:
      return {fmt::format("allow the IAM action {} ('midwatch aws policy' prints all of them)", probe.action),
              fmt::format("IAM アクション {} を許可してください（必要な権限の一覧は 'midwatch aws policy' "
                          "で確認できます）",
                          probe.action)};
    case Standing::kNotUsed:
      return {"nothing to do where you do not use it; else enable the service or region in the account",
              "使用していなければ対応は不要です。使用している場合は、サービスまたはリージョンを有効にしてくだ"
              "さい"};
    case Standing::kNotSignedIn:
      return {"sign in again, or check which credentials are used (AWS_PROFILE)",
              "再度サインインするか、使用する認証情報（AWS_PROFILE）を確認してください"};
    case Standing::kThrottled:
      return {"try again in a minute; something else in the account asks this API a lot",
              "1 分ほど待って再実行してください。同じアカウントの別の処理がこの API を多く呼び出しています"};
    case Standing::kUnreachable:
      return {"check the region's name, the network, the proxy, and a VPC endpoint for the service",
              "リージョン名、ネットワーク、プロキシ、VPC エンドポイントを確認してください"};
    case Standing::kOk:
    case Standing::kUnclear:
      break;
  }
  return {"ask again with the AWS CLI to see the whole answer",
          "AWS CLI で同じ操作を実行し、応答を確認してください"};
}

/// What there is to say of who asks, where and at what time, besides the operations.
std::vector<Text> remarks(const Checkup& checkup, std::optional<base::Timestamp> now) {
  std::vector<Text> out;
  if (!checkup.credentials_problem.empty())
    out.push_back({checkup.credentials_problem, checkup.credentials_problem});
  if (checkup.region.empty()) {
    out.push_back(
        {"no region is set: set AWS_REGION, `region` in the profile, or `regions` in the space file",
         "リージョンが設定されていません。AWS_REGION、プロファイルの region、またはスペースファイルの "
         "regions を設定してください"});
  }
  if (!checkup.wanted_account.empty() && !checkup.account.empty() &&
      checkup.wanted_account != checkup.account) {
    out.push_back(
        {fmt::format("the space names account {}, and these credentials are for {}: set its `role`, or "
                     "use other credentials",
                     checkup.wanted_account, checkup.account),
         fmt::format("スペースのアカウントは {} ですが、認証情報は {} のものです。role "
                     "を設定するか、別の認証情報を使用してください",
                     checkup.wanted_account, checkup.account)});
  }
  if (checkup.clock_offset && std::chrono::abs(*checkup.clock_offset) > connectors::aws::kMostClockSkew) {
    const auto minutes =
        std::chrono::duration_cast<std::chrono::minutes>(std::chrono::abs(*checkup.clock_offset));
    out.push_back(
        {fmt::format("the clock of this machine is {} min wrong: set it (AWS refuses signatures that are "
                     "over 5 min off)",
                     minutes.count()),
         fmt::format("このマシンの時刻が {} 分ずれています。時刻を合わせてください（5 分を超えると AWS "
                     "は署名を拒否します）",
                     minutes.count())});
  }
  if (now && checkup.expires_at && *checkup.expires_at - *now < kSoon)
    out.push_back({"the credentials end within 5 minutes: renew them",
                   "認証情報の有効期限が 5 分以内です。更新してください"});
  return out;
}

std::string heading(const Checkup& checkup, model::Language language) {
  const bool japanese = language == model::Language::kJapanese;
  const auto line = [&](const char* en, const char* ja, const std::string& value) {
    return value.empty() ? std::string() : fmt::format("{}: {}\n", japanese ? ja : en, value);
  };
  std::string out =
      line("Account", "アカウント", checkup.account.empty() ? checkup.wanted_account : checkup.account);
  out += line("Region", "リージョン", checkup.region);
  out += line("Asked as", "実行主体", checkup.identity);
  if (!checkup.source.empty()) {
    std::string from = fmt::format("{} (…{})", checkup.source, checkup.key_ending);
    if (checkup.expires_at) {
      from += japanese ? fmt::format("、有効期限 {}", base::format_rfc3339(*checkup.expires_at))
                       : fmt::format(", until {}", base::format_rfc3339(*checkup.expires_at));
    }
    out += line("Credentials", "認証情報", from);
  }
  if (checkup.clock_offset) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*checkup.clock_offset).count();
    out += line("Clock", "時刻のずれ",
                japanese ? fmt::format("{} 秒", seconds) : fmt::format("{} s off", seconds));
  }
  return out;
}

std::string operations(const Checkup& checkup, model::Language language) {
  std::string missing;
  std::size_t count = 0;
  for (const ProbeResult& probe : checkup.probes) {
    if (probe.standing == Standing::kOk) {
      ++count;
      continue;
    }
    missing += fmt::format("  {} {}  {}\n    {}\n    → {}\n", probe.service, probe.operation,
                           named(probe.standing).in(language), probe.detail, advice(probe).in(language));
  }
  if (checkup.probes.empty()) return missing;
  const bool japanese = language == model::Language::kJapanese;
  std::string out = japanese ? fmt::format("読み取り可能: {} / {} 操作\n", count, checkup.probes.size())
                             : fmt::format("Readable: {} of {} operations\n", count, checkup.probes.size());
  out += missing;
  std::string empty;
  for (const ProbeResult& probe : checkup.probes) {
    if (probe.empty)
      empty += fmt::format("{}{}:{}", empty.empty() ? "" : ", ", probe.service, probe.operation);
  }
  if (!empty.empty()) out += fmt::format("{}: {}\n", japanese ? "該当リソースなし" : "Nothing there", empty);
  return out;
}

}  // namespace

base::Result<std::vector<Checkup>> examine_accounts(const connectors::aws::AgentSpace& space,
                                                    const base::Clock& clock) {
  MIDWATCH_TRY(const auto accounts, open_accounts(space, clock));
  const auto context = runtime::RequestContext::unlimited(clock).within(kTime);
  std::vector<std::future<Checkup>> running;
  for (const OpenedAccount& opened : accounts) {
    std::vector<std::string> regions = opened.regions;
    if (regions.empty()) regions.emplace_back();
    for (const std::string& region : regions) {
      running.push_back(std::async(std::launch::async, [&context, &opened, &space, region] {
        Checkup checkup = connectors::aws::check_up(context, *opened.account, region);
        checkup.wanted_account = opened.id;
        // What the space keeps unread need not be allowed.
        if (!space.read_code)
          std::erase_if(checkup.probes,
                        [](const ProbeResult& probe) { return probe.operation == "GetFunction"; });
        return checkup;
      }));
    }
  }
  std::vector<Checkup> out;
  for (auto& one : running) out.push_back(one.get());
  return out;
}

std::string checkup_text(const std::vector<Checkup>& checkups, base::Timestamp now,
                         model::Language language) {
  std::string out;
  for (const Checkup& checkup : checkups) {
    if (!out.empty()) out += "\n";
    out += heading(checkup, language);
    for (const Text& remark : remarks(checkup, now)) out += fmt::format("! {}\n", remark.in(language));
    out += operations(checkup, language);
  }
  const bool well =
      std::all_of(checkups.begin(), checkups.end(), [](const Checkup& c) { return c.is_well(); });
  if (language == model::Language::kJapanese)
    return out + (well ? "\n調査に必要な情報はすべて読み取れます。\n"
                       : "\n読み取れない情報があります。調査は続行できますが、その部分はレポートに欠落として"
                         "記載されます。\n");
  return out + (well
                    ? "\nEverything that an investigation may need can be read.\n"
                    : "\nSomething cannot be read. Investigations go on without it, and name it as a gap.\n");
}

Json checkup_json(const std::vector<Checkup>& checkups, model::Language language) {
  Json accounts = Json::array();
  bool well = true;
  for (const Checkup& checkup : checkups) {
    well = well && checkup.is_well();
    Json probes = Json::array();
    for (const ProbeResult& probe : checkup.probes) {
      Json one{{"service", probe.service},
               {"operation", probe.operation},
               {"action", probe.action},
               {"standing", to_string(probe.standing)}};
      if (probe.standing != Standing::kOk) {
        one["detail"] = probe.detail;
        one["advice"] = advice(probe).in(language);
      } else if (probe.empty) {
        one["empty"] = true;
      }
      probes.push_back(std::move(one));
    }
    Json problems = Json::array();
    for (const Text& remark : remarks(checkup, std::nullopt)) problems.push_back(remark.in(language));
    Json account{{"account", checkup.account},     {"region", checkup.region},
                 {"identity", checkup.identity},   {"credentials", checkup.source},
                 {"well", checkup.is_well()},      {"problems", std::move(problems)},
                 {"operations", std::move(probes)}};
    if (!checkup.wanted_account.empty()) account["wanted_account"] = checkup.wanted_account;
    if (checkup.expires_at) account["expires_at"] = base::format_rfc3339(*checkup.expires_at);
    if (checkup.clock_offset)
      account["clock_offset_seconds"] = std::chrono::duration<double>(*checkup.clock_offset).count();
    accounts.push_back(std::move(account));
  }
  return {{"format", "midwatch.doctor/v1"}, {"well", well}, {"accounts", std::move(accounts)}};
}

}  // namespace midwatch::app
