/** The figures as tables, and the pages that show them, where each table stands between two marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { curvePicture } from "./curve.mjs";
import { RULER, versions } from "./engines.mjs";

const PAGES = ["../../docs/benchmarks.md", "../../packages/event-pattern/README.md"];
const PICTURE = fileURLToPath(new URL("hostile.svg", import.meta.url));

/** Events a second for each engine and number of rules, with the ratio to event-ruler. */
export function speedTable(results, rules) {
  const head = ["events a second", ...rules.map((count) => `${thousands(count)} ${count === 1 ? "rule" : "rules"}`)];
  return table(
    head,
    [...results].map(([name, byRules]) => [name, ...rules.map((count) => cell(count, byRules))]),
  );

  function cell(count, byRules) {
    const own = byRules.get(count)?.eventsPerSecond;
    const base = results.get(RULER)?.get(count)?.eventsPerSecond;
    if (own === undefined) return "–";
    if (base === undefined || byRules === results.get(RULER)) return thousands(own);
    return `${thousands(own)} (${ratio(own / base)})`;
  }
}

/** What adding costs. */
export function addTable(results, rules) {
  const many = rules.filter((count) => count >= 1000);
  const shown = [...results].filter(([name]) => !/bytes|parsed|JSON/.test(name));
  return table(
    ["µs a rule, bytes a rule", ...many.map((count) => `${thousands(count)} rules`)],
    shown.map(([name, byRules]) => [
      name,
      ...many.map((count) => {
        const one = byRules.get(count);
        return one ? `${one.addMicros.toFixed(1)} µs, ${thousands(one.ruleBytes)} B` : "–";
      }),
    ]),
  );
}

/** Nanoseconds for a byte at each size: one pattern, then a matcher. */
export function hostileTable(curves) {
  writePicture = () => writeFileSync(PICTURE, curvePicture(curves));
  const head = ["ns a byte: `matches` · matcher", ...sizesOf(curves).map(([, name]) => name)];
  return table(
    head,
    curves.map(({ what, points }) => [what, ...points.map((at) => `${short(at.single)} · ${short(at.matcher)}`)]),
  );
}

let writePicture = () => {};

/** Bytes of a page by what it imports. */
export function bundleTable(sizes) {
  return table(
    ["import", "minified", "and gzip"],
    sizes.map(({ what, names, minified, compressed }) => [
      `${what}: ${names.map((name) => `\`${name}\``).join(", ")}`,
      `${thousands(minified)} B`,
      `${thousands(compressed)} B`,
    ]),
  );
}

/** The shortest that can be said: how many times as fast as event-ruler. */
export function ratioTable(results, rules) {
  const ours = results.get("shirase, text");
  const ratios = rules.map((count) => {
    const [own, base] = [ours, results.get(RULER)].map((byRules) => byRules?.get(count)?.eventsPerSecond);
    return own === undefined || base === undefined ? "–" : ratio(own / base);
  });
  const micros = rules.map((count) => `${(1e6 / ours.get(count).eventsPerSecond).toFixed(1)} µs`);
  return table(
    ["patterns in one matcher", ...rules.map(thousands)],
    [
      ["as fast as event-ruler", ...ratios],
      ["for an event of 3.75 KB", ...micros],
    ],
  );
}

/** Puts the tables that were measured into the pages; the others stay. */
export function writePages(sections, { rounds, seconds }) {
  const measured = sections.speed ? { machine: machine(rounds, seconds) } : {};
  const all = Object.entries({ ...measured, ...sections });
  const placed = new Set();
  for (const page of PAGES.map((path) => fileURLToPath(new URL(path, import.meta.url)))) {
    let text = readFileSync(page, "utf8");
    for (const [name, table] of all) {
      const marks = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
      if (marks.test(text)) placed.add(name);
      text = text.replace(marks, (_, before, after) => `${before}${table}\n${after}`);
    }
    writeFileSync(page, text);
  }
  const homeless = all.filter(([name]) => !placed.has(name)).map(([name]) => `<!-- ${name} --> … <!-- /${name} -->`);
  if (homeless.length > 0) throw new Error(`no page has a place for ${homeless.join(", ")}`);
  writePicture();
}

/** Processor and versions: no names and no paths. */
function machine(rounds, seconds) {
  const { node, ruler, java, quamina, rustc } = versions();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const peers = [
    ...(java ? [`event-ruler ${ruler} on Java ${java}`] : []),
    ...(rustc ? [`quamina-rs ${quamina} built by rustc ${rustc}`] : []),
  ];
  return (
    `${cpus()[0]?.model.trim()}, ${cpus().length} processors shared with others, ${memory}; Node ${node}` +
    `${peers.map((peer) => `, ${peer}`).join("")}. ${rounds === 1 ? "One round" : `Median of ${rounds} rounds`} of ${seconds} seconds each.`
  );
}

function sizesOf(curves) {
  const names = ["64 KB", "256 KB", "1 MB", "4 MB"];
  return (curves[0]?.points ?? []).map((point, index) => [point.bytes, names[index]]);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

function ratio(value) {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0)}×`;
}

function short(value) {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function thousands(value) {
  return Math.round(value).toLocaleString("en-US");
}
