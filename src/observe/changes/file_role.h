#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midwatch::observe::changes {

/// What a file is for, as far as running software is concerned.
enum class FileRole {
  kCode,
  kConfig,          ///< read by the program or the platform at run time
  kInfrastructure,  ///< what it runs on: manifests, templates, images
  kMigration,       ///< changes the schema or the data of a database
  kManifest,        ///< names dependencies
  kLock,            ///< pins what a manifest names
  kTest,
  kDocs,
  kBuild,  ///< continuous integration, linters, editors: nothing that runs in production
  kAsset,  ///< styles, pictures, texts of a user interface
};

/// The word of docs/observations.md for a role.
std::string_view to_string(FileRole role);

/// True for roles that cannot change what a program does while it serves.
bool is_inert(FileRole role);

/// How comments are written in a file.
enum class Comments { kSlashes, kHash, kDashes, kNone };

FileRole file_role(std::string_view path);
Comments comment_style(std::string_view path);

/// True where the path says that it is of an environment that is not production (staging, dev, sandbox, …).
bool is_other_environment(std::string_view path);

/// The parts of a path, lower case.
std::vector<std::string> path_parts(std::string_view path);

}  // namespace midwatch::observe::changes
