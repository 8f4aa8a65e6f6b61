import {signal} from '@preact/signals';
import {language} from '../text/language.ts';
import type {components} from './schema.ts';
import type {Report, Sources} from './report.ts';

type Schemas = components['schemas'];
export type Incident = Schemas['Incident'];
export type IncidentDetail = Schemas['IncidentDetail'];
export type Investigation = Schemas['Investigation'];
export type InvestigationStatus = Schemas['InvestigationStatus'];
export type JournalEntry = Schemas['JournalEntry'];
export type Alarm = Schemas['Alarm'];
export type BothLanguages = Schemas['Text'];
export type Server = Schemas['Server'];
export type Session = Schemas['Session'];
export type Steering = Schemas['Steering'];
export type Accuracy = Schemas['Accuracy'];
export type Judgement = Schemas['Judgement'];
export type StartPoint = Schemas['StartPoint'];
export type Severity = Schemas['Severity'];
export type KnownMode = Schemas['KnowledgeList']['items'][number];
export type Settings = Schemas['Settings'];
export type Notification = Schemas['Notification'];
export type Rehearsal = Schemas['Rehearsal'];
export type Role = Schemas['Role'];
export type Roles = Schemas['RoleList'];
export type User = Schemas['User'];
export type Token = Schemas['Token'];
export type Topology = {
  entities: {id: string; name?: string; type?: string; kind?: string}[];
  relations: {from: string; to: string; type?: string; kind?: string}[];
};

/** An incident, and the tag of it as it was read. */
export interface ReadIncident {
  detail: IncidentDetail;
  etag: string;
}

/** What went wrong with a request, in the server's words where it had some. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly requestId = '',
    /** Seconds after which it is worth to try again; 0 where the server said none. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

const kTokenKey = 'midwatch.token';

/** True while the server asks who we are. */
export const signedOut = signal(false);

let token = sessionStorage.getItem(kTokenKey) ?? '';

export function setToken(value: string): void {
  token = value;
  if (value) sessionStorage.setItem(kTokenKey, value);
  else sessionStorage.removeItem(kTokenKey);
  signedOut.value = false;
}

/** What changes must carry where a cookie says who we are. */
let csrf = '';

export function setCsrf(value: string): void {
  csrf = value;
}

/** Another tab may have signed in anew. True where what changes must carry is not what it was. */
async function readCsrf(before: string): Promise<boolean> {
  csrf = (await get<Session>('/api/v1/session')).csrf ?? '';
  return csrf !== before;
}

export type Query = Record<string, string | number | boolean | undefined>;

export function address(path: string, query: Query = {}): string {
  const fields = Object.entries(query).filter(([, v]) => v !== undefined && v !== '');
  const text = new URLSearchParams(fields.map(([k, v]) => [k, String(v)])).toString();
  return text ? `${path}?${text}` : path;
}

/** A segment of a path, from a text that may be anything. */
export const segment = encodeURIComponent;

/** What every request carries: who asks, where a token says it, and in which language errors are told. */
export function headers(more: Record<string, string> = {}): Record<string, string> {
  const all = {'Accept-Language': language.value, ...more};
  return token ? {...all, Authorization: `Bearer ${token}`} : all;
}

export const retryAfter = (answer: Response) => Number(answer.headers.get('Retry-After') ?? '0') || 0;

async function problem(answer: Response): Promise<ApiError> {
  if (answer.status === 401) signedOut.value = true;
  let words = '';
  let id = '';
  try {
    const body = (await answer.json()) as Partial<Schemas['Problem']>;
    words = body.detail || body.title || '';
    id = body.request_id ?? '';
  } catch {
    // Not a problem document: the status says what is known.
  }
  return new ApiError(answer.status, words || `${answer.status} ${answer.statusText}`, id, retryAfter(answer));
}

export async function send(path: string, options: RequestInit = {}): Promise<Response> {
  const answer = await fetch(path, {
    ...options,
    headers: headers(options.headers as Record<string, string> | undefined),
    credentials: 'same-origin',
  });
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const answer = await send(address(path, query), {headers: {Accept: 'application/json'}, ...(signal ? {signal} : {})});
  return (await answer.json()) as T;
}

async function change<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
  const ask = async () => {
    const answer = await send(path, {
      method,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        ...(csrf ? {'X-Midwatch-CSRF': csrf} : {}),
        ...more,
      },
      body: JSON.stringify(body ?? {}),
    });
    return (await answer.json()) as T;
  };
  const before = csrf;
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === 403 && (await readCsrf(before))) return ask();
    throw error;
  }
}

/** The same key for one wish of a person, so that a repeated request has no second effect. */
const once = () => ({'Idempotency-Key': crypto.randomUUID?.() ?? String(Math.random())});

const userPath = (name: string) => `/api/v1/users/${segment(name)}`;
const rolePath = (name: string, space: string) => `${userPath(name)}/roles/${segment(space)}`;
const investigationPath = (id: string) => `/api/v1/investigations/${segment(id)}`;

