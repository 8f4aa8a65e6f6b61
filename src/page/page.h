#pragma once

#include <optional>
#include <string_view>

namespace midwatch::page {

/// One file of the web page, as it was built into the program.
struct PageFile {
  std::string_view media_type;
  std::string_view content;
  std::string_view gzip;   ///< the same, compressed; empty where it would not be smaller
  bool immutable = false;  ///< its name changes with its content, so it may be kept forever
};

/// Finds the file for the path of a request. Places inside the page ("/", "/incidents/inc-1") have none of
/// their own: for them it is index.html. Nothing for an unknown file, and for whatever begins like an
/// operation of the API.
///
/// Threads: any number at once; what it gives lives as long as the program.
std::optional<PageFile> page_file(std::string_view path);

/// Tells whether the page itself is there, and not only the text that says how to build it.
bool is_built();

}  // namespace midwatch::page
