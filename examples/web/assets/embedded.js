// Launches the vendor's component with a token, and fetches a fresh one when it asks.
const component = document.getElementById("component");
const trouble = document.getElementById("trouble");

async function token(path) {
  const answer = await fetch(component.dataset.tokens + path, { method: "POST" });
  if (!answer.ok) {
    trouble.textContent = "The verification cannot go on right now. Please try again in a moment.";
    throw new Error(`no token: ${answer.status}`);
  }
  trouble.textContent = "";
  return (await answer.json()).token;
}

const refresh = () => token("/fresh");

token("").then((first) => {
  snsWebSdk
    .init(first, refresh)
    .withConf({ lang: document.documentElement.lang })
    .withOptions({ addViewportTag: false, adaptIframeHeight: true })
    // Submitted is not decided: the page of the state tells the rest.
    .on("idCheck.onApplicantSubmitted", () => location.assign(component.dataset.done))
    .build()
    .launch("#component");
});
