// The shape of midwatch.report/v1 (docs/report.md) and of midwatch.doctor/v1. What is optional here may be absent.

export interface Window {
  start: string;
  end: string;
}
export interface Link {
  entity: string;
  what: string;
  observations: string[];
}
export interface Step {
  phase: 'prepare' | 'pre_validate' | 'apply' | 'post_validate' | 'rollback';
  command: string;
  effect: string;
  risk: string;
  reversible: boolean;
}
export interface Mitigation {
  kind: 'operational' | 'none';
  summary: string;
  steps: Step[];
  temporary: boolean;
  permanent_fix: string;
}
export interface Spec {
  problem: string;
  requirements: string[];
  acceptance: string[];
  files: string[];
}
export interface RootCause {
  entity: string;
  name?: string;
  mode: string;
  kind: string;
  title: string;
  why: string;
  probability: number;
  change?: string;
  onset?: string;
  location?: string;
  explains: string[];
  chain: Link[];
  mitigation?: Mitigation;
  spec?: Spec;
}
export interface LedgerLine {
  observation: string;
  weight: number;
}
/** The person who ruled something out. */
export interface Excluded {
  by: string;
  time: string;
}

export interface Hypothesis {
  rank: number;
  entity: string;
  mode: string;
  kind: string;
  title: string;
  metric?: string;
  change?: string;
  probability: number;
  log_odds: number;
  status: string;
  excluded?: Excluded;
  for: LedgerLine[];
  against: LedgerLine[];
  context: {what: string; weight: number}[];
  missing: {sign: string; weight: number; what?: string}[];
}
export interface Observation {
  id: string;
  entity: string;
  type: string;
  statement: string;
  onset?: string;
  value?: number;
  baseline?: number;
  unit?: string;
  subject: string;
  strength: number;
  change?: string;
  facts: Record<string, string>;
  evidence: string[];
}
export interface Evidence {
  id: string;
  source: string;
  query: string;
  window: Window | null;
  entity: string;
  excerpt: string;
  digest: string;
  link?: string;
  locator: {
    kind: 'record' | 'series' | 'lines' | 'spans' | 'absence';
    line?: number;
    metric?: string;
    stat?: string;
    unit?: string;
    pattern?: string;
    attributes?: string[];
    count?: number;
  };
}
export interface Chart {
  entity: string;
  title: string;
  unit: string;
  observation: string;
  /** Times and values; a value that is no number is null. */
  points: [string, number | null][];
  baseline_low: number | null;
  baseline_high: number | null;
  onset: string | null;
}
export interface Moment {
  time: string;
  kind: string;
  entity: string;
  what: string;
  observation?: string;
  change?: string;
}
export interface Report {
  format: string;
  id: string;
  outcome: 'root_cause' | 'nothing_wrong' | 'inconclusive';
  headline: string;
  language: string;
  started: string;
  duration_ms: number;
  root_causes: RootCause[];
  hypotheses: Hypothesis[];
  observations: Observation[];
  evidence: Evidence[];
  ruled_out: {
    entity: string;
    mode: string;
    change: string;
    title: string;
    because: string;
    observation: string;
    excluded?: Excluded;
  }[];
  steering?: {by: string; time: string; action: string; said: string; meaning: string}[];
  window?: Window | null;
  gaps: {what: string; query: string; source: string; window: Window | null}[];
  next_questions: {
    entity: string;
    mode: string;
    signal: string;
    what: string;
    bits: number;
    window: Window | null;
    query?: string;
  }[];
  looked_at: {signal: string; records: number}[];
  impact: {
    entities: string[];
    paths: string[][];
    from: string | null;
    until: string | null;
    how_much: string;
    observation: string;
  };
  timeline: Moment[];
  charts?: Chart[];
  names?: Record<string, {name: string; type: string}>;
  mitigation: Mitigation;
  spec: Spec;
  stats: {queries: number; records: number; bytes: number; wall_ms: number; malformed: number};
}

export interface Sources {
  well: boolean;
  /** Where alarms are asked for; `polled` is the last look. */
  polling?: {every_s: number; polled?: string; failure?: {since: string; what: string}};
  accounts?: {
    account: string;
    region: string;
    identity: string;
    credentials: string;
    well: boolean;
    problems: unknown[];
    operations: {
      service: string;
      operation: string;
      action: string;
      standing: string;
      empty?: boolean;
      detail?: string;
      advice?: string;
    }[];
  }[];
}
