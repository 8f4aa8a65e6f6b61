import {useSignal} from '@preact/signals';
import {api, type Rehearsal, type Settings} from '../api/client.ts';
import {said, t, word} from '../text/language.ts';
import {Copy} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {Said, Time} from '../parts/text.tsx';
import {TriedHead, useTry} from './tried.tsx';

type Webhook = Settings['webhooks'][number];

/** Messages with this proof cannot be made here: their sender alone has the key. */
const kOnlyTheSenderSigns = 'sns-signature';
const kLetFire =
  'aws cloudwatch set-alarm-state --alarm-name NAME --state-value ALARM --state-reason "a test of the webhook"';

/** What a made-up alarm came to. */
function Outcome({rehearsal}: {rehearsal: Rehearsal}) {
  return (
    <p class="test-answer" role="status">
      <Icon name="check" />
      <span>
        {rehearsal.proof ? t('settings.rehearsed', {proof: rehearsal.proof}) : t('settings.rehearsed_open')}{' '}
        <strong>{word('triage', rehearsal.triage.decision)}</strong>: <Said text={said(rehearsal.triage.reason)} />{' '}
        <span class="soft">{t('settings.rehearsal_kept_nothing')}</span>
      </span>
    </p>
  );
}

/** Whether its alarms arrive, by shape and by words. */
function State({webhook}: {webhook: Webhook}) {
  const {last, refused} = webhook;
  const turnedAway = refused && (!last || refused.time > last.received);
  return (
    <>
      <div>
        <dt>{t('settings.last_received')}</dt>
        <dd>
          {last ? (
            <>
              <Icon name="check" /> <Time at={last.received} />
              {last.note && (
                <span class="soft">
                  {' '}
                  · <Said text={last.note} />
                </span>
              )}
            </>
          ) : (
            <span class="soft">{t('settings.nothing_received')}</span>
          )}
        </dd>
      </div>
      {refused && (
        <div>
          <dt>{t('settings.last_refused')}</dt>
          <dd class={turnedAway ? 'bad-text' : 'soft'}>
            <Icon name="warning" /> <Time at={refused.time} /> · <Said text={refused.why} />
          </dd>
        </div>
      )}
    </>
  );
}

function Believed({webhook}: {webhook: Webhook}) {
  if (webhook.unauthenticated) return <span class="bad-text">{t('settings.unauthenticated')}</span>;
  return (
    <>
      {webhook.proofs.join(', ')}
      <span class="soft">
        {' · '}
        {webhook.topics.length > 0
          ? t('settings.topics', {count: webhook.topics.length})
          : t('settings.secrets', {count: webhook.secrets})}
      </span>
    </>
  );
}

function WebhookCard({webhook, origin}: {webhook: Webhook; origin: string}) {
  const {busy, failure, run} = useTry();
  const outcome = useSignal<Rehearsal | undefined>(undefined);
  const test = () =>
    run(async () => {
      outcome.value = undefined;
      outcome.value = await api.testWebhook(webhook.name);
    });
  const address = origin + webhook.path;
  const onlyTheirs = webhook.proofs.includes(kOnlyTheSenderSigns);
  return (
    <section class="card">
      <TriedHead
        name={webhook.name}
        act={
          onlyTheirs
            ? undefined
            : {icon: 'play', label: t('settings.test_webhook'), disabled: busy.value, run: () => void test()}
        }
        outcome={outcome.value && <Outcome rehearsal={outcome.value} />}
        failure={failure.value}
      >
        {webhook.title} · {t('space')} <Said text={webhook.space} />
      </TriedHead>
      <dl class="rows">
        <div>
          <dt>{t('settings.address')}</dt>
          <dd class="with-copy">
            <code class="break">{address}</code>
            <Copy text={address} />
          </dd>
        </div>
        <div>
          <dt>{t('settings.believes')}</dt>
          <dd>
            <Believed webhook={webhook} />
          </dd>
        </div>
        <State webhook={webhook} />
        {onlyTheirs && (
          <div>
            <dt>{t('settings.test_webhook')}</dt>
            <dd>
              {t('settings.test_theirs')}
              <div class="command small">
                <code>{kLetFire}</code>
                <Copy text={kLetFire} />
              </div>
            </dd>
          </div>
        )}
      </dl>
      {webhook.secrets > 0 && (
        <details class="how-to">
          <summary>{t('settings.rotate')}</summary>
          <ol>
            <li>{t('settings.rotate_one')}</li>
            <li>{t('settings.rotate_two')}</li>
            <li>{t('settings.rotate_three')}</li>
          </ol>
        </details>
      )}
    </section>
  );
}

/** Who tells of alarms, and whether that works. */
export const Webhooks = ({settings}: {settings: Settings}) => (
  <section class="section" id="webhooks">
    <h2>{t('settings.webhooks')}</h2>
    <p class="soft">{settings.webhooks.length > 0 ? t('settings.webhooks_say') : t('settings.webhooks_none')}</p>
    <div class="stack">
      {settings.webhooks.map((webhook) => (
        <WebhookCard key={webhook.name} webhook={webhook} origin={settings.address || location.origin} />
      ))}
    </div>
  </section>
);
