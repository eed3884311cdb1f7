// Context menus: popovers of the browser, placed, moved through by keys, opened by right click too.
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

const openFor = (row, at, held = false) => {
  const menu = row.querySelector("[popover]");
  if (!menu) return false;
  pointer = at;
  const open = () => {
    row.querySelector("[popovertarget]").focus({ preventScroll: true });
    menu.showPopover();
  };
  // Letting go of the button still held would dismiss it again.
  if (held) addEventListener("pointerup", () => setTimeout(open), { once: true });
  else open();
  return true;
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
  const row = event.target.closest("table.list tbody tr");
  const byKey = event.button !== 2;
  if (row && openFor(row, byKey ? null : { x: event.clientX, y: event.clientY }, event.buttons > 0)) event.preventDefault();
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

const onMenuKey = (event, menu) => {
  if (event.key === "Tab") menu.hidePopover();
  else if (event.key === " ") event.target.click();
  else if (!step(menu, event.key)) return;
  if (event.key !== "Tab") event.preventDefault();
};

htmx.on("keydown", (event) => {
  const menu = event.target.closest("[role=menu]");
  if (menu) return onMenuKey(event, menu);
  const row = event.target.closest("table.list tbody tr");
  const asked = { ContextMenu: 1, F10: event.shiftKey, ArrowDown: event.target.matches(".more") }[event.key];
  if (row && asked && openFor(row, null)) event.preventDefault();
});

htmx.on("click", (event) => {
  event.target.closest("[role=menuitem][href]")?.closest("[popover]").hidePopover();
});
// When the page moves on, the menu goes; late events of an earlier scroll don't count.
document.addEventListener("scroll", () => {
  if (Math.abs(scrollY - openedAt) > 40) document.querySelector("[role=menu]:popover-open")?.hidePopover();
}, { passive: true });
