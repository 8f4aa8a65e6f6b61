#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"

namespace midwatch::sandbox::wire {

struct Shape;

/// A member of a structure where it is not all default: its names on the wire, its place, its shape.
struct Member {
  std::string name;              ///< in the JSON of the AWS CLI
  std::string tag;               ///< of XML and of REST bodies, headers and addresses; empty: by the protocol
  std::string form;              ///< of EC2's forms; empty: `name`
  std::string place;             ///< `uri`, `querystring`, `header`, `headers`, `statusCode`; empty: the body
  const Shape* shape = nullptr;  ///< null: text, or whatever the JSON value is
  bool flat = false;             ///< its list stands without an element around it
};

/// What the wire must be told of a value. A value without shape is written as its JSON says.
struct Shape {
  enum class Kind { kText, kInteger, kNumber, kBoolean, kTime, kStructure, kList, kMap };
  Kind kind = Kind::kText;
  std::vector<Member> members{};  ///< by name
  const Shape* item = nullptr;    ///< of lists and maps
  std::string tag{};              ///< of a list's items; empty: by the protocol
  std::string key = "key";        ///< of a map's entries
  std::string value = "value";
  bool flat = false;

  const Member* member(std::string_view name) const;
};

/// A token that is a member of the item that comes next, as Route 53 has them: `StartRecordName`,
/// `NextRecordName`, `Name`.
struct PlaceToken {
  std::string in;
  std::string out;
  std::string member;
};

/// How an operation pages.
struct Paging {
  std::string token_in;  ///< empty: by its place
  std::string token_out;
  std::vector<PlaceToken> place;
  std::string limit;               ///< empty: the caller cannot say
  std::string more;                ///< a flag that says that there is more; empty: the token says it
  std::vector<std::string> lists;  ///< paths with dots; the first is what is counted
  std::size_t items = 0;           ///< of a page when the caller does not say
  std::size_t max = 0;             ///< that the caller may ask for
};

struct Operation {
  std::string name;
  std::string method = "POST";
  std::string uri = "/";
  int status = 200;
  std::string wrapper;  ///< the element around a result of the query protocol
  std::string root;     ///< the element around a body of REST-XML; empty: the body is text
  std::string payload;  ///< the member that is the whole body of REST-XML; empty: all are in it
  const Shape* input = nullptr;
  const Shape* output = nullptr;
  std::optional<Paging> paging;
};

/// The code of an error on the wire, where it is not the name of its shape, and its status.
struct ErrorCode {
  std::string code;
  int status = 400;
};

/// A service of AWS as its wire sees it.
struct Service {
  std::string name;     ///< as the AWS CLI calls it
  std::string signing;  ///< in credential scopes
  std::vector<std::string> protocols;
  std::string version;  ///< `2010-08-01`
  std::string target;   ///< prefix of X-Amz-Target
  std::string json_version;
  std::string xml_namespace;
  bool query_mode = false;  ///< its JSON names the codes of its query protocol
  std::map<std::string, Operation, std::less<>> operations;
  std::map<std::string, ErrorCode, std::less<>> errors;

  bool speaks(std::string_view protocol) const;
  const Operation* operation(std::string_view name) const;

 private:
  friend base::Result<Service> read_service(std::string_view text);
  std::map<std::string, std::unique_ptr<Shape>, std::less<>> shapes_;
};

/// Reads one file of src/sandbox/wire/model (written by tools/aws_model). Errors: kMalformed.
base::Result<Service> read_service(std::string_view text);

/// The services that the sandbox speaks for. Source: botocore's models (Apache-2.0), by tools/aws_model.
/// Threads: any.
const std::vector<Service>& known_services();

}  // namespace midwatch::sandbox::wire
