#include "src/app/watch/testing/hostile_requests.h"

#include <iterator>
#include <memory>
#include <random>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/api/routes.h"
#include "src/base/ascii.h"
#include "src/base/json.h"

namespace midwatch::app::testing {
namespace {

using Texts = std::vector<std::string>;

/// The lines of a text.
Texts lines(std::string_view text) {
  Texts all;
  for (const auto line : base::split(text, '\n')) all.emplace_back(line);
  return all;
}

struct Message {
  std::string dialect;
  std::string body;
};

/// Messages of each dialect as its sender writes them. None names an address of SNS: it would be fetched.
const std::vector<Message>& valid_messages() {
  static const std::vector<Message> kMessages{
      {"alertmanager",
       R"({"version":"4","groupKey":"{}","status":"firing","receiver":"midwatch","groupLabels":{},"alerts":[{"status":"firing","labels":
{"alertname":"HighErrorRate","deployment":"web","namespace":"shop","severity":"critical"},"annotations":{"summary":"5xx"},"startsAt":
"2026-01-05T02:11:00.25Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p:9090/graph?g0.expr=x","fingerprint":"c0ffee"}]})"},
      {"cloudwatch-eventbridge",
       R"({"version":"0","id":"e-1","detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","account":"123456789012","time":
"2026-01-05T02:11:01Z","region":"us-east-1","resources":["arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu"],"detail":{"alarmName":"cpu",
"configuration":{"metrics":[{"id":"m","metricStat":{"metric":{"dimensions":{"DBInstanceIdentifier":"ledger"},"name":"CPUUtilization",
"namespace":"AWS/RDS"},"period":60,"stat":"Average"}}]},"state":{"reason":"r","timestamp":"2026-01-05T02:11:00.985+0000","value":"ALARM"}}})"},
      {"cloudwatch-sns",
       R"({"Type":"Notification","MessageId":"m-1","TopicArn":"arn:aws:sns:eu-west-1:123456789012:oncall","Timestamp":"2026-01-05T02:11:00.250Z",
"SignatureVersion":"1","Signature":"AA==","SigningCertURL":"https://sns.example.com/a.pem","Message":
"{\"AlarmName\":\"errors\",\"NewStateValue\":\"ALARM\",\"Trigger\":{\"MetricName\":\"Errors\",\"Namespace\":\"AWS/Lambda\"}}"})"},
      {"cloudwatch-sns",
       R"({"Type":"SubscriptionConfirmation","MessageId":"m-2","TopicArn":"arn:aws:sns:eu-west-1:123456789012:oncall","Token":"t",
"SubscribeURL":"https://sns.example.com/?Action=ConfirmSubscription","Timestamp":"2026-01-05T02:11:00.250Z"})"},
      {"datadog",
       R"({"id":"7","alert_id":"1234","alert_title":"[Triggered] disk","alert_transition":"Triggered","alert_metric":"system.disk.in_use",
"alert_scope":"host:db-1,service:ledger","alert_status":"above 0.9","alert_priority":"P3","tags":"env:prod","date":1767579060000})"},
      {"generic",
       R"({"eventType":"incident","incidentId":"inc-7","action":"created","priority":"HIGH","title":"Targets are unhealthy","description":"2 of 4",
"timestamp":"2026-01-05T02:11:00.000Z","service":"alb","data":{"metadata":{"region":"eu-west-1","metric":"UnHealthyHostCount"}}})"},
      {"grafana",
       R"({"receiver":"midwatch","status":"firing","orgId":1,"version":"1","alerts":[{"status":"firing","labels":{"alertname":"Latency",
"service":"checkout"},"annotations":{"description":"slow"},"startsAt":"2026-01-05T02:00:00Z","fingerprint":"f1","values":{"A":1.5}}]})"},
      {"opsgenie",
       R"({"action":"Create","source":{"type":"api"},"alert":{"alertId":"a-1","alias":"db-full","message":"disk is full","tags":["env:prod"],"entity":
"ledger","priority":"P1","createdAt":1767579060000,"updatedAt":1767579060000000000,"details":{"region":"eu-west-1"}}})"},
      {"pagerduty",
       R"({"event":{"id":"01D","event_type":"incident.triggered","resource_type":"incident","occurred_at":"2026-01-05T02:11:05Z","data":
{"id":"PGR0VU2","type":"incident","html_url":"https://acme.example/PGR0VU2","status":"triggered","title":"A little bump","service":
{"summary":"API Service"},"priority":{"summary":"P1"},"urgency":"high"}}})"},
  };
  return kMessages;
}

