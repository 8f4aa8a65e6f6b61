// Made from src/api/openapi.yaml by tools/types.mjs; not to be edited.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The store can be written */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server measures of itself, for Prometheus */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A sender tells of alarms; 202 means that they are stored durably */
        post: operations["receiveAlarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Version, spaces that the caller may see, who the caller is, and the worlds of the sandbox (where there is one) */
        get: operations["getServer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, newest first */
        get: operations["listIncidents"];
        put?: never;
        /** Opens an incident by hand and investigates it */
        post: operations["startIncident"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An incident with its alarms and investigations; answers with an ETag */
        get: operations["getIncident"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Resolves or reopens it; If-Match with its ETag is needed */
        patch: operations["changeIncident"];
        trace?: never;
    };
    "/api/v1/incidents/{id}/investigations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Investigates an incident once more */
        post: operations["investigateAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alarms with what was decided about them and why, newest first */
        get: operations["listAlarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a decision: what was linked or skipped becomes an incident of its own and is investigated */
        post: operations["undoTriage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far it is, and its answer in a line */
        get: operations["getInvestigation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The report. `json` is the report of docs/report.md, and has both languages where `language` is left out; while the investigation runs it is the best answer so far */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that was read, as an incident bundle (.tar.gz) that replays to the same report, without what people told it */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its steps in their order */
        get: operations["listJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its steps as they come, as server-sent events: `journal` (data: a JournalEntry, id: its sequence), `investigation` (data: an Investigation), `report` (data: {}; a new best answer can be fetched). Resumes by Last-Event-ID. Ends after the last step; who then asks again gets 204, at which browsers stop */
        get: operations["followInvestigation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tells the investigation something in a sentence, English or Japanese: "rule this out", "other causes?", "look at 01:30-01:45", "read the code", "that deploy was planned", "stop", "continue". The sentence is kept in the journal. What is understood is taken up at the next step; an investigation that has ended goes on from its journal. What it changed is a `reply` in the journal. What is not understood changes nothing */
        post: operations["steer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops asking; what is known stays */
        post: operations["cancelInvestigation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/investigations/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whether the answer was right */
        post: operations["giveFeedback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changes, as server-sent events: `incident` (data: an Incident), `investigation` (data: an Investigation), `reload` (data: {}; changes were missed: read the lists again) */
        get: operations["followIncidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/spaces/{space}/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What exists and what depends on what, as far as it was discovered */
        get: operations["getTopology"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/spaces/{space}/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be read, what is missing and why: the doctor's answer */
        get: operations["listSources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/accuracy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How often answers were right, by mode and over time, from people's feedback */
        get: operations["getAccuracy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The failure modes that are known */
        get: operations["listKnowledge"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/{mode}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A failure mode with the evidence for and against it */
        get: operations["getFailureMode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages of senders as they came, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who changed what */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sandbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts a world of the sandbox, in which something breaks, and investigates it; only where the server was started with a sandbox */
        post: operations["breakSomething"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            request_id: string;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        /** @enum {string} */
        Language: "en" | "ja";
        /** @description The same sentence in both languages */
        Text: {
            en: string;
            ja: string;
        };
        /** @enum {string} */
        AlarmState: "firing" | "resolved";
        /** @enum {string} */
        Severity: "unknown" | "low" | "medium" | "high" | "critical";
        /** @enum {string} */
        TriageDecision: "proceed" | "linked" | "skipped";
        /** @enum {string} */
        IncidentStatus: "open" | "resolved";
        /** @enum {string} */
        InvestigationStatus: "queued" | "running" | "done" | "failed" | "cancelled";
        /** @enum {string} */
        Outcome: "root_cause" | "nothing_wrong" | "inconclusive";
        /** @enum {string} */
        Judgement: "right" | "wrong" | "partly";
        Receipt: {
            delivery: string;
            /** @description the message had been stored before */
            duplicate: boolean;
            alarms: components["schemas"]["Triage"][];
        };
        Triage: {
            alarm: string;
            decision: components["schemas"]["TriageDecision"];
            incident?: string;
            rule?: string;
            reason: components["schemas"]["Text"];
            by_person?: boolean;
        };
        Alarm: {
            id: string;
            space: string;
            sender: string;
            dialect: string;
            key: string;
            state: components["schemas"]["AlarmState"];
            severity: components["schemas"]["Severity"];
            name: string;
            entity?: string;
            account?: string;
            region?: string;
            metric?: string;
            summary?: string;
            link?: string;
            /** Format: date-time */
            since: string;
            /** Format: date-time */
            received: string;
            labels?: {
                [key: string]: string;
            };
            triage: components["schemas"]["Triage"];
        };
        AlarmPage: {
            items: components["schemas"]["Alarm"][];
            next?: string;
        };
        Incident: {
            id: string;
            space: string;
            title: string;
            status: components["schemas"]["IncidentStatus"];
            severity: components["schemas"]["Severity"];
            entity?: string;
            alarm?: string;
            /** Format: date-time */
            opened: string;
            /** Format: date-time */
            changed: string;
            /** Format: date-time */
            resolved?: string;
            alarms: number;
            firing: number;
            investigation?: components["schemas"]["Investigation"];
        };
        IncidentPage: {
            items: components["schemas"]["Incident"][];
            next?: string;
        };
        IncidentDetail: components["schemas"]["Incident"] & {
            alarm_list: components["schemas"]["Alarm"][];
            investigations: components["schemas"]["Investigation"][];
        };
        Investigation: {
            id: string;
            incident: string;
            space: string;
            status: components["schemas"]["InvestigationStatus"];
            start: components["schemas"]["StartPoint"];
            /** Format: date-time */
            requested: string;
            /** Format: date-time */
            started?: string;
            /** Format: date-time */
            ended?: string;
            outcome?: components["schemas"]["Outcome"];
            headline?: components["schemas"]["Text"];
            entity?: string;
            mode?: string;
            probability?: number;
            failure?: components["schemas"]["Text"];
        };
        /** @description One of alarm, latest, entity, question */
        StartPoint: {
            alarm?: string;
            latest?: boolean;
            entity?: string;
            question?: string;
            /** Format: date-time */
            from?: string;
            /** Format: date-time */
            to?: string;
            region?: string;
        };
        Start: {
            space: string;
            title?: string;
            start: components["schemas"]["StartPoint"];
        };
        JournalEntry: {
            sequence: number;
            /** Format: date-time */
            time: string;
            /** @enum {string} */
            kind: "planning" | "answer" | "observation" | "finding" | "message" | "reply" | "status";
            what: components["schemas"]["Text"];
            /** @description planning: deadline_s, calls; answer: service, operation, region, command, milliseconds, answered, why; observation: entity, type; finding: observations, hypotheses (title, entity, mode, status, probability); message: text, by, action, answer, directive (targets, window, meaning), before (outcome, entity, mode, title, probability); reply: to (a sequence), changed, before, after; status: status, attempt, calls, dollars */
            data?: Record<string, never>;
        };
        JournalPage: {
            items: components["schemas"]["JournalEntry"][];
        };
        Message: {
            text: string;
            /** @description That "this" is about, as the report has it. Without it "this" is what leads */
            hypothesis?: {
                entity: string;
                mode: string;
            };
        };
        Steering: {
            understood: boolean;
            /** @enum {string} */
            action?: "rule_out" | "other_causes" | "window" | "read_code" | "planned_change" | "stop" | "continue" | "none";
            answer: components["schemas"]["Text"];
            /** @description of the journal entry */
            sequence?: number;
        };
        NewFeedback: {
            judgement: components["schemas"]["Judgement"];
            mitigation_helped?: boolean;
            actual?: string;
        };
        Feedback: {
            id: string;
            investigation: string;
            judgement: components["schemas"]["Judgement"];
            mitigation_helped?: boolean;
            actual?: string;
            by?: string;
            /** Format: date-time */
            time: string;
        };
        /** @description midwatch.report/v1, see docs/report.md */
        Report: Record<string, never>;
        Topology: {
            entities: {
                id: string;
                name?: string;
                type?: string;
            }[];
            relations: {
                from: string;
                to: string;
                type: string;
            }[];
        };
        Accuracy: {
            /** @description investigations that named a cause */
            answers: number;
            judged: number;
            right: number;
            wrong: number;
            partly: number;
            modes: {
                mode: string;
                judged: number;
                right: number;
            }[];
            days: {
                /** Format: date */
                day: string;
                judged: number;
                right: number;
            }[];
            calibration: {
                from: number;
                to: number;
                judged: number;
                right: number;
            }[];
        };
        KnowledgeList: {
            items: {
                id: string;
                kind: string;
                domain: string;
                title: components["schemas"]["Text"];
            }[];
        };
        DeliveryPage: {
            items: {
                id: string;
                sender: string;
                /** Format: date-time */
                received: string;
                bytes: number;
                note?: string;
            }[];
            next?: string;
        };
        AuditPage: {
            items: {
                sequence: number;
                /** Format: date-time */
                time: string;
                who: string;
                action: string;
                object: string;
                details?: Record<string, never>;
                hash: string;
            }[];
        };
        Server: {
            version: string;
            spaces: string[];
            who: {
                name: string;
                /** @enum {string} */
                role: "viewer" | "operator" | "admin";
            };
            /** @description of the sandbox; empty where there is none */
            worlds: {
                name: string;
                title?: string;
            }[];
        };
    };
    responses: {
        /** @description What went wrong */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        id: string;
        cursor: string;
        limit: number;
        /** @description the same key within a day gives the same answer and no second effect */
        idempotencyKey: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            503: components["responses"]["Problem"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    receiveAlarm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhook: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Stored */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getServer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Facts */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
        };
    };
    listIncidents: {
        parameters: {
            query?: {
                space?: string;
                status?: components["schemas"]["IncidentStatus"];
                /** @description a part of its name */
                entity?: string;
                mode?: string;
                /** @description a part of title, alarm or entity */
                words?: string;
                from?: string;
                to?: string;
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            400: components["responses"]["Problem"];
        };
    };
    startIncident: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key within a day gives the same answer and no second effect */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Start"];
            };
        };
        responses: {
            /** @description Opened */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            400: components["responses"]["Problem"];
            /** @description The Idempotency-Key was used with another body */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem"];
        };
    };
    getIncident: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentDetail"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
        };
    };
    changeIncident: {
        parameters: {
            query?: never;
            header: {
                "If-Match": string;
            };
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    status: components["schemas"]["IncidentStatus"];
                };
            };
        };
        responses: {
            /** @description Changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            404: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            /** @description If-Match is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    investigateAgain: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key within a day gives the same answer and no second effect */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Queued */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Investigation"];
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    listAlarms: {
        parameters: {
            query?: {
                space?: string;
                decision?: components["schemas"]["TriageDecision"];
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmPage"];
                };
            };
        };
    };
    undoTriage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The incident that it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    getInvestigation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Investigation"];
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    getReport: {
        parameters: {
            query?: {
                format?: "json" | "html" | "markdown" | "text";
                language?: components["schemas"]["Language"];
            };
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "text/html": string;
                    "text/markdown": string;
                    "text/plain": string;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    getRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bundle */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/gzip": string;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    listJournal: {
        parameters: {
            query?: {
                /** @description a sequence */
                after?: number;
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Entries */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalPage"];
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    followInvestigation: {
        parameters: {
            query?: never;
            header?: {
                "Last-Event-ID"?: string;
            };
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description It has ended and all of it was sent */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["Problem"];
        };
    };
    steer: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key within a day gives the same answer and no second effect */
                "Idempotency-Key"?: components["parameters"]["idempotencyKey"];
            };
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Message"];
            };
        };
        responses: {
            /** @description Kept */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Steering"];
                };
            };
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
        };
    };
    cancelInvestigation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Investigation"];
                };
            };
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
        };
    };
    giveFeedback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["parameters"]["id"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFeedback"];
            };
        };
        responses: {
            /** @description Kept */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Feedback"];
                };
            };
            404: components["responses"]["Problem"];
            /** @description There is no answer yet */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followIncidents: {
        parameters: {
            query?: {
                space?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    getTopology: {
        parameters: {
            query?: {
                /** @description only what is around it */
                entity?: string;
                format?: "json" | "mermaid";
            };
            header?: never;
            path: {
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The topology */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topology"];
                    "text/plain": string;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    listSources: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of each source */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    getAccuracy: {
        parameters: {
            query?: {
                space?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accuracy"];
                };
            };
        };
    };
    listKnowledge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KnowledgeList"];
                };
            };
        };
    };
    getFailureMode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mode: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            404: components["responses"]["Problem"];
        };
    };
    listDeliveries: {
        parameters: {
            query: {
                space: string;
                cursor?: components["parameters"]["cursor"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                after?: number;
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            403: components["responses"]["Problem"];
        };
    };
    breakSomething: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    world: string;
                    seed?: number;
                };
            };
        };
        responses: {
            /** @description Opened */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Incident"];
                };
            };
            404: components["responses"]["Problem"];
        };
    };
}
