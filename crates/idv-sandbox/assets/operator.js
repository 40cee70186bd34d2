// The operator's page: everything comes from /overview, and is fetched again when /events says that something changed.
const byId = (id) => document.getElementById(id);
const names = Object.fromEntries([...byId("endpoint-vendor").options].map((option) => [option.value, option.textContent]));
const verbs = {
  approve: "Approve", reject: "Reject", hold: "Hold", require_resubmission: "Ask for resubmission",
  lapse: "Let lapse", expire: "Let expire", void: "Void",
};
let overview = null;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function code(text) {
  return element("code", { textContent: text });
}

function details(summary, ...children) {
  return element("details", {}, element("summary", { textContent: summary }), ...children);
}

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await answer.json();
  byId("trouble").textContent = answer.ok ? "" : value.error;
  if (answer.ok) await look();
  return value;
}

// Rows are kept by key and replaced only when they change, so that focus and open details survive.
function patch(parent, items, keyOf, draw) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let position = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const print = JSON.stringify(item);
    let row = old.get(key);
    old.delete(key);
    if (!row || row.dataset.print !== print) {
      const fresh = draw(item);
      fresh.dataset.key = key;
      fresh.dataset.print = print;
      if (row) {
        const focused = row.contains(document.activeElement) ? document.activeElement.dataset.act : null;
        const open = [...row.querySelectorAll("details")].map((one) => one.open);
        if (position === row) position = fresh;
        row.replaceWith(fresh);
        fresh.querySelectorAll("details").forEach((one, index) => { one.open = open[index] ?? false; });
        if (focused) fresh.querySelector(`[data-act="${focused}"]`)?.focus();
      }
      row = fresh;
    }
    if (position === row) position = row.nextElementSibling;
    else parent.insertBefore(row, position);
  }
  for (const row of old.values()) row.remove();
}

function actButton(found, act) {
  const button = element("button", { type: "button", textContent: verbs[act] });
  button.dataset.act = act;
  button.setAttribute("aria-label", `${verbs[act]}: ${found.id}`);
  button.addEventListener("click", () => {
    const reason = byId("reason").value;
    const body = act === "reject" && reason ? { act, reason } : { act };
    call("POST", `/${found.vendor}/verifications/${encodeURIComponent(found.id)}/act`, body);
  });
  return button;
}

function verificationRow(found) {
  const pages = found.open_pages.map((url) => element("div", {}, element("a", { href: url, textContent: "hosted page" })));
  const history = found.history.map((line) => element("li", { textContent: `${line.at.slice(11, 19)} ${line.by}: ${line.what} → ${line.status}` }));
  const buttons = found.acts.filter((act) => verbs[act]).map((act) => actButton(found, act));
  const row = element("tr", {},
    element("td", { textContent: names[found.vendor] }),
    element("td", {}, code(found.id), found.external_id ? element("div", { className: "faint", textContent: found.external_id }) : null, ...pages),
    element("td", {}, element("strong", { textContent: found.status }), found.progress ? element("div", { className: "faint", textContent: found.progress }) : null),
    element("td", {}, details(`${history.length} entries`, element("ol", { className: "steps" }, ...history))),
    element("td", {}, element("div", { className: "acts" }, ...buttons)));
  row.dataset.testid = `verification-${found.id}`;
  return row;
}

function attempt(one, index) {
  const outcome = one.status === null ? one.error : `${one.status} ${one.answer ?? ""}`;
  const headers = one.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return details(`${index + 1}. ${one.at.slice(11, 19)} → ${outcome}`, element("pre", { textContent: headers }));
}

function webhookRow(sent) {
  const next = sent.next_attempt_at ? `next ${sent.next_attempt_at.slice(0, 19).replace("T", " ")}` : "";
  return element("tr", {},
    element("td", {}, code(sent.event_type), element("div", { className: "faint", textContent: sent.event_id })),
    element("td", {}, element("div", { textContent: names[sent.vendor] }), code(sent.subject)),
    element("td", {}, element("strong", { textContent: sent.state }), element("div", { className: "faint", textContent: [sent.mischief?.kind, next].filter(Boolean).join(", ") })),
    element("td", {}, details("body", element("pre", { textContent: sent.body }))),
    element("td", {}, ...sent.attempts.map(attempt)));
}

function endpointItem(endpoint) {
  const remove = element("button", { type: "button", textContent: "Remove" });
  remove.addEventListener("click", () => call("DELETE", `/${endpoint.vendor}/webhook-endpoints/${encodeURIComponent(endpoint.id)}`));
  return element("li", {}, `${names[endpoint.vendor]} → `, code(endpoint.url), endpoint.enabled ? " " : " (disabled) ", "secret ", code(endpoint.secret), " ", remove);
}

function requestRow(request) {
  const headers = request.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  const path = request.query ? `${request.path}?${request.query}` : request.path;
  return element("tr", {},
    element("td", { textContent: names[request.vendor] }),
    element("td", {}, code(`${request.method} ${path}`)),
    element("td", {}, element("strong", { textContent: request.status ?? "nothing" }), request.fault ? element("div", { className: "bad", textContent: request.fault }) : null),
    element("td", {}, details("request", element("pre", { textContent: `${headers}\n\n${request.body}` }))));
}

function draw() {
  const vendor = byId("vendor").value;
  const text = byId("text").value.toLowerCase();
  const vendors = overview.vendors.filter((one) => !vendor || one.vendor === vendor);
  const all = (list) => vendors.flatMap((one) => one[list].map((item) => ({ ...item, vendor: one.vendor })));
  const matches = (found) => `${found.id} ${found.external_id ?? ""} ${found.status}`.toLowerCase().includes(text);
  const newest = all("verifications").filter(matches).sort((left, right) => right.updated_at.localeCompare(left.updated_at));
  byId("clock").textContent = overview.clock.now.replace("T", " ").slice(0, 19);
  byId("clock").dateTime = overview.clock.now;
  patch(byId("verifications"), newest, (found) => `${found.vendor} ${found.id}`, verificationRow);
  patch(byId("endpoints"), all("endpoints"), (endpoint) => `${endpoint.vendor} ${endpoint.id}`, endpointItem);
  patch(byId("webhooks"), all("webhooks"), (sent) => `${sent.vendor} ${sent.id}`, webhookRow);
  byId("requests").replaceChildren(...all("requests").map(requestRow));
}

async function look() {
  overview = await (await fetch("/overview")).json();
  draw();
}

for (const button of document.querySelectorAll("[data-seconds]")) {
  button.addEventListener("click", () => call("POST", "/clock/advance", { seconds: Number(button.dataset.seconds) }));
}
byId("vendor").addEventListener("change", draw);
byId("text").addEventListener("input", draw);
byId("endpoint").addEventListener("submit", (event) => {
  event.preventDefault();
  call("POST", `/${byId("endpoint-vendor").value}/webhook-endpoints`, { url: byId("endpoint-url").value });
});
byId("rotate").addEventListener("click", () => call("POST", `/${byId("endpoint-vendor").value}/webhook-secret/rotate`));
byId("mischief").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = byId("mischief-kind").value;
  const seconds = kind === "late" || kind === "wrong_clock" ? { seconds: 600 } : {};
  call("POST", `/${byId("endpoint-vendor").value}/mischief`, { kind, ...seconds });
});

const changes = new EventSource("/events");
changes.addEventListener("change", look);
changes.addEventListener("open", () => { byId("live").textContent = "live"; });
changes.addEventListener("error", () => { byId("live").textContent = "not live: reload the page"; });
