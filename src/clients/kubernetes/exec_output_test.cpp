#include "src/clients/kubernetes/exec_output.h"

#include <gtest/gtest.h>

namespace midwatch::clients::kubernetes {
namespace {

TEST(ExecOutput, SaysWhoseItIs) {
  const auto exec =
      read_exec_output({"# kubectl exec -it -n shop db-0 -c main -- psql -c 'select 1'\n 1\n", {2, 0}, {}});
  ASSERT_TRUE(exec);
  EXPECT_EQ(exec->target.id, "shop/pod/db-0");
  EXPECT_EQ(exec->target.type, "Pod");
  EXPECT_EQ(exec->target.attributes.get("platform.kind"), "pod");
  EXPECT_EQ(exec->text, " 1\n");
  EXPECT_EQ(exec->first_line, 2U);
}

TEST(ExecOutput, IsNoOtherCommandsOutput) {
  for (const char* text : {"# kubectl get pods\nNAME READY\n", "# kubectl exec\n 1\n", "NAME READY\n",
                           "# kubectl exec db-0 -- psql", ""})
    EXPECT_FALSE(read_exec_output({text, {}, {}})) << text;
}

}  // namespace
}  // namespace midwatch::clients::kubernetes
