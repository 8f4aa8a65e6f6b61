#include <algorithm>

#include <fmt/format.h>

#include "src/report/page.h"

namespace midwatch::report {
namespace {

/// Telemetry must not become markup.
std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|!~&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// A fence that is longer than any run of backticks inside, so that nothing ends the block early.
std::string fence_for(std::string_view text) {
  std::size_t longest = 2;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return std::string(longest + 1, '`');
}

class MarkdownPage final : public Page {
 public:
  void first_screen(const FirstScreen& screen) override {
    out_ += fmt::format("# {}\n\n", escape(screen.verdict));
    for (const auto& f : screen.fields) {
      out_ += fmt::format("- **{}**: {}\n", escape(f.label), escape(f.text));
      for (const auto& cited : f.items)
        item(cited.evidence.empty() ? cited.text : fmt::format("{} [{}]", cited.text, cited.evidence), 1);
      if (!f.command.empty()) code(f.command);
    }
  }
  void heading(std::string_view text) override { out_ += fmt::format("\n## {}\n\n", escape(text)); }
  void field(std::string_view name, std::string_view value) override {
    out_ += fmt::format("- **{}**: {}\n", escape(name), escape(value));
  }
  void item(std::string_view text, int depth) override {
    out_ += std::string(static_cast<std::size_t>(2 * depth), ' ') + "- " + escape(text) + "\n";
  }
  void paragraph(std::string_view text) override { out_ += escape(text) + "\n\n"; }
  void code(std::string_view text) override {
    const std::string fence = fence_for(text);
    out_ += fmt::format("\n{}sh\n{}\n{}\n\n", fence, text, fence);
  }
};

}  // namespace

std::unique_ptr<Page> markdown_page() {
  return std::make_unique<MarkdownPage>();
}

}  // namespace midwatch::report
