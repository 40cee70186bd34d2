// Signs and verifies webhooks with the schemes' own JavaScript libraries, for the tests to compare idv with.
//
// One JSON object per line on standard input, one answer per line on standard output; requests, answers and schemes are
// those of webhooks.py. The libraries are found in $IDV_ORACLE_NODE_DIR/node_modules.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createInterface } from "node:readline";
import { requireOracle } from "./node-dir.mjs";

const svix = requireOracle("svix");
const standardwebhooks = requireOracle("standardwebhooks");

const TOLERANCE_SECONDS = 300;

class Refused extends Error {
  name = "Refused";
}

/** A webhook library that signs the text `id.timestamp.body` and puts it into headers named PREFIX-*. */
function library(Webhook, prefix) {
  return {
    sign: ({ secret, id, timestamp }, body) => ({
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: String(timestamp),
      [`${prefix}-signature`]: new Webhook(secret).sign(id, new Date(timestamp * 1000), utf8(body)),
    }),
    verify: ({ secret, headers }, body) => {
      const webhook = new Webhook(secret);
      try {
        webhook.verify(utf8(body), headers, { jsonParse: false });
      } catch (problem) {
        // Some versions parse the body after they have accepted its signature; what it means is not our business here.
        if (!(problem instanceof SyntaxError)) throw problem;
      }
    },
  };
}

/** Baanx: `X-Signature` is the lowercase hex HMAC-SHA256 of `X-Timestamp`, a dot and the raw body. */
const hexHmac = {
  signature: (secret, timestamp, body) =>
    createHmac("sha256", Buffer.from(secret, "utf8")).update(`${timestamp}.`).update(body).digest("hex"),
  sign: ({ secret, timestamp }, body) => ({
    "X-Timestamp": String(timestamp),
    "X-Signature": hexHmac.signature(secret, String(timestamp), body),
  }),
  verify: ({ secret, headers }, body) => {
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const timestamp = given["x-timestamp"];
    const signature = given["x-signature"];
    if (timestamp === undefined || signature === undefined) throw new Refused("a required header is missing");
    if (!/^[0-9]+$/.test(timestamp)) throw new Refused("the timestamp is not a number of seconds");
    if (Math.abs(Math.floor(Date.now() / 1000) - Number(timestamp)) > TOLERANCE_SECONDS) {
      throw new Refused("the timestamp is outside the tolerance");
    }
    const expected = Buffer.from(hexHmac.signature(secret, timestamp, body));
    const received = Buffer.from(signature, "utf8");
    if (expected.length !== received.length || !timingSafeEqual(expected, received)) {
      throw new Refused("the signature does not match");
    }
  },
};

const SCHEMES = {
  svix: library(svix.Webhook, "svix"),
  standardwebhooks: library(standardwebhooks.Webhook, "webhook"),
  "hmac-sha256-hex": hexHmac,
};

const NEEDED = { sign: ["secret", "id", "timestamp"], verify: ["secret", "headers"] };

/** Both libraries take text; bytes that are no UTF-8 would be changed in silence, so they are refused. */
function utf8(body) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
}

function parse(line) {
  const request = JSON.parse(line);
  if (!Object.hasOwn(SCHEMES, request.scheme)) throw new Error(`unknown scheme ${request.scheme}`);
  if (!Object.hasOwn(NEEDED, request.do)) throw new Error(`cannot do ${request.do}`);
  for (const name of [...NEEDED[request.do], "body_base64"]) {
    if (request[name] === undefined) throw new Error(`${name} is missing`);
  }
  return { request, scheme: SCHEMES[request.scheme], body: Buffer.from(request.body_base64, "base64") };
}

function answer(line) {
  let parsed;
  try {
    parsed = parse(line);
  } catch (problem) {
    return { ok: false, error: `usage: ${problem.message}` };
  }
  const { request, scheme, body } = parsed;
  try {
    if (request.do === "sign") return { ok: true, headers: scheme.sign(request, body) };
    scheme.verify(request, body);
    return { ok: true };
  } catch (problem) {
    return { ok: false, error: `${problem.name}: ${problem.message}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== "") process.stdout.write(`${JSON.stringify(answer(line))}\n`);
}
