import {useEffect, useMemo, useRef} from 'preact/hooks';
import uPlot from 'uplot';
import type {Chart, Report} from '../api/report.ts';
import {dark, token} from '../shell/theme.ts';
import {language, t} from '../text/language.ts';
import {short, withUnit} from '../text/number.ts';
import {clockTime} from '../text/time.ts';
import {visible} from '../text/visible.ts';
import {Sentence, Time} from '../parts/text.tsx';
import {Cites} from './cite.tsx';

const kAxisWidth = 56;
const kRightRoom = 12;
const kHeight = 112;
const kBottomAxis = 26;
/** A distance between points this many times the usual one is a hole. */
const kHole = 2.5;

interface Marks {
  changes: {time: number; what: string}[];
  alarm: number | undefined;
}

export const seconds = (time: string) => Date.parse(time) / 1000;

/** A chart as it is drawn: seconds and numbers. */
interface Drawn {
  chart: Chart;
  points: [number, number][];
  ordinary: [number, number] | undefined;
}

export function drawn(chart: Chart): Drawn {
  const points = chart.points.flatMap(([time, value]): [number, number][] =>
    value === null ? [] : [[seconds(time), value]],
  );
  const {baseline_low: low, baseline_high: high} = chart;
  return {chart, points, ordinary: low === null || high === null ? undefined : [low, high]};
}

/** Puts a hole where points are missing, so that no line is drawn over it. */
export function withHoles(points: [number, number][]): [number[], (number | null)[]] {
  const gaps = points
    .slice(1)
    .map((p, i) => p[0] - points[i]![0])
    .sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length / 2)] ?? 0;
  const x: number[] = [];
  const y: (number | null)[] = [];
  points.forEach((p, i) => {
    const before = points[i - 1];
    if (before && p[0] - before[0] > kHole * usual) {
      x.push((before[0] + p[0]) / 2);
      y.push(null);
    }
    x.push(p[0]);
    y.push(p[1]);
  });
  return [x, y];
}

/** The values between which a chart is drawn: from zero where that does not flatten it. */
export function scaleOf({points, ordinary}: Pick<Drawn, 'points' | 'ordinary'>): [number, number] {
  const values = [...points.map((p) => p[1]), ...(ordinary ?? [])];
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (low > 0 && low < high / 2) low = 0;
  if (high - low < 1e-12 * Math.abs(high) || high === low) {
    const half = Math.max(Math.abs(high) * 0.1, 0.5);
    return low >= 0 && low - half < 0 ? [0, high + half] : [low - half, high + half];
  }
  return [low, high + (high - low) * 0.06];
}

function draw(
  element: HTMLElement,
  what: Drawn,
  range: [number, number],
  marks: Marks,
  last: boolean,
  readout: HTMLElement,
) {
  const colors = {
    line: token('chart'),
    band: token('chart-band'),
    grid: token('line'),
    text: token('text-3'),
    bad: token('bad'),
    change: token('text-3'),
  };
  const {chart, points, ordinary} = what;
  const [low, high] = scaleOf(what);
  const upright = (u: uPlot, at: number, color: string, dash: number[]) => {
    if (at < range[0] || at > range[1]) return;
    const x = Math.round(u.valToPos(at, 'x', true));
    u.ctx.save();
    u.ctx.strokeStyle = color;
    u.ctx.lineWidth = 1.5 * devicePixelRatio;
    u.ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  };
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  return new uPlot(
    {
      width: Math.max(120, element.clientWidth),
      height: last ? kHeight + kBottomAxis : kHeight,
      padding: [6, kRightRoom, last ? 0 : 6, 0],
      legend: {show: false},
      cursor: {sync: {key: 'investigation', setSeries: false}, drag: {x: false, y: false}, points: {size: 7}},
      scales: {x: {time: true, range: () => range}, y: {range: () => [low, high]}},
      axes: [
        {
          show: last,
          size: kBottomAxis,
          font,
          stroke: colors.text,
          grid: {show: false},
          ticks: {stroke: colors.grid, size: 4, width: 1},
          values: (_, splits) => splits.map((s) => clockTime(new Date(s * 1000)).slice(0, 5)),
        },
        {
          size: kAxisWidth,
          font,
          stroke: colors.text,
          grid: {stroke: colors.grid, width: 1},
          ticks: {show: false},
          space: 34,
          values: (_, splits) => splits.map((s) => (chart.unit === '%' ? `${short(s)}%` : short(s))),
        },
      ],
      series: [{}, {stroke: colors.line, width: 1.75, points: {show: points.length <= 40, size: 4, fill: colors.line}}],
      hooks: {
        drawClear: [
          (u) => {
            if (!ordinary) return;
            const top = u.valToPos(ordinary[1], 'y', true);
            const bottom = u.valToPos(ordinary[0], 'y', true);
            u.ctx.fillStyle = colors.band;
            u.ctx.fillRect(u.bbox.left, top, u.bbox.width, Math.max(3 * devicePixelRatio, bottom - top));
          },
        ],
        draw: [
          (u) => {
            for (const change of marks.changes) upright(u, change.time, colors.change, [2, 3]);
            if (marks.alarm !== undefined) upright(u, marks.alarm, colors.bad, [6, 4]);
            if (chart.onset) upright(u, seconds(chart.onset), colors.bad, []);
          },
        ],
        setCursor: [
          (u) => {
            const i = u.cursor.idx;
            const value = i === null || i === undefined ? undefined : u.data[1]?.[i];
            const time = i === null || i === undefined ? undefined : u.data[0]?.[i];
            readout.textContent =
              value === undefined || value === null || time === undefined
                ? ''
                : `${clockTime(new Date(time * 1000))}  ${withUnit(value, chart.unit)}`;
          },
        ],
      },
    },
    withHoles(points) as uPlot.AlignedData,
    element,
  );
}

