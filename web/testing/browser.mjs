// Starts Debian's chromium and the fake server, and ends both.
import {spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {chromium} from 'playwright-core';

export const kChromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);

export const launch = () =>
  chromium.launch({
    executablePath: kChromium,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** A program that says something when it serves, and serves until it is ended. */
function startProgram(program, options, environment, said) {
  const child = spawn(program, options, {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, ...environment}});
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${path.basename(program)} ended with ${code}`)));
    child.stdout.on('data', (piece) => {
      text += piece;
      const what = said(text);
      if (what) resolve({...what, stop: () => (child.kill(), ended)});
    });
  });
}

/** A server that prints its address. */
export const startServer = (program, options, environment = {}) =>
  startProgram(program, options, environment, (text) => text.includes('\n') && {address: text.trim()});

/** A simulated account, and the environment in which programs take it for theirs. */
export const startAccount = (program, ...options) =>
  startProgram(program, ['sandbox', '--port', '0', ...options], {}, (text) => {
    if (!text.includes('\n#')) return undefined;
    const variables = [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
    return {environment: Object.fromEntries(variables)};
  });

/** The fake server on a free port. */
export const startFake = (...options) =>
  startServer(process.execPath, [
    path.join(path.dirname(fileURLToPath(import.meta.url)), 'fake_server.mjs'),
    ...options,
  ]);
