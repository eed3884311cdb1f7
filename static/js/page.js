// On every page: the time zone, selects that act at once, the search, alerts.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.cookie = `timezone=${encodeURIComponent(zone)};path=/;max-age=31536000;samesite=lax`;

htmx.on("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

// "/" leads to the search; on some keyboards typed with Shift.
htmx.on("keydown", (event) => {
  const search = document.querySelector("[aria-keyshortcuts]");
  const busy = event.target.matches("input:not([type=checkbox]), select, textarea") || document.querySelector("dialog:modal, :popover-open");
  if (!search || busy || event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  search.focus();
});

const alerts = document.getElementById("alerts");
htmx.on("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("#poller, #table, #toasts, details, [data-quiet]")) return;
  for (const old of document.querySelectorAll(".toast.error")) old.remove();
});

// What went well needs no closing; what didn't stays until the next action.
new MutationObserver((changes) => {
  for (const told of changes.flatMap((change) => [...change.addedNodes])) {
    if (told.matches?.(".toast:not(.error)")) setTimeout(() => told.remove(), 10000);
  }
}).observe(document.getElementById("toasts"), { childList: true });

// What lies under a modal dialog is neither seen nor heard: alerts go into it.
const intoDialog = () => {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  for (const told of dialog ? [...alerts.children] : []) {
    told.setAttribute("role", "alert");
    dialog.prepend(told);
  }
};
htmx.on("htmx:oobAfterSwap", intoDialog);

// No answer, or one of a proxy instead of Diskboard: the words are on the page already.
const lost = ({ detail: { elt } }) => {
  const wrote = elt.matches("#dialog form[hx-post], a[hx-post]");
  if (!document.querySelector(".toast.error")) {
    alerts.append(document.getElementById(wrote ? "unknown" : "unreachable").content.cloneNode(true));
    intoDialog();
  }
  if (wrote) htmx.trigger(document.body, "not-found");
  if (elt.id === "table") setTimeout(() => htmx.trigger(elt, "emptied"), 5000);
};
htmx.on("htmx:sendError", lost);
htmx.on("htmx:timeout", lost);
htmx.on("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.getResponseHeader("X-Diskboard")) return;
  event.preventDefault();
  lost(event);
});
