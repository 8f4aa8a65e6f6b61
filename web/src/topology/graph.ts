import type {Topology} from '../api/client.ts';

export interface Node {
  id: string;
  name: string;
  type: string;
}
export interface Edge {
  from: string;
  to: string;
  kind: string;
}
export interface Graph {
  nodes: Node[];
  edges: Edge[];
}

/** Where the parts of a drawing lie. */
export interface Layout {
  width: number;
  height: number;
  nodes: (Node & {x: number; y: number})[];
  edges: (Edge & {points: {x: number; y: number}[]})[];
}

export const kNodeWidth = 168;
export const kNodeHeight = 44;

/** What kind of thing an identifier of AWS is of, where nobody said more: its service. */
const typeOf = (id: string) => (id.startsWith('arn:') ? (id.split(':')[2] ?? '').toUpperCase() : '');

export function graphOf(topology: Topology): Graph {
  const nodes = new Map<string, Node>();
  for (const e of topology.entities)
    nodes.set(e.id, {id: e.id, name: e.name ?? '', type: e.type || e.kind || typeOf(e.id)});
  const edges = topology.relations.map((r) => ({from: r.from, to: r.to, kind: r.type ?? r.kind ?? ''}));
  for (const e of edges)
    for (const id of [e.from, e.to]) if (!nodes.has(id)) nodes.set(id, {id, name: '', type: typeOf(id)});
  return {nodes: [...nodes.values()], edges};
}

/** What a relation is about; what is none of these is in the last layer. */
export const kLayers = ['traffic', 'runtime', 'access', 'other'] as const;
export type Layer = (typeof kLayers)[number];
const kLayerOf: Record<string, Layer> = {
  calls: 'traffic',
  routes_to: 'traffic',
  reads_from: 'traffic',
  writes_to: 'traffic',
  runs_on: 'runtime',
  contains: 'runtime',
  deployed_by: 'runtime',
  reads_secret: 'access',
  reads_config: 'access',
  assumes_role: 'access',
};
export const layerOf = (kind: string): Layer => kLayerOf[kind] ?? 'other';

/** The graph without the relations of some layers. */
export const withoutLayers = (graph: Graph, hidden: Set<string>): Graph =>
  hidden.size === 0 ? graph : {nodes: graph.nodes, edges: graph.edges.filter((e) => !hidden.has(layerOf(e.kind)))};

/** The part of a graph that lies at most `steps` from some nodes, nearest first, at most `most` nodes. */
export function around(graph: Graph, centers: string[], steps: number, most: number): Graph {
  const next = new Map<string, string[]>();
  const join = (a: string, b: string) => next.set(a, [...(next.get(a) ?? []), b]);
  for (const e of graph.edges) {
    join(e.from, e.to);
    join(e.to, e.from);
  }
  const known = new Set(graph.nodes.map((n) => n.id));
  const kept = new Set(centers.filter((c) => known.has(c)));
  let ring = [...kept];
  for (let step = 0; step < steps && kept.size < most; ++step) {
    const outer: string[] = [];
    for (const id of ring)
      for (const other of next.get(id) ?? []) {
        if (kept.has(other) || kept.size >= most) continue;
        kept.add(other);
        outer.push(other);
      }
    ring = outer;
  }
  return {
    nodes: graph.nodes.filter((n) => kept.has(n.id)),
    edges: graph.edges.filter((e) => kept.has(e.from) && kept.has(e.to)),
  };
}

/** Adds what a path needs, where the map does not have it. */
export function withPaths(graph: Graph, paths: string[][]): Graph {
  const nodes = new Map(graph.nodes.map((n) => [n.id, n]));
  const edges = [...graph.edges];
  const joined = new Set(edges.flatMap((e) => [`${e.from}\n${e.to}`, `${e.to}\n${e.from}`]));
  for (const path of paths) {
    path.forEach((id, i) => {
      if (!nodes.has(id)) nodes.set(id, {id, name: '', type: ''});
      const before = path[i - 1];
      // Trouble runs against the direction of dependence: the later one depends on the earlier one.
      if (before !== undefined && !joined.has(`${before}\n${id}`)) {
        edges.push({from: id, to: before, kind: ''});
        joined.add(`${before}\n${id}`).add(`${id}\n${before}`);
      }
    });
  }
  return {nodes: [...nodes.values()], edges};
}

/** Places a graph from left (who depends) to right (on whom). The same graph is always drawn the same. */
export async function place(graph: Graph, direction: 'LR' | 'TB'): Promise<Layout> {
  const dagre = await import('@dagrejs/dagre');
  const g = new dagre.graphlib.Graph({multigraph: true});
  g.setGraph({rankdir: direction, nodesep: 18, ranksep: 56, marginx: 12, marginy: 12});
  g.setDefaultEdgeLabel(() => ({}));
  for (const n of graph.nodes) g.setNode(n.id, {width: kNodeWidth, height: kNodeHeight});
  graph.edges.forEach((e, i) => {
    if (e.from !== e.to) g.setEdge(e.from, e.to, {}, String(i));
  });
  dagre.layout(g);
  const size = g.graph() as {width?: number; height?: number};
  return {
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: graph.nodes.map((n) => ({...n, ...(g.node(n.id) as {x: number; y: number})})),
    edges: graph.edges.flatMap((e, i) => {
      if (e.from === e.to) return [];
      return [
        {...e, points: (g.edge({v: e.from, w: e.to, name: String(i)}) as {points: {x: number; y: number}[]}).points},
      ];
    }),
  };
}

const quoted = (text: string) => text.replace(/[^\p{L}\p{N} .:/_-]/gu, (c) => `#${c.codePointAt(0)};`);

/** A flowchart in Mermaid's language; no name becomes markup. */
export function mermaid(graph: Graph): string {
  const ids = new Map(graph.nodes.map((n, i) => [n.id, `n${i + 1}`]));
  return (
    [
      'flowchart LR',
      ...graph.nodes.map((n) => `  ${ids.get(n.id)}["${quoted(n.name || n.id)}"]`),
      ...graph.edges.map((e) => `  ${ids.get(e.from)} -->${e.kind ? `|${quoted(e.kind)}|` : ''} ${ids.get(e.to)}`),
    ].join('\n') + '\n'
  );
}
