// Text of telemetry is hostile: what would be invisible, or would turn the text around, is shown as what it is.

/** A run of text: to be shown as it is, or the name of a character that would not be seen. */
export interface Run {
  text: string;
  hidden: boolean;
}

const kHidden =
  // C0 and C1 controls but tab and line feed, soft hyphen, bidirectional controls, zero-width characters, tags, surrogates alone.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

const name = (character: string) => 'U+' + (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** Splits a text into runs. */
export function runs(text: string): Run[] {
  const out: Run[] = [];
  let at = 0;
  for (const match of text.matchAll(kHidden)) {
    if (match.index > at) out.push({text: text.slice(at, match.index), hidden: false});
    out.push({text: name(match[0]), hidden: true});
    at = match.index + match[0].length;
  }
  if (at < text.length) out.push({text: text.slice(at), hidden: false});
  return out;
}

/** The same as one text, for titles and labels that cannot hold markup. */
export const visible = (text: string) =>
  runs(text)
    .map((run) => (run.hidden ? `⟨${run.text}⟩` : run.text))
    .join('');

/** The address, where it is one that a person may be sent to; telemetry must not bring a script. */
export function safeLink(address: string | undefined): string | undefined {
  if (!address) return undefined;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
