#include "src/investigation/peer_finder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace midwatch::investigation {
namespace {

using model::Observation;
using telemetry::Entity;
using telemetry::PlatformEvent;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Entity object(const char* id, const char* kind, const char* name, const char* name_space = "shop") {
  Entity e;
  e.id = id;
  e.name = name;
  e.attributes.set("platform.kind", kind);
  e.attributes.set("metadata.namespace", name_space);
  return e;
}

std::vector<Entity> shop() {
  std::vector<Entity> all{object("svc/stock", "service", "stock"),
                          object("deploy/stock", "workload", "stock"),
                          object("deploy/guard", "workload", "guard", "policies"),
                          object("pod/mq-0", "pod", "mq-0"), object("pod/sender", "pod", "sender")};
  all[0].attributes.set("network.ip", "10.96.3.7");
  all[3].attributes.set("network.ip", "10.1.1.7");
  all[4].attributes.set("network.ip", "10.1.3.30");
  return all;
}

Observation line(const char* entity, const char* text, const char* type = "log.error.new") {
  Observation o;
  o.entity = entity;
  o.type = type;
  o.facts["sample"] = text;
  o.evidence.emplace_back();
  return o;
}

std::vector<std::string> calls(const std::vector<Observation>& lines,
                               const std::vector<PlatformEvent>& events = {},
                               const std::vector<Entity>& entities = shop()) {
  PeerFinder finder(entities);
  finder.read(lines);
  finder.read(events);
  std::vector<std::string> out;
  for (const auto& r : finder.take()) {
    EXPECT_EQ(r.kind, telemetry::RelationKind::kCalls);
    out.push_back(r.from + " > " + r.to);
  }
  return out;
}

TEST(PeerFinder, AreCalledByWhoNamesTheirAddress) {
  for (const char* text : {"GET http://stock/v1 failed: Connection refused",
                           "dial tcp 10.96.3.7:80: connect: connection refused", "cannot reach stock:8080",
                           "lookup of stock.shop.svc.cluster.local failed", "no answer of stock.shop."}) {
    EXPECT_THAT(calls({line("web", text)}), UnorderedElementsAre("web > svc/stock")) << text;
  }
}

TEST(PeerFinder, AreNotMeantByEveryWordThatIsTheirName) {
  EXPECT_THAT(calls({line("web", "the stock is empty"), line("web", "http://stock.test.svc/ failed"),
                     line("web", "http://unknown/ failed"), line("stock", "", "sign.oom_kill")}),
              IsEmpty());
}

TEST(PeerFinder, WorkloadsStandForServicesThatNobodyShowed) {
  EXPECT_THAT(calls({line("web", "Post \"https://guard.policies.svc:443/validate\": EOF")}),
              UnorderedElementsAre("web > deploy/guard"));
}

TEST(PeerFinder, AClientsPortIsThatOfACaller) {
  EXPECT_THAT(
      calls({line("pod/mq-0", "closing connection (10.1.3.30:40112 -> 10.1.1.7:5672)", "log.warning.new")}),
      UnorderedElementsAre("pod/sender > pod/mq-0"));
}

TEST(PeerFinder, AreWhatAKeySaysTheyAre) {
  for (const char* text :
       {"connect failed host=stock", "{\"upstream\":\"stock\",\"status\":500}", "server: 'stock' is gone"})
    EXPECT_THAT(calls({line("web", text)}), UnorderedElementsAre("web > svc/stock")) << text;
}

TEST(PeerFinder, ANameOfSeveralWordsIsEnoughInALineOfTrouble) {
  const std::vector<Entity> entities{object("deploy/order-store", "workload", "order-store")};
  EXPECT_THAT(calls({line("web", "GET /cart 502 (order-store answered 500)")}, {}, entities),
              UnorderedElementsAre("web > deploy/order-store"));
  PeerFinder finder(entities);
  finder.read_line("web", "order-store is fine", {});
  EXPECT_THAT(finder.take(), IsEmpty());
  finder.read_line("web", "flushed to http://order-store:9200/_bulk", {});
  EXPECT_EQ(finder.take().size(), 1U);
}

TEST(PeerFinder, WarningsOfThePlatformNameThemToo) {
  PlatformEvent event;
  event.entity = "rs/encoder";
  event.type = "Warning";
  event.message = "failed calling webhook: Post \"https://guard.policies.svc:443/v\": connection refused";
  EXPECT_THAT(calls({}, {event}), UnorderedElementsAre("rs/encoder > deploy/guard"));
  event.type = "Normal";
  EXPECT_THAT(calls({}, {event}), IsEmpty());
}

TEST(PeerFinder, WhoseNamesDoNotResolveAskedTheNameServer) {
  auto entities = shop();
  entities.push_back(object("deploy/coredns", "workload", "coredns", "kube-system"));
  entities.back().attributes.set("name_server", "cluster");
  EXPECT_THAT(
      calls({line("web", "Temporary failure in name resolution", "sign.dns_no_answer")}, {}, entities),
      UnorderedElementsAre("web > deploy/coredns"));
}

TEST(PeerFinder, ANameOfSeveralIsThatOfNobody) {
  const std::vector<Entity> two{object("a/stock", "service", "stock", "a"),
                                object("b/stock", "service", "stock", "b")};
  EXPECT_THAT(calls({line("web", "http://stock/ failed")}, {}, two), IsEmpty());
  EXPECT_THAT(calls({line("web", "http://stock.b/ failed")}, {}, two), UnorderedElementsAre("web > b/stock"));
}

}  // namespace
}  // namespace midwatch::investigation
