import type {ComponentChildren} from 'preact';
import {runs, safeLink} from '../text/visible.ts';
import {age, clockTime, dayAndTime, utc} from '../text/time.ts';
import {now} from '../shell/now.ts';
import {Icon} from './icons.tsx';

/** What entities are called, by their ids. */
export type Names = Record<string, {name: string; type: string}>;

/** Text of telemetry: isolated from the direction of what surrounds it, with nothing invisible in it. */
export const Said = ({text}: {text: string}) => (
  <bdi>
    {runs(text).map((run, i) =>
      run.hidden ? (
        <span key={i} class="hidden-character">
          {run.text}
        </span>
      ) : (
        run.text
      ),
    )}
  </bdi>
);

/** A point in time in the viewer's zone; UTC on hover. */
export function Time({
  at,
  form = 'day',
}: {
  at: string | Date | null | undefined;
  form?: 'day' | 'second' | 'clock' | 'age';
}) {
  if (!at) return null;
  const time = typeof at === 'string' ? new Date(at) : at;
  if (Number.isNaN(time.getTime())) return <span>{String(at)}</span>;
  const shown =
    form === 'age'
      ? age(time, now.value)
      : form === 'clock'
        ? clockTime(time)
        : dayAndTime(time, now.value, form === 'second');
  const also = form === 'age' ? `${dayAndTime(time)} · ${utc(time)}` : utc(time);
  return (
    <time dateTime={time.toISOString()} title={also}>
      {shown}
    </time>
  );
}

/** What in a sentence is written for programs: times in UTC, identifiers of a provider, and long hashes. */
const kForPrograms =
  /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z|arn:aws[\w-]*:[\w-]*:[\w-]*:\d*:[\w.:/-]*[\w/-]|\b[0-9a-f]{24,64}\b)/;
/** So much of a hash tells it from another one. */
const kShownHash = 8;

function ForPrograms({text, names}: {text: string; names: Names | undefined}) {
  if (text.startsWith('arn:')) return <Entity id={text} names={names} />;
  if (/^[0-9a-f]+$/.test(text)) return <span title={text}>{text.slice(0, kShownHash)}…</span>;
  return <Time at={text} form="second" />;
}

/** A sentence for people: times in their zone, entities by their names, hashes cut. The whole of each on hover. */
export const Sentence = ({text, names}: {text: string; names?: Names | undefined}) => (
  <>
    {text
      .split(kForPrograms)
      .map((piece, i) =>
        i % 2 === 0 ? piece && <Said key={i} text={piece} /> : <ForPrograms key={i} text={piece} names={names} />,
      )}
  </>
);

/** A link out of the page, where the address may be followed. */
export function Outside({to, children}: {to: string | undefined; children: ComponentChildren}) {
  const href = safeLink(to);
  if (!href) return null;
  return (
    <a class="outside" href={href} target="_blank" rel="noreferrer noopener">
      {children}
      <Icon name="outside" />
    </a>
  );
}

/** The last part of an identifier that people recognise: of an ARN the resource. */
export function shortName(entity: string, names: Names = {}): string {
  const name = names[entity]?.name;
  if (name) return name;
  if (!entity.startsWith('arn:')) return entity;
  const resource = entity
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^(function|db|cluster|queue|table|task-definition):/, '');
  const parts = resource.split('/');
  // Load balancers and what they lead to have an id behind their name.
  const named =
    /^(loadbalancer|targetgroup|listener)$/.test(parts[0] ?? '') && parts.length > 2 ? parts.at(-2) : parts.at(-1);
  return named || entity;
}

/** What an entity is called; its whole identifier on hover. */
export const Entity = ({id, names}: {id: string; names?: Names | undefined}) => (
  <span class="entity" title={id}>
    <Said text={shortName(id, names)} />
  </span>
);
