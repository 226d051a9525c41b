// Adds to pages that work without it: the live list, and keys. Text of others only ever becomes a text node.
"use strict";

(() => {
  const live = document.getElementById("live");
  if (!live) return;
  const MOST = 200;
  const list = document.getElementById("actions");
  const template = document.getElementById("row");
  const word = document.getElementById("live-word");
  const pause = document.getElementById("pause");
  let waiting = [];
  let paused = false;

  const say = (state, text) => {
    live.dataset.state = state;
    if (word.textContent !== text) word.textContent = text;
  };

  const show = (event) => {
    const item = template.content.firstElementChild.cloneNode(true);
    for (const part of item.querySelectorAll("[data-f]")) part.textContent = event[part.dataset.f] ?? "";
    item.querySelector(".verdict").dataset.verdict = event.verdict;
    const time = item.querySelector("time");
    time.setAttribute("datetime", event.time);
    time.title = event.time;
    item.querySelector("a").setAttribute("href", "/console/actions/" + encodeURIComponent(event.index));
    item.classList.add("fresh");
    list.prepend(item);
    while (list.children.length > MOST) list.lastElementChild.remove();
    document.getElementById("empty")?.remove();
  };

  // Goes on where it ended: nothing is lost, and nothing comes twice.
  let next = new URL(live.dataset.stream, location.href).searchParams.get("from");
  let source;
  const connect = () => {
    const address = new URL(live.dataset.stream, location.href);
    address.searchParams.set("from", next);
    source = new EventSource(address);
    source.onopen = () => { pause.hidden = false; if (!paused) say("live", "Live"); };
    source.onerror = () => {
      // Closed by the browser: it was refused, as after a restart, when nobody is signed in any more.
      const refused = source.readyState === EventSource.CLOSED;
      source.close();
      if (refused) { pause.hidden = true; say("off", "Not live: open this page again"); return; }
      say("off", "Connecting again");
      setTimeout(connect, 3000);
    };
    source.addEventListener("end", (event) => { source.close(); pause.hidden = true; say("off", "Not live: " + event.data); });
    source.onmessage = (message) => {
      next = message.lastEventId;
      const event = JSON.parse(message.data);
      if (!paused) { show(event); return; }
      waiting.push(event);
      if (waiting.length > MOST) waiting.shift();
      say("paused", "Paused, " + waiting.length + " new");
    };
  };
  connect();
  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Go on" : "Pause";
    if (paused) { say("paused", "Paused"); return; }
    waiting.forEach(show);
    waiting = [];
    say("live", "Live");
  });
  addEventListener("pagehide", () => source.close());
})();

(() => {
  const keys = document.getElementById("keys");
  if (!keys) return;
  const STORED = "reeve-keys";
  const toggle = document.getElementById("keys-off");
  let on = true;
  try { on = localStorage.getItem(STORED) !== "off"; } catch { /* Without storage they are on. */ }
  const tell = () => { toggle.textContent = on ? "Turn keys off" : "Turn keys on"; };
  keys.hidden = false;
  tell();
  toggle.addEventListener("click", () => {
    on = !on;
    try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* Only for this page, then. */ }
    tell();
  });

  const step = (by) => {
    const links = [...document.querySelectorAll("#inbox a")];
    const at = links.indexOf(document.activeElement);
    links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))]?.focus();
  };
  // Only goes to the button: the person presses it.
  const ready = (id, word) => {
    const button = document.getElementById(id);
    if (!button) return;
    button.focus();
    document.getElementById("answer-hint").textContent = "Press Enter to " + word + ".";
  };
  const acts = { j: () => step(1), k: () => step(-1), a: () => ready("approve", "approve"), d: () => ready("deny", "deny") };
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select");
    if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
})();

(() => {
  const changed = document.getElementById("changed");
  if (!changed) return;
  const look = async () => {
    try {
      const answer = await fetch(changed.dataset.address, { cache: "no-store", redirect: "error" });
      if (answer.status === 401) return;
      if (answer.ok && (await answer.text()) !== changed.dataset.mark) { changed.firstElementChild.hidden = false; return; }
    } catch { /* It is asked again. */ }
    setTimeout(look, 5000);
  };
  setTimeout(look, 5000);
})();
