// The selection of a table: the checkbox above it, what it enables, and keeping it over refreshes.
(() => {
  const selected = new Set();
  const boxes = () => [...document.querySelectorAll("#table input[name=ids]")];

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
      told.textContent = count ? `${told.dataset.text} ${count}` : "";
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

  // Replaced rows come unchecked; those being deleted stay so.
  const restore = () => {
    for (const box of boxes()) {
      if ("unselect" in box.dataset) {
        selected.delete(box.value);
        delete box.dataset.unselect;
      }
      box.checked = selected.has(box.value);
    }
    remember();
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-select-all], #table input[name=ids]")) remember();
  });
  document.body.addEventListener("htmx:afterSettle", restore);
  window.addEventListener("pageshow", remember);
  remember();
})();
