#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/observe/changes/change_reader.h"
#include "src/observe/changes/testing/read_diff.h"

namespace midwatch::observe::changes {
namespace {

using ::testing::IsSupersetOf;
using testing::read;
using testing::types;

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
        Case{"services/catalog/query.go",
             "-    LEFT JOIN stock s ON s.product_id = p.id\n+    JOIN stock s ON s.product_id = p.id\n",
             {"change.query.narrowed"}},
        Case{"api/ratelimit/key.go",
             "-\treturn httpx.ForwardedClient(r)\n+\treturn httpx.Addr(r)\n",
             {"change.rate_limit.changed"}},
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

TEST(Names, OneThatIsReadInAnotherWayIsNotGone) {
  const ReadChange change = read({"app/settings.ts"},
                                 "@@ app/settings.ts @@\n-  verify: process.env.VERIFY_ADDRESS === 'true',\n"
                                 "+  VERIFY_ADDRESS: z.enum(['true', 'false']).default('true'),\n");
  EXPECT_FALSE(types(change).contains("change.env.removed"));
}

}  // namespace
}  // namespace midwatch::observe::changes
