import {useSignal} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {Icon, type IconName} from '../parts/icons.tsx';
import {Said} from '../parts/text.tsx';

/** Something that is tried by a button: whether that goes on, and what went wrong the last time. */
export function useTry() {
  const busy = useSignal(false);
  const failure = useSignal('');
  const run = async (work: () => Promise<void>) => {
    busy.value = true;
    failure.value = '';
    try {
      await work();
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error);
    }
    busy.value = false;
  };
  return {busy, failure, run};
}

/** The head of a card that can be tried: its name, what it is, the button where there is one, and how it went. */
export const TriedHead = ({
  name,
  children,
  act,
  outcome,
  failure,
}: {
  name: string;
  children: ComponentChildren;
  act?: {icon: IconName; label: string; disabled: boolean; run(): void} | undefined;
  outcome?: ComponentChildren;
  failure: string;
}) => (
  <>
    <header class="card-head">
      <h3 class="mono">
        <Said text={name} />
      </h3>
      <span class="soft">{children}</span>
      <span class="spring" />
      {act && (
        <button type="button" class="button" disabled={act.disabled} onClick={act.run}>
          <Icon name={act.icon} />
          <span>{act.label}</span>
        </button>
      )}
    </header>
    {outcome}
    {failure && (
      <p class="test-answer bad-text" role="alert">
        <Icon name="warning" />
        <Said text={failure} />
      </p>
    )}
  </>
);
