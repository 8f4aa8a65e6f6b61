import {signal} from '@preact/signals';
import {en} from './en.ts';
import {ja} from './ja.ts';
import type {BothLanguages} from '../api/client.ts';

export type Language = 'en' | 'ja';
export type Key = keyof typeof en;

const kKey = 'midwatch.language';
const catalogues: Record<Language, Record<Key, string>> = {en, ja};

function first(): Language {
  const kept = localStorage.getItem(kKey);
  if (kept === 'en' || kept === 'ja') return kept;
  return navigator.languages.find((l) => /^(en|ja)\b/.test(l))?.startsWith('ja') ? 'ja' : 'en';
}

/** The language of the page. */
export const language = signal<Language>(first());

export function setLanguage(value: Language): void {
  localStorage.setItem(kKey, value);
  language.value = value;
  document.documentElement.lang = value;
}

/** A sentence of the catalogue; {name} is replaced by what is given for it. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return catalogues[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

/** True for the keys that exist; for words that the server chooses. */
export const known = (key: string): key is Key => key in en;

/** The catalogue's word for a word of the API, or that word itself. */
export const word = (group: string, value: string) => {
  const key = `${group}.${value}`;
  return known(key) ? t(key) : value;
};

/** All words of a group, each with what the catalogue says for it. */
export const wordsOf = (group: string): [string, string][] =>
  (Object.keys(en) as Key[])
    .filter((key) => key.startsWith(`${group}.`))
    .map((key) => [key.slice(group.length + 1), t(key)]);

export const said = (text: BothLanguages | undefined) => text?.[language.value] ?? '';
