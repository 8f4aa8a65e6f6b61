import {useSignal} from '@preact/signals';
import {useEffect} from 'preact/hooks';
import {api, type Notification, type Settings} from '../api/client.ts';
import {t, word} from '../text/language.ts';
import {Icon} from '../parts/icons.tsx';
import {Said, Time} from '../parts/text.tsx';
import {TriedHead, useTry} from './tried.tsx';

type Target = Settings['targets'][number];

const kLook = 700;
/** After so many looks a person looks again by hand: tries go on for half an hour. */
const kMostLooks = 60;

const isOver = (message: Notification) => message.state !== 'waiting' && message.state !== 'sending';

/** What became of a message. */
function Message({message}: {message: Notification}) {
  const fine = message.state === 'sent';
  return (
    <span class={fine || !isOver(message) ? '' : 'bad-text'}>
      <Icon name={fine ? 'check' : isOver(message) ? 'warning' : 'clock'} /> {word('delivery', message.state)}{' '}
      <Time at={message.ended ?? message.created} />
      {message.attempts > 1 && <span class="soft"> · {t('settings.attempts', {count: message.attempts})}</span>}
      {message.reason && !fine && (
        <span>
          {' · '}
          <Said text={message.reason} />
        </span>
      )}
    </span>
  );
}

function TargetCard({target}: {target: Target}) {
  const test = useSignal<Notification | undefined>(undefined);
  const {failure, run} = useTry();
  const sent = test.value;
  useEffect(() => {
    if (!sent || isOver(sent)) return undefined;
    let looks = 0;
    const timer = setInterval(async () => {
      looks += 1;
      const items = (await api.notifications(target.name).catch(() => undefined))?.items ?? [];
      const now = items.find((m) => m.id === sent.id);
      if (now) test.value = now;
      if ((now && isOver(now)) || looks >= kMostLooks) clearInterval(timer);
    }, kLook);
    return () => clearInterval(timer);
  }, [sent?.id]);
  return (
    <section class="card">
      <TriedHead
        name={target.name}
        act={{
          icon: 'send',
          label: t('settings.test_target'),
          disabled: sent !== undefined && !isOver(sent),
          run: () => void run(async () => void (test.value = await api.testTarget(target.name))),
        }}
        outcome={
          sent && (
            <p class="test-answer" role="status">
              <span>
                {t('settings.test_message')} <Message message={sent} />
              </span>
            </p>
          )
        }
        failure={failure.value}
      >
        {target.kind}
        {target.where && (
          <>
            {' · '}
            <Said text={target.where} />
          </>
        )}
      </TriedHead>
      <dl class="rows">
        <div>
          <dt>{t('settings.hears')}</dt>
          <dd>
            {target.events.map((e) => word('event', e)).join(', ')}
            <span class="soft">
              {' · '}
              {target.spaces.length > 0 ? target.spaces.join(', ') : t('settings.all_spaces')}
              {' · '}
              {target.language === 'ja' ? '日本語' : 'English'}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('settings.last_message')}</dt>
          <dd>
            {target.last ? <Message message={target.last} /> : <span class="soft">{t('settings.no_message')}</span>}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** Who is told of incidents, and whether that arrives. */
export const Targets = ({settings}: {settings: Settings}) => (
  <section class="section" id="targets">
    <h2>{t('settings.targets')}</h2>
    {settings.targets.length === 0 && <p class="soft">{t('settings.targets_none')}</p>}
    <div class="stack">
      {settings.targets.map((target) => (
        <TargetCard key={target.name} target={target} />
      ))}
    </div>
  </section>
);
