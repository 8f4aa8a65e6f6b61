#include "src/clients/aws/api/credentials/shared_config.h"

#include <fmt/format.h>

#include "src/base/ascii.h"
#include "src/base/try.h"

namespace midwatch::clients::aws::api {
namespace {

using Sections = std::map<std::string, ConfigSection, std::less<>>;

bool is_comment(std::string_view line) {
  return line.starts_with('#') || line.starts_with(';');
}

/// The sections of one file by the text between their brackets; a section that comes twice is one.
base::Result<Sections> read_sections(const std::string& path) {
  auto text = read_small_file(path);
  if (!text) {
    if (text.error().code == base::ErrorCode::kNotFound) return Sections();
    return std::move(text).error();
  }
  Sections sections;
  ConfigSection* section = nullptr;
  std::string outer;  // the last setting that has no value, under which others may be nested
  std::size_t number = 0;
  for (const auto raw : base::split(*text, '\n')) {
    ++number;
    if (raw.empty() || is_comment(raw)) continue;
    // base::split trims, so the start of the line is looked up where it stands in the text.
    const bool nested = raw.data() != text->data() && (raw.data()[-1] == ' ' || raw.data()[-1] == '\t');
    const auto wrong = [&path, number](std::string_view what) {
      return base::user_error(base::ErrorCode::kInvalidArgument,
                              fmt::format("{} at {}:{}", what, path, number));
    };
    if (!nested && raw.starts_with('[')) {
      if (!raw.ends_with(']')) return wrong("a section without its closing bracket");
      section = &sections[std::string(base::trim(raw.substr(1, raw.size() - 2)))];
      outer.clear();
      continue;
    }
    const auto equals = raw.find('=');
    if (equals == std::string_view::npos) {
      if (nested) continue;  // the rest of a value that goes on over lines; none that is used here does
      return wrong("neither a section nor a setting");
    }
    if (section == nullptr) return wrong("a setting before the first section");
    std::string name = base::to_lower(base::trim(raw.substr(0, equals)));
    const auto value = base::trim(raw.substr(equals + 1));
    if (nested && !outer.empty()) {
      name = outer + "." + name;
    } else {
      outer = value.empty() ? name : std::string();
    }
    (*section)[name] = value;
  }
  return sections;
}

/// The name in `profile "my name"`; nothing where the section is of another kind.
std::string named_section(std::string_view section, std::string_view kind) {
  if (!section.starts_with(kind) || section.size() == kind.size()) return {};
  const char gap = section[kind.size()];
  if (gap != ' ' && gap != '\t') return {};
  auto name = base::trim(section.substr(kind.size()));
  if (name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.back() == name.front())
    name = name.substr(1, name.size() - 2);
  return std::string(name);
}

std::string path_of(const Environment& environment, std::string_view variable, std::string_view usual) {
  const std::string given = environment.get(variable);
  return environment.expanded(given.empty() ? usual : given);
}

const ConfigSection& find_section(const Sections& sections, std::string_view name) {
  static const ConfigSection kNone;
  const auto found = sections.find(name);
  return found == sections.end() ? kNone : found->second;
}

}  // namespace

std::string setting(const ConfigSection& section, std::string_view name) {
  const auto found = section.find(name);
  return found == section.end() ? std::string() : found->second;
}

bool SharedConfig::has_profile(std::string_view name) const {
  return profiles.contains(name) || credentials.contains(name);
}

const ConfigSection& SharedConfig::profile(std::string_view name) const {
  return find_section(profiles, name);
}

const ConfigSection& SharedConfig::credentials_of(std::string_view name) const {
  return find_section(credentials, name);
}

base::Result<SharedConfig> read_shared_config(const Environment& environment) {
  SharedConfig config;
  MIDWATCH_TRY(Sections sections, read_sections(path_of(environment, "AWS_CONFIG_FILE", "~/.aws/config")));
  for (auto& [name, section] : sections) {
    if (name == "default") {
      config.profiles[name] = std::move(section);
    } else if (const auto profile = named_section(name, "profile"); !profile.empty()) {
      config.profiles[profile] = std::move(section);
    } else if (const auto session = named_section(name, "sso-session"); !session.empty()) {
      config.sso_sessions[session] = std::move(section);
    } else if (const auto services = named_section(name, "services"); !services.empty()) {
      config.services[services] = std::move(section);
    }
  }
  MIDWATCH_TRY(config.credentials,
               read_sections(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")));
  return config;
}

std::string default_profile(const Environment& environment) {
  for (const char* variable : {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"})
    if (auto name = environment.get(variable); !name.empty()) return name;
  return "default";
}

}  // namespace midwatch::clients::aws::api
