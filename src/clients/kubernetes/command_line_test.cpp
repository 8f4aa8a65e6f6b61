#include "src/clients/kubernetes/command_line.h"

#include <gtest/gtest.h>

namespace midwatch::clients::kubernetes {
namespace {

struct Case {
  const char* line;
  const char* verb;
  const char* kind;
  const char* name;
  const char* name_space;
  bool lists_all;
};

class CommandLines : public testing::TestWithParam<Case> {};

TEST_P(CommandLines, AreUnderstood) {
  const Case& c = GetParam();
  const CommandLine command = parse_command_line(c.line);
  EXPECT_EQ(command.verb, c.verb) << c.line;
  EXPECT_EQ(command.kind, c.kind) << c.line;
  EXPECT_EQ(command.name, c.name) << c.line;
  EXPECT_EQ(command.name_space, c.name_space) << c.line;
  EXPECT_EQ(lists_all(command), c.lists_all) << c.line;
}

INSTANTIATE_TEST_SUITE_P(
    Lines, CommandLines,
    testing::Values(
        Case{"# kubectl get pods -n shop", "get", "Pod", "", "shop", true},
        Case{"# kubectl get -A --show-labels -o wide po", "get", "Pod", "", "", true},
        Case{"# kubectl get deploy web --namespace=shop -o yaml", "get", "Deployment", "web", "shop", false},
        Case{"kubectl get deployment/web", "get", "Deployment", "web", "", false},
        Case{"# kubectl get pods -A | grep web", "get", "Pod", "", "", false},
        Case{"# kubectl get pods -l app=web -n shop", "get", "Pod", "", "shop", false},
        Case{"# kubectl describe PersistentVolumeClaim data -nshop", "describe", "PersistentVolumeClaim",
             "data", "shop", false},
        Case{"# kubectl exec -n shop deploy/db -- psql -n other -c 'select 1'", "exec", "Deployment", "db",
             "shop", false},
        Case{"# kubectl logs web-0 -c app --previous -n shop", "logs", "Pod", "web-0", "shop", false},
        Case{"# kubectl logs deploy/web", "logs", "Deployment", "web", "", false},
        Case{"# kubectl top pods -A", "top", "Pod", "", "", false},
        Case{"# kubectl rollout status deployment web -n shop", "rollout", "Deployment", "web", "shop",
             false},
        Case{"# kubectl events --for=pod/web-0 -n shop", "events", "Pod", "web-0", "shop", false},
        Case{"# kubectl get statefulsets.apps", "get", "StatefulSet", "", "", true},
        Case{"# kubectl get ingresses 'my ingress'", "get", "Ingress", "my ingress", "", false},
        Case{"# kubectl get widgets", "get", "widget", "", "", true}, Case{"#", "", "", "", "", false},
        Case{"# kubectl get", "get", "", "", "", false}));

TEST(CommandLine, KnowsItsOptions) {
  const CommandLine command = parse_command_line("# kubectl logs web-0 -c app -p --tail=100 -n shop");
  EXPECT_TRUE(command.previous);
  EXPECT_EQ(command.container, "app");
  const CommandLine all = parse_command_line("# kubectl get pods --all-namespaces -ojson");
  EXPECT_TRUE(all.all_namespaces);
  EXPECT_EQ(all.output, "json");
}

}  // namespace
}  // namespace midwatch::clients::kubernetes
