#pragma once

#include <string>
#include <string_view>

#include "src/model/observation.h"

namespace midwatch::model {

enum class Language { kEnglish, kJapanese };

/// One sentence in both languages. The record holds both, so a report in either comes from the same record.
struct Text {
  std::string en;
  std::string ja;

  const std::string& in(Language language) const { return language == Language::kJapanese ? ja : en; }
  bool empty() const { return en.empty() && ja.empty(); }
  friend bool operator==(const Text&, const Text&) = default;
};

/// Puts facts into the places marked `{name}` of both languages. A place whose fact is unknown stays as it
/// is, so that a checker can find it (has_open_place). A part `[? … ]` is kept only where every place in it
/// has a fact that is not empty. In Japanese, a fact NAME_ja stands for NAME where there is one.
Text fill(const Text& pattern, const Facts& facts);
std::string fill(std::string_view pattern, const Facts& facts);

/// The same for people: of a place whose fact is unknown it says so. What looks like a place within a fact is
/// a quote and stays.
Text tell(const Text& pattern, const Facts& facts);

/// True where a text still has a place `{name}` that nothing filled.
bool has_open_place(std::string_view text);

}  // namespace midwatch::model
