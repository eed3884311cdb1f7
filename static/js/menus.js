// Context menus: position, keyboard, and opening by right click.
let pointer = null;
let openedAt = 0;

const items = (menu) => [...menu.querySelectorAll("[role=menuitem]")];

const place = (menu) => {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
  const at = pointer ?? { x: button.right - menu.offsetWidth, y: button.bottom + 4 };
  const fits = (start, size, room) => Math.max(8, Math.min(start, room - size - 8));
  menu.style.left = `${fits(at.x, menu.offsetWidth, innerWidth)}px`;
  menu.style.top = `${fits(at.y, menu.offsetHeight, innerHeight)}px`;
  pointer = null;
};

const openFor = (event, at, pressed = false) => {
  const row = event.target.closest("table.list tbody tr");
  if (!row) return;
  event.preventDefault();
  pointer = at;
  const open = () => {
    row.querySelector("[popovertarget]").focus({ preventScroll: true });
    row.querySelector("[popover]").showPopover();
  };
  // Releasing the mouse button would close the menu again.
  if (pressed) addEventListener("pointerup", () => setTimeout(open), { once: true });
  else open();
};

// Neither event bubbles; toggle fires once the menu is visible.
document.addEventListener("beforetoggle", (event) => {
  if (event.newState === "open") openedAt = scrollY;
}, true);
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[role=menu]")) return;
  const button = document.querySelector(`[popovertarget="${event.target.id}"]`);
  button?.setAttribute("aria-expanded", event.newState === "open");
  if (event.newState !== "open") return;
  place(event.target);
  items(event.target)[0]?.focus();
}, true);

htmx.on("contextmenu", (event) => {
  // The menu key fires it too.
  openFor(event, event.button === 2 ? { x: event.clientX, y: event.clientY } : null, event.buttons > 0);
});

const step = (menu, key) => {
  const all = items(menu);
  const now = all.indexOf(document.activeElement);
  const ordered = [...all.slice(now + 1), ...all.slice(0, now + 1)];
  const match = all.indexOf(ordered.find((item) => item.textContent.trim().toLowerCase().startsWith(key)));
  const next = { ArrowDown: now + 1, ArrowUp: now - 1 + (now < 0), Home: 0, End: all.length - 1 }[key] ?? match;
  if (next < 0 && key !== "ArrowUp") return false;
  all[(next + all.length) % all.length].focus();
  return true;
};

htmx.on("keydown", (event) => {
  const menu = event.target.closest("[role=menu]");
  if (!menu) {
    if ({ ContextMenu: 1, F10: event.shiftKey, ArrowDown: event.target.matches(".more") }[event.key]) openFor(event, null);
  } else if (event.key === "Tab") menu.hidePopover();
  else if (step(menu, event.key)) event.preventDefault();
});

htmx.on("click", (event) => {
  event.target.closest("[role=menuitem][href]")?.closest("[popover]").hidePopover();
});
// Scrolling closes a menu, except by late events of an earlier scroll.
document.addEventListener("scroll", () => {
  if (Math.abs(scrollY - openedAt) > 40) document.querySelector("[role=menu]:popover-open")?.hidePopover();
}, { passive: true });
