#include "src/clients/kubernetes/table_rows.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "src/base/ascii.h"

namespace midwatch::clients::kubernetes {
namespace {

struct Column {
  std::string heading;
  std::size_t begin = 0;
};

std::vector<Column> columns_of(std::string_view header) {
  std::vector<Column> columns;
  for (const auto cell : cells_of(header))
    columns.push_back({std::string(cell), static_cast<std::size_t>(cell.data() - header.data())});
  return columns;
}

void put(TableRow& row, const std::string& heading, std::string_view value) {
  if (!is_absent(value)) row.cells[heading] = std::string(value);
}

/// Cells stand below their headings. Where a cell is wider than its column was meant to be, it would be cut
/// in the middle of a word; then the row is cut at its gaps instead.
TableRow row_of(const Line& line, const std::vector<Column>& columns) {
  TableRow row;
  row.number = line.number;
  const std::string full = std::string(line.indent, ' ') + std::string(line.text);
  const auto aligned = [&](const Column& c) {
    return c.begin == 0 || c.begin >= full.size() || full[c.begin - 1] == ' ';
  };
  if (!std::all_of(columns.begin(), columns.end(), aligned)) {
    const auto cells = cells_of(line.text);
    for (std::size_t c = 0; c < cells.size() && c < columns.size(); ++c)
      put(row, columns[c].heading, cells[c]);
    return row;
  }
  for (std::size_t c = 0; c < columns.size() && columns[c].begin < full.size(); ++c) {
    const std::size_t end = c + 1 < columns.size() ? columns[c + 1].begin : full.size();
    put(row, columns[c].heading,
        base::trim(std::string_view(full).substr(columns[c].begin, end - columns[c].begin)));
  }
  return row;
}

/// The headings of `kubectl get KIND -o wide`. Source: k8s.io/kubernetes/pkg/printers/internalversion, v1.30.
struct UsualHeadings {
  std::string_view kind;
  std::string_view headings;  ///< separated by commas
};
constexpr std::array<UsualHeadings, 10> kUsual{
    {{"Pod", "NAME,READY,STATUS,RESTARTS,AGE,IP,NODE,NOMINATED NODE,READINESS GATES,LABELS"},
     {"Deployment", "NAME,READY,UP-TO-DATE,AVAILABLE,AGE,CONTAINERS,IMAGES,SELECTOR,LABELS"},
     {"ReplicaSet", "NAME,DESIRED,CURRENT,READY,AGE,CONTAINERS,IMAGES,SELECTOR,LABELS"},
     {"StatefulSet", "NAME,READY,AGE,CONTAINERS,IMAGES,LABELS"},
     {"DaemonSet",
      "NAME,DESIRED,CURRENT,READY,UP-TO-DATE,AVAILABLE,NODE SELECTOR,AGE,CONTAINERS,IMAGES,SELECTOR,LABELS"},
     {"Job", "NAME,STATUS,COMPLETIONS,DURATION,AGE,CONTAINERS,IMAGES,SELECTOR,LABELS"},
     {"CronJob", "NAME,SCHEDULE,TIMEZONE,SUSPEND,ACTIVE,LAST SCHEDULE,AGE,CONTAINERS,IMAGES,SELECTOR,LABELS"},
     {"Service", "NAME,TYPE,CLUSTER-IP,EXTERNAL-IP,PORT(S),AGE,SELECTOR,LABELS"},
     {"Node",
      "NAME,STATUS,ROLES,AGE,VERSION,INTERNAL-IP,EXTERNAL-IP,OS-IMAGE,KERNEL-VERSION,CONTAINER-RUNTIME,"
      "LABELS"},
     {"Ingress", "NAME,CLASS,HOSTS,ADDRESS,PORTS,AGE,LABELS"}}};

/// A row of pods says itself: "1/2" in the column of readiness.
bool looks_like_ready(std::string_view cell) {
  const std::size_t slash = cell.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < cell.size() &&
         cell.find_first_not_of("0123456789/") == std::string_view::npos;
}

}  // namespace

std::string_view TableRow::get(std::string_view heading) const {
  const auto at = cells.find(heading);
  return at == cells.end() ? std::string_view{} : std::string_view(at->second);
}

bool is_table_header(std::string_view line) {
  const auto cells = cells_of(line);
  if (cells.size() < 2) return false;
  static constexpr std::array<std::string_view, 6> kFirst{"NAME", "NAMESPACE", "LAST SEEN",
                                                          "POD",  "REVISION",  "KIND"};
  if (std::find(kFirst.begin(), kFirst.end(), cells[0]) == kFirst.end()) return false;
  return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) {
    return std::none_of(cell.begin(), cell.end(), [](unsigned char c) { return std::islower(c) != 0; }) ||
           cell.find('(') != std::string_view::npos || cell.starts_with("CHANGE");
  });
}

std::vector<Table> read_tables(const std::vector<Line>& lines) {
  std::vector<Table> tables;
  std::vector<Column> columns;
  for (const Line& line : lines) {
    if (line.indent == 0 && is_table_header(line.text)) {
      columns = columns_of(line.text);
      tables.emplace_back();
      for (const Column& c : columns) tables.back().headings.push_back(c.heading);
    } else if (!tables.empty()) {
      tables.back().rows.push_back(row_of(line, columns));
    }
  }
  return tables;
}

Table read_headless_table(const std::vector<Line>& lines, std::string_view kind, bool with_namespace) {
  Table table;
  std::vector<std::string> headings;
  for (const UsualHeadings& usual : kUsual) {
    if (usual.kind != kind) continue;
    for (const auto heading : base::split(usual.headings, ',')) headings.emplace_back(heading);
  }
  if (headings.empty()) return table;
  for (const Line& line : lines) {
    const auto cells = cells_of(line.text);
    if (cells.size() < 3) continue;
    // Pods tell by their readiness whether a namespace stands before the name.
    const bool shifted = kind == "Pod" ? cells.size() > 3 && looks_like_ready(cells[2]) : with_namespace;
    if (kind == "Pod" && !shifted && !looks_like_ready(cells[1])) continue;
    TableRow row;
    row.number = line.number;
    if (shifted) put(row, "NAMESPACE", cells[0]);
    for (std::size_t c = shifted ? 1 : 0; c < cells.size(); ++c) {
      const std::size_t heading = c - (shifted ? 1 : 0);
      if (heading < headings.size()) put(row, headings[heading], cells[c]);
    }
    table.rows.push_back(std::move(row));
  }
  table.headings = std::move(headings);
  return table;
}

}  // namespace midwatch::clients::kubernetes
