import {signal, type ReadonlySignal} from '@preact/signals';
import {headers} from './client.ts';

/** One server-sent event. */
export interface ServerEvent {
  type: string;
  data: string;
  id: string;
}

/** Cuts a stream of text into server-sent events. Source: HTML Living Standard, 9.2.6 */
export class EventReader {
  private rest = '';
  private type = '';
  private data: string[] = [];
  id = '';

  push(piece: string): ServerEvent[] {
    const out: ServerEvent[] = [];
    this.rest += piece;
    // A carriage return at the very end may be half of a line end.
    const whole = this.rest.endsWith('\r') ? this.rest.slice(0, -1) : this.rest;
    const lines = whole.split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? '') + this.rest.slice(whole.length);
    for (const line of lines) {
      const event = this.line(line);
      if (event) out.push(event);
    }
    return out;
  }

  private line(line: string): ServerEvent | undefined {
    if (line === '') {
      const event = this.data.length
        ? {type: this.type || 'message', data: this.data.join('\n'), id: this.id}
        : undefined;
      this.type = '';
      this.data = [];
      return event;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.type = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
    return undefined;
  }
}

export type LinkState = 'connecting' | 'live' | 'lost' | 'ended';

export interface Follow {
  state: ReadonlySignal<LinkState>;
  close(): void;
}

export interface FollowOptions {
  /** Where to resume: the id of the last event that is known. */
  after?: string;
  onEvent(event: ServerEvent): void;
  /** Called when a stream was opened again after it had been lost: what changed meanwhile may be asked for. */
  onHealed?(): void;
  /** Called when the server ended the stream in order; true asks for it again. */
  onEnd?(): boolean;
}

const kFirstWait = 500;
const kLongestWait = 10_000;

/**
 * Follows an event stream and heals it: after a loss it comes back by itself, later each time, at once when the
 * network or the tab returns, and resumes after the last event that arrived. (EventSource cannot send a token.)
 */
export function follow(path: string, options: FollowOptions): Follow {
  const state = signal<LinkState>('connecting');
  const reader = new EventReader();
  reader.id = options.after ?? '';
  let wait = kFirstWait;
  let closed = false;
  let abort = new AbortController();
  let wake: (() => void) | undefined;
  const wakeUp = () => wake?.();
  addEventListener('online', wakeUp);
  document.addEventListener('visibilitychange', wakeUp);

  const read = async (): Promise<boolean> => {
    abort = new AbortController();
    const answer = await fetch(path, {
      headers: headers({Accept: 'text/event-stream', ...(reader.id ? {'Last-Event-ID': reader.id} : {})}),
      signal: abort.signal,
      cache: 'no-store',
    });
    // 204: all of it was told; 404: it is gone.
    if (answer.status === 204 || answer.status === 404) return options.onEnd?.() ?? false;
    if (!answer.ok || !answer.body) throw new Error(String(answer.status));
    if (state.value === 'lost') options.onHealed?.();
    state.value = 'live';
    wait = kFirstWait;
    const body = answer.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const {done, value} = await body.read();
      if (done) return options.onEnd?.() ?? true;
      for (const event of reader.push(decoder.decode(value, {stream: true}))) options.onEvent(event);
    }
  };
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait * (0.75 + Math.random() / 2));
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async () => {
    while (!closed) {
      try {
        if (!(await read())) {
          state.value = 'ended';
          return;
        }
      } catch {
        if (closed) return;
      }
      state.value = 'lost';
      await rest();
      wait = Math.min(kLongestWait, wait * 2);
    }
  };
  void run();
  return {
    state,
    close() {
      closed = true;
      removeEventListener('online', wakeUp);
      document.removeEventListener('visibilitychange', wakeUp);
      abort.abort();
      wake?.();
    },
  };
}
