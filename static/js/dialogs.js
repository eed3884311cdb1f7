// Dialogs that htmx brings: opened, focused, closed, and the focus given back to where they were opened from.
(() => {
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

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target.id;
    if (!PLACES.has(place)) return;
    const { elt, triggeringEvent } = event.detail.requestConfig;
    const asked = openerOf(triggeringEvent?.submitter ?? elt);
    if (!event.detail.target.contains(asked)) openers[place] = asked;
  });

  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (!PLACES.has(event.detail.target.id)) return;
    const dialog = event.detail.target.querySelector("dialog[data-opens]:not([open])");
    if (dialog) open(dialog);
  });

  document.addEventListener("click", (event) => {
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

  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a[role=button]")) {
      event.preventDefault();
      event.target.click();
    }
  });

  document.body.addEventListener("dialog-done", () => {
    const dialog = document.querySelector("#dialog dialog");
    if (dialog) close(dialog);
    else focusBack("dialog");
  });

  document.body.addEventListener("signed-in", () => {
    const dialog = document.querySelector("#sign-in dialog");
    if (dialog) close(dialog);
    if (!document.querySelector("#dialog dialog")) location.reload();
  });
})();
