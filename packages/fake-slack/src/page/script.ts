/**
 * The page's script, served as /app.js. It listens for changes, fetches the page again and swaps what changed, keeping
 * what the reader has open and where they are. Everything it does, a reload does too.
 */
export const SCRIPT = `"use strict";
const frame = document.getElementById("frame");
const live = document.getElementById("live");
const base = document.body.dataset.base;
let isBusy = false;
let isStale = false;

async function refresh() {
  if (isBusy) {
    isStale = true;
    return;
  }
  isBusy = true;
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { "x-fragment": "1" } });
    if (answer.ok) swap(await answer.text());
  } catch {
    live.textContent = "not connected";
  } finally {
    isBusy = false;
    if (isStale) {
      isStale = false;
      refresh();
    }
  }
}

function swap(html) {
  const open = [...frame.querySelectorAll("details[open]")].map((details) => details.id);
  const shut = [...frame.querySelectorAll("details:not([open])")].map((details) => details.id);
  const scroll = document.getElementById("scroll");
  const top = scroll ? scroll.scrollTop : 0;
  const focused = document.activeElement && document.activeElement.closest("[id]") ? document.activeElement.id : "";
  const channels = frame.querySelector("nav ul");
  const along = channels ? channels.scrollLeft : 0;
  frame.innerHTML = html;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  for (const id of shut) document.getElementById(id)?.removeAttribute("open");
  const fresh = document.getElementById("scroll");
  if (fresh) fresh.scrollTop = top;
  const freshChannels = frame.querySelector("nav ul");
  if (freshChannels) freshChannels.scrollLeft = along;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const events = new EventSource(base + "/events");
events.onopen = () => {
  live.textContent = "live";
};
events.onmessage = refresh;
events.onerror = () => {
  live.textContent = "not connected";
};
frame.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
`;
