#include "src/page/page.h"

#include <algorithm>
#include <array>
#include <utility>

#include "src/page/page_table.h"

namespace midwatch::page {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMediaTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
}};

constexpr std::string_view kIndex = "/index.html";
/// Files below it carry a hash of their content in their names.
constexpr std::string_view kHashed = "/assets";
/// What begins like this is for programs: they need an error there, not a page.
constexpr std::array<std::string_view, 5> kNoPlaces{"/api", "/webhooks", "/healthz", "/readyz", "/metrics"};

constexpr std::string_view kHowToBuild = R"html(<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Midwatch</title></head>
<body>
<h1>Midwatch</h1>
<p>The server runs; this program was built without its page. To have it: <code>./run build</code>, which needs Node.js 18 or newer and npm (<code>./run deps npm</code>).</p>
<p>The API answers below <code>/api/v1</code>.</p>
<p lang="ja">サーバーは動作していますが、画面なしでビルドされています。<code>./run build</code> を実行すると画面が組み込まれます（Node.js 18 以降と npm が必要です。<code>./run deps npm</code>）。</p>
</body>
</html>
)html";

std::string_view media_type_of(std::string_view path) {
  for (const auto& [ending, type] : kMediaTypes) {
    if (path.size() >= ending.size() && path.substr(path.size() - ending.size()) == ending) return type;
  }
  return "application/octet-stream";
}

bool is_below(std::string_view path, std::string_view root) {
  return path.substr(0, root.size()) == root && (path.size() == root.size() || path[root.size()] == '/');
}

/// True for a place that the page shows by itself.
bool is_place(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  if (std::any_of(kNoPlaces.begin(), kNoPlaces.end(), [&](auto root) { return is_below(path, root); }))
    return false;
  if (is_below(path, kHashed)) return false;
  // Ids below the root may hold dots; at the root, a dot makes it a file.
  return std::count(path.begin(), path.end(), '/') > 1 || path.find('.') == std::string_view::npos;
}

}  // namespace

std::optional<PageFile> page_file(std::string_view path) {
  const auto& files = embedded_files();
  const auto find = [&](std::string_view name) {
    return std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.path == name; });
  };
  auto found = find(path);
  if (found == files.end() && (is_place(path) || path == kIndex)) {
    found = find(kIndex);
    if (found == files.end()) return PageFile{media_type_of(kIndex), kHowToBuild, {}, false};
  }
  if (found == files.end()) return std::nullopt;
  const bool smaller = !found->gzip.empty() && found->gzip.size() < found->content.size();
  return PageFile{media_type_of(found->path), found->content, smaller ? found->gzip : std::string_view{},
                  is_below(found->path, kHashed)};
}

bool is_built() {
  return !embedded_files().empty();
}

}  // namespace midwatch::page
