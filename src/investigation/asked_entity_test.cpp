#include "src/investigation/asked_entity.h"

#include <gtest/gtest.h>

namespace midwatch::investigation {
namespace {

telemetry::Entity object(const char* name_space, const char* type, const char* kind, const char* name) {
  telemetry::Entity e;
  e.id = std::string(name_space) + "/" + type + "/" + name;
  e.type = type;
  e.name = name;
  e.attributes.set("platform.kind", kind);
  e.attributes.set("metadata.namespace", name_space);
  return e;
}

topology::Topology shop() {
  topology::TopologyBuilder b;
  b.add(object("shop", "Deployment", "workload", "cart"));
  b.add(object("shop", "Service", "service", "cart"));
  b.add(object("shop", "Deployment", "workload", "cart-db"));
  b.add(object("test", "Deployment", "workload", "cart"));
  b.add(object("shop", "Pod", "pod", "cart-6d4cf56db6-x7x2z"));
  b.add(object("billing", "Deployment", "workload", "invoices"));
  b.add(object("billing", "CronJob", "job", "default"));
  return std::move(b).build();
}

struct Case {
  const char* question;
  const char* entity;      // empty: nobody
  const char* name_space;  // empty: none
};

class AskedEntity : public testing::TestWithParam<Case> {};

TEST_P(AskedEntity, IsFoundInTheQuestion) {
  const auto topology = shop();
  telemetry::Alarm alarm;
  alarm.summary = GetParam().question;
  const Asked asked = find_asked(alarm, "", topology);
  EXPECT_EQ(asked.entity ? topology.id(*asked.entity) : "", GetParam().entity);
  EXPECT_EQ(asked.name_space, GetParam().name_space);
}

INSTANTIATE_TEST_SUITE_P(
    Questions, AskedEntity,
    testing::Values(Case{"Why is invoices down?", "billing/Deployment/invoices", ""},
                    Case{"What is the issue with cart-db?", "shop/Deployment/cart-db", ""},
                    Case{"what is wrong with cart in namespace shop", "shop/Deployment/cart", ""},
                    Case{"is the service cart in shop reachable?", "shop/Service/cart", ""},
                    Case{"Pod cart-6d4cf56db6-x7x2z restarts", "shop/Pod/cart-6d4cf56db6-x7x2z", ""},
                    Case{"anything wrong in the billing namespace?", "", "billing"},
                    Case{"what is wrong in namespace billing", "", "billing"},
                    Case{"is everything well in the default namespace?", "", ""},
                    Case{"why did the cart db export stop?", "shop/Deployment/cart-db", ""},
                    Case{"how is the cartoon doing?", "", ""}, Case{"", "", ""}));

TEST(AskedEntityOfAlarm, IsTheOneInTheAlarmsNamespace) {
  const auto topology = shop();
  telemetry::Alarm alarm;
  alarm.entity = "cart";
  alarm.payload.set("namespace", "test");
  const Asked asked = find_asked(alarm, "", topology);
  ASSERT_TRUE(asked.entity.has_value());
  EXPECT_EQ(topology.id(*asked.entity), "test/Deployment/cart");
}

TEST(AskedEntityOfAlarm, MayBeUnknown) {
  const auto topology = shop();
  telemetry::Alarm alarm;
  alarm.entity = "nobody";
  alarm.summary = "cart-db is slow";
  EXPECT_FALSE(find_asked(alarm, "", topology).entity.has_value()) << "the alarm said whom it is about";
}

}  // namespace
}  // namespace midwatch::investigation
