// Writes src/api/schema.ts, which git does not keep, from the server's openapi.yaml.   node tools/types.mjs
import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import openapi, {astToString} from 'openapi-typescript';

const web = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(web, '../src/api/openapi.yaml');
const target = path.join(web, 'src/api/schema.ts');

writeFileSync(
  target,
  '// Made from src/api/openapi.yaml by tools/types.mjs; not to be edited.\n' +
    astToString(await openapi(pathToFileURL(source))),
);
