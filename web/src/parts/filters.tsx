import type {ComponentChildren, RefObject} from 'preact';
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {api} from '../api/client.ts';
import {useKeys} from '../shell/keys.ts';
import {query, setQuery} from '../shell/router.ts';
import {server} from '../shell/server.ts';
import {said, t, type Key} from '../text/language.ts';
import {localField, utcOfField} from '../text/time.ts';
import {Icon} from './icons.tsx';
import {useLoaded} from './load.ts';
import {plainTemplate} from './template.tsx';
import {Said, Time} from './text.tsx';

/** One thing by which a list is narrowed. Its name is what the address and the API call it. */
export type Field =
  | {kind: 'text'; name: string; label: Key}
  | {kind: 'choice'; name: string; label: Key; options: () => [string, string][]}
  | {kind: 'mode'; name: string; label: Key}
  | {kind: 'time'; label: Key};

/** The fields that most lists have. The label of the time says of what. */
export const kSpaceField: Field = {
  kind: 'choice',
  name: 'space',
  label: 'space',
  options: () => (server.value?.spaces ?? []).map((s) => [s, s]),
};
export const kEntityField: Field = {kind: 'text', name: 'entity', label: 'entity'};
export const kModeField: Field = {kind: 'mode', name: 'mode', label: 'mode'};

/** The names of a time in the address. */
const kTimes = [
  ['from', 'filter.from'],
  ['to', 'filter.to'],
] as const;

const kPresets = [
  ['filter.hour', 3_600_000],
  ['filter.day', 86_400_000],
  ['filter.week', 604_800_000],
] as const;

const kTypingPause = 250;

/** How a field is written into the address: what is not there is left out. */
const valueOf = (name: string) => query.value.get(name) ?? '';

/** The names by which some fields stand in the address, each with its field. */
const namesOf = (field: Field): [string, Key][] =>
  field.kind === 'time' ? kTimes.map(([name, label]) => [name, label]) : [[field.name, field.label]];

/** What narrows a list just now, as its request wants it. */
export const filtersInAddress = (fields: Field[]): Record<string, string> =>
  Object.fromEntries(fields.flatMap(namesOf).map(([name]) => [name, valueOf(name)]));

interface TypedProps {
  type: 'text' | 'search' | 'datetime-local';
  value: string;
  onChange(value: string): void;
  inputRef?: RefObject<HTMLInputElement | null>;
  /** The id of what is suggested. */
  list?: string;
  placeholder?: string;
  'aria-label'?: string;
  onKeyDown?(event: preact.TargetedKeyboardEvent<HTMLInputElement>): void;
}

/** A field whose text counts once nobody has typed for a moment. */
export function Typed({value, onChange, inputRef, ...rest}: TypedProps) {
  const [draft, setDraft] = useState<string>();
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);
  return (
    <input
      {...rest}
      ref={inputRef}
      value={draft ?? value}
      onInput={(e) => {
        const text = e.currentTarget.value;
        setDraft(text);
        clearTimeout(pause.current);
        pause.current = setTimeout(() => {
          onChange(text);
          setDraft(undefined);
        }, kTypingPause);
      }}
    />
  );
}

/** A failure mode by its name, with those that there are to choose from. */
function ModeField({name, label}: {name: string; label: Key}) {
  const [loaded] = useLoaded(() => api.knowledge(), []);
  const list = useId();
  const modes = loaded.value.value?.items ?? [];
  return (
    <div class="field">
      <label>
        <span>{t(label)}</span>
        <Typed type="text" list={list} value={valueOf(name)} onChange={(mode) => setQuery({[name]: mode.trim()})} />
      </label>
      <datalist id={list}>
        {modes.map((m) => (
          <option key={m.id} value={m.id}>
            {plainTemplate(said(m.title))}
          </option>
        ))}
      </datalist>
    </div>
  );
}

const since = (length: number) => new Date(Date.now() - length).toISOString().replace(/:\d\d\.\d+Z$/, ':00Z');

