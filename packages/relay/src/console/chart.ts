/** Charts as SVG, drawn here: bars and a line say all there is, and nothing is loaded for them. Pure. */
import type { View } from "./frame.ts";
import { type Markup, markup } from "./markup.ts";
import type { TrendDay } from "./trend.ts";

const WIDTH = 720;
const HEIGHT = 96;
const LEFT = 34;
const BOTTOM = 16;

/** What stood open, as a line over the days. */
export function openChart(days: readonly TrendDay[], view: View): Markup {
  const most = niceMost(days.map(({ open }) => open));
  const points = days.map(({ open }, index) => `${middle(index, days).toFixed(1)},${y(open, most).toFixed(1)}`);
  const dots = days.map(
    (day, index) =>
      markup`<circle cx="${middle(index, days).toFixed(1)}" cy="${y(day.open, most).toFixed(1)}" r="2.5"><title>${dayName(day, view)}: ${day.open}</title></circle>`,
  );
  return framed(
    view.words.trendOpen,
    markup`<polyline points="${points.join(" ")}"/>${dots}`,
    days,
    most,
    view,
    "line",
  );
}

/** What began and what ended, as two bars a day. */
export function flowChart(days: readonly TrendDay[], view: View): Markup {
  const { words } = view;
  const most = niceMost(days.flatMap(({ opened, ended }) => [opened, ended]));
  const width = Math.max(2, (WIDTH - LEFT) / days.length / 2 - 2);
  const bar = (index: number, count: number, side: 0 | 1, kind: string, label: string): Markup =>
    markup`<rect class="${kind}" x="${(middle(index, days) - width + side * width).toFixed(1)}" y="${y(count, most).toFixed(1)}" width="${(width - 0.5).toFixed(1)}" height="${(HEIGHT - BOTTOM - y(count, most)).toFixed(1)}"><title>${label}</title></rect>`;
  const bars = days.map((day, index) => [
    bar(index, day.opened, 0, "opened", `${dayName(day, view)}: ${words.opened} ${day.opened}`),
    bar(index, day.ended, 1, "ended", `${dayName(day, view)}: ${words.ended} ${day.ended}`),
  ]);
  return framed(words.trendFlow, markup`${bars}`, days, most, view, "bars");
}

function framed(
  label: string,
  inside: Markup,
  days: readonly TrendDay[],
  most: number,
  view: View,
  kind: string,
): Markup {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return markup``;
  const baseline = HEIGHT - BOTTOM;
  return markup`<figure class="chart"><figcaption>${label}</figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT + 4}" role="img" aria-label="${label}" class="${kind}">
<line x1="${LEFT}" x2="${WIDTH}" y1="${baseline}" y2="${baseline}"/><line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y(most, most)}" y2="${y(most, most)}"/>
<text x="${LEFT - 5}" y="${y(most, most) + 4}" text-anchor="end">${most}</text><text x="${LEFT - 5}" y="${baseline}" text-anchor="end">0</text>
<text x="${LEFT}" y="${HEIGHT}">${dayName(first, view)}</text><text x="${WIDTH}" y="${HEIGHT}" text-anchor="end">${dayName(last, view)}</text>
${inside}</svg></figure>`;
}

function middle(index: number, days: readonly TrendDay[]): number {
  return LEFT + ((index + 0.5) * (WIDTH - LEFT)) / days.length;
}

function y(count: number, most: number): number {
  const top = 8;
  return HEIGHT - BOTTOM - (count / most) * (HEIGHT - BOTTOM - top);
}

/** A round number that nothing is above. */
function niceMost(counts: readonly number[]): number {
  const most = Math.max(1, ...counts);
  const unit = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * unit).find((step) => step >= most) ?? most;
}

/** `11-26`, in the reader's zone. */
export function dayName({ at }: Pick<TrendDay, "at">, { timezone, language }: View): string {
  return new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric", timeZone: timezone }).format(at);
}
