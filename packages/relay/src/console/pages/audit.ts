/** The audit log: who did what through the console. Pure. */
import type { Deed } from "../../store/store.ts";
import { type Page, time, type View } from "../frame.ts";
import { markup, shown } from "../markup.ts";

export function auditPage(deeds: readonly Deed[], view: View): Page {
  const { words } = view;
  const names = {
    redrive: words.didRedrive,
    resume: words.didResume,
    test: words.didTest,
    silence: words.didSilence,
    "end-silence": words.didEndSilence,
  };
  const body = markup`<h1>${words.audit}</h1>
<p>${words.auditWhat}</p>
${
  deeds.length === 0
    ? markup`<p class="empty">${words.noDeeds}</p>`
    : markup`<div class="wide" tabindex="0" role="region" aria-label="${words.audit}"><table><thead><tr><th scope="col">${words.when}</th><th scope="col">${words.who}</th><th scope="col">${words.action}</th><th scope="col">${words.subject}</th></tr></thead>
<tbody>${deeds.map(
        (deed) =>
          markup`<tr><td>${time(deed.at, view)}</td><td>${shown(deed.who, 100)}</td><td>${names[deed.action]}</td><td class="text">${shown(deed.subject, 200)}</td></tr>`,
      )}</tbody></table></div>`
}`;
  return { title: words.audit, body, at: "audit", isLive: true };
}
