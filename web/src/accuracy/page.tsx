import {useEffect} from 'preact/hooks';
import {api, type Accuracy} from '../api/client.ts';
import {t} from '../text/language.ts';
import {percent} from '../text/number.ts';
import {Empty, Failure, Waiting} from '../parts/controls.tsx';
import {useLoaded} from '../parts/load.ts';

const share = (part: number, all: number) => (all > 0 ? part / all : 0);

function Figure({label, value, note}: {label: string; value: string; note?: string}) {
  return (
    <div class="figure card">
      <span class="soft">{label}</span>
      <strong class="number">{value}</strong>
      {note && <span class="soft">{note}</span>}
    </div>
  );
}

/** Said probability against how often it was right: on the line, a claim means what it says. */
function Calibration({accuracy}: {accuracy: Accuracy}) {
  const size = 220;
  const bins = accuracy.calibration.filter((b) => b.judged > 0);
  const most = Math.max(1, ...bins.map((b) => b.judged));
  return (
    <figure class="card calibration">
      <figcaption>
        <h2>{t('accuracy.calibration')}</h2>
        <p class="soft">{t('accuracy.calibration_says')}</p>
      </figcaption>
      <svg
        viewBox={`-34 -14 ${size + 52} ${size + 48}`}
        role="img"
        aria-label={bins.map((b) => `${percent(b.from)}–${percent(b.to)}: ${b.right}/${b.judged}`).join(', ')}
      >
        {[0, 0.25, 0.5, 0.75, 1].map((x) => (
          <g key={x}>
            <line class="grid" x1="0" x2={size} y1={size * (1 - x)} y2={size * (1 - x)} />
            <text class="tick" x="-6" y={size * (1 - x) + 4} text-anchor="end">
              {Math.round(x * 100)}
            </text>
            <text class="tick" x={size * x} y={size + 16} text-anchor="middle">
              {Math.round(x * 100)}
            </text>
          </g>
        ))}
        <line class="ideal" x1="0" y1={size} x2={size} y2="0" />
        {bins.map((b) => (
          <circle
            key={b.from}
            class="point"
            cx={((b.from + b.to) / 2) * size}
            cy={(1 - share(b.right, b.judged)) * size}
            r={4 + 6 * Math.sqrt(b.judged / most)}
          >
            <title>{`${percent(b.from)}–${percent(b.to)}: ${b.right}/${b.judged}`}</title>
          </circle>
        ))}
        <text class="tick" x={size / 2} y={size + 30} text-anchor="middle">
          {t('accuracy.said')}
        </text>
      </svg>
    </figure>
  );
}

export function AccuracyPage() {
  const [loaded, again] = useLoaded(() => api.accuracy(), []);
  useEffect(() => {
    document.title = `${t('accuracy')} · Midwatch`;
  });
  const {value, error} = loaded.value;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t('accuracy')}</h1>
        <p class="head-meta soft">{t('accuracy.says')}</p>
      </header>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && <Waiting />}
      {value && value.judged === 0 && (
        <Empty title={t('accuracy.none')}>
          <p>{t('accuracy.none_says', {answers: value.answers})}</p>
        </Empty>
      )}
      {value && value.judged > 0 && (
        <>
          <div class="figures">
            <Figure
              label={t('accuracy.right')}
              value={percent(share(value.right, value.judged))}
              note={`${value.right} / ${value.judged}`}
            />
            <Figure
              label={t('accuracy.partly')}
              value={percent(share(value.partly, value.judged))}
              note={`${value.partly} / ${value.judged}`}
            />
            <Figure
              label={t('accuracy.wrong')}
              value={percent(share(value.wrong, value.judged))}
              note={`${value.wrong} / ${value.judged}`}
            />
            <Figure
              label={t('accuracy.judged')}
              value={percent(share(value.judged, value.answers))}
              note={`${value.judged} / ${value.answers}`}
            />
          </div>
          <div class="two-columns">
            <Calibration accuracy={value} />
            <section class="card">
              <h2>{t('accuracy.by_mode')}</h2>
              <table class="table">
                <thead>
                  <tr>
                    <th>{t('mode')}</th>
                    <th class="right">{t('accuracy.judged')}</th>
                    <th class="right">{t('accuracy.right')}</th>
                    <th>
                      <span class="off-screen">{t('accuracy.share')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {value.modes.map((m) => (
                    <tr key={m.mode}>
                      <td>
                        <a href={`/knowledge/${encodeURIComponent(m.mode)}`} class="mono">
                          {m.mode}
                        </a>
                      </td>
                      <td class="right number">{m.judged}</td>
                      <td class="right number">{percent(share(m.right, m.judged))}</td>
                      <td class="bar-cell">
                        <span class="bar" aria-hidden="true">
                          <span style={{width: `${share(m.right, m.judged) * 100}%`}} />
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          </div>
        </>
      )}
    </div>
  );
}
