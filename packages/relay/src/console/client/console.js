import { markPlaces } from "./editor.js";

/** Keeps the open page true: when the relay says that something changed, what is shown is fetched again and swapped. */
const main = document.getElementById("main");
const live = document.getElementById("live");
const body = document.body;

let isFetching = false;
let isStale = false;

async function refresh() {
  if (isFetching || document.hidden) {
    isStale = true;
    return;
  }
  isFetching = true;
  isStale = false;
  try {
    const answer = await fetch(location.href, { headers: { "x-fragment": "1" } });
    if (answer.ok) swap(await answer.text());
  } catch {
    // The stream itself says when the relay is gone.
  } finally {
    isFetching = false;
    if (isStale) void refresh();
  }
}

/** Keeps what the reader did: what is folded open, where they are, what has the focus, what they selected or typed. */
function swap(html) {
  const selection = getSelection();
  const isSelecting = selection && !selection.isCollapsed && main.contains(selection.anchorNode);
  if (isSelecting || main.querySelector("[data-touched]")) {
    isStale = true;
    setTimeout(refresh, 2000);
    return;
  }
  const open = new Map([...main.querySelectorAll("details[id]")].map((details) => [details.id, details.open]));
  const scrolls = [...main.querySelectorAll(".wide")].map((box) => [box.scrollLeft, box.scrollTop]);
  const focused = document.activeElement;
  const place = main.contains(focused) ? placeOf(focused) : undefined;
  main.innerHTML = html;
  showCopies(main);
  for (const details of main.querySelectorAll("details[id]")) {
    if (open.has(details.id)) details.open = open.get(details.id);
  }
  for (const [index, box] of [...main.querySelectorAll(".wide")].entries()) {
    [box.scrollLeft, box.scrollTop] = scrolls[index] ?? [0, 0];
  }
  if (place) main.querySelector(place)?.focus({ preventScroll: true });
}

function placeOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const href = element.getAttribute("href");
  if (href) return `a[href="${CSS.escape(href)}"]`;
  const owner = element.closest("[id]");
  return owner && owner !== main ? `#${CSS.escape(owner.id)} ${element.localName}` : undefined;
}

if (body.dataset.live) {
  const events = new EventSource("/live");
  events.onopen = () => {
    live.textContent = body.dataset.live;
    live.classList.remove("lost");
  };
  events.onmessage = refresh;
  events.onerror = () => {
    live.textContent = body.dataset.lost;
    live.classList.add("lost");
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && isStale) void refresh();
  });
}

/** Buttons that copy what stands beside them, where the browser lets them. */
function showCopies(part) {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll("[data-copied]")) button.hidden = false;
}

showCopies(main);
main.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copied]");
  if (!button) return;
  await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
  const said = button.nextElementSibling;
  said.textContent = button.dataset.copied;
  setTimeout(() => {
    said.textContent = "";
  }, 3000);
});

main.addEventListener("input", (event) => event.target.setAttribute("data-touched", ""));

/** The playground answers as one types: the last thing typed, once there is a pause. */
const play = document.getElementById("play");
let typing;
if (play) {
  play.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => void explainAgain(), 250);
  });
}

let asking = new AbortController();

/** Only what was asked last is shown: an answer before it may come later. */
async function explainAgain() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const body = new URLSearchParams(new FormData(play));
  const html = await fetch(play.action, { method: "POST", headers: { "x-fragment": "1" }, body, signal })
    .then((answer) => (answer.ok ? answer.text() : undefined))
    .catch(() => undefined);
  if (html === undefined || signal.aborted) return;
  const shown = document.getElementById("answer");
  shown.innerHTML = html;
  showCopies(shown);
  markPlaces(play.elements.pattern, shown);
}

if (play) markPlaces(play.elements.pattern, document.getElementById("answer"));
