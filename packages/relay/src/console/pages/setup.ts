/** Setup: the config as it was loaded, what may be wrong in it, what remains to be done for each customer. Pure. */
import type { ConfigWarning } from "@shirase/core/config-warning";
import type { Pulse } from "@shirase/core/heartbeat";
import type { ResolvedCustomer } from "@shirase/core/resolved-customer";
import { filled } from "@shirase/core/text/fill";
import type { Page, View } from "../frame.ts";
import { type Markup, markup, NOTHING, shown } from "../markup.ts";
import { whyNoButtons } from "./deliveries.ts";
import { places } from "./overview.ts";

/** What the page shows. */
export type SetupView = {
  readonly warnings: readonly ConfigWarning[];
  readonly customers: readonly { readonly customer: ResolvedCustomer; readonly pulses: readonly Pulse[] }[];
  /** The customer whose test was just taken. */
  readonly tested: string | undefined;
  /** There is a page with what a customer is sent. */
  readonly canOnboard: boolean;
};

export function setupPage({ warnings, customers, tested, canOnboard }: SetupView, view: View): Page {
  const { words } = view;
  const name = customers.find(({ customer }) => customer.id === tested)?.customer.name;
  const body = markup`<h1>${words.setup}</h1>
${name === undefined ? NOTHING : markup`<p class="note" role="status">${shown(name, 60)}: ${words.testTaken}</p>`}
<h2>${words.configWarnings}</h2>
${
  warnings.length === 0
    ? markup`<p class="good">${words.noWarnings}</p>`
    : markup`<ul class="plain">${warnings.map(({ kind, path, message, fix }) => markup`<li><b class="${kind === "warning" ? "bad" : "dim"}">${words[kind]}</b> <code>${shown(path, 100)}</code> ${shown(message, 600)} <small>${shown(fix, 400)}</small></li>`)}</ul>`
}
<h2>${words.customers}</h2>
${whyNoButtons(view)}
<ul class="cards">${customers.map(({ customer, pulses }) => customerCard(customer, pulses, canOnboard, view))}</ul>`;
  return { title: words.setup, body, at: "setup", isLive: true };
}

function customerCard(customer: ResolvedCustomer, pulses: readonly Pulse[], canOnboard: boolean, view: View): Markup {
  const { words } = view;
  const { id, name, delivery, patternName, severities, sources, regions, accounts, slack, language } = customer;
  const missing = pulses.filter(({ state }) => state === "never").length;
  const facts = [
    [words.channel, slack.channel],
    [words.delivery, delivery],
    [words.accounts, accounts.map((one) => (one.name === undefined ? one.id : `${one.id} ${one.name}`)).join(", ")],
    [words.regions, regions.join(", ")],
    [words.sources, sources.join(", ")],
    [words.severities, severities.join(", ")],
    [words.pattern, patternName],
    [words.filter, customer.filter ? JSON.stringify(customer.filter) : words.none],
    [words.language, language],
  ] as const;
  return markup`<li class="card ${missing > 0 ? "warn-edge" : "good-edge"}"><h3><a href="/customers/${encodeURIComponent(id)}">${shown(name, 60)}</a> <span class="mono">${id}</span></h3>
${remaining(id, missing, pulses, view)}
${canOnboard ? markup`<p><a href="/setup/customers/${encodeURIComponent(id)}">${shown(filled(words.whatIsSent, { name }), 120)}</a></p>` : NOTHING}
<details id="setup-${id}"><summary>${words.asLoaded}</summary><dl class="facts">${facts.map(
    ([label, value]) => markup`<dt>${label}</dt><dd class="mono">${shown(value, 600)}</dd>`,
  )}</dl></details>
${testForm(id, view)}</li>`;
}

function testForm(id: string, { mayAct, token, words }: View): Markup {
  if (!mayAct) return NOTHING;
  return markup`<form method="post" action="/setup/test"><input type="hidden" name="token" value="${token}"><input type="hidden" name="customer" value="${id}"><button class="button">${words.sendTest}</button> <small>${words.testWhat}</small></form>`;
}

/** What has to be done until findings of every place can come. */
function remaining(id: string, missing: number, pulses: readonly Pulse[], view: View): Markup {
  const { words } = view;
  if (pulses.length === 0) return markup`<p>${words.byAmazonQ}</p>`;
  if (missing === 0) return markup`<p class="good">${words.allSetUp}</p>`;
  return markup`<p class="bad">${filled(words.waitingFirst, { count: String(missing) })}</p>${places(pulses, view)}
<p>${words.onboardHow}</p><pre>shirase onboard ${id}</pre>`;
}
