#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/base/result.h"
#include "src/connectors/connector.h"

namespace midwatch::connectors::aws {

/// The function's own source files in a package, without secrets and without what it brings along of others.
struct UnpackedCode {
  std::vector<CodeFile> files;  ///< by path; `entity` is empty
  std::string fault;  ///< the word of clients/aws/refusal for what could not be read; empty: nothing
  std::string detail;
};

/// Unpacks a package of a function in memory: at most 250 MB as Lambda allows, of which only source files of
/// the function itself are kept, each up to 1 MiB, 8 MiB in all.
///
/// Errors: as clients::archive::read_zip.
base::Result<UnpackedCode> unpack_code(std::string_view package);

/// `text` without secrets, each of its lines where it was.
std::string code_without_secrets(const std::string& text);

}  // namespace midwatch::connectors::aws
