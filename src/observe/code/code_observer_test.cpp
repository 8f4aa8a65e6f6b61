#include "src/observe/code/code_observer.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/base/utf8.h"

namespace midwatch::observe::code {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Case {
  std::string path;
  std::string content;
  std::string trace = {};  ///< the place that a stack trace names
  bool null = false;       ///< runs fail on a null
};

CodeFindings observe(const Case& c) {
  topology::TopologyBuilder builder;
  telemetry::Entity entity;
  entity.id = "f";
  entity.attributes.set("Handler", "index.handler");
  entity.attributes.set("limit.timeout", "5");
  entity.attributes.set("container.function.env.DB_HOST", "orders.abc.eu-west-1.rds.amazonaws.com");
  entity.attributes.set("container.function.env.WAIT_MS", "9000");
  entity.attributes.set("VpcConfig.VpcId", "vpc-0a1b2c3d");
  builder.add(std::move(entity));
  const auto topology = std::move(builder).build();
  std::vector<model::Observation> seen;
  const auto see = [&](const char* type, model::Facts facts) {
    model::Observation o;
    o.entity = "f";
    o.type = type;
    o.facts = std::move(facts);
    seen.push_back(std::move(o));
  };
  if (!c.trace.empty()) see("log.exception.new", {{"location", c.trace}});
  if (c.null) see("sign.null_dereference", {});
  const std::vector<SourceFile> files{{"f", c.path, c.content}};
  return observe_code({files, topology, seen, {}});
}

/// "wait.over_limit index.js:2:3 30 s": what is told besides the handler and what is loaded.
std::vector<std::string> told(const Case& c) {
  std::vector<std::string> out;
  for (const auto& o : observe(c).observations) {
    if (o.type.starts_with("code.handler.") || o.type == "code.import.plain") continue;
    std::string text = o.type.substr(o.type.find('.') + 1) + " " + o.facts.at("location");
    for (const char* fact : {"duration", "collection", "host", "expression"}) {
      if (const auto at = o.facts.find(fact); at != o.facts.end()) text += " " + at->second;
    }
    out.push_back(std::move(text));
  }
  return out;
}

std::string in_handler(std::string_view body) {
  return fmt::format("exports.handler = async (event) => {{\n  {}\n}};\n", body);
}

TEST(CodeObserver, FindsWaitsLongerThanTheLimit) {
  const auto script = [](std::string_view body, const char* says) {
    EXPECT_THAT(told({"index.js", in_handler(body)}), ElementsAre(says)) << body;
  };
  script("await new Promise((resolve) => setTimeout(resolve, 30000));", "wait.over_limit index.js:2:34 30 s");
  script("await new Promise(r => setTimeout(r, 30 * 1000))", "wait.over_limit index.js:2:26 30 s");
  script("await new Promise(function (r) { setTimeout(() => r(1), 30_000); });",
         "wait.over_limit index.js:2:36 30 s");
  script("await sleep(2 * 60 * 1e3);", "wait.over_limit index.js:2:9 120 s");
  script("await timers.setTimeout(6000);", "wait.over_limit index.js:2:16 6 s");
  script("const pause = (5 + 5) * 1000; await delay(pause);", "wait.over_limit index.js:2:39 10 s");
  script("await delay(Number(process.env.WAIT_MS || 10));", "wait.over_limit index.js:2:9 9 s");
  script("await delay(process.env.OTHER ?? 7000);", "wait.over_limit index.js:2:9 7 s");
  script("const start = Date.now(); while (Date.now() - start < 20000) {}",
         "wait.over_limit index.js:2:29 20 s");
  const auto python = [](std::string_view body, const char* says) {
    EXPECT_THAT(told({"index.py", fmt::format("import time\ndef handler(event, context):\n    {}\n", body)}),
                ElementsAre(says))
        << body;
  };
  python("time.sleep(30)", "wait.over_limit index.py:3:10 30 s");
  python("await asyncio.sleep(2 * 60)", "wait.over_limit index.py:3:19 120 s");
  python("time.sleep(int(os.environ.get(\"PAUSE\", \"8\")))", "wait.over_limit index.py:3:10 8 s");
}

TEST(CodeObserver, LeavesShortAndUnknownWaitsAlone) {
  for (const char* body : {
           "await new Promise((resolve) => setTimeout(resolve, 300));",
           "setTimeout(() => report(), 30000);",
           "await sleep(ms);",
           "await sleep(ring); const ring = other; const other = ring;",
           "// await sleep(30000)",
           "const text = 'await sleep(30000)'; const all = `await sleep(30000)`;",
           "const parts = /await sleep(30000)/.exec(text);",
       })
    EXPECT_THAT(told({"index.js", in_handler(body)}), IsEmpty()) << body;
  EXPECT_THAT(
      told({"index.py", "def handler(event, context):\n    # time.sleep(30)\n    \"\"\"sleep(30)\"\"\"\n"}),
      IsEmpty());
}

TEST(CodeObserver, TellsWaitsWhileTheCodeIsLoaded) {
  EXPECT_THAT(told({"index.py", "import time\ntime.sleep(12)\ndef handler(event, context):\n    return 1\n"}),
              ElementsAre("import.waits index.py:2:6 12 s"));
}

TEST(CodeObserver, FindsCollectionsThatOnlyGrow) {
  const auto script = [](std::string_view code, const char* says) {
    EXPECT_THAT(told({"index.js", std::string(code)}), ElementsAre(says)) << code;
  };
  script("const seen = [];\nexports.handler = async (event) => { seen.push(event); };",
         "growth.across_runs index.js:2:38 seen");
  script("const cache = new Map();\nexport async function handler(e) { cache.set(e.id, e); }",
         "growth.across_runs index.js:2:36 cache");
  script("let byKey = {};\nexports.handler = async (event) => { byKey[event.id] = event; };",
         "growth.across_runs index.js:2:38 byKey");
  script(in_handler("const rows = []; for (const r of event.records) rows.push(r);"),
         "growth.in_loop index.js:2:51 rows");
  script(in_handler("const rows = []; const { items } = JSON.parse(event.body); items.forEach((i) => { "
                    "rows.push(i); });"),
         "growth.in_loop index.js:2:85 rows");
  script(in_handler("const all = []; while (true) { all.push(Buffer.alloc(1024 * 1024)); }"),
         "growth.in_loop index.js:2:34 all");
  script(in_handler("const all = []; for (let i = 0; i < 500000; i++) { all.push({ i }); }"),
         "growth.in_loop index.js:2:54 all");
  script(in_handler("const all = []; for (let i = 0; i < 200; i++) all.push(new Array(1000000).fill(i));"),
         "growth.in_loop index.js:2:49 all");
  EXPECT_THAT(told({"index.py", "seen = []\ndef handler(event, context):\n    seen.append(event)\n"}),
              ElementsAre("growth.across_runs index.py:3:5 seen"));
  EXPECT_THAT(told({"index.py",
                    "def handler(event, context):\n    rows = []\n    for r in event['Records']:\n        "
                    "rows.append(r)\n"}),
              ElementsAre("growth.in_loop index.py:4:9 rows"));
}

TEST(CodeObserver, LeavesBoundedCollectionsAlone) {
  for (const char* code : {
           "const seen = [];\nexports.handler = async (event) => { seen.push(event); if (seen.length > 100) "
           "flush(seen); };",
           "const cache = new Map();\nexports.handler = async (e) => { cache.set(e.id, e); "
           "cache.delete(e.old); };",
           "let batch = [];\nexports.handler = async (event) => { batch.push(event); batch = []; };",
           "const routes = [];\nroutes.push('/a');\nexports.handler = async () => 1;",
           "exports.handler = async (event) => { for (const r of event.records) { const one = []; "
           "one.push(r); } };",
           "exports.handler = async () => { const week = []; for (let i = 0; i < 7; i++) week.push(i); };",
       })
    EXPECT_THAT(told({"index.js", code}), IsEmpty()) << code;
}

TEST(CodeObserver, FindsAHostThatTheEnvironmentNamesOtherwise) {
  EXPECT_THAT(told({"index.js", "const c = new Client({ host: \"old-orders.internal\" });"}),
              ElementsAre("host.literal index.js:1:30 old-orders.internal"));
  EXPECT_THAT(told({"index.py", "conn = connect(host='orders-db.internal', user='app')"}),
              ElementsAre("host.literal index.py:1:21 orders-db.internal"));
  EXPECT_THAT(told({"index.js", "const url = 'postgres://app@orders-old.internal:5432/app';"}),
              ElementsAre("host.literal index.js:1:13 orders-old.internal"));
  for (const char* code : {
           "const c = new Client({ host: process.env.DB_HOST });",
           "const c = new Client({ host: process.env.DB_HOST || \"orders.fallback.internal\" });",
           "const c = new Client({ host: \"localhost\" });",
           "const c = new Client({ host: \"orders.abc.eu-west-1.rds.amazonaws.com\" });",
           "const page = 'https://www.w3.org/2000/svg';",
           "const file = 'orders.json';",
       })
    EXPECT_THAT(told({"index.js", code}), IsEmpty()) << code;
}

TEST(CodeObserver, SaysInWhichNetworkALiteralHostIsLookedUp) {
  const auto found = observe({"index.js", "const c = new Client({ host: \"old-orders.internal\" });"});
  const auto literal = std::find_if(found.observations.begin(), found.observations.end(),
                                    [](const auto& o) { return o.type == "code.host.literal"; });
  ASSERT_NE(literal, found.observations.end());
  EXPECT_EQ(literal->facts.at("vpc"), "vpc-0a1b2c3d");
}

TEST(CodeObserver, FindsNullsWhereRunsFailOnThem) {
  const auto script = [](std::string_view body, const char* says) {
    EXPECT_THAT(told({"index.js", in_handler(body), "", true}), ElementsAre(says)) << body;
  };
  script("return JSON.parse(event.body).name;", "null.unchecked index.js:2:10 JSON.parse(…).name");
  script("const body = JSON.parse(event.body);\n  return body.user.name;",
         "null.unchecked index.js:3:10 body.user.name");
  script("return event.body.name;", "null.unchecked index.js:2:10 event.body.name");
  EXPECT_THAT(
      told({"index.py", "def handler(event, context):\n    return event['body']['name']\n", "", true}),
      ElementsAre("null.unchecked index.py:2:12 event[\"body\"]['name']"));
  for (const char* body : {
           "const body = JSON.parse(event.body) || {}; return body.name;",
           "const body = JSON.parse(event.body); if (!body) return 400; return body.name;",
           "return event.body?.name;",
           "return event.body && event.body.name;",
       })
    EXPECT_THAT(told({"index.js", in_handler(body), "", true}), IsEmpty()) << body;
  EXPECT_THAT(told({"index.js", in_handler("return event.body.name;")}), IsEmpty())
      << "where nothing fails on a null";
}

TEST(CodeObserver, QuotesTheLineOfAStackTrace) {
  const std::string code = "a();\nb();\n  const name = body.name;\nd();\ne();\nf();\n";
  for (const char* trace : {"/var/task/index.js:3:21", "file:///var/task/index.js:3:21", "index.js:3:21"}) {
    const auto found = observe({"index.js", code, trace});
    ASSERT_THAT(told({"index.js", code, trace}), ElementsAre("line.failing index.js:3:21")) << trace;
    const auto& o = found.observations.front();
    EXPECT_EQ(o.facts.at("location"), "index.js:3:21");
    EXPECT_EQ(o.facts.at("code"), "const name = body.name;");
    EXPECT_EQ(o.evidence.at(0).source, "code/f/index.js");
    EXPECT_EQ(o.evidence.at(0).excerpt, "a();\\nb();\\n  const name = body.name;\\nd();\\ne();");
  }
  for (const char* trace : {"/var/task/other.js:3:21", "/var/task/index.js:300", "xindex.js:3", "index.js"})
    EXPECT_THAT(told({"index.js", code, trace}), IsEmpty()) << trace;
}

TEST(CodeObserver, KnowsWhetherTheHandlerIsThere) {
  const auto handler = [](const char* path, const char* code) -> std::string {
    for (const auto& o : observe({path, code}).observations) {
      if (o.type.starts_with("code.handler.")) return o.type.substr(std::string("code.handler.").size());
    }
    return "";
  };
  for (const char* code : {"exports.handler = async () => 1;", "export const handler = async () => 1;",
                           "export async function handler(event) {}", "module.exports = { handler, other };",
                           "function run() {}\nexport { run as handler };"})
    EXPECT_EQ(handler("index.js", code), "found") << code;
  EXPECT_EQ(handler("index.py", "def handler(event, context):\n    return 1\n"), "found");
  EXPECT_EQ(handler("index.js", "exports.handle = async () => 1;"), "missing");
  EXPECT_EQ(handler("index.py", "def handle(event, context):\n    return 1\n"), "missing");
  for (const char* code : {"module.exports = require('./app');", "export * from './app';"})
    EXPECT_EQ(handler("index.js", code), "") << code;
  EXPECT_EQ(handler("app.js", "exports.handle = 1;"), "");
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

// Each would take minutes where a look ahead had no bound.
TEST(CodeObserver, HostileCodeCostsNoMoreThanItsLength) {
  constexpr std::size_t kTimes = 20'000;
  for (const std::string& code :
       {repeated("(", kTimes), repeated("{", kTimes), repeated("a=>", kTimes), repeated("`${", kTimes),
        repeated("x=[];x.push(1);", kTimes / 8), repeated("while(a)", kTimes / 4), repeated("=/[", kTimes),
        repeated("f(a)(", kTimes / 4), repeated("a=a+", kTimes / 4), repeated("-", kTimes),
        repeated("sleep((", kTimes / 4), repeated("for(a of event)", kTimes / 8), repeated("\"", kTimes),
        repeated("def a():\n ", kTimes / 4), repeated("JSON.parse(a).b;", kTimes / 8),
        std::string(kTimes, '\n'), std::string(kTimes, 'a')}) {
    for (const char* path : {"index.js", "index.py"}) {
      const auto found = observe({path, code, "index.js:1:5", true});
      for (const auto& o : found.observations) {
        for (const auto& [name, value] : o.facts) EXPECT_LE(value.size(), 400U) << code.substr(0, 20);
      }
    }
  }
}

TEST(CodeObserver, OfALongLineOnlyThePartAroundTheColumnIsShown) {
  const std::string code = repeated("var a=1;", 500) + "throw new Error('x');" + repeated("var b=2;", 500);
  const auto found = observe({"index.js", code, "index.js:1:4001"});
  ASSERT_FALSE(found.observations.empty());
  EXPECT_THAT(found.observations[0].facts.at("code"), ::testing::HasSubstr("throw new Error('x');"));
  EXPECT_LE(found.observations[0].facts.at("code").size(), 200U);
}

}  // namespace
}  // namespace midwatch::observe::code
