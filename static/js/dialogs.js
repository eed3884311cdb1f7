// Dialogs: opened, focused, closed, and the focus given back to what opened them.
const openers = {};

const openerOf = (element) => {
  const menu = element?.closest("[popover]");
  return menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : element;
};

const rescueFocus = () => {
  if (document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
};

// Also where there was no dialog.
const close = (place) => {
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
    .map((wanted) => dialog.querySelector(wanted)).find(Boolean);
  first?.focus();
  if (first?.matches("input[type=text]")) first.select();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(dialog.parentElement.id);
  });
};

htmx.on("htmx:beforeSwap", ({ detail }) => {
  const { elt, triggeringEvent } = detail.requestConfig;
  const asked = openerOf(triggeringEvent?.submitter ?? elt);
  if (!detail.target.contains(asked)) openers[detail.target.id] = asked;
});

htmx.on("htmx:afterSwap", () => {
  const dialog = document.querySelector("dialog[data-opens]:not([open])");
  if (dialog) open(dialog);
});

htmx.on("click", (event) => {
  const closing = event.target.closest("[data-closes]");
  const dialog = closing?.closest("dialog:modal");
  if (!dialog) return;
  event.preventDefault();
  const stopped = closing.dataset.closes;
  // What is under way goes on in the cloud; the table shows it.
  if (stopped) for (const form of dialog.querySelectorAll("form")) htmx.trigger(form, "htmx:abort");
  close(dialog.parentElement.id);
  if (stopped) htmx.trigger(document.body, stopped);
});

// Its row may be gone.
let focused;
htmx.on("focusin", ({ target }) => { focused = target; });
htmx.on("htmx:afterSettle", () => focused?.isConnected === false && rescueFocus());

// A command follows what is typed only while somebody looks at it.
htmx.on("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("details:not([open])")) event.preventDefault();
});

htmx.on("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  getSelection().selectAllChildren(code);
  // Without HTTPS there is no clipboard: it is selected at least.
  if (!navigator.clipboard) return;
  await navigator.clipboard.writeText(code.textContent.trim());
  // The clipboard holds the last one.
  for (const old of document.querySelectorAll(".copyable .copied")) old.textContent = "";
  button.parentElement.querySelector(".copied").textContent = button.dataset.copy;
});

// Links as buttons
htmx.on("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role=button], [role=menuitem]")) {
    event.preventDefault();
    event.target.click();
  }
});

htmx.on("dialog-done", () => close("dialog"));
htmx.on("signed-in", () => close("sign-in"));
