// On every page: time zone, selects that submit, search, toasts.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
document.cookie = `timezone=${encodeURIComponent(zone)};path=/;max-age=31536000;samesite=lax`;

htmx.on("change", (event) => {
  event.target.closest("form[data-submit-on-change]")?.requestSubmit();
});

// "/" focuses the search; some keyboards type it with Shift.
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

// Success messages disappear; errors stay until the next action.
new MutationObserver((changes) => {
  for (const toast of changes.flatMap((change) => [...change.addedNodes])) {
    if (toast.matches?.(".toast:not(.error)")) setTimeout(() => toast.remove(), 10000);
  }
}).observe(document.getElementById("toasts"), { childList: true });

// A modal dialog makes the page inert, so alerts move into it.
const intoDialog = () => {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  for (const toast of dialog ? [...alerts.children] : []) {
    toast.setAttribute("role", "alert");
    dialog.prepend(toast);
  }
};
htmx.on("htmx:oobAfterSwap", intoDialog);

// Diskboard can't be reached: the message is already in the page.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  htmx.on(name, () => {
    const toast = document.createElement("p");
    toast.className = "toast error";
    toast.textContent = alerts.dataset.unreachable;
    alerts.replaceChildren(toast);
    intoDialog();
  });
}
