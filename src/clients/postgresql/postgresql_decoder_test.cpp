#include "src/clients/postgresql/postgresql_decoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::clients::postgresql {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

telemetry::TelemetryBatch decoded(std::string_view text) {
  telemetry::TelemetryBatch batch;
  decode_psql_output({text, std::string(kUnnamed), {3, 0}, 1, base::parse_rfc3339("2030-05-01T12:00:00Z")},
                     batch);
  return batch;
}

TEST(PostgresqlDecoder, RowsBecomeEventsOfTheirView) {
  const auto batch = decoded(
      "# psql -h db.shop.internal -c 'select …'\n"
      " pid | app    | state               | age      | query \n"
      "-----+--------+---------------------+----------+-------\n"
      "   7 | orders | idle in transaction | 00:12:30 | update orders set paid = true\n"
      "   8 |        | active              |          | select 1\n"
      "(2 rows)\n");
  ASSERT_THAT(batch.events, SizeIs(2));
  const auto& e = batch.events[0];
  EXPECT_EQ(e.entity, "postgresql");
  EXPECT_EQ(e.source, "postgresql");
  EXPECT_EQ(e.type, "session");
  EXPECT_EQ(e.ref.source, 3U);
  EXPECT_EQ(e.ref.line, 4U);
  EXPECT_EQ(e.attributes.get("application_name"), "orders");
  EXPECT_EQ(e.attributes.get("age"), "750");
  EXPECT_EQ(e.attributes.get("asked.host"), "db.shop.internal");
  EXPECT_THAT(e.message, HasSubstr("state=idle in transaction"));
  EXPECT_EQ(batch.events[1].attributes.find("application_name"), nullptr) << "NULL says nothing";
  EXPECT_THAT(batch.notices, IsEmpty());
  ASSERT_THAT(batch.entities, SizeIs(1));
  EXPECT_EQ(batch.entities[0].attributes.get("database.engine"), "postgresql");
}

TEST(PostgresqlDecoder, AgesCountFromWhenTheTableWasPrinted) {
  const std::string rows =
      " pid | state  |          xact_start           |          query_start          |           query       "
      "     \n"
      "-----+--------+-------------------------------+-------------------------------+-----------------------"
      "-----\n"
      "   7 | active | 2030-05-01 11:40:00.000000+00 | 2030-05-01 11:41:00.000000+00 | select 1\n";
  EXPECT_EQ(decoded(rows).events[0].attributes.get("xact_age"), "1200") << "from the alarm";
  const auto self =
      decoded(rows +
              "   8 | active | 2030-05-01 11:50:00.000000+00 | 2030-05-01 11:50:00.000000+00 | select * "
              "from pg_stat_activity\n");
  EXPECT_EQ(self.events[0].attributes.get("xact_age"), "600") << "the query saw itself";
  EXPECT_EQ(self.events[0].attributes.get("query_age"), "540");
}

TEST(PostgresqlDecoder, ALagIsATimeOrAmountOfLog) {
  struct Case {
    const char* text;
    const char* attribute;
    const char* value;
  };
  for (const Case& c :
       {Case{"application_name|lag\nr1|12 GB\n(1 row)\n", "lag_bytes", "12884901888"},
        Case{"application_name|lag\nr1|5000\n(1 row)\n", "lag_bytes", "5000"},
        Case{"application_name|lag\nr1|00:10:00\n(1 row)\n", "replay_lag", "600"},
        Case{" replication_lag \n-----------------\n 900.5\n(1 row)\n", "replay_lag", "900.5"}}) {
    const auto batch = decoded(c.text);
    ASSERT_THAT(batch.events, SizeIs(1)) << c.text;
    EXPECT_EQ(batch.events[0].attributes.get(c.attribute), c.value) << c.text;
  }
}

TEST(PostgresqlDecoder, SettingsAreOnlyThoseThatAreKnown) {
  const auto batch =
      decoded("name|setting|unit\nmax_connections|30|\nssl_passphrase_command|echo secret|\n(2 rows)\n");
  ASSERT_THAT(batch.events, SizeIs(1));
  EXPECT_EQ(batch.events[0].attributes.get("setting"), "30");
  const auto shown = decoded(" max_connections \n-----------------\n 30\n(1 row)\n");
  ASSERT_THAT(shown.events, SizeIs(1));
  EXPECT_EQ(shown.events[0].type, "setting");
  EXPECT_EQ(shown.events[0].attributes.get("name"), "max_connections");
}

