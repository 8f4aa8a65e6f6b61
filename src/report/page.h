#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "src/report/first_screen.h"

namespace midwatch::report {

/// Collects the lines of a report in one style. Every text is plain; the page makes it harmless for its
/// style.
class Page {
 public:
  virtual ~Page() = default;
  virtual void first_screen(const FirstScreen& screen) = 0;
  virtual void heading(std::string_view text) = 0;
  virtual void field(std::string_view name, std::string_view value) = 0;
  virtual void item(std::string_view text, int depth) = 0;
  virtual void paragraph(std::string_view text) = 0;
  virtual void code(std::string_view text) = 0;
  std::string take() { return std::move(out_); }

 protected:
  std::string out_;
};

/// For a terminal of 100 columns; the first screen is at most 24 lines.
std::unique_ptr<Page> terminal_page(bool colour);
/// CommonMark.
std::unique_ptr<Page> markdown_page();

}  // namespace midwatch::report
