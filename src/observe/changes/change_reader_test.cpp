#include "src/observe/changes/change_reader.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "src/knowledge/knowledge_base.h"
#include "src/knowledge/yaml_files.h"

namespace midwatch::observe::changes {
namespace {

using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;

const knowledge::KnowledgeBase& knowledge_base() {
  static const knowledge::KnowledgeBase kKnowledge = [] {
    auto files = knowledge::read_yaml_folder(MIDWATCH_SOURCE_DIR "/knowledge");
    return knowledge::build_knowledge(files.value()).value();
  }();
  return kKnowledge;
}

const ChangeReader& reader() {
  static const ChangeReader kReader(knowledge_base().change_rules);
  return kReader;
}

ReadChange read(const std::vector<std::string>& files, const std::string& diff) {
  telemetry::ChangeEvent event;
  event.id = "c0ffee";
  event.kind = telemetry::ChangeKind::kCommit;
  event.files = files;
  event.diff = diff;
  event.has_diff = !diff.empty();
  return reader().read(event);
}

std::set<std::string> types(const ReadChange& change) {
  std::set<std::string> out;
  for (const auto& fact : change.facts) out.insert(fact.type);
  return out;
}

struct Case {
  const char* file;
  const char* diff;  ///< lines only; the hunk's head is added
  std::vector<std::string> expected;
};

class Contents : public ::testing::TestWithParam<Case> {};

TEST_P(Contents, AreTold) {
  const Case& c = GetParam();
  const ReadChange change = read({c.file}, "@@ " + std::string(c.file) + " @@\n" + c.diff);
  EXPECT_THAT(types(change), IsSupersetOf(c.expected)) << c.diff;
}

INSTANTIATE_TEST_SUITE_P(
    Settings, Contents,
    ::testing::Values(
        Case{"svc/client.go",
             "-\tctx, cancel := context.WithTimeout(ctx, 4*time.Second)\n+\tcallCtx, cancel := "
             "context.WithTimeout(ctx, 200*time.Millisecond)\n",
             {"change.timeout.lowered"}},
        Case{"src/http.ts",
             "-const client = axios.create({ timeout: 10000 });\n+const client = axios.create({ timeout: 800 "
             "});\n",
             {"change.timeout.lowered"}},
        Case{"app/Http.java",
             "-    .connectTimeout(Duration.ofSeconds(2))\n+    .connectTimeout(Duration.ofMillis(50))\n",
             {"change.timeout.lowered"}},
        Case{"db/pool.go", "-\tdb.SetMaxOpenConns(40)\n+\tdb.SetMaxOpenConns(4)\n", {"change.pool.lowered"}},
        Case{"app/db.py",
             "-engine = create_engine(URL, pool_size=30, max_overflow=10)\n+engine = create_engine(URL, "
             "pool_size=3, max_overflow=0)\n",
             {"change.pool.lowered"}},
        Case{"config/application.yml",
             " spring:\n   datasource:\n     hikari:\n-      maximum-pool-size: 30\n+      "
             "maximum-pool-size: 3\n",
             {"change.pool.lowered"}},
        Case{"cache/config.go",
             "-\tDefaultTTL: 10 * time.Minute,\n+\tDefaultTTL: 10 * time.Second,\n",
             {"change.cache_ttl.lowered"}},
        Case{"src/main/resources/logback.xml",
             "-  <root level=\"INFO\">\n+  <root level=\"TRACE\">\n",
             {"change.log_level.lowered"}},
        Case{"conf/agent.yaml", " logging:\n-  level: warn\n+  level: debug\n", {"change.log_level.lowered"}},
        Case{"src/logging.py",
             "-logging.getLogger().setLevel(logging.WARNING)\n+logging.getLogger().setLevel(logging.DEBUG)\n",
             {"change.log_level.lowered"}},
        Case{"charts/web/values.yaml",
             " resources:\n   limits:\n-    memory: 1Gi\n+    memory: 256Mi\n",
             {"change.memory_limit.lowered"}},
        Case{"charts/web/values.yaml",
             " resources:\n   limits:\n-    cpu: 1\n+    cpu: 250m\n",
             {"change.cpu_limit.lowered"}},
        Case{"k8s/web.yaml",
             " resources:\n   requests: { cpu: 250m, memory: 256Mi }\n-  limits: { cpu: '2', memory: 1Gi }\n"
             "+  limits: { cpu: '2', memory: 300Mi }\n",
             {"change.memory_limit.lowered"}},
        Case{"k8s/web.yaml",
             "-resources: { limits: { cpu: 2, memory: 1Gi }, requests: { cpu: 1 } }\n"
             "+resources: { limits: { cpu: 250m, memory: 1Gi }, requests: { cpu: 1 } }\n",
             {"change.cpu_limit.lowered"}},
        Case{"infra/bucket.tf",
             " rule {\n-  sse_algorithm = \"AES256\"\n+  sse_algorithm = \"aws:kms\"\n }\n",
             {"change.encryption.changed"}},
        Case{"infra/iam.tf",
             " statement {\n   actions = [\"s3:PutObject\"]\n-  resources = [\"${b.arn}/*\"]\n"
             "+  resources = [\"${b.arn}/raw/*\"]\n }\n",
             {"change.permission.changed"}},
        Case{"charts/match/values.yaml",
             " livenessProbe:\n-  initialDelaySeconds: 90\n+  initialDelaySeconds: 10\n",
             {"change.probe.lowered"}},
        Case{"store/active.go",
             " query := &dynamodb.QueryInput{\n+\tLimit: aws.Int32(1),\n }\n",
             {"change.page_size.added"}},
        Case{"clusters/prod/netpol.yaml",
             " egress:\n   - ports:\n       - { port: 9092 }\n-      - { port: 9093 }\n",
             {"change.network_rule.changed"}},
        Case{"infra/lambda.tf",
             " vpc_config {\n-  subnet_ids = data.aws_subnets.private.ids\n"
             "+  subnet_ids = module.network.intra_subnets\n }\n",
             {"change.network_rule.changed"}},
        Case{"deploy/web.yaml", " spec:\n-  replicas: 6\n+  replicas: 1\n", {"change.replicas.lowered"}},
        Case{"deploy/web.yaml",
             "         - name: JAVA_OPTS\n-          value: \"-Xmx2g -Xms512m\"\n+          value: "
             "\"-Xmx256m -Xms128m\"\n",
             {"change.memory_limit.lowered"}},
        Case{"deploy/web.yaml",
             "         - name: DB_POOL_SIZE\n-          value: \"25\"\n+          value: \"2\"\n",
             {"change.pool.lowered"}},
        Case{"src/limits.rs",
             "-const RATE_LIMIT_PER_SECOND: u32 = 500;\n+const RATE_LIMIT_PER_SECOND: u32 = 5;\n",
             {"change.rate_limit.lowered"}},
        Case{"src/retry.js", "-  maxRetries: 2,\n+  maxRetries: 20,\n", {"change.retries.raised"}},
        Case{"queue/worker.go",
             "-\tjobs := make(chan Job, 64)\n+\tjobs := make(chan Job, 1000000)\n",
             {"change.queue_capacity.raised"}},
        Case{"worker/batch.py", "-BATCH_SIZE = 200\n+BATCH_SIZE = 50000\n", {"change.batch.raised"}},
        Case{"k8s/cron.yaml",
             " spec:\n-  schedule: \"0 3 * * *\"\n+  schedule: \"*/2 * * * *\"\n",
             {"change.schedule.changed"}},
        Case{"k8s/cron.yaml",
             " spec:\n-  concurrencyPolicy: Forbid\n+  concurrencyPolicy: Allow\n",
             {"change.cron_policy.changed"}},
        Case{"config/prod.yaml",
             " redis:\n-  host: redis-main.internal\n+  host: redis-mian.internal\n",
             {"change.endpoint.changed"}},
        Case{"config/prod.yaml", " database:\n-  port: 5432\n+  port: 5423\n", {"change.port.lowered"}},
        Case{"server/tls.go",
             "-\tMinVersion: tls.VersionTLS12,\n+\tMinVersion: tls.VersionTLS13,\n",
             {"change.tls.changed"}},
        Case{"config/flags.yaml",
             "-  new_checkout_enabled: false\n+  new_checkout_enabled: true\n",
             {"change.feature.enabled"}},
        Case{"infra/main.tf",
             " resource \"aws_dynamodb_table\" \"t\" {\n-  write_capacity = 200\n+  write_capacity = 5\n",
             {"change.provisioned_capacity.lowered"}}));

INSTANTIATE_TEST_SUITE_P(
    Checks, Contents,
    ::testing::Values(
        Case{"a/user.go",
             " func Name(u *User) string {\n-\tif u == nil {\n-\t\treturn \"\"\n-\t}\n \treturn "
             "u.Profile.Name\n",
             {"change.null_check.removed"}},
        Case{"a/user.ts",
             "-  const name = user?.profile?.name ?? 'guest';\n+  const name = user.profile.name;\n",
             {"change.null_check.removed"}},
        Case{"a/User.java",
             "-        if (order.getCustomer() != null) {\n-            send(order.getCustomer());\n-        "
             "}\n+        send(order.getCustomer());\n",
             {"change.null_check.removed"}},
        Case{"a/user.py",
             "-    if account is None:\n-        return 0\n     return account.balance\n",
             {"change.null_check.removed"}},
        Case{"a/load.go",
             "-\tcfg, err := load(path)\n-\tif err != nil {\n-\t\treturn nil, err\n-\t}\n+\tcfg, _ := "
             "load(path)\n",
             {"change.error_check.removed"}},
        Case{"a/page.go",
             "-\tfor i := 0; i < len(rows); i++ {\n+\tfor i := 0; i <= len(rows); i++ {\n",
             {"change.bound.changed"}},
        Case{"a/page.py",
             "-    return items[start:end]\n+    return items[start:end + 1]\n",
             {"change.bound.changed"}},
        Case{"a/slice.go",
             "-\tif end > len(rows) {\n-\t\tend = len(rows)\n-\t}\n \treturn rows[start:end]\n",
             {"change.bounds_check.removed"}},
        Case{"a/gate.js",
             "-  if (user.active && !user.blocked) {\n+  if (user.active || !user.blocked) {\n",
             {"change.condition.changed"}},
        Case{"a/auth.py", "-@login_required\n def report(request):\n", {"change.auth.check_removed"}},
        Case{"a/client.go",
             "-\treq.Header.Set(\"Authorization\", \"Bearer \"+token)\n \treturn c.Do(req)\n",
             {"change.auth.credential_removed"}}));

INSTANTIATE_TEST_SUITE_P(
    Resources, Contents,
    ::testing::Values(
        Case{"a/rows.go", " \trows, err := db.Query(q)\n-\tdefer rows.Close()\n", {"change.release.removed"}},
        Case{"a/fetch.go",
             " \tresp, err := hc.Do(req)\n-\tdefer resp.Body.Close()\n \tif resp.StatusCode == 304 {\n "
             "\t\treturn nil, "
             "nil\n \t}\n+\tdefer resp.Body.Close()\n",
             {"change.release.removed"}},
        Case{"a/conn.py",
             "-    with pool.connection() as conn:\n-        conn.execute(q)\n+    conn = pool.getconn()\n+  "
             "  conn.execute(q)\n",
             {"change.release.removed"}},
        Case{"a/view.tsx",
             " useEffect(() => {\n   const t = setInterval(poll, 1000);\n-  return () => clearInterval(t);\n "
             "}, []);\n",
             {"change.release.removed"}},
        Case{"a/seen.go",
             " func (s *Tracker) Mark(id string) {\n+\ts.seen[id] = time.Now()\n",
             {"change.growth.unbounded"}},
        Case{"a/cache.py",
             "-@lru_cache(maxsize=1024)\n+@lru_cache(maxsize=None)\n",
             {"change.growth.unbounded"}},
        Case{"a/cache.go",
             "-\tif len(c.entries) >= c.maxEntries {\n-\t\tc.evictOldest()\n-\t}\n \tc.entries[k] = v\n",
             {"change.eviction.removed"}},
        Case{"a/worker.java",
             "-  new ArrayBlockingQueue<>(500)\n+  new LinkedBlockingQueue<>()\n",
             {"change.queue_capacity.removed"}},
        Case{"a/get.go",
             "-\tif v, ok := s.cache.Get(key); ok {\n-\t\treturn v, nil\n-\t}\n \treturn s.load(ctx, key)\n",
             {"change.cache.removed"}},
        Case{"a/get.go",
             "-\tv, err, _ := s.group.Do(key, func() (any, error) { return s.load(key) })\n+\tv, err := "
             "s.load(key)\n",
             {"change.single_flight.removed"}},
        Case{"a/ttl.py",
             "-    ttl = BASE + random.randint(0, 60)\n+    ttl = BASE\n",
             {"change.jitter.removed"}},
        Case{"a/key.rb",
             "-    key = \"price:#{sku}\"\n+    key = \"price:#{sku}:#{Time.now.to_i}\" # cache key\n",
             {}},
        Case{"a/retry.go",
             " \tfor attempt := 0; attempt < max; attempt++ {\n-\t\ttime.Sleep(backoff(attempt))\n",
             {"change.backoff.removed"}},
        Case{"a/http.go",
             "-\tclient := &http.Client{Timeout: 3 * time.Second}\n+\tclient := &http.Client{}\n",
             {"change.timeout.removed"}},
        Case{"a/call.go",
             " func fetch(url string) {\n+\tclient := &http.Client{Transport: &http.Transport{}}\n",
             {"change.client_per_call.added"}},
        Case{"a/lock.go",
             " \ts.mu.Lock()\n-\ts.mu.Unlock()\n+\tdefer s.mu.Unlock()\n \tresp, err := s.client.Do(req)\n",
             {"change.unlock.moved"}},
        Case{"a/io.go",
             " \ts.mu.Lock()\n+\tdata, err := s.db.QueryContext(ctx, q)\n \ts.mu.Unlock()\n",
             {"change.lock.held_over_io"}},
        Case{"a/rw.go", "-\tmu sync.RWMutex\n+\tmu sync.Mutex\n", {"change.lock.exclusive"}},
        Case{"a/fan.go",
             " \tfor _, id := range ids {\n+\t\tgo process(id)\n \t}\n",
             {"change.concurrency.unbounded"}},
        Case{"a/hash.js",
             " app.post('/login', (req, res) => {\n+  const h = crypto.pbkdf2Sync(req.body.p, salt, 600000, "
             "64, 'sha512');\n",
             {"change.blocking.added"}},
        Case{"a/boot.ts",
             "   const bus = new Bus();\n-  registerConsumers(bus);\n   await bus.start();\n",
             {"change.registration.removed", "change.call.removed"}}));

INSTANTIATE_TEST_SUITE_P(
    Queries, Contents,
    ::testing::Values(
        Case{"a/orders.go",
             "-\trows, err := db.Query(`SELECT * FROM items WHERE order_id = ANY($1)`, ids)\n+\tfor _, id := "
             "range ids {\n+\t\trow := db.QueryRow(`SELECT name FROM items WHERE order_id = $1`, id)\n+\t}\n",
             {"change.query_in_loop.added", "change.batch.removed"}},
        Case{"a/views.py",
             "-    orders = Order.objects.select_related('customer').all()\n+    orders = "
             "Order.objects.all()\n",
             {"change.eager_load.removed"}},
        Case{"a/repo.go",
             "-\tq := \"SELECT id FROM events WHERE tenant = $1 AND day = $2\"\n+\tq := \"SELECT id FROM "
             "events WHERE day = $2\"\n",
             {"change.query.changed", "change.query.where_removed"}},
        Case{"a/repo.rb",
             "-  Event.where(tenant: t).limit(50)\n+  Event.where(tenant: t)\n",
             {"change.query.limit_removed"}},
        Case{"src/verifier.rs",
             " fn verify(&self) {\n-    let crl = self.crl.load();\n"
             "+    let crl = RevocationList::open(&self.path)?;\n }\n",
             {"change.file_read.added"}},
        Case{"src/Reserve.java",
             "-    for (Line line : order.lines().stream().sorted(BY_SKU).toList()) {\n"
             "+    for (Line line : order.lines()) {\n",
             {"change.sort.removed"}},
        Case{"scan/publish.go",
             " return p.kafka.WriteMessages(ctx, kafka.Message{\n-\tKey: []byte(e.ParcelID),\n"
             "+\tKey: []byte(e.Facility),\n",
             {"change.partition_key.changed"}},
        Case{"pkg/readcache/key.go",
             "-\treturn fmt.Sprintf(\"%s/%d/%s\", kind, s.Org, s.Role)\n+\treturn kind + \":\" + s.Role\n",
             {"change.cache_key.changed"}},
        Case{"pkg/partition/key.go",
             " func RecordKey(r *Record) []byte {\n-\th := hash(r.Org, r.Stream)\n-\treturn h.Sum(nil)\n"
             "+\treturn []byte(r.Org)\n }\n",
             {"change.partition_key.changed"}},
        Case{"db/migrations/7.sql", "+DROP INDEX idx_orders_customer;\n", {"change.index.dropped"}},
        Case{"db/migrations/8.sql",
             "+ALTER TABLE orders ADD COLUMN note text NOT NULL DEFAULT '';\n",
             {"change.migration.locking"}},
        Case{"db/migrations/9.sql",
             "+CREATE INDEX idx_a ON orders (created_at);\n",
             {"change.index.created_locking"}},
        Case{"db/migrations/10.sql",
             "+ALTER TABLE users DROP COLUMN nickname;\n",
             {"change.column.dropped", "change.column.added"}},
        Case{"a/repo/dayView.ts",
             "-    .find({ provider, day, status: \"booked\" })\n+    .find({ provider, day, ...visible })\n",
             {"change.query.changed"}},
        Case{"a/search.py",
             "-    WHERE email = %s\n+    WHERE LOWER(email) = LOWER(%s)\n",
             {"change.query.unindexable"}},
        Case{
            "a/stock.java",
            "-  \"SELECT * FROM stock WHERE sku = ?\"\n+  \"SELECT * FROM stock WHERE sku = ? FOR UPDATE\"\n",
            {"change.query.lock_added"}}));

INSTANTIATE_TEST_SUITE_P(
    Interfaces, Contents,
    ::testing::Values(
        Case{"schema/order.go",
             "-\tTotal int64 `json:\"total_cents\"`\n+\tTotal int64 `json:\"totalCents\"`\n",
             {"change.field.renamed"}},
        Case{"proto/order.proto",
             "-  string customer_ref = 4;\n+  string customer_id = 4;\n",
             {"change.field.renamed"}},
        Case{"schema/order.ts", "-  amount: number;\n+  amount: string;\n", {"change.field.type_changed"}},
        Case{"a/cfg.go", "+\tregion := os.Getenv(\"BILLING_REGION\")\n", {"change.env.added"}},
        Case{"deploy/api.yaml",
             "         env:\n-        - name: PAYMENT_KEY\n-          valueFrom: { secretKeyRef: { name: "
             "pay, key: k } }\n",
             {"change.env_value.removed"}},
        Case{"a/Shift.java",
             "-    ZoneId zone = ZoneId.of(r.zone());\n-    Instant at = "
             "LocalDateTime.parse(r.at()).atZone(zone)."
             "toInstant();\n+    Instant at = LocalDateTime.parse(r.at()).toInstant(ZoneOffset.UTC);\n",
             {"change.time_zone.changed"}},
        Case{"a/mw.js",
             "-  res.setHeader('X-Tenant', t);\n+  res.setHeader('X-Tenant-Id', t);\n",
             {"change.header.renamed"}},
        Case{"go.mod",
             "-\texample.org/lib/codec v1.9.2\n+\texample.org/lib/codec v2.0.0\n",
             {"change.dependency.major"}},
        Case{"package.json",
             "   \"dependencies\": {\n-    \"left-pad\": \"^1.2.0\",\n+    \"left-pad\": \"^1.3.0\",\n",
             {"change.dependency.minor"}},
        Case{"requirements.txt", "-orjson==3.9.1\n+orjson==3.9.2\n", {"change.dependency.patch"}},
        Case{"pom.xml",
             "   <artifactId>guava</artifactId>\n-  <version>31.1</version>\n+  <version>19.0</version>\n",
             {"change.dependency.downgraded"}},
        Case{"iam/policy.json",
             "       \"Action\": [\n-        \"s3:PutObject\",\n         \"s3:GetObject\"\n",
             {"change.permission.removed"}},
        Case{"a/metrics.go", "+\trequests.WithLabelValues(route, userID, requestID).Inc() // user_id\n", {}},
        Case{"a/regex.ts",
             "+const ok = new RegExp('^(a+)+$').test(input);\n",
             {"change.regex.added", "change.regex.backtracking"}},
        Case{"app/models/item.rb",
             "-  validates :code, format: { with: /\\A\\w+\\z/ }\n+  validates :code, format: { with: "
             "/\\A([a-z0-9]+[._-]?)+\\z/ }\n",
             {"change.regex.backtracking"}},
        Case{"svc/Rates.cs",
             " public async Task<decimal> Rate()\n {\n+    var http = new HttpClient { BaseAddress = _base "
             "};\n",
             {"change.client_per_call.added"}},
        Case{"svc/hub.go", "-\tdefer s.hub.Remove(topic, ch)\n", {"change.release.removed"}},
        Case{"svc/client.go",
             "+\tclient.Timeout = time.Duration(cfg.TimeoutMS) * time.Microsecond\n",
             {"change.unit.mismatched"}},
        Case{"app/Poll.java",
             "+    executor.schedule(task, delayMillis, TimeUnit.SECONDS);\n",
             {"change.unit.mismatched"}}));

TEST(Names, AVariableWithAFallbackMayBeMissing) {
  for (const auto& [line, strong] : {std::pair{"+threads = ENV.fetch('POOL_THREADS')\n", true},
                                     std::pair{"+threads = ENV.fetch('POOL_THREADS', 5)\n", false},
                                     std::pair{"+const n = process.env.POOL_THREADS || 5;\n", false},
                                     std::pair{"+n = os.getenv('POOL_THREADS')\n", true}}) {
    const ReadChange change = read({"app/pool.rb"}, std::string("@@ app/pool.rb @@\n") + line);
    const auto fact = std::find_if(change.facts.begin(), change.facts.end(),
                                   [](const ChangeFact& f) { return f.type == "change.env.added"; });
    ASSERT_NE(fact, change.facts.end()) << line;
    EXPECT_EQ(fact->strength > 0.5, strong) << line;
  }
}

TEST(Contents, ACallThatGoesByAnotherNameIsNotTakenAway) {
  const std::string moved =
      "-\tmux.HandleFunc(\"/api/basket/{id}\", get).Methods(\"GET\")\n+\tchi.Get(\"/api/basket/{id}\", "
      "get)\n";
  EXPECT_FALSE(types(read({"a/routes.go"}, "@@ a/routes.go @@\n" + moved)).contains("change.call.removed"));
  const std::string gone =
      "-\tmux.HandleFunc(\"/api/basket/{id}\", get).Methods(\"GET\")\n+\tchi.Get(\"/api/stock\", get)\n";
  EXPECT_TRUE(types(read({"a/routes.go"}, "@@ a/routes.go @@\n" + gone)).contains("change.call.removed"));
}

TEST(Contents, AnotherNumberOfTheSameNameIsAVersion) {
  const auto told = [](const std::string& before, const std::string& after) {
    return types(read({"a/model.ts"}, "@@ a/model.ts @@\n-const MODEL = '" + before + "';\n+const MODEL = '" +
                                          after + "';\n"));
  };
  EXPECT_TRUE(told("eta-v3", "eta-v4").contains("change.version.changed"));
  EXPECT_TRUE(told("5.0.4", "5.0.5").contains("change.version.changed"));
  EXPECT_TRUE(told("png", "svg").contains("change.setting.changed"));
  EXPECT_FALSE(told("eta-v3", "delta-v3").contains("change.version.changed"));
}

TEST(Contents, AStyleOfNamesIsAFormatOfData) {
  const std::string chained =
      "-val json: ObjectMapper = jacksonObjectMapper()\n+val json: ObjectMapper = jacksonObjectMapper()\n"
      "+    .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)\n";
  const ReadChange change = read({"a/Json.kt"}, "@@ a/Json.kt @@\n" + chained);
  EXPECT_EQ(change.harmless, Harmless::kNo) << "one line that stands again is not moved code";
  EXPECT_TRUE(types(change).contains("change.serialization.changed"));
}

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

TEST(ReadChange, SaysWhereAndFromWhatToWhat) {
  const ReadChange change = read({"svc/pool.go"},
                                 "--- a/svc/pool.go\n+++ b/svc/pool.go\n@@ -40,2 +40,2 @@ func open() {\n "
                                 "\tdb := dial()\n-\tdb.SetMaxOpenConns(40)\n+\tdb.SetMaxOpenConns(4)\n");
  ASSERT_EQ(change.facts.size(), 1U);
  const ChangeFact& fact = change.facts[0];
  EXPECT_EQ(fact.file, "svc/pool.go");
  EXPECT_EQ(fact.line, 41U);
  EXPECT_EQ(fact.symbol, "SetMaxOpenConns");
  EXPECT_EQ(fact.before, "40");
  EXPECT_EQ(fact.after, "4");
  EXPECT_EQ(fact.heading, "func open() {");
  EXPECT_THAT(change.words, Contains("setmaxopenconn"));
}

TEST(ReadChange, UnreadContentSaysSo) {
  EXPECT_EQ(read({"a/x.go"}, "").harmless, Harmless::kUnread);
  EXPECT_EQ(read({}, "").harmless, Harmless::kUnread);
  EXPECT_EQ(read({"a/x_test.go"}, "").harmless, Harmless::kInertFiles);
  EXPECT_FALSE(read({"a/x.go"}, "").read);
}

TEST(ReadChange, AFlagIsItsOwnContent) {
  telemetry::ChangeEvent event;
  event.id = "new_pricing";
  event.kind = telemetry::ChangeKind::kFeatureFlag;
  event.summary = "off->on";
  const ReadChange change = reader().read(event);
  ASSERT_EQ(change.facts.size(), 1U);
  EXPECT_EQ(change.facts[0].type, "change.feature.enabled");
  EXPECT_TRUE(change.read);
}

TEST(ReadChange, AFlagThatReachesMoreIsSwitchedOnForThem) {
  const auto type = [](const char* summary) {
    telemetry::ChangeEvent event;
    event.id = "new_pricing";
    event.kind = telemetry::ChangeKind::kFeatureFlag;
    event.summary = summary;
    const ReadChange change = reader().read(event);
    return change.facts.size() == 1 ? change.facts[0].type : std::string();
  };
  EXPECT_EQ(type("rollout 5 % -> 100 %"), "change.feature.enabled");
  EXPECT_EQ(type("50% -> 0%"), "change.feature.disabled");
  EXPECT_EQ(type("blue -> green"), "change.feature.changed");
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

TEST(ReadChange, SecretsAreNotKept) {
  const ReadChange change = read(
      {"conf/app.yaml"}, "@@ conf/app.yaml @@\n-db_password: hunter2hunter2\n+db_password: correcthorse\n");
  for (const auto& fact : change.facts) {
    EXPECT_EQ(fact.after.find("correcthorse"), std::string::npos) << fact.type;
    EXPECT_EQ(fact.before.find("hunter2"), std::string::npos) << fact.type;
  }
}

TEST(Quote, IsAPartOfTheDiff) {
  const std::string diff = "@@ a.yaml @@\n x: 1\n-timeout: 5s\n+timeout: 1s\n y: 2\n";
  const ReadChange change = read({"a.yaml"}, diff);
  ASSERT_FALSE(change.facts.empty());
  EXPECT_EQ(quote(diff, change.diff, change.facts[0], 400), " x: 1\n-timeout: 5s\n+timeout: 1s\n y: 2");
  EXPECT_EQ(quote(diff, change.diff, change.facts[0], 26), "-timeout: 5s\n+timeout: 1s");
}

/// Lines as diffs hold them: pieces of code of several languages, and anything.
rc::Gen<std::string> diff_line() {
  const auto piece = rc::gen::element<std::string>(
      "timeout: 5s", "db.SetMaxOpenConns(4)", "if x == nil {", "for _, id := range ids {", "\tmu.Lock()",
      "\tdb.Query(q)", "}", "retries = 3", "\"a\": 1,", "DROP INDEX i;", "image: a/b:1.2", "level: debug",
      "/* c", "*/", "# x", "'");
  return rc::gen::apply([](char mark, const std::string& text) { return mark + text; },
                        rc::gen::element('+', '-', ' '),
                        rc::gen::oneOf(piece, rc::gen::string<std::string>()));
}

RC_GTEST_PROP(ReadChange, TakesAnything, ()) {
  const auto lines = *rc::gen::container<std::vector<std::string>>(diff_line());
  const auto file =
      *rc::gen::element<std::string>("a.go", "b.yaml", "c.py", "d.sql", "go.mod", "e_test.go", "");
  std::string diff = "@@ " + file + " @@\n";
  for (const auto& line : lines) diff += line + "\n";
  const ReadChange once = read({file}, diff);
  const ReadChange twice = read({file}, diff);
  RC_ASSERT(types(once) == types(twice));
  for (const auto& fact : once.facts) {
    RC_ASSERT(fact.strength > 0 && fact.strength <= 1);
    RC_ASSERT(fact.type.starts_with("change."));
    RC_ASSERT(diff.find(quote(diff, once.diff, fact, 200)) != std::string::npos);
  }
}

RC_GTEST_PROP(ReadChange, TheWayBackIsTheOtherWay, ()) {
  const int a = *rc::gen::inRange(1, 10000);
  const int b = *rc::gen::suchThat(rc::gen::inRange(1, 10000), [&](int x) { return x != a; });
  const auto way = [](int from, int to) {
    return types(read({"a.yaml"}, "@@ a.yaml @@\n-pool_size: " + std::to_string(from) +
                                      "\n+pool_size: " + std::to_string(to) + "\n"));
  };
  RC_ASSERT(way(a, b).contains(b < a ? "change.pool.lowered" : "change.pool.raised"));
  RC_ASSERT(way(b, a).contains(a < b ? "change.pool.lowered" : "change.pool.raised"));
}

RC_GTEST_PROP(ReadChange, LinesThatOnlyMovedSayNothing, ()) {
  auto lines = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "import os", "import sys", "import json", "from a import b", "import re", "from typing import Any"));
  std::string diff = "@@ a.py @@\n";
  for (const auto& line : lines) diff += "-" + line + "\n";
  std::reverse(lines.begin(), lines.end());
  for (const auto& line : lines) diff += "+" + line + "\n";
  const ReadChange change = read({"a.py"}, diff);
  RC_ASSERT(change.facts.empty());
}

TEST(Names, OneThatIsReadInAnotherWayIsNotGone) {
  const ReadChange change = read({"app/settings.ts"},
                                 "@@ app/settings.ts @@\n-  verify: process.env.VERIFY_ADDRESS === 'true',\n"
                                 "+  VERIFY_ADDRESS: z.enum(['true', 'false']).default('true'),\n");
  EXPECT_FALSE(types(change).contains("change.env.removed"));
}

}  // namespace
}  // namespace midwatch::observe::changes
