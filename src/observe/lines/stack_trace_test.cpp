#include "src/observe/lines/stack_trace.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

struct Case {
  const char* text;
  const char* language;
  const char* exception;
  const char* message;
  const char* location;
};

void expect(const Case& c) {
  const auto trace = read_stack_trace(c.text);
  ASSERT_TRUE(trace) << c.text;
  EXPECT_EQ(trace->language, c.language) << c.text;
  EXPECT_EQ(trace->exception, c.exception) << c.text;
  EXPECT_EQ(trace->message, c.message) << c.text;
  EXPECT_EQ(trace->location, c.location) << c.text;
}

TEST(ReadStackTrace, Java) {
  expect(
      {"2026-01-05 02:00:00 ERROR c.e.Orders - failed\n"
       "com.acme.shop.OrderException: cannot store\n"
       "\tat com.acme.shop.Orders.store(Orders.java:88)\n"
       "\tat org.springframework.web.Servlet.service(Servlet.java:12)\n"
       "Caused by: java.sql.SQLTransientConnectionException: pool - Connection is not available\n"
       "\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)\n"
       "\tat com.acme.shop.Store.connect(Store.java:31)\n"
       "\t... 12 more\n"
       "\tSuppressed: java.io.IOException: closed",
       "java", "java.sql.SQLTransientConnectionException", "pool - Connection is not available",
       "Store.java:31"});
  expect(
      {"Exception in thread \"main\" java.lang.NullPointerException\n"
       "\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n"
       "\tat app//com.acme.Main.main(Main.kt:5) ~[app.jar:?]",
       "java", "java.lang.NullPointerException", "", "Main.kt:5"});
}

TEST(ReadStackTrace, Python) {
  expect(
      {"Traceback (most recent call last):\n"
       "  File \"/app/orders.py\", line 12, in store\n"
       "    pool.connect()\n"
       "  File \"/usr/local/lib/python3.12/site-packages/psycopg2/__init__.py\", line 122, in connect\n"
       "    conn = _connect(dsn)\n"
       "psycopg2.OperationalError: could not translate host name \"db\"\n",
       "python", "psycopg2.OperationalError", "could not translate host name \"db\"", "/app/orders.py:12"});
  expect(
      {"Traceback (most recent call last):\n"
       "  File \"/app/a.py\", line 1, in f\n"
       "ConnectionRefusedError: [Errno 111] Connection refused\n"
       "\n"
       "The above exception was the direct cause of the following exception:\n"
       "\n"
       "Traceback (most recent call last):\n"
       "  File \"/app/b.py\", line 2, in g\n"
       "app.StoreError: no store",
       "python", "ConnectionRefusedError", "[Errno 111] Connection refused", "/app/a.py:1"});
  expect(
      {"[ERROR] KeyError: 'DB_HOST'\nTraceback (most recent call last):\n  File \"/var/task/app.py\", line "
       "7, in handler\n"
       "    host = os.environ['DB_HOST']\n  File \"/var/lang/lib/python3.12/os.py\", line 714, in "
       "__getitem__",
       "python", "KeyError", "'DB_HOST'", "/var/task/app.py:7"});
}

TEST(ReadStackTrace, Node) {
  expect(
      {"TypeError: Cannot read properties of undefined (reading 'id')\n"
       "    at store (/app/src/store.ts:88:24)\n"
       "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
       "node", "TypeError", "Cannot read properties of undefined (reading 'id')", "/app/src/store.ts:88:24"});
  expect(
      {"Error: connect ECONNREFUSED 10.0.0.1:5432\n"
       "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)\n"
       "    at async file:///app/dist/index.mjs:3:9 {\n"
       "  errno: -111",
       "node", "Error", "connect ECONNREFUSED 10.0.0.1:5432", ""});
  expect(
      {"Error: outer\n    at a (/app/a.js:1:2)\n  [cause]: RangeError: too large\n      at b (/app/b.js:3:4)",
       "node", "RangeError", "too large", "/app/b.js:3:4"});
  // written to standard output by a serverless runtime
  expect(
      {"ReferenceError: x is not defined\r    at handler (/var/task/index.js:5:3)\r    at Runtime.handleOnce "
       "(file:///var/runtime/index.mjs:1173:29)",
       "node", "ReferenceError", "x is not defined", "/var/task/index.js:5:3"});
}

