import {api, type Query} from '../api/client.ts';
import {language, t, word, wordsOf} from '../text/language.ts';
import {Failure} from '../parts/controls.tsx';
import {Filters, filtersInAddress, kSpaceField, type Field} from '../parts/filters.tsx';
import {useLoaded} from '../parts/load.ts';
import {Said, Time} from '../parts/text.tsx';

const kShown = 30;
const kAtOnce = 500;
const kMostPages = 20;

/** The last lines of the audit; it is read from its beginning, since it is asked by sequence. */
async function lastLines(narrowed: Query) {
  let last: Awaited<ReturnType<typeof api.audit>>['items'] = [];
  for (let page = 0, after = 0; page < kMostPages; ++page) {
    const {items} = await api.audit(after, narrowed);
    last = [...last, ...items].slice(-kShown);
    if (items.length < kAtOnce) break;
    after = items.at(-1)!.sequence;
  }
  return last.reverse();
}

const kFields: Field[] = [
  kSpaceField,
  {kind: 'text', name: 'who', label: 'filter.who'},
  {
    kind: 'choice',
    name: 'action',
    label: 'filter.action',
    options: () => wordsOf('action').sort(([, a], [, b]) => a.localeCompare(b, language.value)),
  },
  {kind: 'time', label: 'filter.happened'},
];

/** Who changed what, newest first. For admins. */
export function Audit() {
  const narrowed = filtersInAddress(kFields);
  const [loaded, again] = useLoaded(() => lastLines(narrowed), Object.values(narrowed));
  const {value: lines, error} = loaded.value;
  return (
    <section class="section" id="audit">
      <Filters fields={kFields}>
        <h2>{t('settings.audit')}</h2>
        <span class="spring" />
      </Filters>
      {error && <Failure error={error} onRetry={again} />}
      {lines?.length === 0 && <p class="soft">{t('filter.nothing')}</p>}
      <div class="card flush wide-table" hidden={!lines?.length}>
        <table class="table lines">
          <tbody>
            {lines?.map((l) => (
              <tr key={l.sequence}>
                <td class="number soft">
                  <Time at={l.time} />
                </td>
                <td class="keep">
                  <Said text={l.who} />
                </td>
                <td>
                  <Said text={word('action', l.action)} />
                </td>
                <td class="mono soft break">
                  <Said text={l.object} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
