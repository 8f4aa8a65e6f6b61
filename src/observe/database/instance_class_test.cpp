#include "src/observe/database/instance_class.h"

#include <gtest/gtest.h>

namespace midwatch::observe::database {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;

TEST(InstanceClass, SizeFollowsTheName) {
  struct Case {
    const char* name;
    double vcpus;
    double gib;
  };
  for (const Case& c :
       {Case{"db.r6g.2xlarge", 8, 64}, Case{"db.m6g.large", 2, 8}, Case{"db.t3.micro", 2, 1},
        Case{"db.t4g.medium", 2, 4}, Case{"db.t3.xlarge", 4, 16}, Case{"db.x2g.xlarge", 4, 64},
        Case{"cache.r6g.large", 2, 16}, Case{"db.r5.16xlarge", 64, 512}}) {
    const auto size = instance_size(c.name);
    ASSERT_TRUE(size) << c.name;
    EXPECT_DOUBLE_EQ(size->vcpus, c.vcpus) << c.name;
    EXPECT_DOUBLE_EQ(size->memory, c.gib * kGiB) << c.name;
  }
}

TEST(InstanceClass, OtherNamesHaveNoSize) {
  for (const char* name : {"", "db.serverless", "db.r6g", "db.r6g.metal", "db.r6g.xxlarge", "db.q9.large",
                           "db.r6g.-4xlarge", "large"})
    EXPECT_FALSE(instance_size(name)) << name;
}

TEST(InstanceClass, DefaultLimitDependsOnEngineAndMemory) {
  EXPECT_NEAR(*default_connection_limit("postgres", 8 * kGiB), 838, 1);
  EXPECT_DOUBLE_EQ(*default_connection_limit("aurora-postgresql", 512 * kGiB), 5000);
  EXPECT_NEAR(*default_connection_limit("mysql", 8 * kGiB), 634, 1);
  EXPECT_FALSE(default_connection_limit("oracle-ee", 8 * kGiB));
}

}  // namespace
}  // namespace midwatch::observe::database
