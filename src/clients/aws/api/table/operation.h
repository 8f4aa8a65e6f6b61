#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace midwatch::clients::aws::api {

/// How a service speaks.
/// Source: reference of the AWS protocols in Smithy 2.0 (awsJson1_0, awsJson1_1, restJson1, restXml,
/// awsQuery, ec2Query).
enum class Protocol { kJson10, kJson11, kRestJson, kRestXml, kQuery, kEc2 };

/// What a member holds, where that does not follow from the answer itself.
enum class FieldKind {
  kText,      ///< text, or an object where it has members of its own
  kNumber,    ///< XML: a number written as text
  kBoolean,   ///< XML: `true` or `false`
  kTime,      ///< JSON: epoch seconds; XML: RFC 3339
  kList,      ///< XML: each child is an item
  kNumbers,   ///< XML: each child is an item, and a number
  kFlatList,  ///< XML: each repetition is an item
  kMap,       ///< keys belong to the user: they are never renamed
  kMaps,      ///< keys belong to the user, and so do those of the maps inside
  kDocument,  ///< JSON text, percent-encoded
};

/// A member of a service's messages that is not what the default says: the same name, and text.
struct Field {
  std::string_view parent{};  ///< only inside the member (or operation) of this wire name; empty: anywhere
  std::string_view wire{};    ///< its name in the message
  std::string_view name{};    ///< its name in the CLI's JSON
  FieldKind kind = FieldKind::kText;
  std::string_view item{};  ///< query requests: what stands between a list's name and the number of an item
};

/// How the pages of an operation follow each other. Lists are separated by spaces.
struct Paging {
  std::string_view input_token{};   ///< empty: there are no pages; several tokens are one place together
  std::string_view output_token{};  ///< as many as of the input, in the same order
  std::string_view more{};     ///< a boolean that says whether a next page exists; empty: the token says it
  std::string_view results{};  ///< the lists to join
};

/// One read operation. What is not in the table cannot be sent.
struct Operation {
  std::string_view name{};
  std::string_view action{};  ///< the IAM action that allows it
  std::string_view method = "POST";
  std::string_view path = "/";  ///< `{Member}` is replaced by the member, encoded
  /// `wire=Member` for each member that goes into the query, `wire` alone for a key that is always there;
  /// separated by spaces
  std::string_view query{};
  std::string_view payload{};  ///< REST-XML: the member that is the whole body; empty: the members are in it
  bool payload_is_text = false;  ///< the body is its text; else the root element is it
  Paging paging{};
  std::uint16_t per_second = 0;  ///< the published limit of calls; 0: none is published
};

struct Service {
  std::string_view name{};  ///< as the AWS CLI calls it
  std::string_view id{};    ///< as AWS_ENDPOINT_URL_<ID> and the section `services` in lower case call it
  Protocol protocol = Protocol::kJson11;
  std::string_view endpoint_prefix{};  ///< the first part of the host name
  std::string_view signing_name{};
  std::string_view version{};        ///< query protocols: of the API
  std::string_view target_prefix{};  ///< JSON protocols: of X-Amz-Target
  bool global = false;               ///< one endpoint for all regions of a partition
  bool query_compatible = false;     ///< error codes are asked for as the query protocol names them
  bool s3 = false;                   ///< S3's own ways: its signature, a host name for each bucket
  bool capitalised = false;          ///< wire names begin in lower case, the CLI's in upper case
  std::uint16_t per_second = 0;      ///< the published limit of all operations together
  std::span<const Operation> operations{};
  std::span<const Field> inputs{};
  std::span<const Field> outputs{};
};

}  // namespace midwatch::clients::aws::api