export const api = {
  server: () => get<Server>('/api/v1/server'),
  incidents: (query: Query, signal?: AbortSignal) => get<Schemas['IncidentPage']>('/api/v1/incidents', query, signal),
  incident: async (id: string): Promise<ReadIncident> => {
    const answer = await send(`/api/v1/incidents/${segment(id)}`);
    return {detail: (await answer.json()) as IncidentDetail, etag: answer.headers.get('ETag') ?? '*'};
  },
  setStatus: (id: string, status: Incident['status'], etag: string) =>
    change<Incident>('PATCH', `/api/v1/incidents/${segment(id)}`, {status}, {'If-Match': etag}),
  setHeld: (id: string, held: boolean, etag: string) =>
    change<Incident>('PATCH', `/api/v1/incidents/${segment(id)}`, {held}, {'If-Match': etag}),
  start: (body: Schemas['Start']) => change<Incident>('POST', '/api/v1/incidents', body, once()),
  again: (incident: string) =>
    change<Investigation>('POST', `/api/v1/incidents/${segment(incident)}/investigations`, undefined, once()),
  alarms: (query: Query) => get<Schemas['AlarmPage']>('/api/v1/alarms', query),
  undo: (alarm: string) => change<Incident>('POST', `/api/v1/alarms/${segment(alarm)}/undo`),
  investigation: (id: string) => get<Investigation>(investigationPath(id)),
  report: (id: string, language: string) => get<Report>(`${investigationPath(id)}/report`, {format: 'json', language}),
  journal: (id: string, after: number) =>
    get<Schemas['JournalPage']>(`${investigationPath(id)}/journal`, {after, limit: 500}),
  steer: (id: string, message: Schemas['Message']) =>
    change<Steering>('POST', `${investigationPath(id)}/messages`, message, once()),
  cancel: (id: string) => change<Investigation>('POST', `${investigationPath(id)}/cancel`),
  feedback: (id: string, body: Schemas['NewFeedback']) =>
    change<Schemas['Feedback']>('POST', `${investigationPath(id)}/feedback`, body),
  topology: (space: string, entity?: string) =>
    get<Topology>(`/api/v1/spaces/${segment(space)}/topology`, {entity, format: 'json'}),
  sources: (space: string, language: string) => get<Sources>(`/api/v1/spaces/${segment(space)}/sources`, {language}),
  accuracy: (space?: string) => get<Accuracy>('/api/v1/accuracy', {space}),
  knowledge: () => get<Schemas['KnowledgeList']>('/api/v1/knowledge'),
  mode: (id: string) => get<Record<string, unknown>>(`/api/v1/knowledge/${segment(id)}`),
  deliveries: (space: string, narrowed: Query) =>
    get<Schemas['DeliveryPage']>('/api/v1/deliveries', {...narrowed, space, limit: 20}),
  settings: () => get<Settings>('/api/v1/settings'),
  testWebhook: (name: string) => change<Rehearsal>('POST', `/api/v1/webhooks/${segment(name)}/test`),
  testTarget: (name: string) => change<Notification>('POST', `/api/v1/targets/${segment(name)}/test`),
  notifications: (target: string) => get<Schemas['NotificationPage']>('/api/v1/notifications', {target, limit: 20}),
  audit: (after: number, narrowed: Query) =>
    get<Schemas['AuditPage']>('/api/v1/audit', {...narrowed, after, limit: 500}),
  users: () => get<Schemas['UserList']>('/api/v1/users'),
  addUser: (body: Schemas['NewUser']) => change<User>('POST', '/api/v1/users', body, once()),
  setDisabled: (name: string, disabled: boolean) => change<User>('PATCH', userPath(name), {disabled}),
  resetPassword: (name: string) => change<User>('POST', `${userPath(name)}/password`, undefined, once()),
  grantRole: (name: string, space: string, role: Role) => change<User>('PUT', rolePath(name, space), {role}),
  withdrawRole: (name: string, space: string) => change<User>('DELETE', rolePath(name, space)),
  tokens: () => get<Schemas['TokenList']>('/api/v1/tokens'),
  createToken: (body: Schemas['NewToken']) => change<Token>('POST', '/api/v1/tokens', body, once()),
  revokeToken: (id: string) => change<Token>('DELETE', `/api/v1/tokens/${segment(id)}`),
  changePassword: (present: string, wanted: string) =>
    change<Session>('PUT', '/api/v1/session/password', {present, wanted}),
  sessions: () => get<Schemas['SessionList']>('/api/v1/sessions'),
  endSession: (id: string) => change<Schemas['Ended']>('DELETE', `/api/v1/sessions/${segment(id)}`),
  endOtherSessions: () => change<Schemas['Ended']>('DELETE', '/api/v1/sessions'),
  breakSomething: (world: string, seed?: number) =>
    change<Incident>('POST', '/api/v1/sandbox', seed ? {world, seed} : {world}),
};

export const reportAddress = (id: string, format: string, language: string) =>
  address(`${investigationPath(id)}/report`, {format, language});
export const recordingAddress = (id: string) => `${investigationPath(id)}/recording`;
export const eventsAddress = (id: string) => `${investigationPath(id)}/events`;
