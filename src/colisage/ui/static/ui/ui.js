// What a page does beyond HTML: small, no dependency, nothing inline. Everything is found by data attributes,
// so that fragments swapped in by htmx behave like the page they came with.
"use strict";
(() => {
  const toasts = () => document.getElementById("toasts");
  const said = (name) => toasts()?.dataset[name] ?? "";

  // toasts: leave after a while, unless they matter or someone is reading them
  const leave = (toast) => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000, toast);
    else toast.remove();
  };
  const settle = (toast) => {
    if (toast.dataset.settled !== undefined) return;
    toast.dataset.settled = "";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "act close";
    close.textContent = "×";
    close.setAttribute("aria-label", said("close"));
    close.addEventListener("click", () => toast.remove());
    toast.append(close);
    if (toast.dataset.stays === undefined) setTimeout(leave, toast.querySelector("form, a") ? 20000 : 7000, toast);
  };
  const settleAll = () => document.querySelectorAll("#toasts .toast").forEach(settle);
  const tell = (text, tone = "ok") => {
    const box = toasts();
    if (!box || !text) return;
    for (const known of box.children) if (known.querySelector("span")?.textContent === text) known.remove();  // said once, not in a pile
    const toast = document.createElement("div");
    toast.className = "toast";
    if (tone !== "ok") toast.dataset.stays = "";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words);
    box.append(toast);
    settle(toast);
  };

  // rows ticked: the bulk bar counts them
  const countTicked = (form) => {
    const ticked = form.querySelectorAll("tbody .sel :checked, [data-row]:checked").length;
    form.querySelectorAll("[data-ticked]").forEach((place) => { place.textContent = String(ticked); });
  };

  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    if (!at) return;
    const opener = at.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
    }
    const copier = at.closest("[data-copy]");
    if (copier) navigator.clipboard?.writeText(copier.dataset.copy).then(() => tell(said("copied")));
    if (at.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(at)) menu.open = false;
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement)) return;
    if (field.matches("[data-sends]")) field.form?.requestSubmit();
    if (field.matches("[data-all]")) {
      field.form?.querySelectorAll(`input[type=checkbox][name="${CSS.escape(field.dataset.all)}"]`).forEach((box) => { box.checked = field.checked; });
    }
    if (field.matches("input[type=checkbox]") && field.form) countTicked(field.form);
    const drop = field.closest("[data-drop]");
    if (drop && field.files?.length) {
      drop.querySelector("[data-file]").textContent = [...field.files].map((file) => file.name).join(", ");
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
    const search = document.getElementById("q");
    if (event.key !== "/" || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // a file dropped on its label is the file chosen
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      const drop = event.target instanceof Element && event.target.closest("[data-drop]");
      if (!drop) return;
      event.preventDefault();
      if (kind === "drop" && event.dataTransfer?.files.length) {
        const input = drop.querySelector("input[type=file]");
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  // what htmx could not do is said, never swallowed
  document.addEventListener("htmx:responseError", () => tell(said("unanswered"), "bad"));
  document.addEventListener("htmx:sendError", () => tell(said("offline"), "bad"));
  document.addEventListener("htmx:afterSettle", settleAll);
  document.addEventListener("toast", (event) => tell(event.detail?.text ?? event.detail?.value, event.detail?.tone));

  // on a phone, tabs begin with the one that is open
  for (const here of document.querySelectorAll(":is(.nav, .views) > [aria-current]")) {
    here.parentElement.scrollLeft += here.getBoundingClientRect().left - here.parentElement.getBoundingClientRect().left - 48;
  }

  settleAll();
  document.querySelectorAll("form").forEach(countTicked);
})();
