#pragma once

#include <cstddef>
#include <string>

#include "src/base/result.h"
#include "src/model/text.h"

namespace midwatch::cli {

/// The options that every command with text output has.
struct Presentation {
  std::string language;         ///< "en" or "ja"; empty: as language_of says
  std::string colour = "auto";  ///< "auto", "always" or "never"
  std::string output;           ///< a file; empty or "-": standard output
};

/// True where text goes to a person's terminal rather than to a file or another program.
bool shows_on_terminal(const Presentation& how);

/// Colours are for terminals, and not where NO_COLOR is set (no-color.org) or TERM says "dumb"; "always" and
/// "never" decide themselves.
bool uses_colour(const Presentation& how);

/// The language asked for; else, on a terminal, Japanese where the locale (LC_ALL, LC_MESSAGES, LANG: the
/// first that is set) says so; else English, so that what is piped or stored does not depend on who runs it.
model::Language language_of(const Presentation& how);

/// How many columns a line on standard error may have: those of its terminal, or 100 where it is none.
std::size_t terminal_width();

/// True where standard error is a terminal, so that progress may be shown there.
bool shows_progress();

/// Writes text to where `how` says. Gives the exit status; what went wrong is told on standard error.
int write_output(const std::string& text, const Presentation& how);

/// Tells an error on standard error, for people. Gives the exit status.
int tell(const base::Error& error);

}  // namespace midwatch::cli
