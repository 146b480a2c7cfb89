import assert from "node:assert/strict";
import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite, test } from "node:test";
import { decide } from "@shirase/core/decide";
import { prepare } from "@shirase/core/prepare";
import { colorsFor } from "./colors.ts";
import { readEventFile } from "./event-files.ts";
import { loadConfig } from "./load-config.ts";
import type { Simulated } from "./simulate.ts";
import { reportJson, reportText } from "./simulate-report.ts";

const EXAMPLES = join(import.meta.dirname, "..", "..", "..", "examples");
const GOLDEN = join(import.meta.dirname, "__golden__");
const prepared = prepare(await loadConfig(join(EXAMPLES, "shirase.yaml")));
const colors = colorsFor(process.stdout, { NO_COLOR: "1" });

const simulated = globSync("events/*.json", { cwd: EXAMPLES })
  .sort()
  .flatMap((file) => readEventFile(join(EXAMPLES, file)))
  .map((from): Simulated => {
    const named = { ...from, place: basename(from.place) };
    const now = new Date("2026-11-23T00:00:00Z");
    return "event" in from ? { from: named, decision: decide(from.event, {}, prepared, now) } : { from: named };
  });

suite("the report of simulate, over the examples", () => {
  const looks = [
    ["simulate.txt", { language: "en", columns: 100, isQuiet: false, colors }],
    ["simulate-quiet.ja.txt", { language: "ja", columns: 100, isQuiet: true, colors }],
  ] as const;
  for (const [name, look] of looks) {
    test(`is as in ${name} (GOLDEN=1 rewrites it)`, () => {
      const text = `${reportText(simulated, prepared, look)}\n`;
      mkdirSync(GOLDEN, { recursive: true });
      if (process.env["GOLDEN"] === "1") writeFileSync(join(GOLDEN, name), text);
      assert.equal(text, readFileSync(join(GOLDEN, name), "utf8"));
    });
  }

  test("as JSON has the message of everything that is told, and a reason for the rest", () => {
    const rows = JSON.parse(reportJson(simulated, prepared)) as readonly {
      readonly file: string;
      readonly quarantine?: string;
      readonly reasons?: readonly object[];
      readonly findings?: readonly { readonly channels: readonly string[]; readonly messages: readonly object[] }[];
    }[];
    assert.equal(rows.length, simulated.length);
    for (const { file, quarantine, reasons, findings = [] } of rows) {
      assert.ok(quarantine !== undefined || (reasons?.length ?? 0) > 0, file);
      for (const { channels, messages } of findings) assert.equal(messages.length, channels.length, file);
    }
  });

  test("no escape code of a finding reaches the terminal", () => {
    const text = reportText(simulated, prepared, { language: "en", columns: 100, isQuiet: false, colors });
    assert.doesNotMatch(text, /(?!\n)\p{Cc}/u);
  });

  test("a file that holds no event is counted and named", () => {
    const odd: readonly Simulated[] = [{ from: { place: "odd.json", problem: "id: expected a string" } }];
    const text = reportText(odd, prepared, { language: "en", columns: 80, isQuiet: true, colors });
    assert.match(text, /! no event {2}odd\.json {2}id: expected a string/);
    assert.match(text, /no event: 1/);
  });
});