TEST(PostgresqlDecoder, OtherTablesAndLinesAreMessages) {
  const auto batch = decoded(
      "psql: error: connection to server at \"db\" (10.0.0.5), port 5432 failed: FATAL:  sorry, too many "
      "clients already\n"
      " id | price \n----+-------\n  1 | 2.50\n(1 row)\n");
  ASSERT_THAT(batch.events, SizeIs(2));
  EXPECT_EQ(batch.events[0].message, "id=1 price=2.50");
  EXPECT_EQ(batch.events[0].reason, telemetry::kCommandOutput);
  EXPECT_THAT(batch.events[1].message, HasSubstr("too many clients already"));
  ASSERT_THAT(batch.notices, SizeIs(1));
  EXPECT_THAT(batch.notices[0].message, HasSubstr("id, price"));
  EXPECT_THAT(batch.notices[0].message_ja, HasSubstr("id, price"));
}

TEST(PostgresqlDecoder, AWrongQueryIsAGap) {
  const auto batch = decoded(
      "ERROR:  relation \"orders\" does not exist\nLINE 1: select * from orders\n                      ^\n"
      "psql:checks.sql:3: ERROR:  permission denied for view pg_stat_statements\nWARNING:  terminating "
      "connection\n");
  ASSERT_THAT(batch.events, SizeIs(1));
  EXPECT_THAT(batch.events[0].message, HasSubstr("WARNING"));
  ASSERT_THAT(batch.notices, SizeIs(2));
  EXPECT_THAT(batch.notices[0].message, HasSubstr("orders"));
}

TEST(PostgresqlDecoder, AViewWithoutRowsSaysSo) {
  const auto batch = decoded("slot_name|active|restart_lsn\n(0 rows)\n");
  ASSERT_THAT(batch.events, SizeIs(1));
  EXPECT_EQ(batch.events[0].type, "slot");
  EXPECT_EQ(batch.events[0].reason, "no rows");
}

TEST(PostgresqlDecoder, OtherOutputIsLeftAlone) {
  telemetry::TelemetryBatch batch;
  EXPECT_FALSE(decode_known_tables({"total 4\n-rw-r--r-- 1 root root 7 a\n"}, batch));
  EXPECT_THAT(batch.events, IsEmpty());
  EXPECT_THAT(batch.entities, IsEmpty());
}

TEST(PostgresqlDecoder, AWorkloadOfADatabasesPodIsOne) {
  telemetry::TelemetryBatch batch;
  const auto add = [&](const char* id, const char* path, const char* value) {
    telemetry::Entity entity;
    entity.id = id;
    entity.attributes.set(path, value);
    batch.entities.push_back(std::move(entity));
  };
  add("shop/pod/db-0", "database.engine", "postgresql");
  add("shop/statefulset/db", "platform.kind", "workload");
  add("argocd/application/shop", "platform.kind", "application");
  batch.relations.push_back(
      {"argocd/application/shop", "shop/statefulset/db", telemetry::RelationKind::kContains, {}});
  batch.relations.push_back({"shop/statefulset/db", "shop/pod/db-0", telemetry::RelationKind::kContains, {}});
  link_databases(batch);
  ASSERT_THAT(batch.entities, SizeIs(4));
  EXPECT_EQ(batch.entities.back().id, "shop/statefulset/db");
  EXPECT_EQ(batch.entities.back().attributes.get("database.engine"), "postgresql");
}

TEST(PostgresqlDecoder, ASessionIsACallOfTheApplicationThatItNames) {
  telemetry::TelemetryBatch batch;
  decode_known_tables(
      {"pid|state|application_name\n7|idle|orders\n8|idle|psql\n9|idle|web\n(3 rows)\n", "shop/pod/db-0"},
      batch);
  for (const char* id : {"shop/deployment/orders", "shop/deployment/web", "test/deployment/web"}) {
    telemetry::Entity entity;
    entity.id = id;
    entity.name = entity.id.substr(entity.id.rfind('/') + 1);
    entity.attributes.set("platform.kind", "workload");
    batch.entities.push_back(std::move(entity));
  }
  link_databases(batch);
  ASSERT_THAT(batch.relations, SizeIs(1)) << "of two called web, nobody knows which";
  EXPECT_EQ(batch.relations[0].from, "shop/deployment/orders");
  EXPECT_EQ(batch.relations[0].to, "shop/pod/db-0");
  EXPECT_EQ(batch.relations[0].kind, telemetry::RelationKind::kCalls);
}

TEST(PostgresqlDecoder, HostileTextIsPrintable) {
  const auto batch = decoded("pid|state|query\n7|active|select '\x1b[31m\xff'\n(1 row)\n");
  ASSERT_THAT(batch.events, SizeIs(1));
  EXPECT_EQ(batch.events[0].message.find('\x1b'), std::string::npos);
  EXPECT_EQ(batch.events[0].attributes.get("query").find('\xff'), std::string_view::npos);
}

}  // namespace
}  // namespace midwatch::clients::postgresql
