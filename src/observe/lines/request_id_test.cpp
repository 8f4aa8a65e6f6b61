#include "src/observe/lines/request_id.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace midwatch::observe::lines {
namespace {

TEST(RequestIdIn, FindsWhatLoggersWrite) {
  const struct {
    const char* line;
    const char* trace;
    const char* span;
  } cases[] = {
      {"INFO TraceID: 04395d95fac5fb4f SpanID: 418a6651480fa94e start", "04395d95fac5fb4f",
       "418a6651480fa94e"},
      {"trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 x",
       "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"},
      {"[traceId=4bf92f3577b34da6, spanId=00f067aa0ba902b7] x", "4bf92f3577b34da6", "00f067aa0ba902b7"},
      {R"("trace.id":"4bf92f3577b34da6")", "4bf92f3577b34da6", ""},
      {"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
       "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"},
      {"START RequestId: b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f Version: $LATEST",
       "b1d8f5a2-7c5a-4f5e-9f7d-0a1b2c3d4e5f", ""},
      {"x-request-id=b1d8f5a27c5a ok", "b1d8f5a27c5a", ""},
      {"INFO [req-38101a0b-2096-447d-96ea-a692162415ae a b] ok", "38101a0b-2096-447d-96ea-a692162415ae", ""},
      {"trace_id=00000000000000000000000000000000 x", "", ""},
      {"a trace of 12345678 lines", "", ""},
      {"request 12345678 took long", "", ""},
      {"Traceback (most recent call last):", "", ""},
      {"trace_id=", "", ""},
      {"", "", ""},
  };
  for (const auto& c : cases) {
    const RequestId id = request_id_in(c.line);
    EXPECT_EQ(id.trace, c.trace) << c.line;
    EXPECT_EQ(id.span, c.span) << c.line;
  }
}

RC_GTEST_PROP(RequestIdIn, TakesAnyBytes, (const std::string& bytes)) {
  request_id_in(bytes);
  request_id_in("trace_id=" + bytes);
}

}  // namespace
}  // namespace midwatch::observe::lines
