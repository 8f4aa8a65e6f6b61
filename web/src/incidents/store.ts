import {computed, signal} from '@preact/signals';
import {api, type Incident, type Investigation} from '../api/client.ts';
import {follow, type Follow, type ServerEvent} from '../api/live.ts';
import {query} from '../shell/router.ts';

export interface Filters {
  status: 'open' | 'resolved' | '';
  words: string;
  space: string;
  from: string;
  to: string;
  entity: string;
  mode: string;
}

/** The filters are in the address, so that a link shows what its sender saw. */
export const filters = computed<Filters>(() => {
  const status = query.value.get('status');
  const given = (name: string) => query.value.get(name) ?? '';
  return {
    status: status === 'resolved' ? 'resolved' : status === 'all' ? '' : 'open',
    words: given('words'),
    space: given('space'),
    from: given('from'),
    to: given('to'),
    entity: given('entity'),
    mode: given('mode'),
  };
});

export const incidents = signal<Incident[]>([]);
export const next = signal<string | undefined>(undefined);
export const loading = signal(true);
export const error = signal<string | undefined>(undefined);
/** The stream of what changes; the frame shows when it is lost. */
export const stream = signal<Follow | undefined>(undefined);

const apiQuery = (f: Filters) => ({...f, limit: 50});

let asking: AbortController | undefined;

export async function load(f: Filters): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  loading.value = true;
  try {
    const page = await api.incidents(apiQuery(f), mine.signal);
    incidents.value = page.items;
    next.value = page.next;
    error.value = undefined;
  } catch (failure) {
    if (mine.signal.aborted) return;
    error.value = failure instanceof Error ? failure.message : String(failure);
  }
  loading.value = false;
}

export async function loadMore(): Promise<void> {
  const cursor = next.value;
  if (!cursor) return;
  const page = await api.incidents({...apiQuery(filters.value), cursor});
  const known = new Set(incidents.value.map((i) => i.id));
  incidents.value = [...incidents.value, ...page.items.filter((i) => !known.has(i.id))];
  next.value = page.next;
}

/** Whether an incident belongs to what is shown, as the server would decide. */
export function fits(incident: Incident, f: Filters): boolean {
  const holds = (text: string | undefined, part: string) => (text ?? '').toLowerCase().includes(part.toLowerCase());
  if (f.status && incident.status !== f.status) return false;
  if (f.space && incident.space !== f.space) return false;
  const opened = Date.parse(incident.opened);
  if (opened < Date.parse(f.from) || opened >= Date.parse(f.to)) return false;
  if (f.entity && !holds(incident.entity, f.entity)) return false;
  if (f.mode && incident.investigation?.mode !== f.mode) return false;
  return (
    !f.words || holds(incident.title, f.words) || holds(incident.alarm, f.words) || holds(incident.entity, f.words)
  );
}

/** Puts a changed incident where it belongs: newest first. */
export function merged(list: Incident[], changed: Incident, f: Filters): Incident[] {
  const former = list.find((i) => i.id === changed.id);
  const whole = {...former, ...changed};
  if (!fits(whole, f)) return list.filter((i) => i.id !== changed.id);
  if (former) return list.map((i) => (i.id === changed.id ? whole : i));
  const at = list.findIndex((i) => i.opened < whole.opened);
  return at < 0 ? [...list, whole] : [...list.slice(0, at), whole, ...list.slice(at)];
}

function missed(): void {
  void load(filters.value);
  tell('missed');
}

function take(event: ServerEvent): void {
  if (event.type === 'reload') {
    missed();
    return;
  }
  try {
    if (event.type === 'incident') {
      const incident = JSON.parse(event.data) as Incident;
      incidents.value = merged(incidents.value, incident, filters.value);
      tell({incident});
    } else if (event.type === 'investigation') {
      const investigation = JSON.parse(event.data) as Investigation;
      incidents.value = incidents.value.map((i) => {
        const latest = i.id === investigation.incident && (i.investigation?.requested ?? '') <= investigation.requested;
        return latest ? {...i, investigation} : i;
      });
      tell({investigation});
    }
  } catch {
    // An event that is no JSON tells nothing.
  }
}

/** What the stream of all spaces tells of: an incident, an investigation, or that it may have missed some. */
export type Told = {incident: Incident} | {investigation: Investigation} | 'missed';
const listeners = new Set<(told: Told) => void>();

/** Hears of what changes, until the function that it gives is called. */
export function onTold(listener: (told: Told) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const tell = (told: Told) => {
  for (const listener of [...listeners]) listener(told);
};

/** Follows what changes, for as long as the page is open. */
export function followAll(): void {
  stream.value ??= follow('/api/v1/events', {
    onEvent: take,
    onHealed: missed,
  });
}
