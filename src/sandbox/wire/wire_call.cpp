#include "src/sandbox/wire/wire_call.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/base/json_access.h"
#include "src/base/utf8.h"
#include "src/sandbox/wire/cbor.h"
#include "src/sandbox/wire/form.h"
#include "src/sandbox/wire/json_shape.h"
#include "src/sandbox/wire/rest.h"
#include "src/sandbox/wire/signature.h"
#include "src/sandbox/wire/xml.h"

namespace midwatch::sandbox::wire {
namespace {

using base::Json;
using http::ServerRequest;
using Decoded = tl::expected<WireCall, AccountError>;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";
constexpr std::string_view kCborPath = "/service/";

tl::unexpected<AccountError> refuse(std::string code, std::string message, int status = 400) {
  return tl::unexpected(AccountError{std::move(code), std::move(message), status});
}

/// The services that sign with a name; API Gateway's two share one.
std::vector<const Service*> signing_as(const std::string& signing) {
  std::vector<const Service*> out;
  for (const Service& service : known_services()) {
    if (service.signing == signing) out.push_back(&service);
  }
  return out;
}

Decoded found_operation(Protocol protocol, const Service& service, std::string_view name, const char* code) {
  const Operation* operation = service.operation(name);
  if (operation == nullptr) {
    return refuse(
        code, fmt::format("the sandbox has no operation {} of {}", base::printable(name, 64), service.name));
  }
  WireCall call;
  call.protocol = protocol;
  call.service = &service;
  call.operation = operation;
  return call;
}

/// CloudTrail is also called by the last part of its name alone.
bool is_target(std::string_view whole, std::string_view called) {
  return whole == called ||
         (!called.empty() && whole.ends_with(called) && whole[whole.size() - called.size() - 1] == '.');
}

Decoded decode_json(const ServerRequest& request, const std::vector<const Service*>& services) {
  const std::string_view target = request.header("x-amz-target");
  const std::size_t dot = target.rfind('.');
  for (const Service* service : services) {
    if (dot == std::string_view::npos || !is_target(service->target, target.substr(0, dot))) continue;
    auto call =
        found_operation(Protocol::kJson, *service, target.substr(dot + 1), "UnknownOperationException");
    if (!call) return call;
    const auto body = base::parse_json(request.body.empty() ? "{}" : request.body);
    if (!body || !body->is_object()) return refuse("SerializationException", "the body is no JSON object");
    call->query_mode = request.header("x-amzn-query-mode") == "true";
    call->input = from_body(*body, call->operation->input, BodyNames::kMembers);
    return call;
  }
  return refuse("UnknownOperationException",
                "no service that signs so has this target: " + base::printable(target, 100));
}

/// `/service/GraniteServiceVersion20100801/operation/DescribeAlarms`
Decoded decode_cbor_call(const ServerRequest& request, const std::vector<const Service*>& services) {
  constexpr std::string_view kOperation = "/operation/";
  const std::string_view path = request.path();
  const std::size_t middle = path.find(kOperation);
  for (const Service* service : services) {
    if (middle == std::string_view::npos || !service->speaks("smithy-rpc-v2-cbor")) continue;
    if (path.substr(kCborPath.size(), middle - kCborPath.size()) != service->target) continue;
    auto call = found_operation(Protocol::kCbor, *service, path.substr(middle + kOperation.size()),
                                "UnknownOperationException");
    if (!call) return call;
    const auto body = request.body.empty() ? std::optional<Json>(Json::object()) : decode_cbor(request.body);
    if (!body || !body->is_object()) return refuse("SerializationException", "the body is no CBOR map");
    call->query_mode = request.header("x-amzn-query-mode") == "true";
    call->input = from_body(*body, call->operation->input, BodyNames::kMembers);
    return call;
  }
  return refuse("UnknownOperationException", "no service that signs so has this address");
}

Decoded decode_query(const ServerRequest& request, const std::vector<const Service*>& services) {
  const std::string_view form = request.body.empty() ? request.query() : std::string_view(request.body);
  const std::string action = form_value(form, "Action");
  const std::string version = form_value(form, "Version");
  for (const Service* service : services) {
    const bool ec2 = service->speaks("ec2");
    if ((!ec2 && !service->speaks("query")) || service->version != version) continue;
    auto call = found_operation(ec2 ? Protocol::kEc2 : Protocol::kQuery, *service, action, "InvalidAction");
    if (!call) return call;
    auto input = decode_form(form, call->operation->input);
    if (!input) return tl::unexpected(input.error());
    call->input = *std::move(input);
    return call;
  }
  return refuse("InvalidAction", fmt::format("Could not find operation {} for version {}",
                                             base::printable(action, 64), base::printable(version, 32)));
}

Protocol rest_protocol(std::string_view signing) {
  if (signing == "s3") return Protocol::kS3;
  return signing == "route53" ? Protocol::kRestXml : Protocol::kRestJson;
}

Decoded decode_rest_call(const ServerRequest& request, const std::vector<const Service*>& services) {
  auto route = decode_rest(request, services);
  if (!route) return tl::unexpected(route.error());
  WireCall call;
  call.protocol = rest_protocol(route->service->signing);
  call.service = route->service;
  call.operation = route->operation;
  call.input = std::move(route->input);
  return call;
}

/// The code that a service's wire uses for an error's shape, and the status.
AccountError on_the_wire(const Service* service, const AccountError& error) {
  if (service == nullptr) return error;
  const auto found = service->errors.find(error.code);
  if (found == service->errors.end()) {
    // A missing permission is no error of an operation; the services that speak XML have their own word for
    // it.
    const bool xml = service->speaks("query") || service->speaks("rest-xml");
    if (error.code != "AccessDeniedException" || !xml) return error;
    constexpr int kForbidden = 403;
    return {"AccessDenied", error.message, kForbidden};
  }
  constexpr int kUnsaid = 400;
  return {found->second.code, error.message, error.status == kUnsaid ? found->second.status : error.status};
}

http::ServerResponse json_answer(int status, const Service* service, std::string body,
                                 const std::string& request_id) {
  http::ServerResponse response;
  response.status = status;
  response.set("x-amzn-RequestId", request_id);
  const std::string version = service == nullptr ? std::string() : service->json_version;
  response.set("Content-Type",
               version.empty() ? "application/json" : fmt::format("application/x-amz-json-{}", version));
  response.body = std::move(body);
  return response;
}

http::ServerResponse cbor_answer(int status, const Json& body, const Shape* shape,
                                 const std::string& request_id) {
  http::ServerResponse response;
  response.status = status;
  response.set("x-amzn-RequestId", request_id);
  response.set("smithy-protocol", "rpc-v2-cbor");
  response.set("Content-Type", "application/cbor");
  response.body = encode_cbor(body, shape);
  return response;
}

http::ServerResponse xml_answer(int status, std::string body, const std::string& request_id) {
  http::ServerResponse response;
  response.status = status;
  response.set("x-amzn-RequestId", request_id);
  response.set("Content-Type", "text/xml");
  response.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + std::move(body);
  return response;
}

/// The body of an answer in REST-XML: its members in an element, one member as the element, or as the text.
http::ServerResponse rest_xml_answer(const WireCall& call, const Json& output,
                                     const std::string& request_id) {
  const Operation& operation = *call.operation;
  if (operation.root.empty()) {
    http::ServerResponse response;
    response.status = operation.status;
    response.set("x-amzn-RequestId", request_id);
    response.set("Content-Type", "application/json");
    response.body = base::text_at(output, operation.payload);
    return response;
  }
  const Member* member = operation.output == nullptr ? nullptr : operation.output->member(operation.payload);
  const Shape* shape = operation.payload.empty() ? operation.output
                       : member == nullptr       ? nullptr
                                                 : member->shape;
  const Json& value = operation.payload.empty() ? output : base::at(output, operation.payload);
  const std::string inner =
      value.is_object() ? to_xml(value, shape, XmlStyle::kQuery) : escape_xml(base::text(value));
  return xml_answer(
      operation.status,
      fmt::format("<{0} xmlns=\"{1}\">{2}</{0}>", operation.root, call.service->xml_namespace, inner),
      request_id);
}

/// The header that names the query protocol's code beside JSON's.
void name_legacy_code(const Service* service, bool query_mode, const AccountError& error,
                      http::ServerResponse& response) {
  if (service == nullptr || !service->query_mode || !query_mode) return;
  constexpr int kFirstServerFault = 500;
  const AccountError legacy = on_the_wire(service, error);
  response.set("x-amzn-query-error",
               fmt::format("{};{}", legacy.code, error.status >= kFirstServerFault ? "Receiver" : "Sender"));
}

std::string_view fault_of(int status) {
  constexpr int kFirstServerFault = 500;
  return status >= kFirstServerFault ? "Receiver" : "Sender";
}

}  // namespace

Protocol protocol_of(const ServerRequest& request) {
  if (!request.header("x-amz-target").empty()) return Protocol::kJson;
  if (request.header("smithy-protocol") == "rpc-v2-cbor") return Protocol::kCbor;
  const bool form = request.header("content-type").starts_with(kForm);
  const bool action = request.path() == "/" && request.query().find("Action=") != std::string_view::npos;
  if (!form && !action) return rest_protocol(presented_service(request));
  const std::string_view body = request.body.empty() ? request.query() : std::string_view(request.body);
  for (const Service& service : known_services()) {
    if (service.speaks("ec2") && form_value(body, "Version") == service.version) return Protocol::kEc2;
  }
  return Protocol::kQuery;
}

Decoded decode_call(const ServerRequest& request, const std::string& signing) {
  const auto services = signing_as(signing);
  switch (protocol_of(request)) {
    case Protocol::kJson:
      return decode_json(request, services);
    case Protocol::kCbor:
      return decode_cbor_call(request, services);
    case Protocol::kQuery:
    case Protocol::kEc2:
      return decode_query(request, services);
    case Protocol::kRestJson:
    case Protocol::kRestXml:
    case Protocol::kS3:
      break;
  }
  return decode_rest_call(request, services);
}

http::ServerResponse encode_answer(const WireCall& call, const Json& output, const std::string& request_id) {
  const Operation& operation = *call.operation;
  const Service& service = *call.service;
  if (call.protocol == Protocol::kCbor)
    return cbor_answer(operation.status, output, operation.output, request_id);
  if (call.protocol == Protocol::kRestXml || call.protocol == Protocol::kS3)
    return rest_xml_answer(call, output, request_id);
  if (call.protocol == Protocol::kJson || call.protocol == Protocol::kRestJson) {
    const BodyNames names = call.protocol == Protocol::kJson ? BodyNames::kMembers : BodyNames::kTags;
    return json_answer(operation.status, &service, base::dump_json(to_body(output, operation.output, names)),
                       request_id);
  }
  if (call.protocol == Protocol::kEc2) {
    return xml_answer(
        operation.status,
        fmt::format("<{0}Response xmlns=\"{1}/\"><requestId>{2}</requestId>{3}</{0}Response>", operation.name,
                    service.xml_namespace, request_id, to_xml(output, operation.output, XmlStyle::kEc2)),
        request_id);
  }
  return xml_answer(
      operation.status,
      fmt::format("<{0}Response xmlns=\"{1}\"><{2}>{3}</{2}><ResponseMetadata><RequestId>{4}</RequestId>"
                  "</ResponseMetadata></{0}Response>",
                  operation.name, service.xml_namespace, operation.wrapper,
                  to_xml(output, operation.output, XmlStyle::kQuery), request_id),
      request_id);
}

http::ServerResponse encode_error(Protocol protocol, const Service* service, bool query_mode,
                                  const AccountError& error, const std::string& request_id) {
  const AccountError wired = on_the_wire(service, error);
  if (protocol == Protocol::kEc2) {
    return xml_answer(
        wired.status,
        fmt::format("<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>"
                    "<RequestID>{}</RequestID></Response>",
                    escape_xml(wired.code), escape_xml(wired.message), request_id),
        request_id);
  }
  if (protocol == Protocol::kS3) {
    auto response = xml_answer(wired.status,
                               fmt::format("<Error><Code>{}</Code><Message>{}</Message>"
                                           "<RequestId>{}</RequestId><HostId>sandbox</HostId></Error>",
                                           escape_xml(wired.code), escape_xml(wired.message), request_id),
                               request_id);
    if (!error.region.empty()) response.set("x-amz-bucket-region", error.region);
    return response;
  }
  if (protocol == Protocol::kQuery || protocol == Protocol::kRestXml) {
    return xml_answer(
        wired.status,
        fmt::format("<ErrorResponse xmlns=\"{}\"><Error><Type>{}</Type><Code>{}</Code><Message>{}</Message>"
                    "</Error><RequestId>{}</RequestId></ErrorResponse>",
                    service == nullptr ? "" : service->xml_namespace, fault_of(wired.status),
                    escape_xml(wired.code), escape_xml(wired.message), request_id),
        request_id);
  }
  const std::string type = service != nullptr && service->query_mode && service->name == "sqs"
                               ? "com.amazonaws.sqs#" + error.code
                               : error.code;
  if (protocol == Protocol::kCbor) {
    auto response =
        cbor_answer(wired.status, Json{{"__type", type}, {"message", error.message}}, nullptr, request_id);
    name_legacy_code(service, query_mode, error, response);
    return response;
  }
  if (protocol == Protocol::kJson) {
    auto response =
        json_answer(wired.status, service,
                    base::dump_json(Json{{"__type", type}, {"message", error.message}}), request_id);
    name_legacy_code(service, query_mode, error, response);
    return response;
  }
  auto response = json_answer(
      wired.status, service,
      base::dump_json(Json{{"Type", "User"}, {"Message", error.message}, {"message", error.message}}),
      request_id);
  response.set("x-amzn-ErrorType", error.code);
  return response;
}

}  // namespace midwatch::sandbox::wire
