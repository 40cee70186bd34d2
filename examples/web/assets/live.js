// Keeps the state on the page current. Without JavaScript the page reloads itself.
const state = document.getElementById("state");
const events = new EventSource(state.dataset.events);

events.addEventListener("state", ({ data, lastEventId }) => {
  // The same state again, such as after a new connection, moves nobody's focus.
  if (lastEventId === state.dataset.version) return;
  state.dataset.version = lastEventId;
  state.innerHTML = data;
});

// An open stream counts against the browser's connections to this site.
addEventListener("pagehide", () => events.close());
