#pragma once

#include <string>
#include <vector>

#include "src/report/record_view.h"

namespace midwatch::report {

/// A sentence and the evidence behind it.
struct CitedText {
  std::string text;
  std::string evidence;  ///< an id; empty where it has none
};

/// One answer of the first screen. `lines` bounds it on a terminal; other faces show it whole.
struct ScreenField {
  std::string label;
  std::string text;
  int lines = 1;
  std::vector<CitedText> items;
  int lines_per_item = 1;
  std::string command;  ///< to be shown whole or not at all
};

/// What a person woken at night has to know, in the order of the questions: what, where, since when, why, how
/// sure, what now.
struct FirstScreen {
  std::string verdict;
  std::vector<ScreenField> fields;
};

FirstScreen first_screen(const RecordView& view);

}  // namespace midwatch::report
