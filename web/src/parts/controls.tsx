import type {ComponentChildren} from 'preact';
import {useEffect, useRef, useState} from 'preact/hooks';
import {t} from '../text/language.ts';
import {percent} from '../text/number.ts';
import {runs} from '../text/visible.ts';
import {Icon, type IconName} from './icons.tsx';

const kSaidFor = 1600;

/** What is copied must be what was seen: without the characters that nobody sees. */
export const copyable = (text: string) =>
  runs(text)
    .map((run) => (run.hidden ? '' : run.text))
    .join('');

/** Copies a text, and says so. */
export function Copy({text, label}: {text: string; label?: string}) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(copyable(text));
    } catch {
      // Without the permission (or without https) the old way still works.
      const area = document.createElement('textarea');
      area.value = copyable(text);
      area.className = 'off-screen';
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    setDone(true);
    setTimeout(() => setDone(false), kSaidFor);
  };
  return (
    <button
      type="button"
      class={label ? 'quiet' : 'quiet icon-only'}
      onClick={copy}
      title={t('copy')}
      aria-label={label ? undefined : t('copy')}
    >
      <Icon name={done ? 'check' : 'copy'} />
      {label && <span>{done ? t('copied') : label}</span>}
      <span class="off-screen" role="status">
        {done ? t('copied') : ''}
      </span>
    </button>
  );
}

/** A menu under a button. */
export function Menu({label, icon, children}: {label: string; icon: IconName; children: ComponentChildren}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <div class="menu" ref={box}>
      <button type="button" class="button" aria-expanded={open} aria-haspopup="true" onClick={() => setOpen(!open)}>
        <Icon name={icon} />
        <span>{label}</span>
        <Icon name="down" />
      </button>
      {open && (
        <div class="menu-list" onClick={() => setOpen(false)}>
          {children}
        </div>
      )}
    </div>
  );
}

/** A choice of few, side by side. */
export function Choice<T extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: T;
  options: [T, string][];
  onChange(value: T): void;
  label: string;
}) {
  return (
    <div class="choice" role="group" aria-label={label}>
      {options.map(([option, text]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onChange(option)}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** How probable, as a bar and as a number. */
export function Probability({value}: {value: number}) {
  return (
    <span class="probability">
      <span class="bar" aria-hidden="true">
        <span style={{width: `${Math.max(1.5, value * 100)}%`}} />
      </span>
      <span class="number">{percent(value)}</span>
    </span>
  );
}

/** What is not there yet. */
export const Waiting = ({lines = 3}: {lines?: number}) => (
  <div class="waiting" role="status" aria-label={t('loading')}>
    {Array.from({length: lines}, (_, i) => (
      <span key={i} />
    ))}
  </div>
);

export const Failure = ({error, onRetry}: {error: string; onRetry?: () => void}) => (
  <div class="failure" role="alert">
    <Icon name="warning" />
    <span>{error}</span>
    {onRetry && (
      <button type="button" class="button" onClick={onRetry}>
        {t('try_again')}
      </button>
    )}
  </div>
);

export const Empty = ({title, children}: {title: string; children?: ComponentChildren}) => (
  <div class="empty">
    <strong>{title}</strong>
    {children}
  </div>
);
