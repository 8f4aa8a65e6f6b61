import {useEffect, useRef, useState} from 'preact/hooks';
import {t, word} from '../text/language.ts';
import {visible} from '../text/visible.ts';
import {Menu} from '../parts/controls.tsx';
import {shortName} from '../parts/text.tsx';
import {save} from '../investigation/export.ts';
import {kNodeHeight, kNodeWidth, mermaid, place, type Graph, type Layout} from './graph.ts';

/** What a node is in an incident. */
export type Role = 'root' | 'affected' | 'alarm' | '';

/** A drawing shrinks to the room that it has, but not below this share; then it is scrolled. */
const kSmallest = 0.62;
/** So many letters fit into a node; a character of Japanese takes the room of nearly two. */
const kLongestName = 20;
const kWide = 1.8;
const room = (character: string) => (character > '\u2e7f' ? kWide : 1);

/** A name as it fits into a node. */
export function cut(text: string): string {
  let used = 0;
  const characters = [...text];
  const end = characters.findIndex((c) => (used += room(c)) > kLongestName);
  return end < 0 ? text : characters.slice(0, end - 1).join('') + '…';
}

/** The type without the provider's prefix: AWS::ECS::Service becomes ECS Service. */
export const typeName = (type: string) =>
  type
    .replace(/^AWS::/, '')
    .replaceAll('::', ' ')
    .replace('ElasticLoadBalancingV2', 'ELB');

const line = (points: {x: number; y: number}[]) =>
  points.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('');

/** The drawing as a picture of its own: what the style sheet says is written into it. */
function toPng(svg: SVGSVGElement, name: string): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i]!);
    for (const property of [
      'fill',
      'stroke',
      'stroke-width',
      'stroke-dasharray',
      'font-size',
      'font-family',
      'font-weight',
    ])
      element.setAttribute(property, style.getPropertyValue(property));
  });
  const [, , width = 1, height = 1] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => blob && save(blob, `${name}.png`));
  };
  picture.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(new XMLSerializer().serializeToString(copy));
}

/** A map of entities: who depends on whom, and the way that the trouble took. */
export function Drawing({
  graph,
  roles,
  paths,
  names,
  onChoose,
  chosen,
}: {
  graph: Graph;
  roles: Map<string, Role>;
  paths: string[][];
  names?: Record<string, {name: string; type: string}> | undefined;
  onChoose?: (id: string) => void;
  chosen?: string | undefined;
}) {
  const [layout, setLayout] = useState<Layout | undefined>(undefined);
  const box = useRef<HTMLDivElement>(null);
  const key = graph.nodes.map((n) => n.id).join('\n') + graph.edges.length;
  useEffect(() => {
    let current = true;
    const narrow = (box.current?.clientWidth ?? 1000) < 560;
    void place(graph, narrow ? 'TB' : 'LR').then((l) => current && setLayout(l));
    return () => {
      current = false;
    };
  }, [key]);
  const steps = new Set(paths.flatMap((p) => p.slice(1).map((id, i) => `${p[i]}\n${id}`)));
  const name = (id: string, own: string) => visible(own || shortName(id, names));
  return (
    <div class="drawing" ref={box}>
      {layout && (
        <div class="drawing-scroll" tabIndex={0} role="group" aria-label={t('topology')}>
          <svg
            viewBox={`0 0 ${Math.ceil(layout.width)} ${Math.ceil(layout.height)}`}
            width={Math.ceil(layout.width)}
            height={Math.ceil(layout.height)}
            style={{minWidth: `${Math.ceil(layout.width * kSmallest)}px`}}
            role="img"
            aria-label={t('topology_says', {nodes: layout.nodes.length, edges: layout.edges.length})}
          >
            <defs>
              <marker
                id="arrow"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto-start-reverse"
              >
                <path class="arrow" d="M1 1 7 4 1 7" />
              </marker>
              <marker
                id="arrow-path"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="6"
                markerHeight="6"
                orient="auto-start-reverse"
              >
                <path class="arrow-path" d="M0 0 8 4 0 8Z" />
              </marker>
            </defs>
            {layout.edges.map((e, i) => {
              // The trouble went from whom is depended on to who depends.
              const spread = steps.has(`${e.to}\n${e.from}`) ? 'back' : steps.has(`${e.from}\n${e.to}`) ? 'forth' : '';
              return (
                <path
                  key={i}
                  class={spread ? 'edge on-path' : 'edge'}
                  d={line(e.points)}
                  {...(spread === 'back'
                    ? {'marker-start': 'url(#arrow-path)'}
                    : {'marker-end': spread ? 'url(#arrow-path)' : 'url(#arrow)'})}
                >
                  <title>{`${name(e.from, '')} ${word('relation', e.kind)} ${name(e.to, '')}`}</title>
                </path>
              );
            })}
            {layout.nodes.map((n) => {
              const role = roles.get(n.id) ?? '';
              return (
                <g
                  key={n.id}
                  class={`node ${role} ${chosen === n.id ? 'chosen' : ''}`}
                  transform={`translate(${n.x - kNodeWidth / 2} ${n.y - kNodeHeight / 2})`}
                  {...(onChoose ? {onClick: () => onChoose(n.id), cursor: 'pointer'} : {})}
                >
                  <title>{visible(n.id)}</title>
                  <rect width={kNodeWidth} height={kNodeHeight} rx="8" />
                  {role && <circle class="node-role" cx="14" cy="16" r="4" />}
                  <text class="node-name" x={role ? 25 : 12} y="20">
                    {cut(name(n.id, n.name))}
                  </text>
                  <text class="node-type" x="12" y="35">
                    {role && role !== 'affected'
                      ? word('role', role)
                      : cut(visible(typeName(n.type || names?.[n.id]?.type || '')))}
                  </text>
                </g>
              );
            })}
          </svg>
        </div>
      )}
      <div class="drawing-foot">
        <Menu label={t('export')} icon="download">
          <button type="button" onClick={() => save(new Blob([mermaid(graph)], {type: 'text/plain'}), 'topology.mmd')}>
            Mermaid
          </button>
          <button
            type="button"
            onClick={() =>
              save(new Blob([JSON.stringify(graph, null, 1)], {type: 'application/json'}), 'topology.json')
            }
          >
            JSON
          </button>
          <button
            type="button"
            onClick={() => {
              const svg = box.current?.querySelector('svg[viewBox][role=img]');
              if (svg) toPng(svg as SVGSVGElement, 'topology');
            }}
          >
            PNG
          </button>
        </Menu>
      </div>
    </div>
  );
}
