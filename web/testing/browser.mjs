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

/** A program that prints its address and serves until it is ended. */
export function startServer(program, ...options) {
  const child = spawn(program, options, {stdio: ['ignore', 'pipe', 'inherit']});
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${path.basename(program)} ended with ${code}`)));
    child.stdout.once('data', (line) => resolve({address: String(line).trim(), stop: () => (child.kill(), ended)}));
  });
}

/** The fake server on a free port. */
export const startFake = (...options) =>
  startServer(process.execPath, path.join(path.dirname(fileURLToPath(import.meta.url)), 'fake_server.mjs'), ...options);
