// Keys, autosave and the map's search: conveniences over pages that work without any script.
"use strict";
(function () {
  const form = document.getElementById("answer");
  const items = Array.from(document.querySelectorAll(".rail a"));
  const isTyping = (target) => /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "radio" && target.type !== "checkbox";

  // Drafts: what is typed is kept on the server a moment after the last key, and when the page is left.
  let timer = 0;
  let unsent = false;
  function keep(leaving) {
    if (!form || !unsent) return;
    unsent = false;
    const mark = form.querySelector(".autosave");
    const say = (name) => { if (mark) mark.textContent = mark.dataset[name] || ""; };
    fetch(form.dataset.draft, {
      method: "POST", body: new URLSearchParams(new FormData(form)), keepalive: leaving, headers: { Accept: "text/plain" },
    }).then((answer) => say(answer.ok ? "saved" : "failed"), () => { unsent = true; say("failed"); });
  }
  if (form) {
    form.addEventListener("input", () => {
      unsent = true;
      clearTimeout(timer);
      timer = setTimeout(() => keep(false), 800);
    });
    form.addEventListener("submit", () => { unsent = false; clearTimeout(timer); });
    addEventListener("pagehide", () => keep(true));
  }

  // Keys, wherever nobody is typing.
  function press(selector) {
    const target = document.querySelector(selector);
    if (!target) return false;
    target.click();
    return true;
  }
  function step(by) {
    const here = items.findIndex((link) => link.hasAttribute("aria-current"));
    const next = items[here + by];
    if (here >= 0 && next) next.click();
  }
  addEventListener("keydown", (event) => {
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      press('[data-key="s"]');
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const level = /^[1-4]$/.test(event.key) ? event.key : event.key === "n" ? "na" : "";
    if (form && level) {
      const choice = form.querySelector('input[name="level"][value="' + level + '"]');
      choice.checked = true;
      choice.focus();
      choice.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    } else if (event.key === "/") {
      const field = document.querySelector('[data-key="/"]');
      if (field) { field.focus(); event.preventDefault(); }
    } else if (/^[aus]$/.test(event.key) && press('[data-key="' + event.key + '"]')) {
      event.preventDefault();
    }
  });

  // A display filter is copied rather than typed.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = button.previousElementSibling;
      field.select();
      if (navigator.clipboard) navigator.clipboard.writeText(field.value);
    });
  }

  // The map: what does not hold the words steps back.
  const find = document.querySelector("[data-map-find]");
  if (find) {
    find.closest("label").hidden = false;
    find.addEventListener("input", () => {
      const words = find.value.trim().toLowerCase();
      for (const node of document.querySelectorAll(".diagram .node")) {
        node.classList.toggle("dim", words !== "" && !node.textContent.toLowerCase().includes(words));
      }
    });
  }
  const rail = document.querySelector(".rail a[aria-current]");
  if (rail) rail.scrollIntoView({ block: "nearest" });
})();
