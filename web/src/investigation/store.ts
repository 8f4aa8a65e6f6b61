import {computed, signal} from '@preact/signals';
import {
  api,
  ApiError,
  eventsAddress,
  type BothLanguages,
  type IncidentDetail,
  type Investigation,
  type JournalEntry,
  type ReadIncident,
  type Steering,
} from '../api/client.ts';
import {follow, type Follow, type ServerEvent} from '../api/live.ts';
import {onTold, type Told} from '../incidents/store.ts';
import type {Report} from '../api/report.ts';
import {language} from '../text/language.ts';

/** What was believed at a moment of an investigation. */
export interface Belief {
  sequence: number;
  time: string;
  hypotheses: {title: string | BothLanguages; entity: string; mode: string; probability: number}[];
}

/** Reports come in bursts while evidence comes in; so long they are waited for. */
const kGather = 120;

const over = (i: Investigation | undefined) => i !== undefined && !['queued', 'running'].includes(i.status);

export function beliefOf(entry: Omit<JournalEntry, 'data'> & {data?: unknown}): Belief | undefined {
  const list = (entry.data as {hypotheses?: unknown} | undefined)?.hypotheses;
  if (entry.kind !== 'finding' || !Array.isArray(list)) return undefined;
  const hypotheses = (list as Belief['hypotheses']).filter((h) => h && typeof h.probability === 'number');
  return {sequence: entry.sequence, time: entry.time, hypotheses};
}

/** The entry that answers what was said. */
export function replyTo(journal: JournalEntry[], told: Steering | undefined): JournalEntry | undefined {
  if (!told) return undefined;
  return journal.find((e) => e.kind === 'reply' && (e.data as {to?: unknown} | undefined)?.to === told.sequence);
}

/** One investigation, as far as the page knows it, followed while it runs. */
export class InvestigationStore {
  readonly investigation = signal<Investigation | undefined>(undefined);
  readonly incident = signal<IncidentDetail | undefined>(undefined);
  readonly etag = signal('*');
  readonly report = signal<Report | undefined>(undefined);
  readonly journal = signal<JournalEntry[]>([]);
  readonly error = signal<string | undefined>(undefined);
  /** True once incident and report were read, as far as there are any. */
  readonly ready = signal(false);
  readonly running = computed(() => this.investigation.value !== undefined && !over(this.investigation.value));
  readonly beliefs = computed(() => this.journal.value.map(beliefOf).filter((b) => b !== undefined));
  /** What the last thing that was said on this page was taken to be. */
  readonly told = signal<Steering | undefined>(undefined);
  /** What came of it, once that is known. */
  readonly reply = computed(() => replyTo(this.journal.value, this.told.value));
  readonly link = signal<Follow | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;
  private closed = false;
  private deaf: (() => void) | undefined;

  /** `known` is its incident where that was read already: it is not asked for again. */
  constructor(
    readonly id: string,
    known?: ReadIncident,
  ) {
    this.investigation.value = known?.detail.investigations.find((i) => i.id === id);
    if (!known || !this.investigation.value) return;
    this.incident.value = known.detail;
    this.etag.value = known.etag;
  }

  async open(): Promise<void> {
    this.deaf = onTold((told) => this.hear(told));
    try {
      this.investigation.value ??= await api.investigation(this.id);
      // Shown together, so that nothing moves under the eyes of who reads.
      await Promise.all([this.incident.value ? undefined : this.readIncident(), this.readReport()]);
      this.ready.value = true;
      await this.readJournal();
      if (!this.closed) this.followIt();
    } catch (error) {
      if (!this.closed) this.error.value = error instanceof Error ? error.message : String(error);
    }
  }

  close(): void {
    this.closed = true;
    this.deaf?.();
    clearTimeout(this.timer);
    this.link.value?.close();
  }

  /**
   * Hears what the stream of all spaces tells. An investigation that has ended has no stream of its own any more;
   * when somebody steers it elsewhere, this is how the page knows that there is one again.
   */
  private hear(told: Told): void {
    const about = (id: string) => told !== 'missed' && 'investigation' in told && told.investigation.id === id;
    if ((told === 'missed' || about(this.id)) && this.link.value?.state.value === 'ended')
      this.resume().catch(() => undefined);
    if (told !== 'missed' && 'incident' in told && told.incident.id === this.investigation.value?.incident)
      void this.readIncident();
  }

  async readIncident(): Promise<void> {
    const incident = this.investigation.value?.incident;
    if (!incident) return;
    try {
      const {detail, etag} = await api.incident(incident);
      this.incident.value = detail;
      this.etag.value = etag;
    } catch {
      // The investigation is readable without it.
    }
  }

  /** Reads the report in the page's language; an older answer never replaces a newer one. */
  async readReport(): Promise<void> {
    const number = ++this.asked;
    try {
      const report = await api.report(this.id, language.value);
      if (number === this.asked && !this.closed) this.report.value = report;
    } catch (error) {
      // While it runs there may be no answer yet.
      if (!(error instanceof ApiError && error.status === 404) && over(this.investigation.value) && !this.report.value)
        this.error.value = error instanceof Error ? error.message : String(error);
    }
  }

  private async readJournal(): Promise<void> {
    for (;;) {
      const last = this.journal.value.at(-1)?.sequence ?? 0;
      const page = await api.journal(this.id, last);
      this.add(page.items);
      if (page.items.length < 500) return;
    }
  }

  private add(entries: JournalEntry[]): void {
    const last = this.journal.value.at(-1)?.sequence ?? 0;
    const fresh = entries.filter((e) => e.sequence > last);
    if (fresh.length > 0) this.journal.value = [...this.journal.value, ...fresh];
  }

  private followIt(): void {
    this.link.value?.close();
    this.link.value = follow(eventsAddress(this.id), {
      after: String(this.journal.value.at(-1)?.sequence ?? 0),
      onEvent: (event) => this.take(event),
      onHealed: () => {
        void this.readReport();
        void this.readIncident();
      },
      onEnd: () => {
        if (over(this.investigation.value)) return false;
        // It ended between two answers: asked once more, this one says so.
        void this.readInvestigation();
        return true;
      },
    });
  }

  private async readInvestigation(): Promise<void> {
    try {
      this.investigation.value = await api.investigation(this.id);
      if (over(this.investigation.value)) this.readReportSoon();
    } catch {
      // The stream is asked for again, and tells then.
    }
  }

  private take(event: ServerEvent): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      return;
    }
    if (event.type === 'journal') {
      this.add([data as JournalEntry]);
    } else if (event.type === 'investigation') {
      this.investigation.value = data as Investigation;
      if (over(this.investigation.value)) void this.readIncident();
      this.readReportSoon();
    } else if (event.type === 'report') {
      this.readReportSoon();
    }
  }

  private readReportSoon(): void {
    // Never put off again: what comes without a pause would otherwise be shown only at its end.
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.readReport();
    }, kGather);
  }

  /** Tells it something; `about` is the hypothesis that "this" is. */
  async say(text: string, about?: {entity: string; mode: string}): Promise<void> {
    const hypothesis = about && {hypothesis: {entity: about.entity, mode: about.mode}};
    this.told.value = await api.steer(this.id, {text, ...hypothesis});
    await this.resume();
  }

  /** After something was said here or elsewhere, which an ended stream would not bring. */
  private async resume(): Promise<void> {
    this.investigation.value = await api.investigation(this.id);
    await this.readJournal();
    if (!this.closed && this.link.value?.state.value === 'ended' && this.running.value) this.followIt();
    await this.readReport();
  }
}
