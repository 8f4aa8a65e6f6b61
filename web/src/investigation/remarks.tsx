import {useRef, useState} from 'preact/hooks';
import {api, type Judgement} from '../api/client.ts';
import type {Hypothesis, Report} from '../api/report.ts';
import {attempt, notify} from '../shell/notices.tsx';
import {said, t} from '../text/language.ts';
import {Icon} from '../parts/icons.tsx';
import {Sentence} from '../parts/text.tsx';
import {visible} from '../text/visible.ts';
import type {InvestigationStore} from './store.ts';

const kLongest = 2000;

const kMinute = 60_000;
/** What is offered first is to look so much further back. */
const kFurtherBack = 30 * kMinute;

const clock = (time: number) => new Date(time).toISOString().slice(11, 16);

/** A sentence about another time, to be corrected by hand. */
export function windowSentence(report: Report): string | undefined {
  if (!report.window) return undefined;
  const from = clock(Date.parse(report.window.start) - kFurtherBack);
  return t('steer.say_window', {from, to: clock(Date.parse(report.window.end))});
}

/** What may be said, as buttons: each sends a sentence that could have been written as well. */
function Suggestions({
  report,
  busy,
  onSay,
  onPropose,
}: {
  report: Report;
  busy: boolean;
  onSay: (sentence: string, about?: Hypothesis) => void;
  onPropose: (sentence: string) => void;
}) {
  const open = report.hypotheses.filter((h) => h.status !== 'refuted');
  const leading = report.outcome === 'nothing_wrong' ? undefined : open[0];
  const window = windowSentence(report);
  const chip = (label: string, onClick: () => void, title?: string) => (
    <button type="button" class="chip" disabled={busy} title={title} onClick={onClick}>
      {label}
    </button>
  );
  return (
    <div class="chips" role="group" aria-label={t('steer.suggestions')}>
      {leading && chip(t('steer.rule_out'), () => onSay(t('steer.say_rule_out'), leading), visible(leading.title))}
      {chip(t('steer.other_causes'), () => onSay(t('steer.say_other_causes')))}
      {window && chip(t('steer.window'), () => onPropose(window))}
      {chip(t('steer.read_code'), () => onSay(t('steer.say_read_code')))}
      {open.some((h) => h.change) && chip(t('steer.planned_change'), () => onSay(t('steer.say_planned_change')))}
    </div>
  );
}

/** What came of the last sentence: how it was understood, then what it changed. */
function Told({store}: {store: InvestigationStore}) {
  const told = store.told.value;
  if (!told) return null;
  const reply = store.reply.value;
  const waits = told.understood && !reply && store.running.value;
  return (
    <div class={`remark-answer${told.understood ? '' : ' unclear'}`} role="status">
      <Icon name={reply ? 'scales' : told.understood ? 'check' : 'ask'} />
      <div>
        <p class={reply ? 'soft' : ''}>
          <Sentence text={said(told.answer)} />
        </p>
        {reply && (
          <p>
            <Sentence text={said(reply.what)} />
          </p>
        )}
        {waits && (
          <p class="soft">
            <span class="dot live" /> {t('steer.waits')}
          </p>
        )}
      </div>
    </div>
  );
}

/** Where a person tells the investigation something; what is not understood is kept as a note. */
export function SteeringBox({store}: {store: InvestigationStore}) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const report = store.report.value;
  const send = async (sentence: string, about?: Hypothesis) => {
    const trimmed = sentence.trim();
    if (!trimmed || busy) return;
    setBusy(true);
    const sent = await attempt(store.say(trimmed, about).then(() => true));
    setBusy(false);
    if (sent && !about) setText('');
  };
  const propose = (sentence: string) => {
    setText(sentence);
    box.current?.focus();
  };
  return (
    <section class="remark" aria-label={t('steer.title')}>
      <Told store={store} />
      {report && <Suggestions report={report} busy={busy} onSay={(s, h) => void send(s, h)} onPropose={propose} />}
      <form
        onSubmit={(e) => {
          e.preventDefault();
          void send(text);
        }}
      >
        <textarea
          ref={box}
          rows={2}
          value={text}
          maxLength={kLongest}
          placeholder={t('steer.placeholder')}
          aria-label={t('steer.title')}
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
