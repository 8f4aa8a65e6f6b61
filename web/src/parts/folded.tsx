import type {ComponentChildren} from 'preact';
import {useEffect, useState} from 'preact/hooks';

/** Where a browser does not tell when it has nothing to do. */
const kUntilIdle = 200;
/** A browser that always has something to do is not waited for any longer than this. */
const kAtTheLatest = 1000;

function whenIdle(act: () => void): () => void {
  if (typeof requestIdleCallback === 'function') {
    const handle = requestIdleCallback(act, {timeout: kAtTheLatest});
    return () => cancelIdleCallback(handle);
  }
  const timer = setTimeout(act, kUntilIdle);
  return () => clearTimeout(timer);
}

/**
 * What stands behind a summary. It is made when it is opened, or once the browser has nothing else to do: so it does
 * not hold up what is in sight, and a search in the page finds it all the same.
 */
export function Folded({
  summary,
  of,
  children,
}: {
  summary: ComponentChildren;
  of?: string;
  children: () => ComponentChildren;
}) {
  const [made, setMade] = useState(false);
  useEffect(() => (made ? undefined : whenIdle(() => setMade(true))), [made]);
  return (
    <details onToggle={() => setMade(true)}>
      <summary class={of}>{summary}</summary>
      {made && children()}
    </details>
  );
}