/// Bodies that operations of the API take.
const Texts& valid_bodies() {
  static const Texts kBodies = lines(
      R"({"space":"shop","title":"slow","start":{"entity":"service/a","from":"2026-01-05T02:00:00Z","to":"2026-01-05T03:00:00Z"}}
{"space":"shop","start":{"question":"why is it slow?","region":"us-east-1"}}
{"status":"resolved","held":true}
{"text":"look at 01:30-01:45","hypothesis":{"entity":"service/a","mode":"storage-full"}}
{"judgement":"wrong","mitigation_helped":false,"actual":"a cable"}
{"world":"no-such-world","seed":18446744073709551615})");
  return kBodies;
}

/// What is drawn; the same seed draws the same.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t count) { return count == 0 ? 0 : random_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  char byte() { return static_cast<char>(below(256)); }
  template <class Item>
  const Item& of(const std::vector<Item>& items) {
    return items[below(items.size())];
  }

  /// Something that a text of a message, a parameter or a part of a path could be.
  std::string word() {
    static const Texts kWords = lines(
        "\n..\n%2e%2e\n%2F\n%00\n%\n%zz\n%c3%28\n\xff\xfe\n'\n\";--\n$(id)\n<script>\nnull\n-1\n501\n1e999\n"
        "\xc0\xaf\nopen\n18446744073709551616\n9999-12-31T23:59:59.999999999Z\njson\nstorage-"
        "full\n\xed\xa0\x80\n"
        "2026-13-99T99:99:99Z\nsandbox\nelsewhere\n\xf4\x90\x80\x80\n/../../etc/passwd\n\xe2\x80\xae");
    return one_in(40) ? std::string(below(9000), 'A') : of(kWords);
  }

 private:
  std::mt19937_64 random_;
};

/// Puts something of a JSON document wrong, as a tree and as a text.
class JsonSpoiler {
 public:
  explicit JsonSpoiler(Chance& chance) : chance_(chance) {}

  std::string spoilt(const std::string& valid) {
    if (chance_.one_in(15)) return no_message();
    Json tree = base::parse_json(valid).value();
    for (std::size_t i = chance_.below(4); i > 0; --i) change(tree);
    std::string text = base::dump_json(tree);
    if (chance_.one_in(8)) repeat_key(text);
    if (chance_.one_in(4)) bend(text);
    return text;
  }

 private:
  using Json = base::Json;

  std::string no_message() {
    std::string nested;
    for (int i = 0; i < 199; ++i) nested += R"({"alerts":[)";
    const Texts all{"",
                    std::string(chance_.below(5000), '['),
                    "\xef\xbb\xbf{}",
                    std::string(3, '\0'),
                    "\x1f\x8b\x08",
                    nested,
                    "{\"a\":" + std::string(4000, '9') + "}",
                    chance_.word()};
    return chance_.of(all);
  }

  Json odd() {
    static const Texts kOdd = lines(
        "null\ntrue\n0\n-1\n1e308\n-1e308\n18446744073709551615\n9223372036854775808\n-"
        "9223372036854775808\n1.5\n[]\n{}\n\"\"\n"
        "\"\\u0000\"\n\"OK\"\n\"resolved\"\n[[[[[[]]]]]]\n{\"\":{\"\":{\"\":null}}}\n1767579060000000000\n["
        "null,1,\"a\",{},[]]\n"
        "\"https://169.254.169.254/latest\"\n\"0001-01-01T00:00:00Z\"\n\"9999-12-31T23:59:59.999999999Z\"");
    if (chance_.one_in(5)) return chance_.word();
    return base::parse_json(chance_.of(kOdd)).value();
  }

  /// Changes one node, chosen on the way down.
  void change(Json& node) {
    if (!node.is_structured() || node.empty() || chance_.one_in(6)) {
      node = odd();
    } else if (node.is_array() && chance_.one_in(5)) {
      node = Json(chance_.below(300), Json(node.front()));
    } else if (node.is_array()) {
      change(node[chance_.below(node.size())]);
    } else {
      change_member(node);
    }
  }

  void change_member(Json& object) {
    auto at = object.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance_.below(object.size())));
    const std::string key = at.key();
    if (chance_.one_in(6)) {
      object.erase(key);
    } else if (chance_.one_in(8)) {
      object[chance_.one_in(4) ? std::string(70'000, 'k') : "__proto__"] = odd();
    } else {
      change(object[key]);
    }
  }

  /// The same member twice, with another value first.
  void repeat_key(std::string& text) {
    const std::size_t at = text.find("{\"", chance_.below(text.size()));
    const std::size_t end = at == std::string::npos ? at : text.find("\":", at);
    if (end != std::string::npos) text.insert(at + 1, text.substr(at + 1, end + 1 - at) + "[7],");
  }

  void bend(std::string& text) {
    for (std::size_t i = 1 + chance_.below(4); i > 0 && !text.empty(); --i) {
      const std::size_t at = chance_.below(text.size());
      if (chance_.one_in(6)) {
        text.resize(at);
      } else if (chance_.one_in(2)) {
        text[at] = chance_.byte();
      } else {
        text.erase(at, 1 + chance_.below(4));
      }
    }
  }

  Chance& chance_;
};

