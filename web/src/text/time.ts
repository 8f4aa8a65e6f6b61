import {language} from './language.ts';

const kMinute = 60_000;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const full = `${language.value} ${key}`;
  let found = formats.get(full);
  if (!found) {
    found = new Intl.DateTimeFormat(language.value === 'ja' ? 'ja-JP' : 'en-GB', options);
    formats.set(full, found);
  }
  return found;
}

const clock = {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'} as const;

/** A time of the day, in the viewer's zone. */
export const clockTime = (time: Date) => format('clock', clock).format(time);

/** Day and time, in the viewer's zone; the year only where it is another one. */
export function dayAndTime(time: Date, now = new Date(), withSeconds = false): string {
  const year = time.getFullYear() !== now.getFullYear();
  return format(`day ${year} ${withSeconds}`, {
    ...clock,
    ...(withSeconds ? {} : {second: undefined}),
    day: 'numeric',
    month: 'short',
    ...(year ? {year: 'numeric'} : {}),
  }).format(time);
}

/** In UTC, to the second: 2026-01-05 02:06:00 UTC. */
export const utc = (time: Date) =>
  time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');

/** What a field for a local time holds of a time; empty where it is none. */
export function localField(time: string): string {
  const at = new Date(time);
  if (!time || Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * kMinute).toISOString().slice(0, 16);
}

/** The local time of a field as RFC 3339 in UTC; nothing where it holds none. */
export const utcOfField = (local: string) => (local ? new Date(local).toISOString() : undefined);

/** A length of time in its two largest units: 3 h 20 min. */
export function duration(milliseconds: number): string {
  const japanese = language.value === 'ja';
  const units: [number, string][] = japanese
    ? [
        [kDay, '日'],
        [kHour, '時間'],
        [kMinute, '分'],
        [1000, '秒'],
      ]
    : [
        [kDay, ' d'],
        [kHour, ' h'],
        [kMinute, ' min'],
        [1000, ' s'],
      ];
  let rest = Math.max(0, milliseconds);
  if (rest < 1000) return japanese ? `${Math.round(rest)} ミリ秒` : `${Math.round(rest)} ms`;
  const parts: string[] = [];
  const first = units.findIndex(([size]) => rest >= size);
  for (const [size, unit] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.join(japanese ? '' : ' ');
}

/** How long ago, in one unit. */
export function age(time: Date, now: Date): string {
  const passed = Math.max(0, now.getTime() - time.getTime());
  const [size, unit]: [number, Intl.RelativeTimeFormatUnit] =
    passed >= kDay
      ? [kDay, 'day']
      : passed >= kHour
        ? [kHour, 'hour']
        : passed >= kMinute
          ? [kMinute, 'minute']
          : [1000, 'second'];
  return new Intl.RelativeTimeFormat(language.value === 'ja' ? 'ja' : 'en', {style: 'short', numeric: 'auto'}).format(
    -Math.floor(passed / size),
    unit,
  );
}
