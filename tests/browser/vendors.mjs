// The vendors' side: the control API of the simulation. A verification is found by the application's own reference of its session.

/** The names of the simulated vendors, by the application's providers. */
const VENDOR = { primary: "nxos", cards: "baanx", signup: "baanx", sessions: "session-api", direct: "sumsub", veriff: "veriff", stripe: "stripe" };

export class Vendors {
  constructor(url) {
    this.url = url;
  }

  async call(method, path, body) {
    const answer = await fetch(new URL(path, this.url), {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** All verifications of the vendor of a provider. */
  async all(provider) {
    return (await this.call("GET", `/${VENDOR[provider]}/verifications`)).verifications;
  }

  /** The verification behind a session such as `veriff:UUID`. */
  async find(session) {
    const [provider, key] = [session.split(":")[0], session.split(":").at(-1)];
    const found = (await this.all(provider)).find(({ id, external_id }) => id === key || external_id === key);
    if (!found) throw new Error(`no vendor knows ${session}`);
    return { ...found, path: `/${VENDOR[provider]}/verifications/${encodeURIComponent(found.id)}` };
  }

  /** Lets something happen, such as `{ act: "approve" }`. */
  async act(session, act) {
    const { path } = await this.find(session);
    return this.call("POST", `${path}/act`, act);
  }

  /** Moves the vendors' clock. */
  async advance(seconds) {
    await this.call("POST", "/clock/advance", { seconds });
  }
}
