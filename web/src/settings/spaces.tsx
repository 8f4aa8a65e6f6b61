import type {Settings} from '../api/client.ts';
import {t, word} from '../text/language.ts';
import {duration} from '../text/time.ts';
import {Said} from '../parts/text.tsx';

type Space = Settings['spaces'][number];

/** What a rule keeps out, in words. */
function Rule({rule}: {rule: Space['skip'][number]}) {
  const parts: [string, string][] = [
    ...(rule.alarm ? [[t('alarm'), rule.alarm] as [string, string]] : []),
    ...(rule.entity ? [[t('entity'), rule.entity] as [string, string]] : []),
  ];
  return (
    <li>
      <div>
        {parts.map(([label, pattern]) => (
          <span key={label}>
            {label}{' '}
            <code>
              <Said text={pattern} />
            </code>{' '}
          </span>
        ))}
        {rule.at_most && t('settings.at_most', {severity: word('severity', rule.at_most)})}
      </div>
      <p class="soft">
        <Said text={rule.reason} />
      </p>
    </li>
  );
}

function SpaceCard({space}: {space: Space}) {
  const kept = [
    space.keep_s ? duration(space.keep_s * 1000) : t('settings.keep_forever'),
    ...(space.keep_megabytes
      ? [t('settings.keep_megabytes', {count: space.keep_megabytes.toLocaleString('en-US')})]
      : []),
  ].join(' · ');
  return (
    <section class="card">
      <h3 class="mono">
        <Said text={space.name} />
      </h3>
      <dl class="rows">
        <div>
          <dt>{t('settings.limits')}</dt>
          <dd>
            {t('settings.limits_are', {
              time: duration(space.deadline_s * 1000),
              calls: space.calls,
              count: space.at_once,
            })}
          </dd>
        </div>
        <div>
          <dt>{t('settings.keep')}</dt>
          <dd>{kept}</dd>
        </div>
        <div>
          <dt>{t('settings.reads')}</dt>
          <dd class="break">
            {space.file ? (
              <code>
                <Said text={space.file} />
              </code>
            ) : (
              t('settings.reads_own')
            )}
          </dd>
        </div>
        <div>
          <dt>{t('settings.polling')}</dt>
          <dd>
            {space.polling ? (
              <>
                {t('settings.polls', {time: duration(space.polling.every_s * 1000)})}{' '}
                {space.polling.alarms.length === 0
                  ? t('settings.polls_all')
                  : space.polling.alarms.map((pattern) => (
                      <code key={pattern}>
                        <Said text={pattern} />{' '}
                      </code>
                    ))}
              </>
            ) : (
              t('settings.polls_not')
            )}
          </dd>
        </div>
        <div>
          <dt>{t('settings.skip')}</dt>
          <dd>
            {space.skip.length === 0 ? (
              t('settings.skip_none')
            ) : (
              <ul class="skip-rules">
                {space.skip.map((rule) => (
                  <Rule key={rule.name} rule={rule} />
                ))}
              </ul>
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

/** What each space may read and use up, and which alarms it leaves alone. */
export const Spaces = ({settings}: {settings: Settings}) => (
  <section class="section" id="spaces">
    <h2>{t('settings.spaces')}</h2>
    {settings.spaces.length === 0 && <p class="soft">{t('settings.spaces_none')}</p>}
    <div class="stack">
      {settings.spaces.map((space) => (
        <SpaceCard key={space.name} space={space} />
      ))}
    </div>
  </section>
);
