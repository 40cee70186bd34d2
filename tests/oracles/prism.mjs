// Serves an OpenAPI document as Prism's mock does, with a strict front that refuses what Prism lets through.
//
//     node prism.mjs [--force CODE] DOCUMENT
//
// Prints `ready http://127.0.0.1:PORT` once it serves (loopback only, a free port), and ends when standard input closes.
//
// Prism itself answers 422 to a missing required header and 415 to a body with a Content-Length where the operation takes
// none. It lets through a chunked body, a Content-Type without a body, and query parameters that the document does not
// have. The front refuses these, by the operations that Prism read out of the document:
//
//     body for an operation without requestBody           400 (whatever its framing, `Transfer-Encoding` alone too)
//     Content-Type for an operation without requestBody   415
//     undeclared query parameter                          400
//
// A client of an ordinary API cannot choose the answer as Prism's own users do (`Prefer: code=401`), so the front does it:
// `--force CODE`, or `POST /__force {"code":401}` (null: no longer), makes it send that header with every later request. A
// request that breaks the document is refused all the same. Refusals are `application/problem+json`.

import { createServer, request as send } from "node:http";
import { parseArgs } from "node:util";
import { requireOracle } from "./node-dir.mjs";

const { createLogger } = requireOracle("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = requireOracle("@stoplight/prism-http");
const { createServer: createPrism } = requireOracle("@stoplight/prism-http-server");

const LARGEST_BODY = 1024 * 1024;

/** The mock server itself, silent, with every check it has; gives its port. */
async function startPrism(operations) {
  const prism = createPrism(operations, {
    cors: false,
    components: { logger: createLogger("prism", { level: "silent" }) },
    config: {
      isProxy: false,
      validateRequest: true,
      validateResponse: true,
      checkSecurity: true,
      errors: true,
      upstreamProxy: undefined,
      mock: { dynamic: false },
    },
  });
  return Number(new URL(await prism.listen(0, "127.0.0.1")).port);
}

/** What the front has to know of each operation of the document. */
function rules(operations) {
  return operations.map(({ method, path, request }) => ({
    method: method.toUpperCase(),
    path: new RegExp(`^${path.split(/\{[^}]*\}/).map(escapeRegExp).join("[^/]+")}$`),
    takesBody: request?.body !== undefined,
    query: new Set((request?.query ?? []).map(({ name }) => name)),
  }));
}

function escapeRegExp(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Why a request breaks the document in a way that Prism does not see, or undefined. */
function violation(rules, { method, headers, url }, body) {
  const { pathname, searchParams } = new URL(url, "http://front.invalid");
  const rule = rules.find((rule) => rule.method === method && rule.path.test(pathname));
  if (rule === undefined) return undefined;
  if (!rule.takesBody && (body.length > 0 || headers["transfer-encoding"] !== undefined)) {
    return { status: 400, detail: "The operation declares no requestBody, but the request has a body." };
  }
  if (!rule.takesBody && headers["content-type"] !== undefined) {
    return { status: 415, detail: "The operation declares no requestBody, but the request has a Content-Type." };
  }
  const unknown = [...searchParams.keys()].find((name) => !rule.query.has(name));
  if (unknown !== undefined) {
    return { status: 400, detail: `The operation declares no query parameter "${unknown}".` };
  }
  return undefined;
}

/** The whole body, or undefined where it is larger than any request of a test. */
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response, status, type, value) {
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(value));
}

function refuse(response, { status, detail }) {
  answer(response, status, "application/problem+json", { title: "Refused by the strict front", status, detail });
}

/** Passes a request on to Prism, and Prism's answer back, unchanged but for the forced code. */
function forward(request, response, body, port, forced) {
  const headers = { ...request.headers };
  if (forced !== null) headers.prefer = `code=${forced}`;
  const { method, url: path } = request;
  const onward = send({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", (problem) => refuse(response, { status: 502, detail: `Prism: ${problem.message}` }));
  onward.end(body);
}

/** The code that a control request or the command line asks for: a status, or null for Prism's own choice. */
function forcedCode(value) {
  if (value === null || (Number.isInteger(value) && value >= 100 && value <= 599)) return value;
  throw new Error("the code to force is an HTTP status, or null");
}

/** Carries out `POST /__force` and gives the code in force from now on. */
function control(response, body, before) {
  try {
    const code = forcedCode(JSON.parse(body.toString()).code);
    answer(response, 200, "application/json", { code });
    return code;
  } catch (problem) {
    refuse(response, { status: 400, detail: problem.message });
    return before;
  }
}

async function main() {
  const { values, positionals } = parseArgs({ options: { force: { type: "string" } }, allowPositionals: true });
  if (positionals.length !== 1) throw new Error("usage: node prism.mjs [--force CODE] DOCUMENT");
  let forced = forcedCode(values.force === undefined ? null : Number(values.force));
  const operations = await getHttpOperationsFromSpec(positionals[0]);
  const known = rules(operations);
  const port = await startPrism(operations);

  const front = createServer(async (request, response) => {
    try {
      const body = await read(request);
      if (body === undefined) return refuse(response, { status: 413, detail: "The body is too large." });
      if (request.method === "POST" && request.url === "/__force") {
        forced = control(response, body, forced);
        return undefined;
      }
      const broken = violation(known, request, body);
      return broken ? refuse(response, broken) : forward(request, response, body, port, forced);
    } catch (problem) {
      return response.destroy(problem);
    }
  });
  front.listen(0, "127.0.0.1", () => process.stdout.write(`ready http://127.0.0.1:${front.address().port}\n`));
}

for (const event of ["end", "close", "error"]) process.stdin.on(event, () => process.exit(0));
process.stdin.resume();

main().catch((problem) => {
  process.stderr.write(`${problem.stack ?? problem}\n`);
  process.exit(1);
});
