import {useState} from 'preact/hooks';
import {signal} from '@preact/signals';
import {api, type StartPoint} from '../api/client.ts';
import {attempt} from '../shell/notices.tsx';
import {go} from '../shell/router.ts';
import {server} from '../shell/server.ts';
import {t} from '../text/language.ts';
import {utcOfField} from '../text/time.ts';
import {Choice} from '../parts/controls.tsx';
import {Dialog} from '../parts/dialog.tsx';
import {Icon} from '../parts/icons.tsx';
import {Said} from '../parts/text.tsx';

type Kind = 'latest' | 'alarm' | 'entity' | 'question';

/** Which dialog is open. */
export const dialog = signal<'start' | 'break' | undefined>(undefined);

const close = () => (dialog.value = undefined);

export function startPoint(kind: Kind, text: string, from: string, to: string): StartPoint {
  const window = {...(from ? {from} : {}), ...(to ? {to} : {})};
  if (kind === 'latest') return {latest: true};
  if (kind === 'alarm') return {alarm: text};
  return {[kind]: text, ...window};
}

function StartDialog() {
  const [kind, setKind] = useState<Kind>('latest');
  const [text, setText] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [busy, setBusy] = useState(false);
  const spaces = server.value?.spaces ?? [];
  const [space, setSpace] = useState(spaces[0] ?? '');
  const start = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const incident = await attempt(
      api.start({
        space: space || spaces[0] || '',
        start: startPoint(kind, text.trim(), utcOfField(from) ?? '', utcOfField(to) ?? ''),
      }),
    );
    setBusy(false);
    if (!incident) return;
    dialog.value = undefined;
    go(`/incidents/${encodeURIComponent(incident.id)}`);
  };
  return (
    <Dialog title={t('start.title')} onClose={close}>
      <form onSubmit={start}>
        <Choice
          label={t('start.from')}
          value={kind}
          onChange={(k: Kind) => setKind(k)}
          options={[
            ['latest', t('start.latest')],
            ['alarm', t('start.alarm')],
            ['entity', t('start.entity')],
            ['question', t('start.question')],
          ]}
        />
        <p class="soft">{t(`start.${kind}_says`)}</p>
        {kind !== 'latest' && (
          <label class="field">
            <span>{t(`start.${kind}`)}</span>
            <input
              required
              autofocus
              value={text}
              maxLength={2000}
              onInput={(e) => setText(e.currentTarget.value)}
              placeholder={t(`start.${kind}_example`)}
            />
          </label>
        )}
        {(kind === 'entity' || kind === 'question') && (
          <div class="two">
            <label class="field">
              <span>{t('start.begin')}</span>
              <input type="datetime-local" value={from} onInput={(e) => setFrom(e.currentTarget.value)} />
            </label>
            <label class="field">
              <span>{t('start.end')}</span>
              <input type="datetime-local" value={to} onInput={(e) => setTo(e.currentTarget.value)} />
            </label>
          </div>
        )}
        {spaces.length > 1 && (
          <label class="field">
            <span>{t('space')}</span>
            <select value={space} onChange={(e) => setSpace(e.currentTarget.value)}>
              {spaces.map((s) => (
                <option key={s} value={s}>
                  {s}
                </option>
              ))}
            </select>
          </label>
        )}
        <footer>
          <button type="submit" class="button primary" disabled={busy}>
            <Icon name="search" />
            <span>{t('start.go')}</span>
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Lets something break in the sandbox and goes where one can watch. */
export async function breakWorld(world: string): Promise<void> {
  const incident = await attempt(api.breakSomething(world));
  if (!incident) return;
  dialog.value = undefined;
  go(`/incidents/${encodeURIComponent(incident.id)}`);
}

function BreakDialog() {
  const [busy, setBusy] = useState('');
  return (
    <Dialog title={t('break.title')} onClose={close}>
      <p class="soft">{t('break.says')}</p>
      <ul class="worlds">
        {(server.value?.worlds ?? []).map((w) => (
          <li key={w.name}>
            <button
              type="button"
              disabled={busy !== ''}
              onClick={async () => {
                setBusy(w.name);
                await breakWorld(w.name);
                setBusy('');
              }}
            >
              <span>
                <strong>
                  <Said text={w.title || w.name} />
                </strong>
                {w.title && (
                  <span class="soft mono">
                    <Said text={w.name} />
                  </span>
                )}
              </span>
              <Icon name={busy === w.name ? 'clock' : 'bolt'} />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

export const Dialogs = () =>
  dialog.value === 'start' ? <StartDialog /> : dialog.value === 'break' ? <BreakDialog /> : null;
