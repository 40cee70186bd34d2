// A simulated WebSDK with the surface that the nxos guide shows: init(token, refresh).withConf(…).build().launch(selector).
(() => {
  const home = new URL(document.currentScript.src).origin;

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  class Flow {
    constructor(token, refresh, handlers) {
      this.token = token;
      this.refresh = refresh;
      this.handlers = handlers;
      this.note = "";
    }

    emit(event, payload) {
      for (const handler of this.handlers[event] ?? []) handler(payload);
    }

    // A token that has run out is replaced once for each call; the step and what was typed stay as they are.
    async call(method, path, body) {
      for (let attempt = 0; ; attempt += 1) {
        const answer = await fetch(home + path, {
          method,
          headers: { authorization: `Bearer ${this.token}`, ...(body ? { "content-type": "application/json" } : {}) },
          body: body ? JSON.stringify(body) : undefined,
        });
        if (answer.status === 401 && attempt === 0) {
          this.token = await this.refresh();
          continue;
        }
        const value = await answer.json();
        if (!answer.ok) throw new Error(value.error);
        return value;
      }
    }

    async launch(selector) {
      this.root = document.querySelector(selector);
      await this.show(() => this.call("GET", "/sdk/applicant"));
      this.emit("idCheck.onReady", {});
    }

    async show(work) {
      try {
        this.applicant = await work();
        this.draw();
      } catch (error) {
        this.root.replaceChildren(element("p", { className: "bad", role: "alert", textContent: String(error.message) }));
        this.emit("idCheck.onError", { error: String(error.message) });
      }
    }

    draw() {
      const next = this.applicant.steps.find((step) => !step.done);
      const title = element("h2", { textContent: next ? next.title : "Ready to submit", tabIndex: -1 });
      const done = this.applicant.steps.filter((step) => step.done).length;
      const position = element("p", { className: "faint", textContent: `${done} of ${this.applicant.steps.length} steps done` });
      position.dataset.testid = "position";
      const sheet = element("section", { className: "sheet" }, title, position);
      if (!this.applicant.open) {
        title.textContent = "Thank you";
        sheet.append(element("p", { textContent: "Your documents were submitted." }));
      } else if (next) {
        const field = element("input", { id: "sdk-note", value: this.note, autocomplete: "off" });
        field.addEventListener("input", () => { this.note = field.value; });
        const go = element("button", { className: "main", textContent: "Continue" });
        go.addEventListener("click", () => this.show(() => this.call("POST", `/sdk/steps/${next.id}`)));
        sheet.append(element("label", { htmlFor: "sdk-note", textContent: "Note (stays while the token changes)" }), field, go);
      } else {
        const go = element("button", { className: "main", textContent: "Submit" });
        go.addEventListener("click", async () => {
          await this.show(() => this.call("POST", "/sdk/submit"));
          this.emit("idCheck.onApplicantSubmitted", {});
        });
        sheet.append(go);
      }
      this.root.replaceChildren(sheet);
      title.focus();
    }
  }

  class Builder {
    constructor(token, refresh) {
      this.token = token;
      this.refresh = refresh;
      this.handlers = {};
    }
    withConf() { return this; }
    withOptions() { return this; }
    on(event, handler) { (this.handlers[event] ??= []).push(handler); return this; }
    build() { return new Flow(this.token, this.refresh, this.handlers); }
  }

  window.snsWebSdk = { init: (token, refresh) => new Builder(token, refresh) };
})();
