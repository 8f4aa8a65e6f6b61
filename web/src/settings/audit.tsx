import {api} from '../api/client.ts';
import {t, word} from '../text/language.ts';
import {useLoaded} from '../parts/load.ts';
import {Said, Time} from '../parts/text.tsx';

const kShown = 30;
const kAtOnce = 500;
const kMostPages = 20;

/** The last lines of the audit; it is read from its beginning, since it is asked by sequence. */
async function lastLines() {
  let last: Awaited<ReturnType<typeof api.audit>>['items'] = [];
  for (let page = 0, after = 0; page < kMostPages; ++page) {
    const {items} = await api.audit(after);
    last = [...last, ...items].slice(-kShown);
    if (items.length < kAtOnce) break;
    after = items.at(-1)!.sequence;
  }
  return last.reverse();
}

/** Who changed what, newest first. For admins. */
export function Audit() {
  const [loaded] = useLoaded(lastLines, []);
  const lines = loaded.value.value;
  if (!lines || lines.length === 0) return null;
  return (
    <section class="section">
      <h2>{t('settings.audit')}</h2>
      <div class="card flush wide-table">
        <table class="table">
          <tbody>
            {lines.map((l) => (
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
