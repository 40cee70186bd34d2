// What an application does to embed the flow: launch the script with a token, and fetch a fresh one when asked.
const form = document.getElementById("launch");
const field = document.getElementById("token");
const refreshes = document.getElementById("refreshes");
let token = "";

async function refresh() {
  const answer = await fetch("/embed/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
  token = (await answer.json()).token;
  refreshes.value = String(Number(refreshes.value) + 1);
  return token;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  token = field.value.trim();
  snsWebSdk.init(token, refresh).withConf({ lang: "en" }).build().launch("#sumsub-websdk-container");
});

// A fragment never reaches a server, so a token may stand there.
if (location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  form.requestSubmit();
}
