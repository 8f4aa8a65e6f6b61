import {useSignal, type Signal} from '@preact/signals';
import {useEffect} from 'preact/hooks';

/** What is being fetched: nothing yet, a value, or why there is none. */
export interface Loaded<T> {
  value?: T;
  error?: string;
}

/** Fetches, again whenever one of `needs` changes; the former value stays until the next one is there. */
export function useLoaded<T>(fetch: () => Promise<T>, needs: unknown[]): [Signal<Loaded<T>>, () => void] {
  const state = useSignal<Loaded<T>>({});
  const again = useSignal(0);
  useEffect(() => {
    let current = true;
    fetch().then(
      (value) => current && (state.value = {value}),
      (error: unknown) => current && (state.value = {error: error instanceof Error ? error.message : String(error)}),
    );
    return () => {
      current = false;
    };
  }, [...needs, again.value]);
  return [state, () => (again.value += 1)];
}
