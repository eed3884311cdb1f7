// Polls for changes of rows in transition, more slowly while none occur.
const FIRST = 1000;
const SLOWEST = 15000;
let delay = FIRST;
let timer = null;

const busy = () => [...document.querySelectorAll("#table tr[data-busy]")];
// A table that is replaced takes its request away with it: the next poller polls anew.
const poller = () => busy().length && document.querySelector("#poller:not(.htmx-request)");
const paused = () => document.hidden || document.querySelector("[role=menu]:popover-open, dialog:modal");

const arm = () => {
  if (timer === null && poller()) timer = setTimeout(poll, delay);
};

const poll = () => {
  timer = null;
  if (paused()) arm();
  else if (poller()) htmx.trigger(poller(), "poll");
};

htmx.on("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "poller") return;
  event.detail.parameters.seen = busy().map((row) => `${row.id.slice("row-".length)}:${row.dataset.busy}`).join(",");
});
htmx.on("htmx:afterRequest", (event) => {
  if (event.detail.elt.id === "poller") {
    delay = event.detail.xhr.status === 200 ? FIRST : Math.min(delay * 1.5, SLOWEST);
  } else delay = FIRST;
  arm();
});
htmx.on("htmx:afterSettle", () => {
  // The server renders the message for an empty list.
  if (document.querySelector("#table tbody")?.rows.length === 0) htmx.trigger("#table", "emptied");
  arm();
});
document.addEventListener("visibilitychange", arm);
arm();
