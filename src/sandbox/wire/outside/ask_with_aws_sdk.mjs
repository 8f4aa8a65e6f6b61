// Asks every sample call with the AWS SDK for JavaScript, and says where an answer is not what it should be.
//
// usage: node ask_with_aws_sdk.mjs MODULES CALLS SERVING REFUSING DENYING THROTTLING ACCESS_KEY SECRET_KEY
//
// MODULES is the folder in which npm installed package.json, CALLS is what sample_calls.py prints, the next four are
// addresses of sandboxes. Exit status 1 and one line a difference; 0 and a count where there is none.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, callsFile, serving, refusing, denying, throttling, accessKeyId, secretAccessKey] =
  process.argv.slice(2);
const load = createRequire(join(modules, "package.json"));

// Services whose package is not called as the AWS CLI calls them.
const PACKAGES = {
  apigateway: "api-gateway", "application-autoscaling": "application-auto-scaling", autoscaling: "auto-scaling",
  elbv2: "elastic-load-balancing-v2", events: "eventbridge", logs: "cloudwatch-logs",
  resourcegroupstaggingapi: "resource-groups-tagging-api", route53: "route-53", secretsmanager: "secrets-manager", stepfunctions: "sfn",
};
const DENIALS = ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"];
const THROTTLINGS = ["Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"];

const { NodeHttpHandler } = load("@smithy/node-http-handler");
const packages = new Map();
const clients = new Map();
const differences = [];

function packageOf(service) {
  if (!packages.has(service)) packages.set(service, load(`@aws-sdk/client-${PACKAGES[service] ?? service}`));
  return packages.get(service);
}

function clientOf(service, endpoint) {
  const key = `${service} ${endpoint}`;
  if (!clients.has(key)) {
    const exports = packageOf(service);
    const name = Object.keys(exports).find((n) => n.endsWith("Client") && !n.startsWith("__"));
    clients.set(key, new exports[name]({
      endpoint, region: "us-east-1", credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1,
      disableHostPrefix: true, useQueueUrlAsEndpoint: false, forcePathStyle: true,
      requestHandler: new NodeHttpHandler(),  // Kinesis would speak HTTP/2, which the sandbox does not
    }));
  }
  return clients.get(key);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

// What the SDK takes: times are objects.
function given(value) {
  if (typeof value === "string") return TIME.test(value) ? new Date(value) : value;
  if (Array.isArray(value)) return value.map(given);
  return mapped(value, given);
}

// What the sample call says, made of what the SDK gives.
function plain(value) {
  if (value instanceof Date) return value.toISOString().replace(".000Z", "Z");
  if (Array.isArray(value)) return value.map(plain);
  return mapped(value, plain);
}

function mapped(value, convert) {
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, v]) => key !== "$metadata" && v !== undefined);
  return Object.fromEntries(kept.map(([key, v]) => [key, convert(v)]).filter(([, v]) => !isEmpty(v)));
}

function isEmpty(value) {
  return value !== null && typeof value === "object" && !(value instanceof Date) && !Object.keys(value).length;
}

// Where two values differ first; nothing where they do not.
function difference(found, wanted, path = "") {
  if (found && wanted && typeof found === "object" && typeof wanted === "object") {
    for (const key of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
      const inner = difference(found[key], wanted[key], `${path}.${key}`);
      if (inner) return inner;
    }
    return "";
  }
  return found === wanted ? "" : `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

const at = (value, path) => path.split(".").reduce((v, part) => v?.[part], value);

async function ask(endpoint, call, input) {
  const Command = packageOf(call.service)[`${call.operation}Command`];
  return plain(await clientOf(call.service, endpoint).send(new Command(given(input))));
}

function differ(call, what) {
  differences.push(`${call.service} ${call.operation}: ${what}`);
}

async function checkAnswer(call) {
  const answer = await ask(serving, call, call.input);
  if (call.page?.more) delete answer[call.page.more];
  const wrong = difference(answer, call.output);
  if (call.service !== "sts" && wrong) differ(call, wrong);
}

// What the next page is asked with; nothing after the last one.
function nextPage(page, answer) {
  const tokens = (page.place ?? [page]).map((token) => [token.in, at(answer, token.out)]).filter(([, value]) => value);
  return tokens.length ? Object.fromEntries(tokens) : undefined;
}

async function checkPages(call) {
  const page = call.page;
  if (!page || !page.limit) return;
  const found = [];
  let token;
  do {
    const answer = await ask(serving, call, { ...call.input, [page.limit]: page.size, ...token });
    found.push(at(answer, page.lists[0]));
    token = nextPage(page, answer);
  } while (token);
  const whole = at(call.output, page.lists[0]);
  const pages = [];
  for (let i = 0; i < whole.length; i += page.items) pages.push(whole.slice(i, i + page.items));
  const wrong = difference(found, pages);
  if (wrong) differ(call, `page${wrong}`);
}

async function checkRefusal(endpoint, call, names) {
  try {
    await ask(endpoint, call, call.input);
    differ(call, `answered, though ${names[0]} was to come`);
  } catch (error) {
    if (!error.$metadata) throw error;
    if (!names.includes(error.name) || !error.message)
      differ(call, `refused with ${error.name} (${error.message}) instead of ${names}`);
  }
}

async function check(call) {
  try {
    await checkAnswer(call);
    await checkPages(call);
    // Of SQS this SDK takes the name from the code of the query protocol, which the answer also holds.
    const name = call.service === "sqs" ? "code" : "name";
    if (call.error && call.service !== "sts") await checkRefusal(refusing, call, [call.error[name]]);
    await checkRefusal(denying, call, DENIALS);
    await checkRefusal(throttling, call, THROTTLINGS);
  } catch (error) {
    differ(call, error.stack ?? String(error));
  }
}

const calls = JSON.parse(readFileSync(callsFile, "utf8"));
const waiting = [...calls];
const worker = async () => {
  for (let call = waiting.shift(); call; call = waiting.shift()) await check(call);
};
await Promise.all(Array.from({ length: 8 }, worker));
console.log(differences.length ? differences.join("\n") : `${calls.length} operations agree`);
process.exit(differences.length ? 1 : 0);
