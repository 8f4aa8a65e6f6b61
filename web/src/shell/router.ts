import {computed, signal} from '@preact/signals';

/** Where the page is: the address is the only place that says it. */
export const place = signal({path: location.pathname, query: location.search});

const read = () => {
  place.value = {path: location.pathname, query: location.search};
};
addEventListener('popstate', read);

export const query = computed(() => new URLSearchParams(place.value.query));

export function go(to: string, options: {replace?: boolean} = {}): void {
  if (to === location.pathname + location.search) return;
  const moved = new URL(to, location.origin).pathname !== location.pathname;
  history[options.replace ? 'replaceState' : 'pushState'](null, '', to);
  read();
  if (moved) scrollTo(0, 0);
}

/** Changes fields of the query; empty ones vanish. */
export function setQuery(fields: Record<string, string | undefined>, replace = true): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(fields)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  go(location.pathname + (text ? `?${text}` : ''), {replace});
}

/** A click on a link inside the page moves without loading; all others, and those with keys, stay the browser's. */
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/')) return;
  if (link.hash && link.pathname === location.pathname) return;
  event.preventDefault();
  go(link.pathname + link.search);
});

/** The parts of a path: /incidents/inc-1 gives ['incidents', 'inc-1']. */
export const segments = computed(() =>
  place.value.path
    .split('/')
    .filter(Boolean)
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    }),
);