/// Writes requests from the grammar of HTTP/1.1, of each operation and each dialect, with something of each
/// put wrong. The same seed gives the same requests.
class HostileWriter {
 public:
  HostileWriter(std::uint64_t seed, Texts ids) : chance_(seed), ids_(std::move(ids)) {}

  HostileRequest next() {
    HostileRequest out;
    message_ = &chance_.of(valid_messages());
    const auto all = api::routes();
    const api::Route& route = chance_.one_in(2) ? *api::find_route("POST", {"webhooks", "w"}).route
                                                : all[chance_.below(all.size())];
    const std::string body = body_of(route);
    out.bytes = request_line(route) + host() + headers() + framed(body);
    if (chance_.one_in(25)) out.bytes += out.bytes;
    if (chance_.one_in(25))
      for (std::size_t i = 1 + chance_.below(5); i > 0; --i)
        out.bytes[chance_.below(out.bytes.size())] = chance_.byte();
    if (chance_.one_in(12)) out.bytes.resize(chance_.below(out.bytes.size()));
    if (chance_.one_in(5)) out.pieces = pieces(out.bytes.size());
    if (chance_.one_in(20)) out.end = HostileRequest::End::kReset;
    if (chance_.one_in(20)) out.end = HostileRequest::End::kKeepOpen;
    return out;
  }

 private:
  std::string part(std::string_view name, const api::Route& route) {
    // An account that nobody answers for is asked several times: that takes long, and is no matter of HTTP.
    const bool asks_account = route.operation == "getTopology" || route.operation == "listSources";
    if (name == "webhook" && !chance_.one_in(20))
      return (chance_.one_in(8) ? "proven-" : "") + message_->dialect;
    return asks_account || chance_.one_in(2) ? chance_.word() : chance_.of(ids_);
  }

  std::string target(const api::Route& route) {
    static const Texts kOthers = lines(
        "*\nhttp://127.0.0.1/healthz\n127.0.0.1:80\n//healthz\n/%2e%2e/%2e%2e/etc/passwd\n/assets/../../"
        "secret\n/webhooks/\n"
        "/api/v1/incidents?limit=1&limit=2\n/\x80\nhealthz\n/ healthz\n?\n");
    if (chance_.one_in(30)) return chance_.of(kOthers);
    std::string text;
    for (std::size_t at = 0; at < route.pattern.size(); ++at) {
      if (route.pattern[at] != '{') {
        text += route.pattern[at];
        continue;
      }
      const std::size_t end = route.pattern.find('}', at);
      text += part(route.pattern.substr(at + 1, end - at - 1), route);
      at = end;
    }
    char separator = '?';
    for (const auto name : base::split_words(route.query)) {
      if (!chance_.one_in(3)) continue;
      text += fmt::format("{}{}={}", separator, name, chance_.one_in(3) ? chance_.of(ids_) : chance_.word());
      separator = '&';
    }
    return text;
  }

  std::string request_line(const api::Route& route) {
    static const Texts kMethods =
        lines("PUT\nDELETE\nHEAD\nOPTIONS\nTRACE\nCONNECT\nPATCH\nget\n\nG\x01T\nGET GET");
    static const Texts kVersions =
        lines("HTTP/1.0\nHTTP/2.0\nHTTP/9.9\nHTTP/1.\nhttp/1.1\n\nHTTP/1.1 x\n\tHTTP/1.1");
    if (chance_.one_in(200)) return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    std::string line = chance_.one_in(15) ? chance_.of(kMethods) : std::string(route.method);
    line += (chance_.one_in(50) ? "  " : " ") + target(route) + " ";
    line += chance_.one_in(25) ? chance_.of(kVersions) : "HTTP/1.1";
    return (chance_.one_in(40) ? "\r\n" : "") + line + (chance_.one_in(40) ? "\n" : "\r\n");
  }

  std::string host() {
    if (chance_.one_in(30)) return chance_.one_in(2) ? "" : "Host: a\r\nHost: b\r\n";
    return "Host: " + (chance_.one_in(30) ? chance_.word() : "127.0.0.1") + "\r\n";
  }