TEST(ReadStackTrace, Go) {
  expect(
      {"panic: runtime error: invalid memory address or nil pointer dereference\n"
       "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4b]\n\n"
       "goroutine 1 [running]:\n"
       "net/http.(*conn).serve(0xc0)\n\t/usr/local/go/src/net/http/server.go:1868 +0xb9\n"
       "main.(*Store).Get(0x0)\n\t/app/store/store.go:17 +0x1d\n"
       "main.main()\n\t/app/main.go:9 +0x2a\nexit status 2",
       "go", "panic", "runtime error: invalid memory address or nil pointer dereference",
       "/app/store/store.go:17"});
  expect(
      {"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan "
       "receive]:\nmain.main()\n\t/app/main.go:5 +0x2",
       "go", "fatal error", "all goroutines are asleep - deadlock!", "/app/main.go:5"});
}

TEST(ReadStackTrace, DotNet) {
  expect(
      {"Unhandled exception. System.AggregateException: One or more errors occurred. (refused)\n"
       " ---> System.Net.Sockets.SocketException (111): Connection refused\n"
       "   at System.Net.Sockets.Socket.Connect(EndPoint e) in /_/src/Socket.cs:line 12\n"
       "   at Acme.Shop.Store.Open() in /src/Store.cs:line 42\n"
       "   --- End of inner exception stack trace ---\n"
       "   at Acme.Shop.Program.Main() in /src/Program.cs:line 7",
       "dotnet", "System.Net.Sockets.SocketException", "Connection refused", "/src/Store.cs:42"});
}

TEST(ReadStackTrace, Native) {
  expect(
      {"==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"
       "    #0 0x55e1 in memcpy /build/glibc/memcpy.c:12\n"
       "    #1 0x55e2 in shop::Store::get(int) /src/store.cpp:31:7\n"
       "SUMMARY: AddressSanitizer: heap-use-after-free /src/store.cpp:31:7 in get",
       "cpp", "AddressSanitizer: heap-use-after-free", "on address 0x602000000010", "/src/store.cpp:31:7"});
  expect(
      {"Program received signal SIGSEGV, Segmentation fault.\n"
       "#0  0x00007f in __strlen_avx2 () at ../sysdeps/x86_64/strlen.S:65\n"
       "#1  0x000055 in store (n=1) at /src/store.c:12",
       "cpp", "SIGSEGV", "Segmentation fault", "/src/store.c:12"});
  expect({"terminate called after throwing an instance of 'std::runtime_error'\n  what():  no stock", "cpp",
          "std::runtime_error", "no stock", ""});
  expect(
      {"thread 'main' panicked at src/main.rs:12:5:\nindex out of bounds\n   0: rust_begin_unwind\n"
       "             at /rustc/abc/library/std/src/panicking.rs:645:5",
       "rust", "panicked", "index out of bounds", "src/main.rs:12:5"});
}

TEST(ReadStackTrace, RubyAndPhp) {
  expect(
      {"/app/lib/store.rb:12:in `fetch': key not found: :id (KeyError)\n"
       "\tfrom /usr/lib/ruby/gems/3.0.0/gems/rack/lib/rack.rb:3:in `call'",
       "ruby", "KeyError", "key not found: :id", "/app/lib/store.rb:12"});
  expect(
      {"PHP Fatal error:  Uncaught RuntimeException: no stock in /app/store.php:12\nStack trace:\n"
       "#0 /app/vendor/x/y.php(34): Store->get()\n#1 /app/index.php(3): run()\n#2 {main}\n  thrown in "
       "/app/store.php on line 12",
       "php", "RuntimeException", "no stock", "/app/index.php:3"});
}

TEST(ReadStackTrace, ReadsAnExceptionWithoutFrames) {
  expect({"ERROR request failed: java.net.SocketTimeoutException: Read timed out", "",
          "java.net.SocketTimeoutException", "Read timed out", ""});
}

TEST(ReadStackTrace, FindsNoneInOrdinaryLines) {
  for (const char* text :
       {"", "stored order 12", "at 02:00 all is well", "errors: 0", "File closed", "Error rate is 3 %"})
    EXPECT_FALSE(read_stack_trace(text)) << text;
}

RC_GTEST_PROP(ReadStackTrace, TakesAnyBytes, (const std::string& bytes)) {
  read_stack_trace(bytes);
  read_stack_trace("Traceback (most recent call last):\n" + bytes);
}

}  // namespace
}  // namespace midwatch::observe::lines
