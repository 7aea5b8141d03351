// The floor: one scan field that always listens, a verdict one hears and feels, the camera where the browser reads codes.
"use strict";
(() => {
  const scan = () => document.querySelector("input[data-scan]");
  const busy = () => document.querySelector("dialog[open]") !== null;
  const types = (element) => element?.matches?.("input, textarea, select, [contenteditable]") ?? false;

  // the field listens
  const listen = () => {
    const input = scan();
    if (!input || busy() || (types(document.activeElement) && document.activeElement !== input)) return;
    const came = document.activeElement !== input;
    input.focus({ preventScroll: true });
    if (came) replaceable();
  };
  // a refused code stays to be read, selected: the next reading takes its place
  const replaceable = () => {
    const input = scan();
    if (input?.value && input.getAttribute("aria-invalid") === "true") input.select();
  };
  document.addEventListener("focusout", () => setTimeout(() => {
    if (document.activeElement === document.body) listen();
  }, 120));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) listen(); });
  document.addEventListener("click", (event) => {
    // a finger on the field asks for the keyboard; a scanner never touches it
    if (event.target === scan()) event.target.inputMode = "text";
    else if (!types(event.target)) setTimeout(listen, 200);
  });
  // a scanner types like a keyboard, wherever the focus is: its first letter brings the focus, the rest follows
  document.addEventListener("keydown", (event) => {
    const letter = event.key.length === 1 && event.key !== " ";
    if (!letter || busy() || types(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    scan()?.focus();
  }, true);

  // FNC1, the separator of GS1, which scanners type as Ctrl and the key of `]`: it belongs to the code
  document.addEventListener("keydown", (event) => {
    const input = scan();
    if (event.target !== input || !event.ctrlKey || (event.key !== "]" && event.key !== "\u001d" && event.code !== "BracketRight")) return;
    event.preventDefault();
    input.setRangeText("\u001d", input.selectionStart, input.selectionEnd, "end");
  });

  // one reading is one message. A scanner is faster than the network: what it reads meanwhile waits its turn, and a
  // reading that did not arrive goes back into the field, to be sent again with Enter.
  const waiting = [];
  let flying = null;
  let code = "";
  let begun = "";
  document.addEventListener("submit", (event) => {
    const input = scan();
    if (!flying || event.target !== input?.form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push(input.value);
    input.value = "";
  }, true);
  document.addEventListener("htmx:beforeSend", (event) => {
    const input = scan();
    if (!input || event.detail.requestConfig.elt !== input.form) return;
    flying = input.form;
    code = input.value;
    input.value = "";
  });
  // what is half typed when the page changes under it is carried over
  document.addEventListener("htmx:beforeSwap", () => { begun = scan()?.value ?? ""; });
  document.addEventListener("htmx:afterSwap", () => {
    const input = scan();
    if (!input) return;
    listen();
    if (begun) input.value = begun;
    else input.select();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { requestConfig, xhr } = event.detail;
    if (!flying || requestConfig.elt !== flying) return;
    flying = null;
    const input = scan();
    if (!input) return;
    const judged = xhr.status === 422 || (xhr.status >= 200 && xhr.status < 400);
    if (!judged) {
      input.value = code;
      input.select();
    } else if (waiting.length) {
      input.value = waiting.shift();
      input.form.requestSubmit();
      input.value = begun;
    }
  });

  // the verdict
  let sound;
  const note = (at, frequency, seconds, shape) => {
    const tone = sound.createOscillator();
    const level = sound.createGain();
    tone.type = shape;
    tone.frequency.value = frequency;
    level.gain.setValueAtTime(0.25, at);
    level.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    tone.connect(level).connect(sound.destination);
    tone.start(at);
    tone.stop(at + seconds);
  };
  const NOTES = {
    ok: [[0, 988, 0.08, "sine"], [0.08, 1319, 0.14, "sine"]],
    warn: [[0, 659, 0.18, "triangle"], [0.22, 659, 0.18, "triangle"]],
    bad: [[0, 196, 0.22, "square"], [0.26, 165, 0.34, "square"]],
  };
  const BUZZ = { ok: [40], warn: [60, 60, 60], bad: [180, 80, 180] };
  const ring = (name) => {
    navigator.vibrate?.(BUZZ[name]);
    try {
      sound ??= new AudioContext();
      sound.resume();
      for (const [after, frequency, seconds, shape] of NOTES[name]) note(sound.currentTime + after, frequency, seconds, shape);
    } catch {
      // a browser without sound: the colour, the shape, the words and the vibration remain
    }
  };
  const judge = (root) => {
    const verdict = root.querySelector?.("[data-verdict]:not([data-heard])") ?? (root.matches?.("[data-verdict]:not([data-heard])") ? root : null);
    const name = verdict?.dataset.verdict;
    if (!name || !NOTES[name]) return;
    verdict.dataset.heard = "";
    ring(name);
  };
  document.addEventListener("htmx:afterSettle", () => { judge(document.body); offerCamera(); listen(); });

  // quantities
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-step]");
    const input = button && button.parentElement.querySelector("input[type=number]");
    if (!input) return;
    if (Number(button.dataset.step) > 0) input.stepUp(); else input.stepDown();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // the camera
  const able = "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);
  const offerCamera = () => {
    if (able) document.querySelectorAll("[data-camera]").forEach((button) => { button.hidden = false; });
  };
  const look = async (dialog) => {
    const video = dialog.querySelector("video");
    const words = dialog.querySelector("[role=status]");
    words.textContent = "";
    dialog.showModal();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      words.textContent = dialog.dataset.refused;
      return;
    }
    const stop = () => stream.getTracks().forEach((track) => track.stop());
    dialog.addEventListener("close", stop, { once: true });
    if (!dialog.open) { stop(); return; }
    video.srcObject = stream;
    await video.play();
    const detector = new BarcodeDetector();
    while (dialog.open) {
      const [found] = await detector.detect(video).catch(() => []);
      if (found?.rawValue) {
        dialog.close();
        const input = scan();
        if (input) { input.value = found.rawValue; input.form.requestSubmit(); }
        return;
      }
      await new Promise((again) => setTimeout(again, 120));
    }
  };
  document.addEventListener("click", (event) => {
    const dialog = document.getElementById("camera");
    if (dialog && event.target instanceof Element && event.target.closest("[data-camera]")) look(dialog);
  });

  // what could not be sent is heard, and the next reading takes its place
  document.addEventListener("floor:unsent", () => { ring("bad"); scan()?.select(); });
  document.addEventListener("htmx:sendError", () => ring("bad"));

  offerCamera();
  judge(document.body);
  listen();
  replaceable();
})();