  std::string headers() {
    static const Texts kNames = lines(R"(Authorization
If-Match
If-None-Match
Last-Event-ID
Idempotency-Key
X-Request-Id
Origin
X-Midwatch-Secret
X-PagerDuty-Signature
x-amzn-event-timestamp
x-amzn-event-signature
X-Grafana-Alerting-Signature
Accept-Encoding
Content-Encoding
Connection
Upgrade
Range
Sec-Fetch-Site
Cookie
Trailer
TE)");
    static const Texts kValues = lines(R"(Bearer opensesame
Basic eDp5
Basic ====
v1=00
*
"*"
gzip
close
same-origin
1767579060
99999999999999999999
bytes=0-1
W/"x")");
    static const Texts kLines{"no colon",
                              ": no name",
                              "Spaced : a",
                              "A: b\r\n folded",
                              "A: b\nC: d",
                              "B\x01: c",
                              "A: \x01\x02",
                              "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c",
                              "Expect: 100-continue",
                              "Expect: 200-maybe",
                              "Content-Encoding: gzip",
                              "A: " + std::string(70'000, 'h')};
    std::string text = "Content-Type: " + (chance_.one_in(15) ? chance_.word() : "application/json") + "\r\n";
    for (std::size_t i = chance_.below(4); i > 0; --i)
      text += chance_.of(kNames) + ": " + (chance_.one_in(2) ? chance_.of(kValues) : chance_.word()) + "\r\n";
    if (chance_.one_in(20)) text += chance_.of(kLines) + "\r\n";
    for (int i = chance_.one_in(200) ? 3000 : 0; i > 0; --i) text += "A: b\r\n";
    return text;
  }

  std::string body_of(const api::Route& route) {
    if (route.operation == "receiveAlarm") return JsonSpoiler(chance_).spoilt(message_->body);
    if (route.method == "GET" && !chance_.one_in(20)) return {};
    return JsonSpoiler(chance_).spoilt(chance_.of(valid_bodies()));
  }

  /// The end of the headers and the body, with one of the ways to say how long it is.
  std::string framed(const std::string& body) {
    static const Texts kLengths = lines(
        "-1\n+5\n5, 5\n5 5\n0x5\n99999999999999999999\n18446744073709551615\n\n5\r\nContent-Length: 6\n1e1");
    static const Texts kCodings =
        lines("identity\ngzip, chunked\nchunked, identity\nxchunked\nchunked, chunked\n\n chunked");
    const auto of_length = [&](const std::string& length) {
      return "Content-Length: " + length + "\r\n\r\n" + body;
    };
    switch (chance_.below(40)) {
      case 0:
        return "Transfer-Encoding: " + chance_.of(kCodings) + "\r\n\r\n" + chunks(body);
      case 1:
        return "Transfer-Encoding: chunked\r\n" + of_length(std::to_string(body.size()));
      case 2:
        return of_length(chance_.of(kLengths));
      case 3:
        return of_length(std::to_string(chance_.below(2 * body.size() + 2)));
      case 4:
        return of_length("9000000");
      case 5:
        return "\r\n" + body;
      case 6:
      case 7:
      case 8:
        return "Transfer-Encoding: chunked\r\n\r\n" + chunks(body);
      default:
        return of_length(std::to_string(body.size()));
    }
  }

  std::string chunks(std::string_view left) {
    static const Texts kSizes = lines("zz\n-1\nFFFFFFFFFFFFFFFFF\n0x5\n 5\n5;a=\"b\n\n7fffffffffffffff");
    std::string text;
    while (!left.empty()) {
      const std::size_t count = 1 + chance_.below(left.size());
      text += chance_.one_in(25) ? chance_.of(kSizes) : fmt::format("{:x}", count);
      text += (chance_.one_in(10) ? ";name=value" : "") + std::string("\r\n") +
              std::string(left.substr(0, count));
      if (!chance_.one_in(40)) text += "\r\n";
      left.remove_prefix(count);
    }
    if (chance_.one_in(20)) return text;
    return text + "0\r\n" + (chance_.one_in(8) ? "Content-Length: 3\r\nX: y\r\n" : "") + "\r\n";
  }

  std::vector<std::size_t> pieces(std::size_t size) {
    std::vector<std::size_t> all(40);
    const std::size_t most = chance_.one_in(4) ? 1 : 1 + chance_.below(size);
    for (auto& one : all) one = 1 + chance_.below(most);
    return all;
  }

  Chance chance_;
  Texts ids_;
  const Message* message_ = nullptr;
};

}  // namespace

std::function<HostileRequest()> hostile_requests(std::uint64_t seed, const std::vector<std::string>& ids) {
  return [writer = std::make_shared<HostileWriter>(seed, ids)] { return writer->next(); };
}

}  // namespace midwatch::app::testing
