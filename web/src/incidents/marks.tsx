import type {Incident, Investigation} from '../api/client.ts';
import {t, word} from '../text/language.ts';

/** How bad it is: bars that fill, and the word. */
export function Severity({value, bare = false}: {value: Incident['severity']; bare?: boolean}) {
  const level = {unknown: 0, low: 1, medium: 2, high: 3, critical: 4}[value] ?? 0;
  return (
    <span class={`severity ${value}`} title={word('severity', value)}>
      <svg viewBox="0 0 16 12" aria-hidden="true">
        {[1, 2, 3, 4].map((n) => (
          <rect
            key={n}
            class={n <= level ? 'on' : ''}
            x={(n - 1) * 4}
            y={12 - n * 3}
            width="2.6"
            height={n * 3}
            rx=".8"
          />
        ))}
      </svg>
      <span class={bare ? 'off-screen' : ''}>{word('severity', value)}</span>
    </span>
  );
}

/** How far an investigation is, or what came out of it: by shape and by text. */
export function statusOf(status: Investigation['status'] | undefined, outcome: Investigation['outcome'] | undefined) {
  const key = status === undefined ? 'none' : status === 'done' ? (outcome ?? 'done') : status;
  const shape = {
    queued: <circle class="hollow" cx="7" cy="7" r="4.500" stroke-dasharray="2 2" />,
    running: (
      <>
        <circle class="hollow faint" cx="7" cy="7" r="4.500" />
        <path class="hollow spin" d="M7 2.500A4.500 4.500 0 0 1 11.500 7" />
      </>
    ),
    root_cause: (
      <>
        <circle cx="7" cy="7" r="5.500" />
        <path class="cut" d="M4.500 7.200 6.300 9l3.200-4" />
      </>
    ),
    nothing_wrong: <path class="hollow" d="M3.500 7.200 6 9.700l4.500-5.400" />,
    inconclusive: (
      <>
        <circle class="hollow" cx="7" cy="7" r="4.700" />
        <path class="hollow" d="M7 4.500V7.500 M7 9.300v.2" />
      </>
    ),
    failed: <path class="hollow" d="M3.500 3.500l7 7M10.500 3.500l-7 7" />,
    cancelled: (
      <>
        <circle class="hollow" cx="7" cy="7" r="4.500" />
        <path class="hollow" d="M4 10l6-6" />
      </>
    ),
    done: <circle cx="7" cy="7" r="4" />,
    none: <circle class="hollow" cx="7" cy="7" r="4" />,
  }[key];
  return (
    <span class={`state ${key}`}>
      <svg viewBox="0 0 14 14" aria-hidden="true">
        {shape}
      </svg>
      <span>{key === 'none' ? t('status.none') : word(status === 'done' && outcome ? 'outcome' : 'status', key)}</span>
    </span>
  );
}
