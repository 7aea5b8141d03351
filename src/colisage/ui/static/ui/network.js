// The network of the floor: what the phone knows of it, and whether the house answers. Without it a page would be lost to
// an error of the browser: nothing is sent then, it is said, and what was scanned stays in the field.
"use strict";
(() => {
  const HERE = document.currentScript.src;
  const EVERY = { on: 15000, off: 3000 };
  let answers = true;
  let asked;
  const off = () => !navigator.onLine || !answers;
  const saidOff = () => document.getElementById("toasts")?.dataset.offline ?? "";
  const network = () => {
    document.documentElement.dataset.network = off() ? "off" : "on";
    if (!off()) for (const toast of document.querySelectorAll("#toasts .toast")) if (toast.querySelector("span")?.textContent === saidOff()) toast.remove();
  };
  const ask = async () => {
    clearTimeout(asked);
    if (!document.hidden && navigator.onLine) {
      answers = await fetch(HERE, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) }).then(() => true, () => false);
      network();
    }
    asked = setTimeout(ask, off() ? EVERY.off : EVERY.on);
  };
  const refuse = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.body.dispatchEvent(new CustomEvent("toast", { bubbles: true, detail: { text: saidOff(), tone: "bad" } }));
    document.dispatchEvent(new Event("floor:unsent"));
  };
  document.addEventListener("submit", (event) => {
    if (off() && !event.target.matches("[hx-post], [hx-get], [method=dialog]")) refuse(event);
  }, true);
  document.addEventListener("click", (event) => {
    if (off() && event.target instanceof Element && event.target.closest("a[href]:not([href^='#'])")) refuse(event);
  }, true);
  document.addEventListener("htmx:sendError", ask);
  addEventListener("online", () => { network(); ask(); });
  addEventListener("offline", network);

  network();
  asked = setTimeout(ask, EVERY.on);
})();
