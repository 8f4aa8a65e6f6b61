import {t} from '../text/language.ts';
import {query, setQuery} from './router.ts';
import {server} from './server.ts';

/** The space that a page is about: the address says it, else the first one. */
export const chosenSpace = (): string | undefined => query.value.get('space') ?? server.value?.spaces[0];

export function SpaceChoice() {
  const spaces = server.value?.spaces ?? [];
  if (spaces.length < 2) return null;
  return (
    <label class="select">
      <span class="off-screen">{t('space')}</span>
      <select value={chosenSpace()} onChange={(e) => setQuery({space: e.currentTarget.value})}>
        {spaces.map((s) => (
          <option key={s} value={s}>
            {s}
          </option>
        ))}
      </select>
    </label>
  );
}
