#pragma once

#include "src/api/call.h"

namespace midwatch::api {

// One function for each operation of openapi.yaml, named as it is there; in the order of their files.

using Answer = base::Result<http::ServerResponse>;

// server_resource.cpp
Answer get_health(const ApiDependencies& api, const Call& call);
Answer get_readiness(const ApiDependencies& api, const Call& call);
Answer get_metrics(const ApiDependencies& api, const Call& call);
Answer get_server(const ApiDependencies& api, const Call& call);
Answer get_topology(const ApiDependencies& api, const Call& call);
Answer list_sources(const ApiDependencies& api, const Call& call);
Answer break_something(const ApiDependencies& api, const Call& call);
Answer list_audit(const ApiDependencies& api, const Call& call);

// session.cpp
Answer sign_in(const ApiDependencies& api, const Call& call);
Answer get_session(const ApiDependencies& api, const Call& call);
Answer go_to_provider(const ApiDependencies& api, const Call& call);
Answer come_from_provider(const ApiDependencies& api, const Call& call);
Answer sign_out(const ApiDependencies& api, const Call& call);
Answer change_password(const ApiDependencies& api, const Call& call);
Answer list_sessions(const ApiDependencies& api, const Call& call);
Answer end_session(const ApiDependencies& api, const Call& call);
Answer end_other_sessions(const ApiDependencies& api, const Call& call);

// users.cpp
Answer list_users(const ApiDependencies& api, const Call& call);
Answer add_user(const ApiDependencies& api, const Call& call);
Answer change_user(const ApiDependencies& api, const Call& call);
Answer reset_password(const ApiDependencies& api, const Call& call);
Answer grant_role(const ApiDependencies& api, const Call& call);
Answer withdraw_role(const ApiDependencies& api, const Call& call);

// tokens.cpp
Answer list_tokens(const ApiDependencies& api, const Call& call);
Answer create_token(const ApiDependencies& api, const Call& call);
Answer revoke_token(const ApiDependencies& api, const Call& call);

// incidents.cpp
Answer list_incidents(const ApiDependencies& api, const Call& call);
Answer start_incident(const ApiDependencies& api, const Call& call);
Answer get_incident(const ApiDependencies& api, const Call& call);
Answer change_incident(const ApiDependencies& api, const Call& call);
Answer investigate_again(const ApiDependencies& api, const Call& call);

// alarms.cpp
Answer receive_alarm(const ApiDependencies& api, const Call& call);
Answer list_alarms(const ApiDependencies& api, const Call& call);
Answer undo_triage(const ApiDependencies& api, const Call& call);
Answer resend_notification(const ApiDependencies& api, const Call& call);
Answer list_deliveries(const ApiDependencies& api, const Call& call);
Answer list_notifications(const ApiDependencies& api, const Call& call);

// interactions.cpp
Answer interact(const ApiDependencies& api, const Call& call);

// investigations.cpp
Answer list_investigations(const ApiDependencies& api, const Call& call);
Answer get_investigation(const ApiDependencies& api, const Call& call);
Answer list_journal(const ApiDependencies& api, const Call& call);
Answer steer(const ApiDependencies& api, const Call& call);
Answer cancel_investigation(const ApiDependencies& api, const Call& call);

// reports.cpp
Answer get_report(const ApiDependencies& api, const Call& call);
Answer get_recording(const ApiDependencies& api, const Call& call);

// events.cpp
Answer follow_investigation(const ApiDependencies& api, const Call& call);
Answer follow_incidents(const ApiDependencies& api, const Call& call);

// settings.cpp
Answer get_settings(const ApiDependencies& api, const Call& call);
Answer test_webhook(const ApiDependencies& api, const Call& call);
Answer test_target(const ApiDependencies& api, const Call& call);

// feedback.cpp
Answer give_feedback(const ApiDependencies& api, const Call& call);
Answer list_feedback(const ApiDependencies& api, const Call& call);
Answer get_accuracy(const ApiDependencies& api, const Call& call);

// knowledge.cpp
Answer list_knowledge(const ApiDependencies& api, const Call& call);
Answer get_failure_mode(const ApiDependencies& api, const Call& call);

}  // namespace midwatch::api
