// Keys of a list (`table[data-keys]`): the focus is the real one, on the link of a row, so that a screen reader says where
// it is and Enter opens. Letters do nothing while somebody types, with a modifier, in a dialog, or when switched off.
"use strict";
(() => {
  const KEPT = "colisage.keys";
  const table = () => document.querySelector("table[data-keys]");
  const links = () => [...(table()?.querySelectorAll("tbody th a") ?? [])];
  const mine = () => document.activeElement?.closest("table[data-keys] tbody tr");
  const on = () => { try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; } };

  const step = (by) => {
    const all = links();
    const at = all.findIndex((link) => link.closest("tr") === mine());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus({ focusVisible: true, preventScroll: true });
    next?.closest("tr").scrollIntoView({ block: "nearest" });
  };
  const deeds = {
    j: () => step(1),
    k: () => step(-1),
    x: () => mine()?.querySelector(".sel input")?.click(),
    n: () => document.querySelector("a[rel=next]")?.click(),
    p: () => document.querySelector("a[rel=prev]")?.click(),
    f: () => document.getElementById("f")?.select(),
    "?": () => document.getElementById("keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !table()) return;
    const at = event.target instanceof Element ? event.target : null;
    if (document.querySelector("dialog[open]")) return;
    if (at?.closest("textarea, select, [contenteditable], input:not([type=checkbox])")) return;
    // the arrows move rows only from a row: elsewhere they scroll the page, as everywhere
    const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (arrow && mine()) step(arrow);
    else if (event.key === "Enter" && at?.matches("tbody .sel input")) mine().querySelector("th a").click();  // not the first button of the bar
    else if (on() && Object.hasOwn(deeds, event.key)) deeds[event.key]();
    else return;
    event.preventDefault();
  });

  const box = document.querySelector("[data-keys-on]");
  if (box) box.checked = on();
  box?.addEventListener("change", () => { try { localStorage.setItem(KEPT, box.checked ? "on" : "off"); } catch { /* not kept: on again */ } });
})();
