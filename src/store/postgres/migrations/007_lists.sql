-- Indexes of what lists are narrowed to: investigations by their space, status and mode, deliveries by their sender, the audit by space.

CREATE INDEX investigations_of_space ON investigations (space, requested DESC, id DESC);
CREATE INDEX investigations_by_time ON investigations (requested DESC, id DESC);
CREATE INDEX investigations_in_status ON investigations (space, status, requested DESC, id DESC);
CREATE INDEX investigations_of_mode ON investigations (mode, space, requested DESC, id DESC);
CREATE INDEX deliveries_of_sender ON deliveries (space, sender, received DESC, id DESC);
CREATE INDEX deliveries_without_alarm ON deliveries (space, received DESC, id DESC) WHERE note <> '';
CREATE INDEX audit_of_space ON audit (COALESCE(substring(details from '"space":"([^"\\]*)"'), ''), sequence);
