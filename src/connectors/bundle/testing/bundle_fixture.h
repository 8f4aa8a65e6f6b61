#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Bundles that tests make: nothing here reads one.
namespace midwatch::connectors::bundle::testing {

/// A folder of its own, which vanishes with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }
  /// Writes a file below it, with the folders on the way, and returns its path.
  std::string write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

std::string gzip(std::string_view text);
std::string zstd(std::string_view text);

/// One member of a tar archive; also such as no honest tool writes.
struct TarMember {
  std::string name;  ///< at most 100 bytes
  std::string content = {};
  char type = '0';  ///< '0' file, '1' hard link, '2' symbolic link, '3' device, '5' folder, 'x' pax header
  std::string link = {};                       ///< where a link points
  std::optional<std::uint64_t> declared = {};  ///< the size that the header says, where it is not content's
};
std::string tar(const std::vector<TarMember>& members);

/// The files of a bundle by name, before anybody decided how they are kept.
using Files = std::map<std::string, std::string>;

/// How a bundle is kept. None of it may change what an investigation says.
enum class Container { kFolder, kTar, kTarGz, kTarZst };
enum class Members { kPlain, kGzip, kZstd };

/// Writes `files` below `folder` and returns the path to give to BundleFiles::open_bundle.
std::string write_bundle(const TemporaryFolder& folder, const Files& files, Container container,
                         Members members = Members::kPlain);

/// A bundle.json of an alarm at `web`; `more` is added to its members, for example `"notes":"x"`.
std::string bundle_json(std::string_view more = "");

}  // namespace midwatch::connectors::bundle::testing
