/** What the console makes of a journal whose entries come late, twice, or not to the end. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import type { Known } from "@shirase/core/observe";
import type { Change } from "../store/dynamodb-journal.ts";
import { knownText } from "../store/dynamodb-problem.ts";
import { stepText } from "../store/history.ts";
import { type JournalPage, type MirrorFile, openMirrorFile } from "./mirror-file.ts";
import { openReads } from "./reads-sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "shirase-mirror-file-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.parse("2026-11-20T00:30:00Z");
const at = (minute: number): Date => new Date(START + minute * 60_000);
const ALL = { since: new Date(0), messagesSince: new Date(0) };
const OPEN = { standing: "open", isTakenOn: false, copies: [], flaps: 0 } as const;

type Step = {
  readonly minute: number;
  readonly version: number;
  readonly news: "opened" | "resolved";
  readonly told?: number;
};

/** An entry about the one problem of customer acme. */
function entry({ minute, version, news, told = 0 }: Step): JournalPage[number] {
  const known: Known = {
    ...OPEN,
    standing: news === "opened" ? "open" : "resolved",
    severity: "HIGH",
    openedAt: START,
    changedAt: at(minute).getTime(),
  };
  const change: Change = {
    customerId: "acme",
    hash: "hash",
    version,
    key: "222222222222|eu-west-1|EC2.19|sg-1",
    title: `as of version ${version}`,
    resource: '{"id":"sg-1","type":"AwsEc2SecurityGroup"}',
    known: knownText(known),
    wasOpen: news === "resolved",
    step: stepText({ at: at(minute), news, severityRank: 3, eventId: `e${version}`, told, said: [] }),
  };
  return { name: `J#2026-11#0#${minute}#${version}`, at: at(minute), changes: [change] };
}

const OPENED = entry({ minute: 0, version: 1, news: "opened" });
const RESOLVED = entry({ minute: 30, version: 2, news: "resolved" });

/** What the console shows of it. */
async function shown(dataDir: string): Promise<object> {
  const reads = openReads(dataDir);
  const [line] = (
    await Promise.all(
      (["open", "resolved"] as const).map((standing) =>
        reads.problems({ customerId: "acme", standing, offset: 0, limit: 10 }),
      ),
    )
  ).flatMap(({ items }) => items);
  const story = await reads.problem(line?.id ?? 0);
  const tallies = await reads.tallies("acme", at(-60), at(120));
  await reads.close();
  return {
    standing: line?.standing,
    title: line?.title,
    isTold: line?.isTold,
    steps: story?.steps.map(({ eventId }) => eventId),
    opened: tallies.reduce((sum, { opened }) => sum + opened, 0),
    resolved: tallies.reduce((sum, { resolved }) => sum + resolved, 0),
  };
}

const BOTH = {
  standing: "resolved",
  title: "as of version 2",
  isTold: false,
  steps: ["e1", "e2"],
  opened: 1,
  resolved: 1,
};

suite("a journal's copy", () => {
  const ways: ReadonlyArray<readonly [how: string, add: (file: MirrorFile) => void]> = [
    ["in order", (file) => file.addChanges([OPENED, RESOLVED], ALL)],
    [
      "page by page",
      (file) => {
        file.addChanges([OPENED], ALL);
        file.addChanges([RESOLVED], ALL);
      },
    ],
    ["late", (file) => file.addChanges([RESOLVED, OPENED], ALL)],
    [
      "twice, because a look ended half-way",
      (file) => {
        file.addChanges([OPENED], ALL);
        file.addChanges([OPENED, RESOLVED], ALL);
      },
    ],
    [
      "again, because the last minutes are read with each look",
      (file) => {
        file.addChanges([OPENED, RESOLVED], ALL);
        file.finish(at(31), at(28));
        file.addChanges([RESOLVED], { ...ALL, since: at(29) });
      },
    ],
  ];
  for (const [index, [how, add]] of ways.entries()) {
    test(`says the same when entries come ${how}`, async () => {
      const dataDir = join(folder, String(index));
      const file = openMirrorFile(dataDir, "table");
      add(file);
      assert.deepEqual(await shown(dataDir), BOTH);
      file.close();
    });
  }

  test("whose message may be forgotten counts as told; whose may not is told by its message alone", async () => {
    for (const [name, messagesSince, isTold] of [
      ["old", at(60), true],
      ["new", at(-60), false],
    ] as const) {
      const dataDir = join(folder, name);
      const file = openMirrorFile(dataDir, "table");
      file.addChanges([entry({ minute: 0, version: 1, news: "opened", told: 1 })], { ...ALL, messagesSince });
      assert.equal(((await shown(dataDir)) as { readonly isTold: boolean }).isTold, isTold, name);
      file.close();
    }
  });

  test("an event that was not there is asked for again while it may still be on its way", () => {
    const file = openMirrorFile(join(folder, "events"), "table");
    file.addChanges([OPENED], ALL);
    const asked = [{ id: 1, hash: "hash" }];
    const lacking = () => file.eventless("acme", at(-60), 10);
    assert.deepEqual(lacking(), asked);
    file.putEvents(asked, [], new Date(+at(0) + 5000));
    assert.deepEqual(lacking(), asked, "soon after the change");
    file.putEvents(asked, [], at(2));
    assert.deepEqual([lacking(), file.eventlessOne(1)], [[], undefined], "it will not come any more");
    file.addChanges([RESOLVED], ALL);
    assert.deepEqual(file.eventlessOne(1), asked[0], "a newer one");
    file.putEvents(asked, [{ id: 1, at: at(30), body: "{}" }], at(31));
    assert.deepEqual(lacking(), []);
    file.close();
  });
});
