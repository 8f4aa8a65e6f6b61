#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/store/sql_connection.h"
#include "src/store/store.h"

namespace midwatch::store {

/// What a session does, in SQL that SQLite and PostgreSQL both understand.
/// Threads: one at a time.
class SqlSession final : public Session {
 public:
  explicit SqlSession(SqlConnection& connection) : connection_(connection) {}

  base::Result<bool> add_delivery(const Delivery& delivery) override;
  base::Result<Page<Delivery>> deliveries(const DeliveryFilter& filter, const std::string& after,
                                          std::size_t limit) override;

  base::Result<> add_alarm(const StoredAlarm& alarm) override;
  base::Result<StoredAlarm> alarm(const std::string& id) override;
  base::Result<> set_triage(const std::string& alarm, const model::Triage& triage) override;
  base::Result<std::vector<StoredAlarm>> alarms_of(const std::string& incident) override;
  base::Result<std::vector<StoredAlarm>> latest_alarms_of(const std::string& incident,
                                                          std::size_t limit) override;
  base::Result<std::optional<StoredAlarm>> latest_alarm(const std::string& space, const std::string& sender,
                                                        const std::string& key) override;
  base::Result<std::vector<StoredAlarm>> again(const std::string& space, base::Timestamp now,
                                               std::size_t limit) override;
  base::Result<Page<StoredAlarm>> alarms(const AlarmFilter& filter, const std::string& after,
                                         std::size_t limit) override;

  base::Result<> add_incident(const model::Incident& incident) override;
  base::Result<model::Incident> incident(const std::string& id) override;
  base::Result<> update_incident(const model::Incident& incident) override;
  base::Result<Page<model::Incident>> incidents(const IncidentFilter& filter, const std::string& after,
                                                std::size_t limit) override;
  base::Result<std::vector<model::Incident>> recent_incidents(const std::string& space, base::Timestamp since,
                                                              std::size_t limit) override;

  base::Result<> add_investigation(const model::Investigation& investigation) override;
  base::Result<model::Investigation> investigation(const std::string& id) override;
  base::Result<> update_investigation(const model::Investigation& investigation) override;
  base::Result<std::vector<model::Investigation>> investigations_of(const std::string& incident) override;
  base::Result<Page<model::Investigation>> investigations(const InvestigationFilter& filter,
                                                          const std::string& after,
                                                          std::size_t limit) override;
  base::Result<std::size_t> count_active(const std::string& space) override;

  base::Result<std::optional<model::Investigation>> lease(const Lease& lease, base::Timestamp now) override;
  base::Result<> renew(const std::string& investigation, const Lease& lease) override;
  base::Result<> release(const std::string& investigation, const std::string& worker) override;

  base::Result<std::optional<Turn>> take_turn(const Turn& wanted, base::Timestamp now) override;
  base::Result<> keep_turn(const Turn& turn) override;
  base::Result<std::optional<Turn>> turn(const std::string& name) override;

  base::Result<std::uint64_t> append(const model::JournalEntry& entry) override;
  base::Result<std::vector<model::JournalEntry>> journal(const std::string& investigation,
                                                         std::uint64_t after, std::size_t limit) override;
  base::Result<std::vector<model::JournalEntry>> journal(const std::string& investigation,
                                                         std::uint64_t after, std::size_t limit,
                                                         const JournalFilter& filter) override;

  base::Result<> put_document(const Document& document) override;
  base::Result<Document> document(const std::string& investigation, const std::string& name) override;

  base::Result<> add_feedback(const model::Feedback& feedback) override;
  base::Result<std::vector<model::Feedback>> feedback(const std::vector<std::string>& spaces) override;
  base::Result<Page<model::Feedback>> judgements(const FeedbackFilter& filter, const std::string& after,
                                                 std::size_t limit) override;
  base::Result<std::size_t> count_answers(const std::vector<std::string>& spaces) override;

  base::Result<std::optional<std::string>> idempotent(const std::string& scope,
                                                      const std::string& key) override;
  base::Result<> remember(const std::string& scope, const std::string& key, const std::string& answer,
                          base::Timestamp until) override;
  base::Result<std::size_t> forget_answers(base::Timestamp now) override;

  base::Result<> add_outbox(const OutboxMessage& message) override;
  base::Result<std::vector<OutboxMessage>> due(const std::vector<std::string>& targets, base::Timestamp now,
                                               std::size_t limit) override;
  base::Result<OutboxMessage> outbox_message(const std::string& id) override;
  base::Result<> update_outbox(const OutboxMessage& message) override;
  base::Result<Page<OutboxMessage>> outbox(const OutboxFilter& filter, const std::string& after,
                                           std::size_t limit) override;
  base::Result<std::string> first_receipt(const std::string& incident, const std::string& target) override;

  base::Result<Changes> changes(std::uint64_t after, std::size_t limit) override;
  base::Result<std::uint64_t> last_change() override;

  base::Result<> audit(const AuditEntry& entry) override;
  base::Result<std::vector<AuditEntry>> audit_after(std::uint64_t sequence, std::size_t limit) override;
  base::Result<std::vector<AuditEntry>> audit_lines(const AuditFilter& filter, std::uint64_t after,
                                                    std::size_t limit) override;

  base::Result<> add_user(const User& user) override;
  base::Result<User> user(const std::string& name) override;
  base::Result<> update_user(const User& user) override;
  base::Result<std::vector<User>> users() override;

  base::Result<> add_sign_in(const SignIn& sign_in) override;
  base::Result<SignIn> sign_in(const std::string& id) override;
  base::Result<> use_sign_in(const std::string& id, base::Timestamp used) override;
  base::Result<> end_sign_in(const std::string& id) override;
  base::Result<std::vector<SignIn>> sign_ins_of(const std::string& who) override;
  base::Result<std::size_t> end_sign_ins(const std::string& user) override;
  base::Result<std::size_t> forget_sign_ins(base::Timestamp now) override;

  base::Result<> add_token(const ApiToken& token) override;
  base::Result<ApiToken> token(const std::string& id) override;
  base::Result<std::optional<ApiToken>> token_of(const std::string& sha256) override;
  base::Result<> revoke_token(const std::string& id, base::Timestamp time) override;
  base::Result<std::vector<ApiToken>> tokens() override;

  base::Result<bool> has_accounts() override;

  base::Result<Attempts> attempts(const std::string& key) override;
  base::Result<> put_attempts(const Attempts& attempts) override;
  base::Result<std::size_t> forget_attempts(base::Timestamp before) override;

  base::Result<std::uint64_t> size_of(const std::string& space) override;
  base::Result<std::optional<base::Timestamp>> first_to_forget(const std::string& space,
                                                               std::size_t count) override;
  base::Result<Cleared> forget(const std::string& space, base::Timestamp before, std::size_t limit) override;

 private:
  base::Result<std::uint64_t> forget_incident(const std::string& incident);

  SqlConnection& connection_;
};

}  // namespace midwatch::store
