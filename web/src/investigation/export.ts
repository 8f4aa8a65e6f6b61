import {recordingAddress, reportAddress, send} from '../api/client.ts';
import {language} from '../text/language.ts';

/** Hands a file to the browser to be kept. */
export function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const kEndings = {json: 'json', html: 'html', markdown: 'md', text: 'txt'} as const;

/** Fetches a form of the report and keeps it; a link could not carry the token. */
export async function exportReport(id: string, format: keyof typeof kEndings): Promise<void> {
  const answer = await send(reportAddress(id, format, language.value));
  save(await answer.blob(), `${id}.${language.value}.${kEndings[format]}`);
}

/** Keeps everything that was read, as a bundle that replays to the same report. */
export async function exportRecording(id: string): Promise<void> {
  save(await (await send(recordingAddress(id))).blob(), `${id}.tar.gz`);
}
