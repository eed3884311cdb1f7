// What every page needs: the time zone for the server, selects that act at once, the progress line, alerts.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.cookie = `timezone=${encodeURIComponent(zone)};path=/;max-age=31536000;samesite=lax`;

htmx.on("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

const progress = document.getElementById("progress");
const alerts = document.getElementById("alerts");
let running = 0;
const isPoll = (event) => event.detail.elt.matches("#poller, details, [data-quiet]");

htmx.on("htmx:beforeRequest", (event) => {
  if (isPoll(event)) return;
  running += 1;
  progress.classList.add("running");
  alerts.replaceChildren();
  for (const old of document.querySelectorAll("dialog > .toast")) old.remove();
});
htmx.on("htmx:afterRequest", (event) => {
  if (isPoll(event)) return;
  running = Math.max(0, running - 1);
  progress.classList.toggle("running", running > 0);
});

// What went well needs no closing; what didn't stays until the next action.
new MutationObserver((changes) => {
  for (const told of changes.flatMap((change) => [...change.addedNodes])) {
    if (told.matches?.(".toast:not(.error)")) setTimeout(() => told.remove(), 10000);
  }
}).observe(document.getElementById("toasts"), { childList: true });

// What lies under a modal dialog can be neither seen nor heard: an alert goes into it.
const intoDialog = () => {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  for (const told of dialog ? [...alerts.children] : []) {
    told.setAttribute("role", "alert");
    dialog.prepend(told);
  }
};
htmx.on("htmx:oobAfterSwap", intoDialog);

// No answer at all: Diskboard itself is out of reach, so the words are on the page already.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  htmx.on(name, () => {
    const told = document.createElement("p");
    told.className = "toast error";
    told.textContent = alerts.dataset.unreachable;
    alerts.replaceChildren(told);
    intoDialog();
  });
}
