import {signal} from '@preact/signals';
import {t} from '../text/language.ts';
import {Icon} from '../parts/icons.tsx';

interface Notice {
  id: number;
  text: string;
  bad: boolean;
  act?: {label: string; run(): void} | undefined;
}

const kShown = 6000;
const notices = signal<Notice[]>([]);
let next = 1;

const remove = (id: number) => (notices.value = notices.value.filter((n) => n.id !== id));

/** Says something for a few seconds, with what can be done about it. */
export function notify(text: string, options: {bad?: boolean; act?: Notice['act']} = {}): void {
  const id = next++;
  notices.value = [...notices.value.slice(-2), {id, text, bad: options.bad ?? false, act: options.act}];
  setTimeout(() => remove(id), options.act ? kShown * 2 : kShown);
}

/** Runs what a person asked for; what went wrong is said. */
export async function attempt<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), {bad: true});
    return undefined;
  }
}

export const Notices = () => (
  <div class="notices" role="status" aria-live="polite">
    {notices.value.map((n) => (
      <div key={n.id} class={n.bad ? 'notice bad' : 'notice'}>
        <Icon name={n.bad ? 'warning' : 'check'} />
        <span>{n.text}</span>
        {n.act && (
          <button
            class="link"
            onClick={() => {
              n.act?.run();
              remove(n.id);
            }}
          >
            {n.act.label}
          </button>
        )}
        <button class="quiet icon-only" aria-label={t('close')} onClick={() => remove(n.id)}>
          <Icon name="close" />
        </button>
      </div>
    ))}
  </div>
);
