#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/observe/changes/change_reader.h"
#include "src/observe/changes/testing/read_diff.h"

namespace midwatch::observe::changes {
namespace {

using ::testing::Contains;
using ::testing::Not;
using testing::read;
using testing::types;

TEST(Harmless, IsRecognised) {
  struct HarmlessCase {
    const char* file;
    const char* diff;
    Harmless expected;
  };
  const HarmlessCase cases[] = {
      {"a/x.go", "-\t// timeout of 5s\n+\t// timeout of 300ms, see the runbook\n", Harmless::kComments},
      {"a/x.go", "-\tif a { b() }\n+\tif a {\n+\t\tb()\n+\t}\n", Harmless::kFormatting},
      {"a/x.go", "-\t\"os\"\n-\t\"bufio\"\n+\t\"bufio\"\n+\t\"os\"\n", Harmless::kFormatting},
      {"a/x.go",
       "-\tc := r.Context()\n-\treturn fetch(c, q)\n+\tctx := r.Context()\n+\treturn fetch(ctx, q)\n",
       Harmless::kNames},
      {"a/x_test.go", "-\tmaxRetries = 1\n+\tmaxRetries = 100\n", Harmless::kInertFiles},
      {"docs/guide.md", "-Timeout is 5s.\n+Timeout is 1s.\n", Harmless::kInertFiles},
      {".github/workflows/ci.yml", "-  timeout-minutes: 30\n+  timeout-minutes: 5\n", Harmless::kInertFiles},
      {"deploy/staging/api.yaml", "-  replicas: 3\n+  replicas: 1\n", Harmless::kOtherEnvironment},
      {"a/order.go", "-\tdefer f.Close()\n \tn := len(buf)\n+\tdefer f.Close()\n \treturn n\n",
       Harmless::kFormatting},
      {"a/sink.go",
       "-\tf, err := os.OpenFile(path, flags, 0644)\n-\tif err != nil {\n-\t\treturn err\n-\t}\n-\tdefer "
       "f.Close()\n-\t_, err = f.Write(line)\n-\treturn err\n"
       "+\treturn writeLine(path, line)\n+}\n+\n+func writeLine(path string, line []byte) error {\n"
       "+\tf, err := os.OpenFile(path, flags, 0644)\n+\tif err != nil {\n+\t\treturn err\n+\t}\n+\tdefer "
       "f.Close()\n+\t_, err = f.Write(line)\n+\treturn err\n",
       Harmless::kMoved},
      {"a/item.py",
       "-    item = load(sku)\n-    return render(item)\n+    return show(sku)\n+\n+def show(sku):\n+    "
       "item = "
       "load(sku)\n+    return render(item)\n",
       Harmless::kMoved},
      {"core/src/charge.rs",
       "-        warn!(\"charge {} refused\", c.id);\n+        warn!(\"charge {} of {} refused: {}\", c.id, "
       "c.caller, why);\n",
       Harmless::kTelling},
      {"a/Worker.cs",
       "-        _logger.LogInformation(\"done\");\n+        _logger.LogWarning(\"done {Id}\", job.Id);\n",
       Harmless::kTelling},
  };
  for (const auto& c : cases) {
    const ReadChange change = read({c.file}, "@@ " + std::string(c.file) + " @@\n" + c.diff);
    EXPECT_EQ(to_string(change.harmless), std::string(to_string(c.expected))) << c.diff;
    EXPECT_TRUE(change.facts.empty()) << c.diff << *types(change).begin();
  }
}

TEST(Harmless, IsNotWhatSwapsOneThingForAnother) {
  for (const char* diff : {"-\ttotal := net * rate\n+\ttotal := gross * rate\n",
                           "-\treturn validate(order)\n+\treturn skip(order)\n",
                           "-\treturn math.Round(net * rate)\n+\treturn math.Round(net*rate*100) / 100\n"}) {
    EXPECT_EQ(read({"a/x.go"}, "@@ a/x.go @@\n" + std::string(diff)).harmless, Harmless::kNo) << diff;
  }
}

TEST(ReadChange, WhatMovedIsNoRemoval) {
  const ReadChange change = read({"a/x.go", "a/y.go"},
                                 "@@ a/x.go @@\n-\tif u == nil {\n-\t\treturn errNoUser\n-\t}\n+\tif err := "
                                 "check(u); err != nil { return err }\n"
                                 "@@ a/y.go @@\n+func check(u *User) error {\n+\tif u == nil {\n+\t\treturn "
                                 "errNoUser\n+\t}\n+\treturn nil\n+}\n");
  EXPECT_THAT(types(change), Not(Contains("change.null_check.removed")));
}

TEST(ReadChange, GuardsThatComeInAreNoFault) {
  const ReadChange change = read(
      {"a/x.go"},
      "@@ a/x.go @@\n func F(xs []int) int {\n+\tif len(xs) == 0 {\n+\t\treturn 0\n+\t}\n \treturn xs[0]\n");
  EXPECT_TRUE(change.facts.empty());
}

TEST(ReadChange, TextsForPeopleAreNoSettings) {
  const ReadChange change = read(
      {"a/x.go"}, "@@ a/x.go @@\n-\tlog.Printf(\"timeout=%d\", 30)\n+\tlog.Printf(\"deadline=%d\", 1)\n");
  EXPECT_TRUE(change.facts.empty());
}

TEST(ReadChange, NamesOfDocumentsDoNotHideCode) {
  const char* edit = "-    cidr_blocks = [var.vpc_cidr]\n+    security_groups = [var.loader]\n";
  EXPECT_EQ(
      read({"infra/search/security.tf"}, "@@ infra/search/security.tf @@\n" + std::string(edit)).harmless,
      Harmless::kNo);
  for (const char* path : {"app/security.py", "src/license.go", "lib/notice.rb", "conf/blocked_hosts.txt"})
    EXPECT_NE(read({path}, "").harmless, Harmless::kInertFiles) << path;
  for (const char* path : {"SECURITY.md", "LICENSE", "LICENSE.txt", "docs/list.txt", "NOTICE"})
    EXPECT_EQ(read({path}, "").harmless, Harmless::kInertFiles) << path;
}

TEST(ReadChange, WhatOnlyLooksLikeASettingOrAQuery) {
  const auto has = [](const char* file, const char* diff, const char* type) {
    return types(read({file}, "@@ " + std::string(file) + " @@\n" + diff)).contains(type);
  };
  EXPECT_FALSE(
      has("a/Cache.cs",
          "-        return v.IsNull ? null : Read(v);\n+        return v.IsNullOrEmpty ? null : Read(v);\n",
          "change.setting.changed"));
  EXPECT_FALSE(has("a/Lookup.kt",
                   "-    jdbc.sql(\"SELECT id FROM orders WHERE id = :id\")\n"
                   "+    jdbc.sql(\"SELECT id FROM orders WHERE $column = :key\")\n",
                   "change.query.where_removed"));
  EXPECT_FALSE(has("a/list.ts",
                   " for (const o of list) {\n+  rows.push(item(o, etas.find((e) => e.id === o.id)));\n }\n",
                   "change.query_in_loop.added"));
  EXPECT_FALSE(
      has("a/item.py",
          "-    return render(sku)\n+    return show(sku)\n+\n+def show(sku):\n+    return render(sku)\n",
          "change.call.added"));
  EXPECT_TRUE(has("a/item.js", "-    ok = true\n+    if (ok) notify(order);\n+    notify(order);\n",
                  "change.call.added"));
  EXPECT_FALSE(has("pkg/version.go", "+\treturn compare(strings.TrimPrefix(have, \"v\"), min)\n",
                   "change.path.added"));
  EXPECT_FALSE(has("a/app.py",
                   "-from web.json import Plain as Answer\n+from web.json import Fast as Answer\n",
                   "change.query.changed"));
  EXPECT_FALSE(has("a/app.ts", "-import { plain } from './answers'\n+import { fast } from './answers'\n",
                   "change.query.changed"));
  EXPECT_FALSE(has("app/directory.rb", "+    Net::LDAP.new(host: HOST, port: 636, tls_options: TLS)\n",
                   "change.tls.added"));
  EXPECT_TRUE(has("a/list.ts", " for (const o of list) {\n+  rows.push(await repo.find(o.id));\n }\n",
                  "change.query_in_loop.added"));
  EXPECT_TRUE(has("infra/endpoints.tf", "+  policy = data.aws_iam_policy_document.s3_endpoint.json\n",
                  "change.permission.changed"));
}

TEST(ReadChange, WhatStandsThereInAnotherWayIsNotGone) {
  const auto told = [](const char* file, const char* diff) {
    return types(read({file}, "@@ " + std::string(file) + " @@\n" + diff));
  };
  EXPECT_FALSE(told("a/http.ts",
                    "-export const one = http.create({ timeout: 8000 });\n"
                    "-export const two = http.create({ timeout: 8000 });\n"
                    "+export const all = http.create({ timeout: 8000 });\n")
                   .contains("change.timeout.removed"))
      << "the same value, fewer times";
  EXPECT_FALSE(told("a/flush.rs",
                    "-let mut tick = interval(Duration::from_millis(2000));\n"
                    "+let mut tick = interval(FLUSH_EVERY);\n"
                    "+const FLUSH_EVERY: Duration = Duration::from_millis(2000);\n")
                   .contains("change.interval.changed"))
      << "a value that was given a name";
  EXPECT_TRUE(told("a/flush.rs",
                   "-let mut tick = interval(Duration::from_millis(2000));\n"
                   "+let mut tick = interval(FLUSH_EVERY);\n"
                   "+const FLUSH_EVERY: Duration = Duration::from_millis(20);\n")
                  .contains("change.interval.lowered"))
      << "the name hides another value";
  EXPECT_FALSE(told("a/routes.go",
                    "-\tmux.HandleFunc(\"POST /v2/bid\", s.bid)\n"
                    "+\tfor p, h := range map[string]http.HandlerFunc{\"POST /v2/bid\": s.bid} {\n"
                    "+\t\tmux.HandleFunc(p, h)\n+\t}\n")
                   .contains("change.route.removed"));
  EXPECT_TRUE(told("a/routes.go", "-\tmux.HandleFunc(\"POST /v2/bid\", s.bid)\n+\tmux.Strict()\n")
                  .contains("change.route.removed"));
  EXPECT_FALSE(told("a/fallback.php",
                    "-  return $status >= 500 ? notice() : render();\n"
                    "+  return match (true) {\n+    $status >= 500 => notice(),\n"
                    "+    default => render(),\n+  };\n")
                   .contains("change.status.removed"));
  EXPECT_FALSE(told("a/status.go", "-\tPlaced = \"PLACED\"\n+\tPlaced Status = \"PLACED\"\n")
                   .contains("change.status.added"));
}

TEST(ReadChange, WhatMovedIntoABlockIsNotWhereItWas) {
  const auto reading = [](const std::string& block) {
    return read({"a/place.go"},
                "@@ a/place.go @@ func (s *Service) Place() error {\n"
                "-\tquote, err := s.shipping.Quote(ctx, order)\n"
                "-\tif err != nil {\n-\t\treturn err\n-\t}\n"
                " \treturn s." +
                    block +
                    "\n"
                    "+\t\tquote, err := s.shipping.Quote(ctx, order)\n"
                    "+\t\tif err != nil {\n+\t\t\treturn err\n+\t\t}\n"
                    " \t\treturn store(ctx, order, quote)\n");
  };
  EXPECT_THAT(types(reading("inTx(ctx, func(tx Tx) error {")), Contains("change.transaction.widened"));
  EXPECT_THAT(types(reading("withLock(ctx, func() error {")), Contains("change.lock.held_over_io"));
  EXPECT_EQ(reading("measured(ctx, func() error {").harmless, Harmless::kNo);
}

TEST(ReadChange, ListsAreSets) {
  const auto told = [](const std::string& removed, const std::string& added) {
    std::vector<std::string> out;
    for (const ChangeFact& fact : read({"auth/client.ts"}, "@@ auth/client.ts @@\n-  scopes: [" + removed +
                                                               "],\n+  scopes: [" + added + "],\n")
                                      .facts) {
      if (fact.type.starts_with("change.auth."))
        out.push_back(fact.type + " " + fact.before + ">" + fact.after);
    }
    return out;
  };
  EXPECT_THAT(told("'memory:read', 'memory:write', 'agents:run'", "'memory:read', 'agents:run'"),
              ::testing::ElementsAre("change.auth.removed memory:write>"));
  EXPECT_THAT(told("'memory:read', 'agents:run'", "'agents:run', 'memory:read'"), ::testing::IsEmpty());
}

TEST(ReadChange, WhatIsGivenBackOtherwiseIsNoStepLeftOut) {
  EXPECT_THAT(
      types(read({"a/pick.go"},
                 "@@ a/pick.go @@\n-\treturn pickFrom(ads(ctx))\n+\tas := ads(ctx)\n+\treturn as[0]\n")),
      Not(Contains("change.call.removed")));
  EXPECT_THAT(types(read({"a/pick.go"}, "@@ a/pick.go @@\n-\tpickFrom(ads(ctx))\n+\tas := ads(ctx)\n")),
              Contains("change.call.removed"));
}

TEST(ReadChange, AValueThatWasGivenANameIsTheSame) {
  const auto harmless = [](const char* file, const char* diff) {
    return read({file}, "@@ " + std::string(file) + " @@\n" + diff).harmless;
  };
  EXPECT_EQ(harmless("a/search.go",
                     "-\tq := &Query{Lat: at.Lat, Radius: 3000, Unit: \"m\"}\n"
                     "+\tq := &Query{Lat: at.Lat, Radius: firstRadius, Unit: \"m\"}\n"
                     "+const firstRadius = 3000\n"),
            Harmless::kFormatting);
  EXPECT_EQ(harmless("a/search.go",
                     "-\tq := &Query{Lat: at.Lat, Radius: 3000, Unit: \"m\"}\n"
                     "+\tq := &Query{Lat: at.Lat, Radius: firstRadius, Unit: \"m\"}\n"
                     "+const firstRadius = 300\n"),
            Harmless::kNo)
      << "the name has another value";
  EXPECT_EQ(
      harmless("a/search.py", "-q = find(at, radius=3000)\n+q = find(at, radius=radius)\n+radius = 3000\n"),
      Harmless::kNo)
      << "a variable may change";
}

TEST(ReadChange, AValueThatMovedToTheConfigurationIsTheSame) {
  const auto told = [](const char* value) {
    return types(read({"checkout/shipping.go", "checkout/config.yaml"},
                      std::string("--- a/checkout/shipping.go\n+++ b/checkout/shipping.go\n@@ -8,1 +8,1 @@\n"
                                  "-\tctx, cancel := context.WithTimeout(ctx, 3*time.Second)\n"
                                  "+\tctx, cancel := context.WithTimeout(ctx, s.cfg.ShippingTimeout)\n"
                                  "--- a/checkout/config.yaml\n+++ b/checkout/config.yaml\n@@ -2,1 +2,2 @@\n"
                                  " quotes: 4\n+shipping_timeout: ") +
                          value + "\n"));
  };
  for (const auto& type : told("3s")) EXPECT_FALSE(type.starts_with("change.timeout.")) << type;
  EXPECT_THAT(told("300ms"), Contains("change.timeout.lowered"));
}

TEST(ReadChange, WhatWasGivenToAHelperIsTheSame) {
  const auto harmless = [](const char* file, const char* diff) {
    return read({file}, "@@ " + std::string(file) + " @@\n" + diff).harmless;
  };
  EXPECT_EQ(harmless("cart/total.go",
                     "-\t\tt += l.Price * int64(l.Qty)\n+\t\tt += lineTotal(l)\n"
                     "+func lineTotal(line Line) int64 { return line.Price * int64(line.Qty) }\n"),
            Harmless::kFormatting);
  EXPECT_EQ(harmless("cart/total.go",
                     "-\t\tt += l.Price * int64(l.Qty)\n+\t\tt += lineTotal(l)\n"
                     "+func lineTotal(line Line) int64 { return line.Price * int64(line.Count) }\n"),
            Harmless::kNo)
      << "it gives back something else";
  EXPECT_EQ(harmless("cart/total.py",
                     "-    t += line.price * line.qty\n+    t += line_total(line)\n"
                     "+def line_total(l):\n+    return l.price * l.qty\n"),
            Harmless::kFormatting);
  EXPECT_EQ(harmless("cart/total.ts",
                     "-  t += l.price * l.qty;\n+  t += total(l, 2);\n"
                     "+const total = (line: Line, times: number): number => line.price * times;\n"),
            Harmless::kNo)
      << "an argument stands in for something else";
}

TEST(ReadChange, WhatOnlySaysItInOtherWordsTells) {
  const auto harmless = [](const char* file, const char* diff) {
    return read({file}, "@@ " + std::string(file) + " @@\n" + diff).harmless;
  };
  EXPECT_EQ(harmless("a/check.ts",
                     "-    throw new Invalid(\"amount\");\n+    throw new Invalid(`amount of line ${i}`);\n"),
            Harmless::kTelling);
  EXPECT_EQ(
      harmless("a/check.py", "-        raise Conflict(\"taken\")\n+        raise Conflict(\"in_past\")\n"),
      Harmless::kTelling);
  EXPECT_EQ(
      harmless("a/check.ts", "-    throw new Invalid(\"amount\");\n+    throw new Missing(\"amount\");\n"),
      Harmless::kNo)
      << "another error";
  EXPECT_EQ(harmless("a/accept.rs",
                     "+        let (_, conn) = tls.get_ref();\n"
                     "+        debug!(suite = ?conn.suite(), \"handshake done\");\n"),
            Harmless::kTelling);
  EXPECT_EQ(harmless("a/accept.rs",
                     "+        let (_, conn) = tls.get_ref();\n"
                     "+        debug!(suite = ?conn.suite(), \"handshake done\");\n"
                     "+        pool.keep(conn);\n"),
            Harmless::kNo)
      << "the name is used for more";
  EXPECT_EQ(
      harmless("a/log.ts", "+  const size = JSON.stringify(answer).length;\n+  logger.info({ size });\n"),
      Harmless::kNo)
      << "computed only to be logged, it costs time";
}

}  // namespace
}  // namespace midwatch::observe::changes
