import {useState} from 'preact/hooks';
import {api, type Judgement, type Steering} from '../api/client.ts';
import {attempt, notify} from '../shell/notices.tsx';
import {said, t} from '../text/language.ts';
import {Icon} from '../parts/icons.tsx';
import {Said} from '../parts/text.tsx';
import type {InvestigationStore} from './store.ts';

const kLongest = 2000;

/** What a person adds to the journal, for who comes next. */
export function NoteBox({store}: {store: InvestigationStore}) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Steering | undefined>(undefined);
  const send = async (sentence: string) => {
    const trimmed = sentence.trim();
    if (!trimmed || busy) return;
    setBusy(true);
    const result = await attempt(api.steer(store.id, trimmed));
    setBusy(false);
    if (!result) return;
    setAnswer(result);
    setText('');
    await attempt(store.resume());
  };
  return (
    <section class="remark" aria-label={t('note.title')}>
      {answer && (
        <p class="remark-answer" role="status">
          <Icon name="check" />
          <Said text={said(answer.answer)} />
        </p>
      )}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void send(text);
        }}
      >
        <textarea
          rows={2}
          value={text}
          maxLength={kLongest}
          placeholder={t('note.placeholder')}
          aria-label={t('note.title')}
          onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
            e.preventDefault();
            void send(text);
          }}
        />
        <button type="submit" class="button primary icon-only" disabled={busy || !text.trim()} aria-label={t('send')}>
          <Icon name="send" />
        </button>
      </form>
    </section>
  );
}

/** Whether the answer was right; the accuracy page is made of it. */
export function FeedbackBox({id}: {id: string}) {
  const [judgement, setJudgement] = useState<Judgement | undefined>(undefined);
  const [helped, setHelped] = useState<boolean | undefined>(undefined);
  const [actual, setActual] = useState('');
  const [kept, setKept] = useState(false);
  if (kept)
    return (
      <section class="card feedback" role="status">
        <Icon name="check" /> {t('feedback.thanks')}
      </section>
    );
  const save = async () => {
    if (!judgement) return;
    const body = {
      judgement,
      ...(helped === undefined ? {} : {mitigation_helped: helped}),
      ...(actual.trim() ? {actual: actual.trim()} : {}),
    };
    if (await attempt(api.feedback(id, body))) {
      setKept(true);
      notify(t('feedback.thanks'));
    }
  };
  const options: [Judgement, string][] = [
    ['right', t('feedback.right')],
    ['partly', t('feedback.partly')],
    ['wrong', t('feedback.wrong')],
  ];
  return (
    <section class="card feedback" id="feedback">
      <div class="feedback-head">
        <strong>{t('feedback.title')}</strong>
        <div class="choice" role="group" aria-label={t('feedback.title')}>
          {options.map(([value, label]) => (
            <button key={value} type="button" aria-pressed={judgement === value} onClick={() => setJudgement(value)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      {judgement && (
        <div class="feedback-more">
          <label class="check">
            <input type="checkbox" checked={helped ?? false} onChange={(e) => setHelped(e.currentTarget.checked)} />{' '}
            {t('feedback.helped')}
          </label>
          {judgement !== 'right' && (
            <label class="field">
              <span>{t('feedback.actual')}</span>
              <textarea rows={2} maxLength={4000} value={actual} onInput={(e) => setActual(e.currentTarget.value)} />
            </label>
          )}
          <button type="button" class="button primary" onClick={() => void save()}>
            {t('feedback.save')}
          </button>
        </div>
      )}
    </section>
  );
}
