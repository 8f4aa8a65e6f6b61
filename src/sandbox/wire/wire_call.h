#pragma once

#include <string>

#include <tl/expected.hpp>

#include "src/base/json_value.h"
#include "src/http/server/server.h"
#include "src/sandbox/account.h"
#include "src/sandbox/wire/service_model.h"

namespace midwatch::sandbox::wire {

/// The protocols of AWS. S3 is REST-XML whose errors have no envelope.
enum class Protocol { kJson, kQuery, kEc2, kRestJson, kRestXml, kS3, kCbor };

/// Which protocol a request speaks, by its headers alone, so that also a refusal can be said in it. Those of
/// REST are told apart by the service that it is signed for.
Protocol protocol_of(const http::ServerRequest& request);

/// One operation as a client called it.
struct WireCall {
  Protocol protocol = Protocol::kJson;
  const Service* service = nullptr;
  const Operation* operation = nullptr;
  bool query_mode = false;  ///< the client wants the code of the query protocol beside that of JSON
  base::Json input;         ///< as `aws … --cli-input-json` takes it, times as RFC 3339 text
};

/// Finds the operation of a request and reads its input. `signing` is the service of its credential scope.
///
/// Errors: those of AWS: UnknownOperationException, InvalidAction, SerializationException, MalformedInput.
tl::expected<WireCall, AccountError> decode_call(const http::ServerRequest& request,
                                                 const std::string& signing);

/// The answer of an operation. `output` as AccountCall's answer has it.
http::ServerResponse encode_answer(const WireCall& call, const base::Json& output,
                                   const std::string& request_id);

/// A refusal. `service` may be null where none was found.
http::ServerResponse encode_error(Protocol protocol, const Service* service, bool query_mode,
                                  const AccountError& error, const std::string& request_id);

}  // namespace midwatch::sandbox::wire
