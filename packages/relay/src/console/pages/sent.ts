/** What one customer is sent, to be looked through and taken away. Pure. */
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { filled } from "@shirase/core/text/fill";
import type { Page, View } from "../frame.ts";
import { copied, type Markup, markup, shown } from "../markup.ts";
import type { Sent } from "../sent.ts";

const LONGEST = 20_000;

/** The page. */
export function sentPage(
  { customer, sent }: { readonly customer: ResolvedCustomer; readonly sent: Sent | { readonly problem: string } },
  view: View,
): Page {
  const { words } = view;
  const { id, name } = customer;
  const title = filled(words.whatIsSent, { name });
  const body = markup`<p><a href="/setup">${words.setup}</a></p>
<h1>${shown(title, 120)}</h1>
${"problem" in sent ? markup`<p class="bad" lang="en">${shown(sent.problem, 400)}</p>` : parts(id, sent, view)}`;
  return { title, body, at: "setup", isLive: false };
}

function parts(id: string, { steps, attachments, message }: Sent, view: View): Markup {
  const { words } = view;
  const hasLinks = steps.some(({ quickCreateLink }) => quickCreateLink !== undefined);
  return markup`<h2>${words.waysIn}</h2>
${hasLinks ? "" : markup`<p>${words.noTemplateBase}</p>`}
<ul class="plain">${steps.map(
    ({ region, quickCreateLink, command }) => markup`<li><h3 class="mono">${region}</h3>
${quickCreateLink === undefined ? "" : markup`<p><a href="${quickCreateLink}" rel="noreferrer">${words.quickCreate}</a></p>`}
${copied(markup`<pre tabindex="0">${shown(command, 2000)}</pre>`, view)}</li>`,
  )}</ul>
<h2>${words.files}</h2>
<ul class="plain">${Object.entries(attachments).map(
    ([
      file,
      text,
    ]) => markup`<li><a href="/setup/customers/${encodeURIComponent(id)}/files/${encodeURIComponent(file)}" download>${file}</a>
<details id="file-${file}"><summary>${words.look}</summary>${copied(markup`<pre tabindex="0">${shown(text, LONGEST)}</pre>`, view)}</details></li>`,
  )}</ul>
<h2>${words.theMessage}</h2>
${copied(markup`<pre tabindex="0">${shown(message, LONGEST)}</pre>`, view)}`;
}
