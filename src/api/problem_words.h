#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/http/server/server.h"
#include "src/model/text.h"

namespace midwatch::api {

/// What an error says, as the program writes it, and the same in Japanese. "{}" of the English text are the
/// places of what is particular; {0}, {1}, … put them into the Japanese one.
struct Wording {
  std::string_view en;
  std::string_view ja;
};

/// The catalogue of all that an error may say to somebody in front of the page. Its keys are the English
/// texts of the sources, wherever in the program they stand; problem_words_test reads them there.
std::span<const Wording> problem_catalogue();

/// The text in Japanese, by the entry that fits most of it. What stands in a place and is an entry itself
/// becomes Japanese too, and so does what follows a "where: ". Nothing where no entry fits.
std::optional<std::string> in_japanese(std::string_view english);

/// What a browser likes best of what there is. Source: RFC 9110, 12.5.4 (Accept-Language)
model::Language preferred_language(std::string_view accept_language);

/// Puts title and detail of problem details into a language, and says which it is. What the catalogue lacks
/// is quoted in English. Any other answer stays as it is.
void put_problem_into(model::Language language, http::ServerResponse& response);

}  // namespace midwatch::api
