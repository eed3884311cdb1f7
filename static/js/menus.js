// Context menus: popovers, placed, moved through by keys, opened by right click too.
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

const openFor = (event, at, held = false) => {
  const row = event.target.closest("table.list tbody tr");
  if (!row) return;
  event.preventDefault();
  pointer = at;
  const open = () => {
    row.querySelector("[popovertarget]").focus({ preventScroll: true });
    row.querySelector("[popover]").showPopover();
  };
  // Letting go of the button still held would dismiss it again.
  if (held) addEventListener("pointerup", () => setTimeout(open), { once: true });
  else open();
};

// Neither event bubbles; the second comes with the menu there.
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
  // The menu key sends it too.
  openFor(event, event.button === 2 ? { x: event.clientX, y: event.clientY } : null, event.buttons > 0);
});

const step = (menu, key) => {
  const all = items(menu);
  const now = all.indexOf(document.activeElement);
  const onwards = [...all.slice(now + 1), ...all.slice(0, now + 1)];
  const begins = all.indexOf(onwards.find((item) => item.textContent.trim().toLowerCase().startsWith(key)));
  const next = { ArrowDown: now + 1, ArrowUp: now - 1 + (now < 0), Home: 0, End: all.length - 1 }[key] ?? begins;
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
// A menu goes with the scroll; late events of an earlier one don't count.
document.addEventListener("scroll", () => {
  if (Math.abs(scrollY - openedAt) > 40) document.querySelector("[role=menu]:popover-open")?.hidePopover();
}, { passive: true });
