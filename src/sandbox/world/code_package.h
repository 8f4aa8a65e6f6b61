#pragma once

#include <map>
#include <string>

namespace midwatch::sandbox::world {

/// A zip archive of these files; the same files give the same bytes.
std::string zip_of(const std::map<std::string, std::string>& files);

}  // namespace midwatch::sandbox::world
