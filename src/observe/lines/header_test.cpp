#include "src/observe/lines/header.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(SplitHeader, KnowsTheHeadersOfLoggingSystems) {
  const struct {
    const char* line;
    const char* level;
    const char* message;
  } cases[] = {
      // BSD syslog and what grew from it
      {"Jan  5 02:00:00 node7 kubelet[12]: Started pod", "", "Started pod"},
      {"Jan  5 02:00:00 node7 kernel: error: no space", "", "error: no space"},
      {"Jan  5 02:00:00 node7 sshd(pam_unix)[1]: session opened", "", "session opened"},
      {"Jan  5 02:00:00 mac com.example.agent[1] (com.example.job.7): exited", "", "exited"},
      {"- 1767571200 2026.01.05 dn228 Jan 5 02:00:00 dn228/dn228 crond[2915]: started", "", "started"},
      {"<34>Jan  5 02:00:00 host su: failed", "", "failed"},
      {"<165>1 2026-01-05T02:00:00.003Z host.example app 12 ID47 [a@1 b=\"c\"] stored", "", "stored"},
      {"<165>1 2026-01-05T02:00:00.003Z host.example app - - - stored", "", "stored"},
      // loggers of languages
      {"2026-01-05 02:00:00,123 INFO  [http-3] c.e.shop.Orders - stored order 1", "INFO", "stored order 1"},
      {"2026-01-05 02:00:00,123 [http-3] ERROR c.e.shop.Orders - failed", "ERROR", "failed"},
      {"2026-01-05 02:00:00,123 - WARN  [Peer[id=1]/0:0:2181:Election@774] - timeout: 3200", "WARN",
       "timeout: 3200"},
      {"2026-01-05 02:00:00,978 INFO [IPC Server handler 9 on 62270] org.example.App: Created", "INFO",
       "Created"},
      {"26/01/05 02:00:00 INFO storage.Manager: Found block", "INFO", "Found block"},
      {"260105 020000 148 INFO dfs.Node$Responder: Responder 1", "INFO", "Responder 1"},
      {"2026-01-05 02:00:00.123  WARN 1 --- [nio-80-exec-1] c.e.shop.Orders      : slow", "WARN", "slow"},
      {"2026-01-05 02:00:00,123 - app.orders - ERROR - lost connection", "ERROR", "lost connection"},
      {"02:00:00.269 INFO  s.c.Orders#44 TraceID: 04395d95fac5fb4f SpanID: 418a6651480fa94e [query][start]",
       "INFO", "[query][start]"},
      {"02:00:00.269 ERROR  o.a.c.C.[.[.[/].[dispatcher]#175 TraceID: 04395d95fac5fb4f failed", "ERROR",
       "failed"},
      {"[ERROR]\t2026-01-05T02:00:00.123Z\tb1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f\tfailed", "ERROR", "failed"},
      {"2026-01-05T02:00:00.123Z\tb1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f\tINFO\tready", "INFO", "ready"},
      // platforms
      {"01-05 02:00:00.811  1702  2395 D WindowManager: opening", "D", "opening"},
      {"I0105 02:00:00.123456       1 server.go:33] listening", "I", "listening"},
      {"2026-01-05T02:00:00.123456789Z stderr F panic: boom", "", "panic: boom"},
      {"2026-01-05 02:00:00, Info                  CBS    Loaded Stack", "Info", "Loaded Stack"},
      {"[Sun Jan 05 02:00:00 2026] [notice] worker.init() ok", "notice", "worker.init() ok"},
      {"[Sun Jan 05 02:00:00 2026] [error] [client 1.2.3.4] denied", "error", "[client 1.2.3.4] denied"},
      {"2026-01-05 02:00:00.123 UTC [12] LOG:  checkpoint starting", "LOG", "checkpoint starting"},
      {"2026-01-05 02:00:00.123 UTC [12] LOG:  duration: 12.1 ms", "LOG", "duration: 12.1 ms"},
      {"2026-01-05 02:00:00,123 ERROR TypeError: x is undefined", "ERROR", "TypeError: x is undefined"},
      {"20260105-02:00:00:606|Step|30002312|onChanged 3579", "", "onChanged 3579"},
      {"[01.05 02:00:00] shop.exe - proxy.example:5070 close", "", "proxy.example:5070 close"},
      {"[01.05 02:00:00] shop.exe *64 - proxy.example:5070 close", "", "proxy.example:5070 close"},
      {"- 1767571200 2026.01.05 R02-J12 2026-01-05-02.00.00.363779 R02-J12 RAS KERNEL INFO ciod: parity",
       "INFO", "ciod: parity"},
      {"40766 gige7 gige temperature 1767571200 1 warning", "", "warning"},
      {"api.log.1 2026-01-05 02:00:00.008 25746 INFO shop.api [req-1f2e a b - -] [id: 1] Started", "INFO",
       "[id: 1] Started"},
      {"10.0.0.1 - - [05/Jan/2026:02:00:00 +0000] \"GET / HTTP/1.1\" 200", "", "\"GET / HTTP/1.1\" 200"},
      // no header
      {"stored order 12 at 02:00:00", "", "stored order 12 at 02:00:00"},
      {"10.11.10.1 \"GET /\" 200", "", "10.11.10.1 \"GET /\" 200"},
      {"1767571200 bytes read", "", "1767571200 bytes read"},
      {"ERROR: no space", "", "ERROR: no space"},
      {"Error opening file", "", "Error opening file"},
      {"", "", ""},
      {"   ", "", "   "},
      {"2026-01-05 02:00:00", "", "2026-01-05 02:00:00"},
  };
  for (const auto& c : cases) {
    const LineParts parts = split_header(c.line);
    EXPECT_EQ(parts.message, c.message) << c.line;
    EXPECT_EQ(parts.level, c.level) << c.line;
  }
}

RC_GTEST_PROP(SplitHeader, GivesAPartOfTheLine, (const std::string& line)) {
  const LineParts parts = split_header(line);
  RC_ASSERT(parts.message.data() >= line.data());
  RC_ASSERT(parts.message.data() + parts.message.size() == line.data() + line.size());
  RC_ASSERT(parts.message.empty() == line.empty());
}

}  // namespace
}  // namespace midwatch::observe::lines
