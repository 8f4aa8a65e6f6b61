import {useEffect} from 'preact/hooks';

/** True where a key belongs to what is being written. */
const writing = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Runs actions for keys, while the component is there and nobody writes. */
export function useKeys(actions: Record<string, (event: KeyboardEvent) => void>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key !== 'Escape' && writing(event.target)) return;
      const action = actions[event.key];
      if (!action) return;
      // Enter on a button or a link is that button's.
      if (event.key === 'Enter' && (event.target as Element | null)?.closest?.('a, button, summary, [tabindex]'))
        return;
      action(event);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
}