function SeriesChart({what, range, marks, last}: {what: Drawn; range: [number, number]; marks: Marks; last: boolean}) {
  const {chart} = what;
  const box = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLSpanElement>(null);
  const isDark = dark.value;
  const spoken = language.value;
  useEffect(() => {
    const element = box.current;
    if (!element || !readout.current) return undefined;
    const plot = draw(element, what, range, marks, last, readout.current);
    const sizes = new ResizeObserver(() =>
      plot.setSize({width: Math.max(120, element.clientWidth), height: last ? kHeight + kBottomAxis : kHeight}),
    );
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      plot.destroy();
    };
  }, [what, isDark, spoken, last, range[0], range[1]]);
  return (
    <figure class="chart">
      <figcaption>
        <span class="chart-title">
          <Sentence text={chart.title} /> <Cites observations={[chart.observation]} />
        </span>
        <span class="readout number" ref={readout} />
      </figcaption>
      <div class="plot" ref={box} role="img" aria-label={visible(chart.title)} />
    </figure>
  );
}

/** Where changes, onsets and the alarm lie, with what they were. */
function EventLane({range, marks}: {range: [number, number]; marks: Marks}) {
  const place = (time: number) => `${((time - range[0]) / (range[1] - range[0])) * 100}%`;
  return (
    <div class="lane" aria-hidden="true">
      {marks.changes.map((c, i) => (
        <span
          key={i}
          class="lane-mark change"
          style={{left: place(c.time)}}
          title={`${clockTime(new Date(c.time * 1000))} ${visible(c.what)}`}
        />
      ))}
      {marks.alarm !== undefined && (
        <span
          class="lane-mark alarm"
          style={{left: place(marks.alarm)}}
          title={`${clockTime(new Date(marks.alarm * 1000))} ${t('alarm')}`}
        />
      )}
    </div>
  );
}

/** One chart for each link, one above the other on one axis of time. */
export function Charts({report}: {report: Report}) {
  const charts = useMemo(() => (report.charts ?? []).map(drawn).filter((c) => c.points.length > 0), [report]);
  if (charts.length === 0) return null;
  const range: [number, number] = [
    Math.min(...charts.map((c) => c.points[0]![0])),
    Math.max(...charts.map((c) => c.points.at(-1)![0])),
  ];
  if (range[1] <= range[0]) range[1] = range[0] + 60;
  const inside = (time: number) => time >= range[0] && time <= range[1];
  const fired = report.timeline.find((m) => m.kind === 'alarm')?.time;
  const alarm = fired ? seconds(fired) : undefined;
  const marks: Marks = {
    changes: report.timeline
      .filter((m) => m.kind === 'change')
      .map((m) => ({time: seconds(m.time), what: m.what}))
      .filter((m) => inside(m.time)),
    alarm: alarm !== undefined && inside(alarm) ? alarm : undefined,
  };
  return (
    <section class="section" id="charts">
      <div class="section-head">
        <h2>{t('charts')}</h2>
        <p class="legend">
          {charts.some((c) => c.ordinary) && (
            <span>
              <i class="l-band" />
              {t('chart.ordinary')}
            </span>
          )}
          {charts.some((c) => c.chart.onset) && (
            <span>
              <i class="l-onset" />
              {t('chart.onset')}
            </span>
          )}
          {marks.alarm !== undefined && (
            <span>
              <i class="l-alarm" />
              {t('alarm')} <Time at={new Date(marks.alarm * 1000)} form="clock" />
            </span>
          )}
          {marks.changes.length > 0 && (
            <span>
              <i class="l-change" />
              {t('chart.change')}
            </span>
          )}
        </p>
      </div>
      <div class="card charts">
        {(marks.changes.length > 0 || marks.alarm !== undefined) && <EventLane range={range} marks={marks} />}
        {charts.map((what, i) => (
          <SeriesChart
            key={`${what.chart.observation} ${what.chart.entity} ${i}`}
            what={what}
            range={range}
            marks={marks}
            last={i === charts.length - 1}
          />
        ))}
      </div>
    </section>
  );
}
