// Traces of X-Ray and spans of Transaction Search: who is given the time of a call.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "src/base/json.h"
#include "src/clients/aws/resource_links.h"
#include "src/clients/aws/testing/decode_text.h"
#include "src/clients/aws/traced_call.h"

namespace midwatch::clients::aws {
namespace {

using base::Json;
using telemetry::OwnedSpan;
using telemetry::RelationKind;
using telemetry::SpanStatus;
using telemetry::TelemetryBatch;

TelemetryBatch trace_of(const std::vector<Json>& segments) {
  Json list = Json::array();
  for (const Json& segment : segments) list.push_back({{"Id", "s"}, {"Document", base::dump_json(segment)}});
  return decode_text(base::dump_json({{"Traces", Json::array({{{"Id", "1-a"}, {"Segments", list}}})}}));
}

Json function_calling(Json call) {
  call["id"] = "c1";
  call["start_time"] = 100.5;
  call["end_time"] = 102.5;
  return {{"id", "s1"},          {"name", "orders"},  {"origin", "AWS::Lambda::Function"},
          {"start_time", 100.0}, {"end_time", 103.0}, {"subsegments", Json::array({std::move(call)})}};
}

const OwnedSpan* span_of(const TelemetryBatch& batch, const std::string& entity) {
  const auto at = std::find_if(batch.spans.begin(), batch.spans.end(),
                               [&](const OwnedSpan& span) { return span.entity == entity; });
  return at == batch.spans.end() ? nullptr : &*at;
}

TEST(Traces, WhoWroteNoSegmentHasTheTimeThatItsCallerWaited) {
  struct Row {
    Json call;
    const char* callee;
    const char* operation;
  };
  for (const Row& row : {
           Row{{{"name", "DynamoDB"},
                {"namespace", "aws"},
                {"aws", {{"table_name", "carts"}, {"operation", "GetItem"}}}},
               "dynamodb/carts",
               "GetItem"},
           Row{{{"name", "SQS"},
                {"namespace", "aws"},
                {"aws",
                 {{"queue_url", "https://sqs.eu-west-1.amazonaws.com/123456789012/mail"},
                  {"operation", "SendMessage"}}}},
               "sqs/mail",
               "SendMessage"},
           Row{{{"name", "Lambda"},
                {"namespace", "aws"},
                {"aws", {{"function_name", "price"}, {"operation", "Invoke"}}}},
               "lambda/price",
               "Invoke"},
           Row{{{"name", "KMS"}, {"namespace", "aws"}}, "aws/KMS", "KMS"},
           Row{{{"name", "api.rates.example"},
                {"namespace", "remote"},
                {"http", {{"request", {{"method", "POST"}}}, {"response", {{"status", 200}}}}}},
               "api.rates.example",
               "POST"},
           Row{{{"name", "app@books.c7.eu-west-1.rds.amazonaws.com"},
                {"namespace", "remote"},
                {"sql", {{"url", "postgresql://books.c7.eu-west-1.rds.amazonaws.com:5432/app"}}}},
               "books.c7.eu-west-1.rds.amazonaws.com",
               "app@books.c7.eu-west-1.rds.amazonaws.com"},
       }) {
    const auto batch = trace_of({function_calling(row.call)});
    const OwnedSpan* callee = span_of(batch, row.callee);
    ASSERT_NE(callee, nullptr) << row.callee;
    EXPECT_EQ(callee->parent_span_id, "c1") << row.callee;
    EXPECT_EQ(callee->duration, std::chrono::seconds(2)) << row.callee;
    EXPECT_EQ(callee->name, row.operation);
    EXPECT_EQ(callee->status, SpanStatus::kOk);
    EXPECT_TRUE(has_relation(batch, "lambda/orders", row.callee, RelationKind::kCalls)) << row.callee;
  }
}

TEST(Traces, WhoWroteASegmentIsNotToldTwice) {
  Json call = {{"name", "price.internal"}, {"namespace", "remote"}};
  const auto batch = trace_of({function_calling(call),
                               {{"id", "s2"},
                                {"parent_id", "c1"},
                                {"name", "price"},
                                {"origin", "AWS::ECS::Fargate"},
                                {"start_time", 100.6},
                                {"end_time", 102.4}}});
  EXPECT_EQ(batch.spans.size(), 3U);
  EXPECT_EQ(span_of(batch, "price.internal"), nullptr);
  ASSERT_NE(span_of(batch, "price"), nullptr);
  EXPECT_EQ(span_of(batch, "price")->parent_span_id, "c1");
}

TEST(Traces, WhatAnSdkDoesForACallBelongsToTheCall) {
  Json call = {{"name", "DynamoDB"},
               {"namespace", "aws"},
               {"aws", {{"table_name", "carts"}}},
               {"subsegments", Json::array({{{"id", "c2"},
                                             {"name", "dynamodb.eu-west-1.amazonaws.com"},
                                             {"namespace", "remote"},
                                             {"start_time", 100.5},
                                             {"end_time", 102.5}}})}};
  const auto batch = trace_of({function_calling(call)});
  ASSERT_NE(span_of(batch, "dynamodb/carts"), nullptr);
  EXPECT_EQ(span_of(batch, "dynamodb/carts")->parent_span_id, "c2");
  EXPECT_EQ(span_of(batch, "dynamodb.eu-west-1.amazonaws.com"), nullptr);
}

TEST(Traces, OnlyWhoAnsweredWithAServerErrorHasFailedItself) {
  for (const auto& [status, expected] : {std::pair{503, SpanStatus::kError}, {404, SpanStatus::kOk}}) {
    Json call = {{"name", "api.rates.example"},
                 {"namespace", "remote"},
                 {"fault", true},
                 {"http", {{"response", {{"status", status}}}}}};
    const auto batch = trace_of({function_calling(call)});
    EXPECT_EQ(span_of(batch, "api.rates.example")->status, expected) << status;
  }
  const auto unanswered =
      trace_of({function_calling({{"name", "api.rates.example"}, {"namespace", "remote"}, {"fault", true}})});
  EXPECT_EQ(span_of(unanswered, "api.rates.example")->status, SpanStatus::kOk);
}

TEST(Traces, ACallThatIsStillOpenLastsUntilTheRunEnds) {
  Json segment = function_calling({{"name", "api.rates.example"}, {"namespace", "remote"}});
  Json& call = segment["subsegments"][0];
  call.erase("end_time");
  call["in_progress"] = true;
  const auto batch = trace_of({segment});
  EXPECT_EQ(span_of(batch, "api.rates.example")->duration, std::chrono::milliseconds(2500));
}

TEST(Traces, TheServicesSegmentOfAFunctionAndItsOwnAreOneEntity) {
  const auto batch = trace_of({{{"id", "s0"},
                                {"name", "orders"},
                                {"origin", "AWS::Lambda"},
                                {"start_time", 99.9},
                                {"end_time", 103.1}},
                               function_calling({{"name", "wait"}})});
  for (const OwnedSpan& span : batch.spans) EXPECT_EQ(span.entity, "lambda/orders");
}

TEST(Traces, DatabasesAndServicesAreKnownByTheNamesThatTracesHave) {
  auto batch = decode_text(
      R"({"DBInstances":[{"DBInstanceIdentifier":"books","DBInstanceArn":"arn:aws:rds:eu-west-1:123456789012:db:books","Endpoint":{"Address":"books.c7.eu-west-1.rds.amazonaws.com","Port":5432}}]})");
  auto trace = trace_of(
      {{{"id", "s1"},
        {"name", "web"},
        {"origin", "AWS::ECS::Fargate"},
        {"start_time", 100.0},
        {"end_time", 101.0},
        {"subsegments", Json::array({{{"id", "c1"},
                                      {"name", "app@books.c7.eu-west-1.rds.amazonaws.com"},
                                      {"namespace", "remote"},
                                      {"sql", {{"url", "books.c7.eu-west-1.rds.amazonaws.com:5432/app"}}},
                                      {"start_time", 100.1},
                                      {"end_time", 100.9}}})}}});
  batch.spans = trace.spans;
  batch.relations.insert(batch.relations.end(), trace.relations.begin(), trace.relations.end());
  telemetry::Entity service;
  service.id = "arn:aws:ecs:eu-west-1:123456789012:service/main/web";
  service.type = "AWS::ECS::Service";
  service.name = "web";
  batch.entities.push_back(service);
  link_resources(batch);
  EXPECT_NE(span_of(batch, service.id), nullptr);
  EXPECT_NE(span_of(batch, "arn:aws:rds:eu-west-1:123456789012:db:books"), nullptr);
  EXPECT_TRUE(
      has_relation(batch, service.id, "arn:aws:rds:eu-west-1:123456789012:db:books", RelationKind::kCalls));
}

TEST(Traces, OfWhatXRayDoesNotGiveTheNumberIsTold) {
  const auto batch = decode_text(R"({"Traces":[],"UnprocessedTraceIds":["1-a","1-b"]})");
  ASSERT_EQ(batch.notices.size(), 1U);
  EXPECT_NE(batch.notices[0].message.find("2 traces"), std::string::npos);
  EXPECT_NE(batch.notices[0].message.find("aws/spans"), std::string::npos);
  EXPECT_FALSE(batch.notices[0].message_ja.empty());
}

// ---- aws/spans ----

Json span_line(const char* id, const char* parent, const char* service, const char* kind) {
  return {{"resource", {{"attributes", {{"service.name", service}}}}},
          {"traceId", "5f84c7a1e2f90123456789abcdef0123"},
          {"spanId", id},
          {"parentSpanId", parent},
          {"name", "GET /orders"},
          {"kind", kind},
          {"startTimeUnixNano", 1770087600000000000},
          {"endTimeUnixNano", 1770087602000000000},
          {"durationNano", 2000000000},
          {"attributes", Json::object()},
          {"status", {{"code", "UNSET"}}}};
}

TelemetryBatch lines_of(const std::vector<Json>& lines) {
  Json events = Json::array();
  for (const Json& line : lines)
    events.push_back({{"logStreamName", "default"},
                      {"timestamp", 1770087602000},
                      {"message", line.is_string() ? line.get<std::string>() : base::dump_json(line)}});
  return decode_text("# aws logs filter-log-events --log-group-name aws/spans\n" +
                     base::dump_json({{"events", events}}));
}

TEST(SpanLines, AreSpansOfTheServiceThatWroteThem) {
  const auto batch = lines_of({span_line("a1", "", "orders", "SERVER")});
  ASSERT_EQ(batch.spans.size(), 1U);
  const OwnedSpan& span = batch.spans[0];
  EXPECT_EQ(span.entity, "orders");
  EXPECT_EQ(span.trace_id, "5f84c7a1e2f90123456789abcdef0123");
  EXPECT_EQ(span.name, "GET /orders");
  EXPECT_EQ(base::format_rfc3339(span.start), "2026-02-03T03:00:00Z");
  EXPECT_EQ(span.duration, std::chrono::seconds(2));
  EXPECT_TRUE(batch.logs.empty()) << "a span is no log line";
}

TEST(SpanLines, OfAFunctionAreTheFunctions) {
  Json line = span_line("a1", "", "orders-service", "SERVER");
  line["resource"]["attributes"]["faas.name"] = "orders";
  EXPECT_EQ(lines_of({line}).spans.at(0).entity, "lambda/orders");
}

TEST(SpanLines, GiveTheTimeOfACallToWhoWasCalled) {
  struct Row {
    Json attributes;
    const char* callee;
    const char* operation;
  };
  for (const Row& row : {
           Row{{{"aws.remote.service", "AWS::DynamoDB"},
                {"aws.remote.operation", "Query"},
                {"aws.remote.resource.type", "AWS::DynamoDB::Table"},
                {"aws.remote.resource.identifier", "carts"}},
               "dynamodb/carts",
               "Query"},
           Row{{{"server.address", "api.rates.example"}, {"http.request.method", "GET"}},
               "api.rates.example",
               "GET"},
           Row{{{"http.url", "https://api.rates.example/v2?key=1"}, {"http.method", "GET"}},
               "api.rates.example",
               "GET"},
           Row{{{"db.system", "postgresql"}, {"net.peer.name", "books.example"}},
               "books.example",
               "GET /orders"},
           Row{Json::array({{{"key", "server.address"}, {"value", {{"stringValue", "api.rates.example"}}}},
                            {{"key", "http.request.method"}, {"value", {{"stringValue", "PUT"}}}}}),
               "api.rates.example", "PUT"},
       }) {
    Json call = span_line("b1", "a1", "orders", "CLIENT");
    call["attributes"] = row.attributes;
    const auto batch = lines_of({call});
    ASSERT_EQ(batch.spans.size(), 2U) << row.callee;
    EXPECT_EQ(batch.spans[1].entity, row.callee);
    EXPECT_EQ(batch.spans[1].parent_span_id, "b1");
    EXPECT_EQ(batch.spans[1].name, row.operation);
    EXPECT_TRUE(has_relation(batch, "orders", row.callee, RelationKind::kCalls));
  }
}

TEST(SpanLines, WhoAnsweredWithASpanIsNotToldTwice) {
  Json call = span_line("b1", "a1", "orders", "CLIENT");
  call["attributes"] = {{"server.address", "price.internal"}};
  const auto batch = lines_of({call, span_line("c1", "b1", "price", "SERVER")});
  EXPECT_EQ(batch.spans.size(), 2U);
  EXPECT_EQ(span_of(batch, "price.internal"), nullptr);
}

TEST(SpanLines, KindsStatusAndTimesComeInTheProtocolsFormsToo) {
  Json call = span_line("b1", "a1", "orders", "SPAN_KIND_CLIENT");
  call["kind"] = 3;
  call["startTimeUnixNano"] = "1770087600000000000";
  call.erase("endTimeUnixNano");
  call["status"] = {{"code", 2}};
  call["attributes"] = {{"server.address", "api.rates.example"}, {"http.response.status_code", 503}};
  const auto batch = lines_of({call});
  ASSERT_EQ(batch.spans.size(), 2U);
  EXPECT_EQ(batch.spans[0].status, SpanStatus::kError);
  EXPECT_EQ(batch.spans[0].duration, std::chrono::seconds(2));
  EXPECT_EQ(batch.spans[1].status, SpanStatus::kError);
}

TEST(SpanLines, AnExceptionIsALogLine) {
  Json line = span_line("a1", "", "orders", "SERVER");
  line["events"] = Json::array(
      {{{"name", "exception"},
        {"timeUnixNano", "1770087601000000000"},
        {"attributes", {{"exception.type", "TimeoutError"}, {"exception.message", "no answer"}}}}});
  const auto batch = lines_of({line});
  ASSERT_EQ(batch.logs.size(), 1U);
  EXPECT_EQ(batch.logs[0].body, "TimeoutError: no answer");
  EXPECT_EQ(batch.logs[0].entity, "orders");
}

TEST(SpanLines, WhatIsNoSpanIsToldAndLeftOut) {
  Json without_id = span_line("", "", "orders", "SERVER");
  Json of_nobody = span_line("a1", "", "", "SERVER");
  Json too_late = span_line("a2", "", "orders", "SERVER");
  too_late["startTimeUnixNano"] = "9223372036854775807";
  const auto batch = lines_of({Json("no JSON"), without_id, of_nobody, too_late});
  EXPECT_TRUE(batch.spans.empty());
  ASSERT_EQ(batch.notices.size(), 1U);
  EXPECT_NE(batch.notices[0].message.find("4 lines of aws/spans"), std::string::npos);
}

TEST(HostOfAddress, LeavesTheHostAlone) {
  for (const auto& [address, host] : std::vector<std::pair<std::string, std::string>>{
           {"https://user:x@api.example:443/v1?a=b", "api.example"},
           {"postgresql://db.example:5432/app", "db.example"},
           {"app@db.example", "db.example"},
           {"api.example", "api.example"},
           {"", ""}})
    EXPECT_EQ(host_of_address(address), host);
}

}  // namespace
}  // namespace midwatch::clients::aws
