#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "src/base/clock.h"
#include "src/base/json.h"
#include "src/base/log.h"
#include "src/http/http_client.h"
#include "src/model/investigation.h"
#include "src/store/store.h"

namespace midwatch::app {

/// An investigation that has ended as one trace of OpenTelemetry, from its journal.
///
/// Shape:  spans as OTLP over HTTP takes them, in JSON. The trace's id is the UUID of the investigation
///         without its dashes, so that one is found by the other. Under a span for all of it stand `plan`,
///         `ask` for each question, `observe`, `diagnose` and `report`. Attributes name what was asked and
///         how it ended, never what was answered. The first links to the span in which its alarm was sent,
///         where the sender told it.
/// Source: OpenTelemetry protocol specification 1.5, "JSON Protobuf encoding"; opentelemetry-proto,
///         trace/v1/trace.proto.
base::Json spans_of(const model::Investigation& investigation,
                    const std::vector<model::JournalEntry>& journal);

/// The body of a request that brings spans of any number of traces.
base::Json otlp_body(base::Json spans, const std::string& version);

/// Sends the traces of investigations that ended here, on a thread of its own, together where several ended
/// meanwhile. Who tells it never waits: what it cannot keep up with, and what the receiver does not take, is
/// counted and gone.
///
/// Threads: any. Requires: everything that is referred to outlives it.
class TraceExporter {
 public:
  struct Parts {
    store::Store& store;
    http::HttpClient& http;
    const base::Clock& clock;
    std::string url;  ///< to which is posted
    std::vector<http::Header> headers{};
    http::AddressGuard guard{};
    std::string version{};
    base::Log log;  ///< is told, once, that sending fails
  };

  explicit TraceExporter(Parts parts);

  void ended(const std::string& investigation);

  std::uint64_t sent() const { return sent_; }
  std::uint64_t dropped() const { return dropped_; }

 private:
  void work(const std::stop_token& stop);
  void send(const std::vector<std::string>& investigations, const std::stop_token& stop);
  base::Result<base::Json> spans_of_all(const std::vector<std::string>& investigations);

  Parts parts_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::string> waiting_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> dropped_ = 0;
  bool fails_ = false;  // of the thread alone
  std::jthread thread_;
};

}  // namespace midwatch::app
