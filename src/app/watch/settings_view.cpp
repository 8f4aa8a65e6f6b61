#include "src/app/watch/settings_view.h"

#include <chrono>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/http/url.h"
#include "src/intake/dialects.h"

namespace midwatch::app {
namespace {

using base::Json;

std::int64_t seconds(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

void put(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

Json space_json(const SpaceConfig& space) {
  Json json{{"name", space.name},
            {"deadline_s", seconds(space.deadline)},
            {"calls", space.calls},
            {"at_once", space.at_once},
            {"skip", Json::array()}};
  put(json, "file", space.file);
  if (space.keep != base::Duration{}) json["keep_s"] = seconds(space.keep);
  if (space.keep_megabytes != 0) json["keep_megabytes"] = space.keep_megabytes;
  if (space.polling)
    json["polling"] = {{"every_s", seconds(space.polling->every)}, {"alarms", space.polling->alarms}};
  for (const intake::SkipRule& rule : space.skip) {
    Json item{{"name", rule.name}, {"reason", rule.reason}};
    put(item, "alarm", rule.alarm);
    put(item, "entity", rule.entity);
    if (rule.at_most) item["at_most"] = model::to_string(*rule.at_most);
    json["skip"].push_back(std::move(item));
  }
  return json;
}

Json webhook_json(const WebhookConfig& webhook) {
  Json json{{"name", webhook.name},
            {"space", webhook.space},
            {"dialect", webhook.dialect},
            {"title", webhook.dialect},
            {"path", "/webhooks/" + webhook.name},
            {"proofs", Json::array()},
            {"secrets", webhook.secrets.size()},
            {"unauthenticated", webhook.unauthenticated},
            {"topics", webhook.topics}};
  if (const auto* dialect = intake::dialect_of(webhook.dialect)) {
    json["title"] = dialect->title;
    if (webhook.unauthenticated) return json;
    for (const intake::Proof proof : dialect->proofs) json["proofs"].push_back(intake::to_string(proof));
  }
  return json;
}

/// Where a target's messages go, without what opens it: an address may hold a key in its path.
std::string where_of(const notify::Target& target) {
  std::string addresses;
  for (const std::string& address : target.to) addresses += (addresses.empty() ? "" : ", ") + address;
  if (!addresses.empty()) return addresses;
  if (!target.channel.empty()) return target.channel;
  const auto url = http::parse_url(target.url);
  return url ? url->host : std::string();
}

Json target_json(const notify::Target& target) {
  Json events = Json::array();
  for (const notify::Event event : target.events) events.push_back(to_string(event));
  return {{"name", target.name},
          {"kind", to_string(target.kind)},
          {"spaces", target.spaces},
          {"events", std::move(events)},
          {"language", target.language == model::Language::kJapanese ? "ja" : "en"},
          {"where", where_of(target)}};
}

}  // namespace

Json settings_json(const ServeConfig& config) {
  Json json{{"spaces", Json::array()}, {"webhooks", Json::array()}, {"targets", Json::array()}};
  put(json, "file", config.file);
  put(json, "address", config.notify.address);
  for (const SpaceConfig& space : config.spaces) json["spaces"].push_back(space_json(space));
  for (const WebhookConfig& webhook : config.webhooks) json["webhooks"].push_back(webhook_json(webhook));
  for (const auto& told : config.notify.targets) json["targets"].push_back(target_json(told.target));
  return json;
}

}  // namespace midwatch::app
