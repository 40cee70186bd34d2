// Shows that the oracles themselves can be trusted: both languages agree, and each refuses what it must.
// Run by `cargo xtask test`.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A line-oriented program: ask it one thing at a time. */
class Program {
  constructor(command, ...args) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error("the program ended");
    return value;
  }

  async ask(question) {
    this.child.stdin.write(`${typeof question === "string" ? question : JSON.stringify(question)}\n`);
    return JSON.parse(await this.line());
  }

  async end() {
    this.child.stdin.end();
    if (this.child.exitCode === null) await once(this.child, "exit");
    return this.child.exitCode;
  }
}

const secrets = {
  svix: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  standardwebhooks: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  "hmac-sha256-hex": "whk_not_base64_!",
};
const base64 = (text) => Buffer.from(text).toString("base64");
const now = () => Math.floor(Date.now() / 1000);

describe("webhooks", { timeout: 60_000 }, () => {
  const programs = {};
  before(() => {
    const python = process.env.IDV_ORACLE_PYTHON;
    assert.ok(python, "IDV_ORACLE_PYTHON is not set: run the tests through `cargo xtask test`");
    programs.python = new Program(python, beside("webhooks.py"));
    programs.node = new Program(process.execPath, beside("webhooks.mjs"));
  });
  after(() => Promise.all(Object.values(programs).map((program) => program.end())));

  const sign = (language, scheme, body, timestamp = now()) =>
    programs[language].ask({
      do: "sign",
      scheme,
      secret: secrets[scheme],
      id: "msg_1",
      timestamp,
      body_base64: base64(body),
    });
  const verify = (language, scheme, body, headers, secret = secrets[scheme]) =>
    programs[language].ask({ do: "verify", scheme, secret, body_base64: base64(body), headers });

  for (const scheme of Object.keys(secrets)) {
    for (const [signer, verifier] of [
      ["python", "node"],
      ["node", "python"],
    ]) {
      test(`${scheme}: what ${signer} signs, ${verifier} accepts`, async () => {
        for (const body of ['{"type":"x"}', "", "no JSON", '{"name":"Zoë"}']) {
          const { ok, headers } = await sign(signer, scheme, body);
          assert.equal(ok, true);
          assert.deepEqual(await verify(verifier, scheme, body, headers), { ok: true });
        }
      });
    }

    for (const language of ["python", "node"]) {
      test(`${scheme}: ${language} refuses another body, another key, no headers and an old timestamp`, async () => {
        const { headers } = await sign(language, scheme, "{}");
        const other = scheme === "hmac-sha256-hex" ? "whk_other" : `whsec_${base64("another key, another key")}`;
        const old = await sign(language, scheme, "{}", now() - 400);
        for (const answer of [
          await verify(language, scheme, "{ }", headers),
          await verify(language, scheme, "{}", headers, other),
          await verify(language, scheme, "{}", {}),
          await verify(language, scheme, "{}", old.headers),
        ]) {
          assert.equal(answer.ok, false);
          assert.doesNotMatch(answer.error, /^usage:/);
        }
      });
    }
  }

  for (const language of ["python", "node"]) {
    test(`${language} answers nonsense with a usage error and goes on`, async () => {
      for (const nonsense of ["no JSON", "{}", '{"do":"sign","scheme":"svix"}', '{"do":"x","scheme":"svix","body_base64":""}']) {
        assert.match((await programs[language].ask(nonsense)).error, /^usage: /);
      }
      assert.equal((await sign(language, "svix", "{}")).ok, true);
    });
  }

  test("the hex signature is the published construction", async () => {
    // RFC 4231 has no such case: computed once with `openssl dgst -sha256 -hmac`.
    const { headers } = await sign("node", "hmac-sha256-hex", "{}", 1700000000);
    assert.deepEqual((await sign("python", "hmac-sha256-hex", "{}", 1700000000)).headers, headers);
    assert.equal(headers["X-Signature"], "6903b937737ab47b8df83e3e06d71fcc1758fc2d6b3bfd178f8b66feb15b1b26");
  });
});

describe("prism", { timeout: 60_000 }, () => {
  const path = "/v1/organizations/verification";
  const authorization = "Bearer nxos_sk_test_1";
  let program;
  let base;
  before(async () => {
    program = new Program(process.execPath, beside("prism.mjs"), beside("nxos-openapi.yaml"));
    base = (await program.line()).replace(/^ready /, "");
  });
  after(async () => assert.equal(await program.end(), 0, "it ends when standard input closes"));

  /** Sends exactly these headers and this framing. */
  const call = (path, headers, body = "", method = "POST") =>
    new Promise((resolve, reject) => {
      const sent = request(`${base}${path}`, { method, headers }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, type: response.headers["content-type"], body: JSON.parse(text) });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  const force = (code) => call("/__force", { "content-type": "application/json" }, JSON.stringify({ code }));

  test("serves on loopback only", () => assert.match(base, /^http:\/\/127\.0\.0\.1:\d+$/));

  test("a well-formed start gets the document's example", async () => {
    const { status, body } = await call(path, { authorization, "content-length": 0, "idempotency-key": "k" });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ["object", "url", "accessToken"]);
    assert.equal(body.object, "verification_session");
  });

  test("the caller's own preference chooses the answer", async () => {
    for (const [code, word] of Object.entries({ 401: "missing_api_key", 409: "quote_expired", 429: "rate_limited" })) {
      const { status, body } = await call(path, { authorization, "content-length": 0, prefer: `code=${code}` });
      assert.deepEqual([status, body.error.code], [Number(code), word]);
    }
  });

  test("a forced code stays until it is taken back", async () => {
    for (const code of [401, 403, 404, 409, 429, 500]) {
      assert.equal((await force(code)).status, 200);
      const { status, body } = await call(path, { authorization, "content-length": 0 });
      assert.equal(status, code);
      assert.match(body.error.requestId, /^req_/);
    }
    assert.equal((await force("401")).status, 400);
    assert.equal((await call(path, { authorization, "content-length": 0 })).status, 500);
    assert.equal((await force(null)).status, 200);
    assert.equal((await call(path, { authorization, "content-length": 0 })).status, 200);
  });

  for (const [what, status, at, headers, body] of [
    ["a missing Authorization", 422, path, { "content-length": 0 }],
    ["a JSON body", 400, path, { authorization, "content-type": "application/json" }, "{}"],
    ["a body of no type", 400, path, { authorization }, "x"],
    ["a chunked body", 400, path, { authorization, "transfer-encoding": "chunked" }, "{}"],
    ["an empty chunked body", 400, path, { authorization, "transfer-encoding": "chunked" }],
    ["a Content-Type without a body", 415, path, { authorization, "content-type": "application/json", "content-length": 0 }],
    ["a query parameter", 400, `${path}?a=1`, { authorization, "content-length": 0 }],
    ["a path that is not in the document", 404, "/v1/elsewhere", { authorization, "content-length": 0 }],
  ]) {
    test(`refuses ${what}, forced code or not`, async () => {
      for (const code of [null, 200]) {
        await force(code);
        const answer = await call(at, headers, body);
        assert.deepEqual([answer.status, answer.type], [status, "application/problem+json"]);
      }
      await force(null);
    });
  }

  test("refuses a method that is not in the document", async () => {
    assert.equal((await call(path, { authorization }, "", "GET")).status, 405);
  });
});
