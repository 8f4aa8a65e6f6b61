import {useEffect, useMemo} from 'preact/hooks';
import {api} from '../api/client.ts';
import {query, setQuery} from '../shell/router.ts';
import {server} from '../shell/server.ts';
import {chosenSpace, SpaceChoice} from '../shell/space.tsx';
import {t, word} from '../text/language.ts';
import {Empty, Failure, Waiting} from '../parts/controls.tsx';
import {Icon} from '../parts/icons.tsx';
import {useLoaded} from '../parts/load.ts';
import {Said, shortName} from '../parts/text.tsx';
import {Drawing, typeName, type Role} from './drawing.tsx';
import {around, graphOf, kLayers, layerOf, withoutLayers, type Graph} from './graph.ts';

/** More than this is not readable as a drawing: then what is around one entity is drawn. */
const kDrawn = 80;
const kSteps = 2;
const kListed = 200;

/** Which relations are drawn; the address says which are not. */
function Layers({graph, hidden}: {graph: Graph; hidden: Set<string>}) {
  const counts = new Map<string, number>();
  for (const e of graph.edges) counts.set(layerOf(e.kind), (counts.get(layerOf(e.kind)) ?? 0) + 1);
  const there = kLayers.filter((layer) => counts.has(layer));
  if (there.length < 2) return null;
  const toggle = (layer: string) => {
    const next = new Set(hidden);
    if (!next.delete(layer)) next.add(layer);
    setQuery({without: [...next].sort().join(',') || undefined});
  };
  return (
    <div class="chips layers" role="group" aria-label={t('layers')}>
      {there.map((layer) => (
        <button key={layer} type="button" class="chip" aria-pressed={!hidden.has(layer)} onClick={() => toggle(layer)}>
          {t(`layer.${layer}`)} <span class="count">{counts.get(layer)}</span>
        </button>
      ))}
    </div>
  );
}

/** The map of a space: who exists, and who depends on whom. */
export function TopologyPage() {
  const space = chosenSpace();
  const [loaded, again] = useLoaded(() => (space ? api.topology(space) : Promise.resolve(undefined)), [space]);
  const words = query.value.get('words') ?? '';
  const chosen = query.value.get('entity') ?? '';
  useEffect(() => {
    document.title = `${t('topology')} · Midwatch`;
  });
  const {value, error} = loaded.value;
  const whole = useMemo(() => (value ? graphOf(value) : {nodes: [], edges: []}), [value]);
  const without = query.value.get('without') ?? '';
  const hidden = useMemo(() => new Set(without.split(',').filter(Boolean)), [without]);
  const graph = useMemo(() => withoutLayers(whole, hidden), [whole, hidden]);
  const joined = useMemo(() => new Set(graph.edges.flatMap((e) => [e.from, e.to])), [graph]);
  const center = chosen || (graph.nodes.length > kDrawn ? (graph.nodes.find((n) => joined.has(n.id))?.id ?? '') : '');
  const drawn = useMemo(
    () =>
      center
        ? around(graph, [center], kSteps, kDrawn)
        : {nodes: graph.nodes.filter((n) => joined.has(n.id)), edges: graph.edges},
    [graph, center],
  );
  const needle = words.toLowerCase();
  const found = graph.nodes.filter((n) => !needle || `${n.id} ${n.name} ${n.type}`.toLowerCase().includes(needle));
  const detail = graph.nodes.find((n) => n.id === chosen);
  return (
    <div class="page">
      <header class="page-head">
        <div class="head-row">
          <div class="head-title">
            <h1>{t('topology')}</h1>
            <p class="head-meta soft">{t('topology_says', {nodes: graph.nodes.length, edges: graph.edges.length})}</p>
          </div>
          <div class="actions">
            <SpaceChoice />
          </div>
        </div>
      </header>
      {error && <Failure error={error} onRetry={again} />}
      {!value && !error && server.value && space && <Waiting lines={6} />}
      {value && graph.nodes.length === 0 && <Empty title={t('topology_none')} />}
      {graph.nodes.length > 0 && (
        <div class="map">
          <div class="card flush">
            <Layers graph={whole} hidden={hidden} />
            {center && drawn.nodes.length < joined.size && (
              <p class="map-note soft">
                {t('topology_part', {count: drawn.nodes.length, all: joined.size})}{' '}
                <strong>
                  <Said text={graph.nodes.find((n) => n.id === center)?.name || shortName(center)} />
                </strong>
              </p>
            )}
            <Drawing
              graph={drawn}
              roles={new Map<string, Role>()}
              paths={[]}
              chosen={chosen}
              onChoose={(id) => setQuery({entity: id}, false)}
            />
          </div>
          <aside class="map-side">
            <label class="search">
              <Icon name="search" />
              <input
                type="search"
                value={words}
                placeholder={t('topology_search')}
                aria-label={t('topology_search')}
                onInput={(e) => setQuery({words: e.currentTarget.value})}
              />
            </label>
            {detail && (
              <div class="card detail">
                <strong>
                  <Said text={detail.name || shortName(detail.id)} />
                </strong>
                <p class="soft break mono">
                  <Said text={detail.id} />
                </p>
                <ul>
                  {graph.edges
                    .filter((e) => e.from === detail.id || e.to === detail.id)
                    .slice(0, 40)
                    .map((e, i) => {
                      const other = e.from === detail.id ? e.to : e.from;
                      return (
                        <li key={i}>
                          <span class="soft">
                            {e.from === detail.id ? '→' : '←'} {word('relation', e.kind)}
                          </span>{' '}
                          <button type="button" class="link" onClick={() => setQuery({entity: other}, false)}>
                            <Said text={shortName(other)} />
                          </button>
                        </li>
                      );
                    })}
                </ul>
                <button type="button" class="link" onClick={() => setQuery({entity: undefined}, false)}>
                  {t('show_whole')}
                </button>
              </div>
            )}
            <ul class="entity-list">
              {found.slice(0, kListed).map((n) => (
                <li key={n.id}>
                  <button type="button" aria-pressed={n.id === chosen} onClick={() => setQuery({entity: n.id}, false)}>
                    <span>
                      <Said text={n.name || shortName(n.id)} />
                    </span>
                    <span class="soft">
                      <Said text={typeName(n.type)} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </aside>
        </div>
      )}
    </div>
  );
}
