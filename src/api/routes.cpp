#include "src/api/routes.h"

#include <array>

#include "src/api/resources.h"
#include "src/base/ascii.h"

namespace midwatch::api {
namespace {

constexpr auto kViewer = Role::kViewer;
constexpr auto kOperator = Role::kOperator;
constexpr auto kAdmin = Role::kAdmin;
constexpr std::nullopt_t kAnybody = std::nullopt;

// One operation a line, in the order of openapi.yaml.
// clang-format off
constexpr std::array<Route, 55> kRoutes{{
    {"GET", "/healthz", "getHealth", kAnybody, "", &get_health},
    {"GET", "/readyz", "getReadiness", kAnybody, "", &get_readiness},
    {"GET", "/metrics", "getMetrics", kAnybody, "", &get_metrics},
    {"POST", "/webhooks/{webhook}", "receiveAlarm", kAnybody, "", &receive_alarm},
    {"POST", "/interactions/{target}", "interact", kAnybody, "", &interact},
    {"GET", "/api/v1/session", "getSession", kAnybody, "", &get_session},
    {"POST", "/api/v1/session", "signIn", kAnybody, "", &sign_in},
    {"DELETE", "/api/v1/session", "signOut", kViewer, "", &sign_out},
    {"GET", "/api/v1/session/provider", "goToProvider", kAnybody, "", &go_to_provider},
    {"GET", "/api/v1/session/callback", "comeFromProvider", kAnybody, "code state iss error error_description error_uri session_state scope authuser hd prompt", &come_from_provider},
    {"PUT", "/api/v1/session/password", "changePassword", kViewer, "", &change_password},
    {"GET", "/api/v1/sessions", "listSessions", kViewer, "", &list_sessions},
    {"DELETE", "/api/v1/sessions", "endOtherSessions", kViewer, "", &end_other_sessions},
    {"DELETE", "/api/v1/sessions/{id}", "endSession", kViewer, "", &end_session},
    {"GET", "/api/v1/users", "listUsers", kAdmin, "space disabled from to", &list_users},
    {"POST", "/api/v1/users", "addUser", kAdmin, "", &add_user},
    {"PATCH", "/api/v1/users/{name}", "changeUser", kAdmin, "", &change_user},
    {"POST", "/api/v1/users/{name}/password", "resetPassword", kAdmin, "", &reset_password},
    {"PUT", "/api/v1/users/{name}/roles/{space}", "grantRole", kAdmin, "", &grant_role},
    {"DELETE", "/api/v1/users/{name}/roles/{space}", "withdrawRole", kAdmin, "", &withdraw_role},
    {"GET", "/api/v1/tokens", "listTokens", kAdmin, "space status from to", &list_tokens},
    {"POST", "/api/v1/tokens", "createToken", kAdmin, "", &create_token},
    {"DELETE", "/api/v1/tokens/{id}", "revokeToken", kAdmin, "", &revoke_token},
    {"GET", "/api/v1/server", "getServer", kViewer, "", &get_server},
    {"GET", "/api/v1/incidents", "listIncidents", kViewer, "space from to entity mode status words cursor limit", &list_incidents},
    {"POST", "/api/v1/incidents", "startIncident", kOperator, "", &start_incident},
    {"GET", "/api/v1/incidents/{id}", "getIncident", kViewer, "", &get_incident},
    {"PATCH", "/api/v1/incidents/{id}", "changeIncident", kOperator, "", &change_incident},
    {"POST", "/api/v1/incidents/{id}/investigations", "investigateAgain", kOperator, "", &investigate_again},
    {"GET", "/api/v1/alarms", "listAlarms", kViewer, "space from to entity mode decision state cursor limit", &list_alarms},
    {"POST", "/api/v1/alarms/{id}/undo", "undoTriage", kOperator, "", &undo_triage},
    {"GET", "/api/v1/investigations", "listInvestigations", kViewer, "space from to entity mode status cursor limit", &list_investigations},
    {"GET", "/api/v1/investigations/{id}", "getInvestigation", kViewer, "", &get_investigation},
    {"GET", "/api/v1/investigations/{id}/report", "getReport", kViewer, "format language", &get_report},
    {"GET", "/api/v1/investigations/{id}/recording", "getRecording", kViewer, "", &get_recording},
    {"GET", "/api/v1/investigations/{id}/journal", "listJournal", kViewer, "from to kind after limit", &list_journal},
    {"GET", "/api/v1/investigations/{id}/events", "followInvestigation", kViewer, "", &follow_investigation},
    {"POST", "/api/v1/investigations/{id}/messages", "steer", kOperator, "", &steer},
    {"POST", "/api/v1/investigations/{id}/cancel", "cancelInvestigation", kOperator, "", &cancel_investigation},
    {"POST", "/api/v1/investigations/{id}/feedback", "giveFeedback", kOperator, "", &give_feedback},
    {"GET", "/api/v1/events", "followIncidents", kViewer, "space", &follow_incidents},
    {"GET", "/api/v1/spaces/{space}/topology", "getTopology", kViewer, "entity format", &get_topology},
    {"GET", "/api/v1/spaces/{space}/sources", "listSources", kViewer, "language", &list_sources},
    {"GET", "/api/v1/feedback", "listFeedback", kViewer, "space from to entity mode judgement cursor limit", &list_feedback},
    {"GET", "/api/v1/accuracy", "getAccuracy", kViewer, "space", &get_accuracy},
    {"GET", "/api/v1/knowledge", "listKnowledge", kViewer, "", &list_knowledge},
    {"GET", "/api/v1/knowledge/{mode}", "getFailureMode", kViewer, "", &get_failure_mode},
    {"GET", "/api/v1/deliveries", "listDeliveries", kViewer, "space from to entity mode sender made_alarms cursor limit", &list_deliveries},
    {"GET", "/api/v1/notifications", "listNotifications", kViewer, "space from to entity mode incident target state cursor limit", &list_notifications},
    {"POST", "/api/v1/notifications/{id}/resend", "resendNotification", kOperator, "", &resend_notification},
    {"GET", "/api/v1/settings", "getSettings", kViewer, "", &get_settings},
    {"POST", "/api/v1/webhooks/{webhook}/test", "testWebhook", kOperator, "", &test_webhook},
    {"POST", "/api/v1/targets/{target}/test", "testTarget", kOperator, "", &test_target},
    {"GET", "/api/v1/audit", "listAudit", kAdmin, "space from to who action after limit", &list_audit},
    {"POST", "/api/v1/sandbox", "breakSomething", kOperator, "", &break_something},
}};
// clang-format on

/// The named parts of a path that fits the pattern; nothing where it does not.
std::optional<Parameters> match(std::string_view pattern, const std::vector<std::string>& path) {
  const auto parts = base::split(pattern.substr(1), '/');
  if (parts.size() != path.size()) return std::nullopt;
  Parameters named;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].starts_with('{')) {
      if (parts[i] != path[i]) return std::nullopt;
    } else if (path[i].empty()) {
      return std::nullopt;
    } else {
      named.emplace(parts[i].substr(1, parts[i].size() - 2), path[i]);
    }
  }
  return named;
}

}  // namespace

std::span<const Route> routes() {
  return kRoutes;
}

RouteMatch find_route(std::string_view method, const std::vector<std::string>& path) {
  RouteMatch found;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const auto& route : kRoutes) {
    auto named = match(route.pattern, path);
    if (!named) continue;
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += route.method == "GET" ? "GET, HEAD" : route.method;
    if (route.method == wanted) {
      found.route = &route;
      found.path = *std::move(named);
    }
  }
  if (!found.allowed.empty()) found.allowed += ", OPTIONS";
  return found;
}

}  // namespace midwatch::api
