/** A probability for people: neither certainty nor impossibility is ever claimed. */
export function percent(probability: number): string {
  const value = probability * 100;
  if (value > 99 && value < 100) return '>99%';
  if (value > 0 && value < 1) return '<1%';
  return `${Math.round(value)}%`;
}

/** A measured value, short: 1.25, 98.7, 1.2 k, 3.4 M. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)}G`;
  if (size >= 1e6) return `${trim(value / 1e6)}M`;
  if (size >= 1e4) return `${trim(value / 1e3)}k`;
  return trim(value);
}

const trim = (value: number) => String(Number(value.toPrecision(3)));

/** A value with its unit; seconds become milliseconds where they are few. */
export function withUnit(value: number, unit: string): string {
  if (unit === 's' && Math.abs(value) < 1 && value !== 0) return `${short(value * 1000)} ms`;
  if (unit === '%') return `${short(value)}%`;
  if (unit === '' || unit === '1') return short(value);
  if (unit === 'By') {
    const step = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)));
    return `${short(value / 2 ** (10 * step))} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][step]}`;
  }
  return `${short(value)} ${unit}`;
}

export const counted = (value: number) => value.toLocaleString('en-US');
