// Table selection: ranges, select all, its buttons, kept on reload.
const selected = new Set();
let last = "";
let table = document.getElementById("table");
const boxes = () => [...document.querySelectorAll("#table input[name=ids]")];
const matching = () => document.querySelector("#table [data-matching]");
// The total loads after the page, and some clouds don't know it.
const total = () => document.getElementById("total").dataset.total || document.querySelector("[data-all]").dataset.all;
const forgetMatching = () => {
  const url = new URL(location);
  url.searchParams.delete("select");
  if (matching()) history.replaceState(history.state, "", url);
  for (const input of document.querySelectorAll("#table [data-matching]")) input.remove();
};

const remember = (cleared = "") => {
  const all = boxes();
  const header = document.querySelector("[data-select-all]");
  if (!header) return;
  selected.clear();
  for (const box of all) {
    if (box.checked) selected.add(box.value);
    box.closest("tr").classList.toggle("selected", box.checked);
  }
  const count = selected.size;
  if (count < all.length) forgetMatching();
  header.checked = count > 0 && count === all.length;
  header.indeterminate = count > 0 && !header.checked;
  header.disabled = all.length === 0;
  const label = document.querySelector("[data-selected-count]");
  label.textContent = count ? `${label.dataset.text} ${matching() ? total() : count}` : cleared;
  for (const button of document.querySelectorAll("[data-needs-selection]")) {
    // A disabled button would lose the focus.
    if (count === 0 && button === document.activeElement) document.getElementById("main").focus();
    button.disabled = count === 0;
  }
};

// Why a row was left out stays in it when the table is read again, until the row is done.
const reasons = new Map();
const keepReasons = () => {
  for (const place of document.querySelectorAll("#table .failure")) {
    const { id } = place.closest("tr");
    if (place.querySelector("[data-kept]")) reasons.set(id, place);
    else if (reasons.has(id)) place.replaceWith(reasons.get(id));
  }
};

// Replaced rows come unchecked; deleted ones stay so, those that come back are checked again.
const restore = () => {
  const label = document.querySelector("[data-selected-count]");
  const before = table;
  table = document.getElementById("table");
  // Another page or search may have none of the selected rows.
  const lost = table !== before ? label?.dataset.cleared : "";
  const cleared = selected.size ? lost : label?.textContent;
  if (document.querySelector("#table [data-select=no]")) forgetMatching();
  for (const box of boxes()) {
    const state = box.dataset.select;
    delete box.dataset.select;
    if (state === "no") reasons.delete(`row-${box.value}`);
    box.checked = state ? state === "yes" : matching() || selected.has(box.value);
  }
  keepReasons();
  remember(cleared);
};

// A click or Space changes a row, a range with Shift, or all rows.
htmx.on("click", ({ target, shiftKey }) => {
  const all = boxes();
  const whole = target.matches("[data-select-all], [data-clear-selection]");
  const now = all.indexOf(target);
  if (!whole && now < 0) return;
  const before = shiftKey ? all.findIndex((box) => box.id === last) : -1;
  const [first, end] = [before < 0 ? now : before, now].sort((a, b) => a - b);
  // The button that clears the selection is never checked.
  for (const box of whole ? all : all.slice(first, end + 1)) box.checked = target.checked;
  last = target.id;
  remember();
});
htmx.on("htmx:afterSettle", restore);
addEventListener("pageshow", () => remember());
remember();
