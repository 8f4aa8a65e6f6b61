// Tests the page: types, catalogues, parts, and the whole page in Debian's chromium against the fake server.
//
//   node tools/test.mjs [PATTERN]    only the test files whose names hold PATTERN
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const pattern = process.argv[2] ?? '';
const run = (...command) => {
  const {status} = spawnSync(process.execPath, command, {
    cwd: web,
    stdio: 'inherit',
    env: {...process.env, MIDWATCH_WEB: web},
  });
  if (status !== 0) process.exit(status ?? 1);
};

if (!pattern) {
  run('tools/types.mjs');
  run('node_modules/typescript/bin/tsc', '--noEmit');
}
const files = readdirSync(path.join(web, 'test')).filter(
  (f) => /\.test\.m?ts$|\.test\.mjs$/.test(f) && f.includes(pattern),
);
// Inside web/, so that packages are found from there.
const folder = mkdtempSync(path.join(web, 'node_modules/.midwatch-test-'));
process.on('exit', () => rmSync(folder, {recursive: true, force: true}));
await build({
  absWorkingDir: web,
  entryPoints: files.filter((f) => f.endsWith('.ts')).map((f) => path.join('test', f)),
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir: folder,
  outExtension: {'.js': '.mjs'},
  jsx: 'automatic',
  jsxImportSource: 'preact',
  packages: 'bundle',
  logLevel: 'warning',
});
const units = files.filter((f) => f.endsWith('.ts')).map((f) => path.join(folder, f.replace(/\.ts$/, '.mjs')));
const whole = files.filter((f) => f.endsWith('.mjs')).map((f) => path.join('test', f));
run('--test', ...units, ...whole);
