#pragma once

#include <string>

#include "src/base/result.h"

namespace midwatch::app {

/// The files of a folder as a .tar.gz, ordered by name and without times, so that the same files give the
/// same bytes. Errors: a file cannot be read.
base::Result<std::string> archive_folder(const std::string& folder);

/// A folder of its own in the system's temporary folder, removed with all that is in it at the end.
class TemporaryFolder {
 public:
  /// Errors: kUnavailable: none can be made.
  static base::Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace midwatch::app
