import {signal} from '@preact/signals';
import {api, type Server} from '../api/client.ts';

/** What the server says of itself; absent until it answered. */
export const server = signal<Server | undefined>(undefined);

export async function readServer(): Promise<void> {
  try {
    server.value = await api.server();
  } catch {
    // The frame shows a lost connection; what needs this waits for it.
  }
}
