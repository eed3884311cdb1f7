// Context menus: fill, position, keyboard, and opening by right click.
const menu = document.getElementById("menu");
// What stands in the templates for the ids of a row and of its disk (volumes/lists/row_texts.py).
const ANY_ID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
const ANY_DISK_ID = "dddddddd-dddd-dddd-dddd-dddddddddddd";
let openedAt = 0;
let openFor = null;

const items = () => [...menu.querySelectorAll("[role=menuitem]")];

const disable = (entry, reason) => {
  for (const name of ["href", "hx-get", "hx-post"]) entry.removeAttribute(name);
  const words = Object.assign(document.createElement("span"), { id: `why-${items().indexOf(entry)}`, textContent: reason, hidden: true });
  entry.after(words);
  Object.assign(entry, { title: reason, ariaDisabled: "true" }).setAttribute("aria-describedby", words.id);
};

const fill = (row) => {
  const template = document.getElementById("menu-entries").innerHTML;
  menu.innerHTML = template.replaceAll(ANY_ID, row.id.slice("row-".length)).replaceAll(ANY_DISK_ID, row.dataset.disk);
  const entries = items();
  for (const change of document.getElementById(`menu-${row.dataset.menu}`)?.content.children ?? []) {
    const entry = entries[change.dataset.entry];
    if (change.textContent) entry.lastChild.textContent = change.textContent;
    if (change.title) disable(entry, change.title);
  }
  htmx.process(menu);
};

const place = (button, pointer) => {
  const box = button.getBoundingClientRect();
  const at = pointer ?? { x: box.right - menu.offsetWidth, y: box.bottom + 4 };
  const fits = (start, size, room) => Math.max(8, Math.min(start, room - size - 8));
  menu.style.left = `${fits(at.x, menu.offsetWidth, innerWidth)}px`;
  menu.style.top = `${fits(at.y, menu.offsetHeight, innerHeight)}px`;
};

const buttonOfMenu = () => document.getElementById(menu.getAttribute("aria-labelledby"));
const collapse = () => buttonOfMenu()?.setAttribute("aria-expanded", "false");

const open = (event, pointer = null, pressed = false) => {
  const row = event.target.closest("table.list tbody tr");
  if (!row) return;
  event.preventDefault();
  const show = () => {
    const button = row.querySelector(".more");
    collapse();
    fill(row);
    menu.setAttribute("aria-labelledby", button.id);
    button.focus({ preventScroll: true });
    button.setAttribute("aria-expanded", "true");
    openedAt = scrollY;
    menu.showPopover();
    place(button, pointer);
    items()[0]?.focus();
  };
  // Releasing the mouse button would close the menu again.
  if (pressed) addEventListener("pointerup", () => setTimeout(show), { once: true });
  else show();
};

menu?.addEventListener("toggle", ({ newState }) => newState === "closed" && collapse());

// A click on the button of an open menu closes it, before it is a click.
htmx.on("pointerdown", ({ target }) => {
  openFor = menu?.matches(":popover-open") && buttonOfMenu()?.contains(target) && buttonOfMenu();
});
htmx.on("click", (event) => {
  const button = event.target.closest(".more");
  if (!button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (button !== openFor) open(event);
  openFor = null;
});

htmx.on("contextmenu", (event) => {
  // The menu key fires it too.
  open(event, event.button === 2 ? { x: event.clientX, y: event.clientY } : null, event.buttons > 0);
});

const step = (key) => {
  const all = items();
  const now = all.indexOf(document.activeElement);
  const ordered = [...all.slice(now + 1), ...all.slice(0, now + 1)];
  const match = all.indexOf(ordered.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase())));
  const next = { ArrowDown: now + 1, ArrowUp: now - 1 + (now < 0), Home: 0, End: all.length - 1 }[key] ?? match;
  if (next < 0 && key !== "ArrowUp") return false;
  all[(next + all.length) % all.length].focus();
  return true;
};

htmx.on("keydown", (event) => {
  if (!event.target.closest("[role=menu]")) {
    if ({ ContextMenu: 1, F10: event.shiftKey, ArrowDown: event.target.matches(".more") }[event.key]) open(event);
  } else if (event.key === "Tab") menu.hidePopover();
  else if (!event.ctrlKey && !event.altKey && !event.metaKey && step(event.key)) event.preventDefault();
});

htmx.on("click", (event) => {
  if (event.target.closest("[role=menuitem][href]")) menu.hidePopover();
});
// Scrolling closes a menu, except by late events of an earlier scroll.
document.addEventListener("scroll", () => {
  if (Math.abs(scrollY - openedAt) > 40 && menu?.matches(":popover-open")) menu.hidePopover();
}, { passive: true });

// Changed rows bring their menus, also those that are on the page already.
htmx.on("htmx:afterSettle", () => {
  // Its row may have been removed.
  if (menu?.matches(":popover-open") && !buttonOfMenu()) {
    menu.hidePopover();
    document.getElementById("main").focus({ preventScroll: true });
  }
  const seen = new Set();
  for (const template of document.querySelectorAll("#menus template")) {
    if (seen.has(template.id)) template.remove();
    seen.add(template.id);
  }
});
