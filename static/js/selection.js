// The selection of a table: the checkbox above it, what it enables, and keeping it over refreshes.
const selected = new Set();
const boxes = () => [...document.querySelectorAll("#table input[name=ids]")];
const matching = () => document.querySelector("#table [data-matching]");

const show = () => {
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  for (const box of all) box.closest("tr").classList.toggle("selected", box.checked);
  for (const above of document.querySelectorAll("[data-select-all]")) {
    above.checked = count > 0 && count === all.length;
    above.indeterminate = count > 0 && count < all.length;
    above.disabled = all.length === 0;
  }
  for (const told of document.querySelectorAll("[data-selected-count]")) {
    told.textContent = count ? `${told.dataset.text} ${matching()?.dataset.matching || count}` : "";
  }
  for (const button of document.querySelectorAll("[data-needs-selection]")) {
    // A button that is disabled under the focus loses it to nowhere.
    if (count === 0 && button === document.activeElement) document.getElementById("main").focus();
    button.disabled = count === 0;
  }
};

const remember = () => {
  selected.clear();
  for (const box of boxes()) if (box.checked) selected.add(box.value);
  show();
};

// Replaced rows come unchecked; those being deleted stay so, those that come back from it are checked again.
const restore = () => {
  if (document.querySelector("#table [data-select=no]")) matching()?.remove();
  for (const box of boxes()) {
    const told = box.dataset.select;
    delete box.dataset.select;
    box.checked = told ? told === "yes" : matching() || selected.has(box.value);
  }
  remember();
};

htmx.on("change", (event) => {
  if (event.target.matches("[data-select-all]")) for (const box of boxes()) box.checked = event.target.checked;
  if (!event.target.matches("[data-select-all], #table input[name=ids]")) return;
  if (!event.target.checked) matching()?.remove();
  remember();
});
htmx.on("htmx:afterSettle", restore);
addEventListener("pageshow", remember);
remember();
