// Dialogs that htmx brings: opened, focused, closed, and the focus given back to where they were opened from.
const PLACES = new Set(["dialog", "sign-in"]);
const FIELD = "input:not([type=hidden]), select, textarea";
const openers = {};

const openerOf = (element) => {
  const menu = element?.closest("[popover]");
  return menu ? document.querySelector(`[popovertarget="${menu.id}"]`) : element;
};

const focusBack = (place) => {
  const opener = openers[place];
  delete openers[place];
  const now = opener?.isConnected ? opener : document.getElementById(opener?.id || "main");
  (now?.disabled ? document.getElementById("main") : now)?.focus();
};

const close = (dialog) => {
  const place = dialog.parentElement.id;
  dialog.close();
  dialog.remove();
  focusBack(place);
};

const open = (dialog) => {
  dialog.showModal();
  const first = dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector(FIELD) ?? dialog.querySelector("button, a");
  first?.focus();
  if (first?.matches("input[type=text]")) first.select();
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    close(dialog);
  });
};

htmx.on("htmx:beforeSwap", (event) => {
  const place = event.detail.target.id;
  if (!PLACES.has(place)) return;
  const { elt, triggeringEvent } = event.detail.requestConfig;
  const asked = openerOf(triggeringEvent?.submitter ?? elt);
  if (!event.detail.target.contains(asked)) openers[place] = asked;
});

htmx.on("htmx:afterSwap", (event) => {
  if (!PLACES.has(event.detail.target.id)) return;
  const dialog = event.detail.target.querySelector("dialog[data-opens]:not([open])");
  if (dialog) open(dialog);
});

htmx.on("click", (event) => {
  const closing = event.target.closest("[data-closes]");
  const dialog = closing?.closest("dialog:modal");
  if (!dialog) return;
  event.preventDefault();
  const stopped = closing.dataset.closes;
  // What is under way goes on in the cloud: the table shows what came of it.
  if (stopped) for (const form of dialog.querySelectorAll("form")) htmx.trigger(form, "htmx:abort");
  close(dialog);
  if (stopped) htmx.trigger(document.body, stopped);
});

// A command follows what is typed only while somebody looks at it.
htmx.on("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("details:not([open])")) event.preventDefault();
});

htmx.on("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  getSelection().selectAllChildren(code);
  // Without HTTPS there is no clipboard: then it is selected at least.
  await navigator.clipboard?.writeText(code.textContent.trim());
  if (navigator.clipboard) button.querySelector("span").textContent = button.dataset.copy;
});

htmx.on("keydown", (event) => {
  if (event.key === " " && event.target.matches("a[role=button]")) {
    event.preventDefault();
    event.target.click();
  }
});

htmx.on("dialog-done", () => {
  const dialog = document.querySelector("#dialog dialog");
  if (dialog) close(dialog);
  else focusBack("dialog");
});

htmx.on("signed-in", () => {
  const dialog = document.querySelector("#sign-in dialog");
  if (dialog) close(dialog);
});
