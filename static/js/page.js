// On every page: time zone, selects that submit, search, toasts.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const { cookie, path } = document.documentElement.dataset;
document.cookie = `${cookie}=${encodeURIComponent(zone)};path=${path};max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;

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

// The filters are open over the list until they are applied, or something else is clicked.
const filters = document.querySelector(".filters");
const fold = ({ type, key = "Escape", target }) => {
  if (!filters?.open || key !== "Escape" || (type === "click" && filters.contains(target))) return;
  filters.open = false;
  if (filters.contains(target)) filters.firstElementChild.focus();
};
for (const name of ["click", "keydown", "submit"]) htmx.on(name, fold);

const alerts = document.getElementById("alerts");
htmx.on("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("#poller, #table, #toasts, details, [data-quiet]")) return;
  for (const old of document.querySelectorAll(".toast.error")) old.remove();
});

// Success messages disappear; errors stay until the next action. Both can be closed.
const toasts = document.getElementById("toasts");
const closable = (toast) => {
  if (!toast.matches?.(".toast")) return;
  if (!toast.matches(".error")) setTimeout(() => toast.remove(), 10000);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "close", ariaLabel: toasts.dataset.close });
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
};
const observer = new MutationObserver((changes) => changes.flatMap((change) => [...change.addedNodes]).forEach(closable));
for (const place of [toasts, alerts]) {
  [...place.children].forEach(closable);
  observer.observe(place, { childList: true });
}

// A modal dialog makes the page inert, so alerts move into it.
const intoDialog = () => {
  const dialog = [...document.querySelectorAll("dialog:modal")].pop();
  for (const toast of dialog ? [...alerts.children] : []) {
    toast.setAttribute("role", "alert");
    dialog.prepend(toast);
  }
};
htmx.on("htmx:oobAfterSwap", intoDialog);

// No answer, or one of a proxy instead of Diskboard: the message is already in the page.
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
