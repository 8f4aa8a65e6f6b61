// Builds the page: node tools/build.mjs [OUTPUT]   (default: ../build/web/dist)
//
// Every file but index.html carries a hash of its content in its name, so that it may be kept forever; each has a
// gzip twin (NAME.gz), so that the server never compresses.
import {gzipSync} from 'node:zlib';
import {mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.resolve(process.argv[2] ?? path.join(web, '../build/web/dist'));

rmSync(out, {recursive: true, force: true});
mkdirSync(path.join(out, 'assets'), {recursive: true});

const result = await build({
  absWorkingDir: web,
  entryPoints: {page: 'src/main.tsx', style: 'src/style/index.css'},
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2021', 'chrome100', 'firefox100', 'safari15.4'],
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  outdir: path.join(out, 'assets'),
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  assetNames: '[name]-[hash]',
  loader: {'.svg': 'file'},
  metafile: true,
  logLevel: 'warning',
});

const {outputs} = result.metafile;
const address = (output) => '/assets/' + path.basename(output);
const outputOf = (source) => Object.keys(outputs).find((name) => outputs[name].entryPoint === source);
const entry = (source) => address(outputOf(source));

/** What a script cannot begin without: a browser that learns of it only from the script asks for it one round trip later. */
function neededBy(output, found = new Set()) {
  for (const {path: needed, kind} of outputs[output].imports) {
    if (kind !== 'import-statement' || found.has(needed)) continue;
    found.add(needed);
    neededBy(needed, found);
  }
  return found;
}
const preloads = [...neededBy(outputOf('src/main.tsx'))].map(
  (output) => `<link rel="modulepreload" href="${address(output)}" />`,
);
const icon = readFileSync(path.join(web, 'public/icon.svg'));
writeFileSync(path.join(out, 'icon.svg'), icon);
const index = readFileSync(path.join(web, 'src/index.html'), 'utf8')
  .replace('%SCRIPT%', entry('src/main.tsx'))
  .replace('%NEEDED%', preloads.join('\n    '))
  .replace('%STYLE%', entry('src/style/index.css'));
writeFileSync(path.join(out, 'index.html'), index);

let total = 0;
for (const folder of [out, path.join(out, 'assets')]) {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory() || name.endsWith('.gz')) continue;
    const packed = gzipSync(readFileSync(file), {level: 9});
    total += packed.length;
    writeFileSync(file + '.gz', packed);
  }
}
console.log(`built ${path.relative(process.cwd(), out) || '.'}: ${(total / 1024).toFixed(1)} KB compressed`);
