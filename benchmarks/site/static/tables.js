// Tables that sort by a click on a column's title, and groups of which one is shown.
(function (W) {
  "use strict";

  function value(row, column) {
    const cell = row.cells[column];
    const key = cell.dataset.key;
    if (key === undefined) return cell.textContent.trim().toLowerCase();
    return key === "" ? null : Number(key);
  }

  /** Nothing to compare goes last, whichever way is up. */
  function compare(a, b, way) {
    if (a === null || b === null) return (a === null) - (b === null);
    if (a === b) return 0;
    return (a < b ? -1 : 1) * way;
  }

  function sort(table, column, descending) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row, i) => ({ row, i, key: value(row, column) }));
    const way = descending ? -1 : 1;
    rows.sort((a, b) => compare(a.key, b.key, way) || a.i - b.i);
    body.append(...rows.map((entry) => entry.row));
    Array.from(table.tHead.rows[0].cells).forEach((cell, i) => {
      if (i === column) cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    });
  }

  /** Let the titles of a table's columns sort it. */
  W.sortable = function (table) {
    Array.from(table.tHead.rows[0].cells).forEach((cell, column) => {
      const button = cell.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const now = cell.getAttribute("aria-sort");
        const first = cell.dataset.first || "descending";
        const descending = now ? now !== "descending" : first === "descending";
        sort(table, column, descending);
      });
    });
  };

  /** Buttons with aria-controls; the panel of the pressed one is shown, and the address says which. */
  function tabs(list) {
    const buttons = Array.from(list.querySelectorAll("[role=tab]"));
    const choose = (chosen, focus) => {
      for (const button of buttons) {
        const on = button === chosen;
        button.setAttribute("aria-selected", String(on));
        button.tabIndex = on ? 0 : -1;
        W.byId(button.getAttribute("aria-controls")).hidden = !on;
      }
      if (focus) chosen.focus();
    };
    const key = list.dataset.choice;
    const press = (button, focus) => {
      choose(button, focus);
      if (key) W.choose({ [key]: button.dataset.value });
    };
    const obey = () => {
      const wished = key && W.chosen(key);
      const found = wished && buttons.find((button) => button.dataset.value === wished);
      if (found) choose(found, false);
    };
    obey();
    W.onChoice(obey);
    buttons.forEach((button, i) => {
      button.addEventListener("click", () => press(button, false));
      button.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step) press(buttons[(i + step + buttons.length) % buttons.length], true);
      });
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("table.sortable").forEach(W.sortable);
    document.querySelectorAll("[role=tablist]").forEach(tabs);
  });
})(window.WALKER);
