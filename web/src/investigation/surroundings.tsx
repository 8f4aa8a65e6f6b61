import {useMemo} from 'preact/hooks';
import {api} from '../api/client.ts';
import type {Report} from '../api/report.ts';
import {useLoaded} from '../parts/load.ts';
import {Drawing, type Role} from '../topology/drawing.tsx';
import {around, graphOf, withPaths, type Graph} from '../topology/graph.ts';
import {t} from '../text/language.ts';

const kSteps = 2;
const kMostNodes = 36;

/** The paths that the trouble took: as reported, else along the chain. */
export function pathsOf(report: Report): string[][] {
  if (report.impact.paths.length > 0) return report.impact.paths;
  return report.root_causes
    .map((c) => c.chain.map((l) => l.entity).filter((e, i, all) => e !== all[i - 1]))
    .filter((p) => p.length > 0);
}

export function rolesOf(report: Report): Map<string, Role> {
  const roles = new Map<string, Role>(report.impact.entities.map((e) => [e, 'affected']));
  for (const path of pathsOf(report)) {
    const last = path.at(-1);
    if (last) roles.set(last, 'alarm');
  }
  for (const cause of report.root_causes) roles.set(cause.entity, 'root');
  return roles;
}

/** Who is around the incident, and which way the trouble took. */
export function Surroundings({report, space}: {report: Report; space: string}) {
  const center = report.root_causes[0]?.entity ?? report.impact.entities[0];
  const [loaded] = useLoaded(
    () => (center ? api.topology(space, center) : Promise.resolve({entities: [], relations: []})),
    [space, center],
  );
  const topology = loaded.value.value;
  const graph = useMemo<Graph>(() => {
    const paths = pathsOf(report);
    const whole = topology ? graphOf(topology) : {nodes: [], edges: []};
    return withPaths(
      around(whole, [...new Set([...paths.flat(), ...report.impact.entities])], kSteps, kMostNodes),
      paths,
    );
  }, [topology, report]);
  if (graph.nodes.length < 2) return null;
  return (
    <section class="section" id="topology">
      <div class="section-head">
        <h2>{t('topology_around')}</h2>
        <p class="legend">
          <span>
            <i class="l-root" />
            {t('role.root')}
          </span>
          <span>
            <i class="l-affected" />
            {t('role.affected')}
          </span>
          <span>
            <i class="l-path" />
            {t('propagation')}
          </span>
        </p>
      </div>
      <div class="card flush">
        <Drawing graph={graph} roles={rolesOf(report)} paths={pathsOf(report)} names={report.names} />
      </div>
    </section>
  );
}
