// Makes what an investigation would have told on its way out of its finished report.

const text = (en, ja) => ({en, ja});

/** The steps of an investigation whose report is known. */
export function journalOf({en, ja}, start) {
  const steps = [];
  const add = (kind, what, data = {}) =>
    steps.push({
      sequence: steps.length + 1,
      time: new Date(start + steps.length * 220).toISOString(),
      kind,
      what,
      data,
    });
  const belief = (share) => {
    const rest = (p) => p * share + (1 - share) / Math.max(4, en.hypotheses.length);
    const list = en.hypotheses.slice(0, 8).map((h, i) => ({
      title: text(h.title, ja.hypotheses[i].title),
      entity: h.entity,
      mode: h.mode,
      probability: rest(h.probability) * (0.8 + (0.2 * ((i * 7 + Math.round(share * 10)) % 3)) / 2),
    }));
    list.sort((a, b) => b.probability - a.probability);
    add('finding', text(`Likeliest now: ${list[0].title.en}`, `現時点で最有力: ${list[0].title.ja}`), {
      hypotheses: list,
    });
  };
  add('status', text('The investigation began', '調査を開始しました'), {status: 'running'});
  add(
    'planning',
    text(
      'Ask who is around the alarm, then metrics, logs and changes of each',
      'アラーム周辺のリソースを確認し、それぞれのメトリクス・ログ・変更を調べます',
    ),
  );
  const asked = en.evidence.slice(0, 14);
  const observations = en.observations.slice(0, 22);
  const many = Math.max(asked.length, observations.length);
  for (let i = 0; i < many; ++i) {
    if (asked[i]) {
      add('answer', text(`${asked[i].query} answered`, `${asked[i].query} の応答を取得`), {
        service: asked[i].source,
        operation: asked[i].locator.kind,
        answered: true,
      });
    }
    if (observations[i])
      add('observation', text(observations[i].statement, ja.observations[i]?.statement ?? observations[i].statement), {
        observation: observations[i].id,
        entity: observations[i].entity,
      });
    if (i % 5 === 4) belief(Math.min(1, (i + 1) / many));
  }
  belief(1);
  add('status', text('The answer would not change any more', '結論がこれ以上変わらないため終了しました'), {
    status: 'done',
  });
  return steps;
}

const kAttack = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>\u202e\u2066\u0007\u200b';
/** Fields that programs read: hostile values in them would not be a report. */
const kWords = new Set([
  'format',
  'id',
  'outcome',
  'kind',
  'status',
  'phase',
  'onset',
  'time',
  'from',
  'until',
  'start',
  'end',
  'started',
  'language',
  'observation',
  'evidence',
  'digest',
  'signal',
  'explains',
  'observations',
]);

/** The report with markup, bidirectional overrides and control characters in every text. */
export function hostile(value, field = '') {
  if (typeof value === 'string') {
    if (kWords.has(field)) return value;
    return field === 'link' ? 'javascript:window.broken=1' : kAttack + value;
  }
  if (Array.isArray(value)) return value.map((v) => (field === 'points' ? v : hostile(v, field)));
  if (value && typeof value === 'object') {
    const out = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hostile(v, k)]));
    if (field === 'locator') return {...out, kind: value.kind};
    if ('digest' in out) out.link = 'javascript:window.broken=1';
    return out;
  }
  return value;
}