function TimeField({label}: {label: Key}) {
  return (
    <fieldset class="field filter-time">
      <legend>{t(label)}</legend>
      <div class="times">
        {kTimes.map(([name, word]) => (
          <label key={name}>
            <span>{t(word)}</span>
            <Typed
              type="datetime-local"
              value={localField(valueOf(name))}
              onChange={(local) => setQuery({[name]: utcOfField(local)})}
            />
          </label>
        ))}
      </div>
      <div class="presets">
        {kPresets.map(([word, length]) => (
          <button key={word} type="button" class="link" onClick={() => setQuery({from: since(length), to: undefined})}>
            {t(word)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function FieldOf({field}: {field: Field}) {
  if (field.kind === 'time') return <TimeField label={field.label} />;
  if (field.kind === 'mode') return <ModeField name={field.name} label={field.label} />;
  const {name, label} = field;
  return (
    <label class="field">
      <span>{t(label)}</span>
      {field.kind === 'text' ? (
        <Typed type="text" value={valueOf(name)} onChange={(text) => setQuery({[name]: text.trim()})} />
      ) : (
        <select value={valueOf(name)} onChange={(e) => setQuery({[name]: e.currentTarget.value})}>
          <option value="">{t('all')}</option>
          {field.options().map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </label>
  );
}

/** What a field says in the address, in the words of the page. */
function Shown({field, value}: {field: Field; value: string}) {
  if (field.kind === 'time') return <Time at={value} />;
  const chosen = field.kind === 'choice' && field.options().find(([option]) => option === value)?.[1];
  return <Said text={chosen || value} />;
}

/**
 * What narrows a list: `children` are always in sight, the fields behind one button, and each that narrows just now
 * stands below as a word that takes it away again. All of it is in the address.
 */
export function Filters({
  fields,
  children,
  after,
}: {
  fields: Field[];
  children?: ComponentChildren;
  after?: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  // Where there is nothing to choose among, there is no field.
  const offered = fields.filter((f) => f.kind !== 'choice' || f.options().length > 1);
  const active = fields.flatMap((field) =>
    namesOf(field)
      .map(([name, label]) => ({field, name, label, value: valueOf(name)}))
      .filter(({value}) => value),
  );
  const [byKey, setByKey] = useState(0);
  useEffect(() => {
    if (byKey > 0) panel.current?.querySelector<HTMLElement>('input, select')?.focus();
  }, [byKey]);
  useKeys({
    f: (e) => {
      e.preventDefault();
      setOpen(true);
      setByKey(byKey + 1);
    },
  });
  const closeOnEscape = (e: KeyboardEvent) => {
    if (e.key !== 'Escape' || !open) return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="filters">
      {children}
      <button
        ref={button}
        type="button"
        class="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        onKeyDown={closeOnEscape}
      >
        <Icon name="filter" />
        <span>{t('filter')}</span>
        {active.length > 0 && <span class="filter-count number">{active.length}</span>}
      </button>
      {after && (
        <>
          <span class="spring" />
          {after}
        </>
      )}
      <div
        id={id}
        ref={panel}
        class="filter-panel card"
        role="group"
        aria-label={t('filter')}
        hidden={!open}
        onKeyDown={closeOnEscape}
      >
        {open && offered.map((field, i) => <FieldOf key={i} field={field} />)}
      </div>
      {active.length > 0 && (
        <ul class="chips">
          {active.map(({field, name, label, value}) => (
            <li key={name}>
              <button
                type="button"
                class="chip"
                title={t('filter.remove')}
                onClick={() => setQuery({[name]: undefined})}
              >
                <span>
                  {t(label)}: <Shown field={field} value={value} />
                </span>
                <Icon name="close" />
                <span class="off-screen">{t('filter.remove')}</span>
              </button>
            </li>
          ))}
          {active.length > 1 && (
            <li>
              <button
                type="button"
                class="quiet"
                onClick={() => setQuery(Object.fromEntries(active.map(({name}) => [name, undefined])))}
              >
                {t('filter.clear')}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}
