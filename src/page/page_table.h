#pragma once

#include <string_view>
#include <vector>

namespace midwatch::page {

/// A line of the table that the build writes (cmake/EmbedPage.cmake).
struct EmbeddedFile {
  std::string_view path;  ///< from the root: "/index.html"
  std::string_view content;
  std::string_view gzip;
};

/// The files of build/web/dist; empty where the page was not built.
const std::vector<EmbeddedFile>& embedded_files();

}  // namespace midwatch::page
