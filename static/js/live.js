// Live status: asks for changes while rows are in transition, slower while nothing happens.
const FIRST = 1000;
const SLOWEST = 15000;
let delay = FIRST;
let timer = null;
let asking = false;

const busy = () => [...document.querySelectorAll("#table tr[data-busy]")];
const poller = () => busy().length && document.getElementById("poller");
const disturbs = () => document.hidden || document.querySelector("[role=menu]:popover-open, dialog:modal");

const arm = () => {
  if (timer === null && !asking && poller()) timer = setTimeout(ask, delay);
};

const ask = () => {
  timer = null;
  if (disturbs()) arm();
  else if (poller()) {
    asking = true;
    htmx.trigger(poller(), "poll");
  }
};

htmx.on("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "poller") return;
  event.detail.parameters.seen = busy().map((row) => `${row.id.slice("row-".length)}:${row.dataset.busy}`).join(",");
});
htmx.on("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "poller") {
    asking = false;
    const changed = event.detail.xhr.status === 200;
    delay = changed ? FIRST : Math.min(delay * 1.5, SLOWEST);
  } else delay = FIRST;
  arm();
});
htmx.on("htmx:afterSettle", () => {
  // The server has the words for an empty one.
  if (document.querySelector("#table tbody")?.rows.length === 0) htmx.trigger("#table", "emptied");
  arm();
});
document.addEventListener("visibilitychange", arm);
arm();
