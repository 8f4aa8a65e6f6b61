import {signal} from '@preact/signals';
import {t} from '../text/language.ts';
import {Copy} from './controls.tsx';
import {Dialog} from './dialog.tsx';
import {Said} from './text.tsx';

interface Shown {
  title: string;
  says: string;
  secret: string;
}

/** What the server tells this one time. Over every page, also that of signing in: nobody can ask for it again. */
const shown = signal<Shown | undefined>(undefined);

export const showSecret = (what: Shown) => (shown.value = what);

export function Secret() {
  const what = shown.value;
  if (!what) return null;
  const close = () => (shown.value = undefined);
  return (
    <Dialog title={what.title} onClose={close} stays>
      <p>{what.says}</p>
      <div class="command secret">
        <code>
          <Said text={what.secret} />
        </code>
        <Copy text={what.secret} />
      </div>
      <footer>
        <button type="button" class="button primary" onClick={close}>
          {t('secret.kept')}
        </button>
      </footer>
    </Dialog>
  );
}
