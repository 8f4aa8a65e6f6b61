// Writes src/api/schema.ts from the server's openapi.yaml.   node tools/types.mjs [--check]
//
// With --check nothing is written; the exit status is 1 where the file is not what openapi.yaml says.
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import openapi, {astToString} from 'openapi-typescript';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(web, '../src/api/openapi.yaml');
const target = path.join(web, 'src/api/schema.ts');

const text =
  '// Made from src/api/openapi.yaml by tools/types.mjs; not to be edited.\n' +
  astToString(await openapi(pathToFileURL(source)));
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/api/schema.ts is not what src/api/openapi.yaml says: run npm run types');
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
