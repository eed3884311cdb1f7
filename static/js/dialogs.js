// Dialogs: open, focus, close, and return the focus to the opener.
const openers = {};

const openerOf = (element) => {
  const menu = element?.closest("[popover]");
  return menu ? document.getElementById(menu.getAttribute("aria-labelledby")) : element;
};

const rescueFocus = () => {
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
};

// Whether something was typed into the dialog, and whether Esc has asked before it throws that away.
let typed = false;
let asked = false;
htmx.on("input", ({ target }) => { typed ||= Boolean(target.closest("#dialog dialog")); });

// Works without a dialog too.
const close = (place) => {
  typed = asked = false;
  const dialog = document.querySelector(`#${place} dialog`);
  dialog?.close();
  dialog?.remove();
  const opener = openers[place];
  delete openers[place];
  (opener?.isConnected ? opener : document.getElementById(opener?.id))?.focus();
  rescueFocus();
};

const open = (dialog) => {
  dialog.showModal();
  const first = ["[autofocus]", "input:not([type=hidden]), select, textarea", "button, a"]
    .map((selector) => dialog.querySelector(selector)).find(Boolean);
  first?.focus();
  if (first?.matches("input[type=text]")) first.select();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!typed || asked) close(dialog.parentElement.id);
    else {
      dialog.prepend(document.getElementById("discard").content.cloneNode(true));
      dialog.firstElementChild.role = "alert";
    }
    asked = typed;
  });
  // A browser lets a page prevent this only once.
  dialog.addEventListener("close", () => dialog.isConnected && close(dialog.parentElement.id));
};

htmx.on("htmx:beforeSwap", ({ detail }) => {
  const { elt, triggeringEvent } = detail.requestConfig;
  const opener = openerOf(triggeringEvent?.submitter ?? elt);
  if (!detail.target.contains(opener)) openers[detail.target.id] = opener;
});

htmx.on("htmx:afterSwap", () => {
  const dialog = document.querySelector("dialog[data-opens]:not([open])");
  if (dialog) open(dialog);
});

htmx.on("click", (event) => {
  const button = event.target.closest("[data-closes]");
  const dialog = button?.closest("dialog:modal");
  if (!dialog) return;
  event.preventDefault();
  const stopEvent = button.dataset.closes;
  // The cloud completes requests already sent; the table shows them.
  if (stopEvent) for (const form of dialog.querySelectorAll("form")) htmx.trigger(form, "htmx:abort");
  close(dialog.parentElement.id);
  if (!stopEvent) return;
  htmx.trigger(document.body, stopEvent);
  const message = Object.assign(document.createElement("p"), { className: "toast", textContent: button.dataset.message });
  document.getElementById("toasts").append(message);
});

// Its row may have been removed.
let focused;
htmx.on("focusin", ({ target }) => { focused = target; });
htmx.on("htmx:afterSettle", () => focused?.isConnected === false && rescueFocus());

// A command is updated only while it is visible.
htmx.on("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("details:not([open])")) event.preventDefault();
});

htmx.on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  getSelection().selectAllChildren(code);
  // The clipboard needs HTTPS; without it the text is only selected.
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(code.textContent.trim());
  // Only the last copy is in the clipboard.
  for (const old of document.querySelectorAll(".copyable .copied")) old.textContent = "";
  button.parentElement.querySelector(".copied").textContent = button.dataset.copy;
});

// Space activates links that act as buttons.
htmx.on("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role=button], [role=menuitem]")) {
    event.preventDefault();
    event.target.click();
  }
});

htmx.on("dialog-done", () => close("dialog"));
// Back leads to no page of what no longer exists.
htmx.on("left", ({ detail }) => location.replace(detail.url));
htmx.on("signed-in", () => close("sign-in"));
