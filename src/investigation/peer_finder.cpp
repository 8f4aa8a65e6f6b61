#include "src/investigation/peer_finder.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/ascii.h"
#include "src/telemetry/address_words.h"

namespace midwatch::investigation {
namespace {

using telemetry::Entity;

/// A cluster's DNS names end so, unless somebody gave the cluster another domain.
constexpr const char* kClusterDomain = ".svc.cluster.local";

/// Which entity an address means; nothing where several have it.
class AddressBook {
 public:
  explicit AddressBook(const std::vector<Entity>& entities) {
    for (const Entity& entity : entities) add_addresses(entity);
    // Services come first: a workload and its service often share a name, and callers mean the service.
    for (const Entity& entity : entities) {
      const std::string name = base::to_lower(entity.name.empty() ? entity.id : entity.name);
      if (!full_.contains(name)) add(names_, name, entity.id);
      if (entity.attributes.get("platform.kind") == "workload") add_unless_served(entity, name);
    }
  }

  bool empty() const { return full_.empty() && names_.empty(); }

  /// `in_trouble`: of a line of trouble, where a name of several words is enough.
  const std::string* find(const telemetry::AddressWord& word, bool in_trouble) const {
    const bool dotted = word.text.find('.') != std::string_view::npos;
    return word.stands_as_address || dotted || in_trouble ? find(word.text) : nullptr;
  }

  const std::string* find(std::string_view address) const {
    const std::string key = base::to_lower(address);
    if (const auto* id = at(full_, key)) return id;
    return at(names_, key);
  }

 private:
  using Names = std::map<std::string, std::string, std::less<>>;

  static void add(Names& names, const std::string& name, const std::string& id) {
    if (name.empty()) return;
    const auto [at, is_new] = names.emplace(name, id);
    if (!is_new && at->second != id) at->second.clear();
  }

  static const std::string* at(const Names& names, const std::string& name) {
    const auto found = names.find(name);
    return found == names.end() || found->second.empty() ? nullptr : &found->second;
  }

  void add_addresses(const Entity& entity) {
    const auto& a = entity.attributes;
    for (const char* path : {"endpoint.host", "network.ip"})
      add(full_, base::to_lower(a.get(path)), entity.id);
    if (a.get("platform.kind") != "service") return;
    const std::string name = base::to_lower(entity.name);
    add(full_, name, entity.id);
    add_qualified(entity, name);
  }

  /// Nobody showed the service of this name: then who runs under it stands for it.
  void add_unless_served(const Entity& workload, const std::string& name) {
    const auto served = full_.find(name);
    if (served == full_.end() || served->second == workload.id) add_qualified(workload, name);
  }

  void add_qualified(const Entity& entity, const std::string& name) {
    const std::string name_space = base::to_lower(entity.attributes.get("metadata.namespace"));
    if (name_space.empty()) return;
    const std::string qualified = name + "." + name_space;
    for (const char* end : {"", ".svc", kClusterDomain}) add(full_, qualified + end, entity.id);
  }

  Names full_;   ///< addresses, and names of services
  Names names_;  ///< names of everybody else
};

/// The entities whose addresses stand in a text, each once.
struct Named {
  std::set<std::string> called;
  std::set<std::string> calling;
};

Named named_in(std::string_view text, const AddressBook& book, bool in_trouble) {
  Named out;
  for (const telemetry::AddressWord& word : telemetry::address_words(text)) {
    if (const std::string* id = book.find(word, in_trouble))
      (word.is_client ? out.calling : out.called).insert(*id);
  }
  return out;
}

/// What is written where something went wrong.
bool is_line_of_trouble(const model::Observation& o) {
  return (o.type.starts_with("sign.") || o.type.starts_with("log.error.") ||
          o.type.starts_with("log.exception.") || o.type.starts_with("log.warning.")) &&
         !o.evidence.empty();
}

/// The cluster's own name servers, whom everybody asks.
std::vector<std::string> name_servers(const std::vector<Entity>& entities) {
  std::vector<std::string> out;
  for (const Entity& entity : entities) {
    if (entity.attributes.find("name_server") != nullptr) out.push_back(entity.id);
  }
  return out;
}

std::string_view fact(const model::Observation& o, std::string_view name) {
  const auto at = o.facts.find(name);
  return at == o.facts.end() ? std::string_view() : std::string_view(at->second);
}

}  // namespace

class PeerFinder::State {
 public:
  explicit State(const std::vector<Entity>& entities) : book_(entities), resolvers_(name_servers(entities)) {}

  bool nobody_known() const { return book_.empty(); }

  void relate(const std::string& from, const std::string& to, telemetry::RecordRef ref) {
    if (from != to && found_.size() < kMostCalls && told_.emplace(from, to).second)
      found_.push_back({from, to, telemetry::RelationKind::kCalls, ref});
  }

  void read_line(const std::string& speaker, std::string_view text, telemetry::RecordRef ref,
                 bool in_trouble) {
    const Named named = named_in(text.substr(0, kMostBytes), book_, in_trouble);
    for (const std::string& callee : named.called) relate(speaker, callee, ref);
    for (const std::string& caller : named.calling) relate(caller, speaker, ref);
  }

  void read_host(const std::string& speaker, std::string_view host, telemetry::RecordRef ref) {
    if (const std::string* callee = book_.find(host)) relate(speaker, *callee, ref);
  }

  void ask_for_names(const std::string& speaker, telemetry::RecordRef ref) {
    for (const std::string& resolver : resolvers_) relate(speaker, resolver, ref);
  }

  bool has_read_enough() { return ++lines_ > kMostLines; }

  std::vector<telemetry::Relation> take() { return std::move(found_); }

 private:
  static constexpr std::size_t kMostLines = 20'000;
  static constexpr std::size_t kMostCalls = 10'000;
  static constexpr std::size_t kMostBytes = 2'000;  ///< of a line

  AddressBook book_;
  std::vector<std::string> resolvers_;
  std::set<std::pair<std::string, std::string>> told_;
  std::vector<telemetry::Relation> found_;
  std::size_t lines_ = 0;
};

PeerFinder::PeerFinder(const std::vector<Entity>& entities) : state_(std::make_unique<State>(entities)) {}
PeerFinder::~PeerFinder() = default;

void PeerFinder::read_line(std::string_view speaker, std::string_view text, telemetry::RecordRef ref) {
  if (state_->nobody_known() || state_->has_read_enough()) return;
  state_->read_line(std::string(speaker), text, ref, false);
}

void PeerFinder::read(const std::vector<model::Observation>& observations) {
  if (state_->nobody_known()) return;
  for (const model::Observation& o : observations) {
    if (!is_line_of_trouble(o)) continue;
    const telemetry::RecordRef ref = o.evidence.front().ref;
    state_->read_line(o.entity, fact(o, "sample"), ref, true);
    state_->read_host(o.entity, fact(o, "host"), ref);
    if (o.type == "sign.dns_no_answer") state_->ask_for_names(o.entity, ref);
  }
}

void PeerFinder::read(const std::vector<telemetry::PlatformEvent>& events) {
  if (state_->nobody_known()) return;
  for (const telemetry::PlatformEvent& event : events) {
    if (event.type == "Warning") state_->read_line(event.entity, event.message, event.ref, false);
  }
}

std::vector<telemetry::Relation> PeerFinder::take() {
  return state_->take();
}

}  // namespace midwatch::investigation
