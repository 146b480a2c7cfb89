import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { readConfig } from "./config-file.ts";
import { formatProblems } from "./config-problem.ts";

/** As in the design; the one file that must never be refused. */
const GOOD = `
hub: { account: "111111111111", region: ap-northeast-1 }
slack: { workspace: T0123456789, token: { ssm: /shirase/slack-token }, opsChannel: C0OPS000000 }
defaults: { language: ja, timezone: Asia/Tokyo, delivery: relay, severities: [CRITICAL, HIGH] }
customers:
  - id: acme
    name: 株式会社アクメ
    accounts: ["222222222222", { id: "333333333333", name: acme-prod }]
    regions: [ap-northeast-1, us-east-1]
    sources: [security-hub, guardduty, health]
    pattern: lifecycle                      # classic | alerts | lifecycle | an EventBridge pattern of one's own
    slack: { channel: C0ACME00000, mention: { CRITICAL: S0ONCALL000 } }
    email: [soc@acme.example]
    filter: { detail: { findings: { ProductName: [{ anything-but: [Macie] }] } } }   # any EventBridge pattern
    digest: { daily: "09:00" }
`;

function problemsOf(text: string) {
  const read = readConfig(text, "shirase.yaml");
  return "problems" in read ? read.problems : [];
}

function configOf(text: string) {
  const read = readConfig(text, "shirase.yaml");
  assert.ok("config" in read, "problems" in read ? formatProblems(read.problems) : "");
  return read.config;
}

suite("readConfig accepts", () => {
  test("the example of the design as it stands", () => {
    const [acme] = configOf(GOOD).customers;
    assert.deepEqual(acme?.accounts, [{ id: "222222222222" }, { id: "333333333333", name: "acme-prod" }]);
    assert.equal(acme?.digest?.daily, "09:00");
  });

  test("the demo's file", () => {
    const file = join(import.meta.dirname, "..", "..", "shirase", "demo", "shirase.yaml");
    assert.equal(configOf(readFileSync(file, "utf8")).customers.length > 0, true);
  });

  test("JSON, which is YAML too", () => {
    const config = configOf(GOOD);
    assert.deepEqual(configOf(JSON.stringify(config, null, 2)), config);
  });

  test("a byte order mark and Windows line ends", () => {
    assert.deepEqual(configOf(`\ufeff${GOOD.replaceAll("\n", "\r\n")}`), configOf(GOOD));
  });

  test("anchors and aliases: severities written once", () => {
    const text = GOOD.replace("severities: [CRITICAL, HIGH]", "severities: &usual [HIGH]").replace(
      "id: acme",
      "id: acme\n    severities: *usual",
    );
    assert.deepEqual(configOf(text).customers[0]?.severities, ["HIGH"]);
  });

  test("what is left out has its default", () => {
    const { defaults, customers } = configOf(GOOD.replace(/defaults:.*\n/, "").replace(/ {4}sources:.*\n/, ""));
    assert.deepEqual(defaults, {
      language: "en",
      timezone: "UTC",
      delivery: "relay",
      severities: ["CRITICAL", "HIGH"],
    });
    assert.deepEqual(customers[0]?.sources, ["security-hub"]);
  });

  const forms: readonly (readonly [why: string, was: string, now: string])[] = [
    ["a user is called", "S0ONCALL000", "U0123456789"],
    ["a user of an Enterprise Grid is called", "S0ONCALL000", "W0123456789"],
    ["everybody who is there is called", "S0ONCALL000", "here"],
    ["a private channel of old", "C0ACME00000", "G0ACME00000"],
    ["an Enterprise Grid", "T0123456789", "E0123456789"],
    ["a token in a file", "ssm: /shirase/slack-token", "file: ./secrets/token"],
    [
      "a token in Secrets Manager, one key of JSON",
      "ssm: /shirase/slack-token",
      'secretsmanager: "shirase/slack#token"',
    ],
    ["a time zone without a city", "Asia/Tokyo", "UTC"],
    ["a pattern of one's own", "pattern: lifecycle ", "pattern: { source: [aws.securityhub] } "],
    ["a weekly summary", 'daily: "09:00"', "weekly: mon 09:00"],
  ];
  for (const [why, was, now] of forms) {
    test(`${why} (${now})`, () => {
      assert.ok(GOOD.includes(was));
      configOf(GOOD.replace(was, now));
    });
  }
});

suite("readConfig refuses with a place", () => {
  test("line and column count from 1 and point at the value, in a line with full-width letters too", () => {
    const text = GOOD.replace("name: 株式会社アクメ", "name: 株式会社アクメ\n    timezone: 東京");
    const [problem] = problemsOf(text);
    assert.equal(problem?.path, "customers[0].timezone");
    assert.equal(text.split("\n")[(problem?.line ?? 0) - 1]?.slice((problem?.column ?? 0) - 1), "東京");
  });

  test("all problems come at once, in the order of the file, one for each place", () => {
    const text = GOOD.replace("T0123456789", "nowhere").replace("C0ACME00000", "'#acme'").replace("ja,", "jp,");
    const problems = problemsOf(text);
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["slack.workspace", "defaults.language", "customers[0].slack.channel"],
    );
    assert.equal(new Set(problems.map(({ line, column }) => `${line}:${column}`)).size, problems.length);
  });

  test("every part of a problem is there for tools", () => {
    const [problem] = problemsOf(GOOD.replace("language: ja", "language: jp"));
    assert.deepEqual(problem, {
      file: "shirase.yaml",
      line: 4,
      column: 23,
      path: "defaults.language",
      expected: "one of en, ja",
      got: '"jp"',
      sentence: 'expected one of en, ja, got "jp"; did you mean "ja"?',
      fix: "",
      suggestion: "ja",
      lineText: "defaults: { language: jp, timezone: Asia/Tokyo, delivery: relay, severities: [CRITICAL, HIGH] }",
      markLength: 2,
    });
  });

  test("a few lines of aliases that unfold without end", () => {
    const levels = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}]`);
    assert.match(problemsOf(`a0: &a0 [x]\n${levels.join("\n")}\n`)[0]?.sentence ?? "", /unfold/);
  });

  test("a file of a million characters", () => {
    assert.match(problemsOf(`${GOOD}#${"x".repeat(1_000_000)}`)[0]?.sentence ?? "", /at most 1000000/);
  });

  test("a control character in the file does not reach the terminal", () => {
    const shown = formatProblems(problemsOf(GOOD.replace("language: ja", 'language: "\u001b[2J\u202e"')));
    assert.ok(!shown.includes("\u001b") && !shown.includes("\u202e"));
  });
});

suite("no secret is ever shown", () => {
  const secrets = [
    ["a bot token", "xoxb-123456789012-123456789012-SECRETsecret"],
    ["a user token", "xoxp-123456789012-SECRETsecret"],
    ["an app token", "xapp-1-A0123456789-SECRETsecret"],
    ["a refresh token", "xoxe.xoxp-1-SECRETsecret"],
    ["an access key id", "AKIASECRET23456789AB"],
    ["a webhook", "https://hooks.slack.com/services/T000/B000/SECRETsecret"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----"],
  ] as const;
  const places = [
    ["as the token", "token: { ssm: /shirase/slack-token }", "token: VALUE"],
    ["as the name of a variable", "{ ssm: /shirase/slack-token }", "{ env: VALUE }"],
    ["as a customer's name", "name: 株式会社アクメ", 'name: "VALUE"'],
    ["as a key", "    email:", "    VALUE: 1\n    email:"],
    ["in a comment", "# classic", "# VALUE"],
    ["in a broken line", "    email:", "    email: [VALUE\n    x:"],
    ["in a filter", "[Macie]", '["VALUE"]'],
  ] as const;
  for (const [what, secret] of secrets) {
    for (const [where, was, now] of places) {
      test(`${what}, ${where}`, () => {
        const text = GOOD.replace(was, now.replace("VALUE", secret));
        assert.ok(text.includes(secret));
        const problems = problemsOf(text);
        assert.ok(problems.length > 0);
        assert.doesNotMatch(JSON.stringify(problems) + formatProblems(problems), /SECRET|BEGIN RSA/);
      });
    }
  }

  test("nor a value of no known form under a key that says it is one", () => {
    for (const line of ["token: hunter2hunter2", "token: { env: hunter2hunter2-x }", "slackToken: hunter2hunter2"]) {
      const problems = problemsOf(GOOD.replace("token: { ssm: /shirase/slack-token }", line));
      assert.ok(problems.length > 0);
      assert.doesNotMatch(JSON.stringify(problems) + formatProblems(problems), /hunter2/);
    }
  });
});

suite("whatever is broken, something is said and it has a place", () => {
  const GOOD_VALUE: unknown = JSON.parse(JSON.stringify(configOf(GOOD)));

  /** Every place in the good config but those inside patterns, where anything that is JSON is a matter of taste. */
  const paths = pathsIn(GOOD_VALUE).filter(
    (path) => path.indexOf("filter") !== path.length - 2 && !/filter,./.test(String(path)),
  );

  function saySomething(text: string) {
    const problems = problemsOf(text);
    assert.ok(problems.length > 0);
    const lines = text.split("\n");
    for (const { line, column } of problems) {
      assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
      assert.ok(column >= 1 && column <= (lines[line - 1] ?? "").length + 1);
    }
    assert.ok(formatProblems(problems).length > 0);
  }

  test("a value of another type, anywhere (200 files)", () => {
    const wrong = fc.constantFrom<unknown>(null, true, -1, 1e300, "", "\n", [], [[]], { x: 1 }, ["x", 1, null]);
    fc.assert(
      fc.property(fc.constantFrom(...paths), wrong, (path, value) => {
        saySomething(stringify(withValue(GOOD_VALUE, path, value)));
      }),
      { numRuns: 200 },
    );
  });

  test("a letter more or less in any key (200 files)", () => {
    const named = paths.filter((path) => typeof path.at(-1) === "string");
    fc.assert(
      fc.property(fc.constantFrom(...named), fc.constantFrom("x", "s", " ", "-", "É"), (path, extra) => {
        saySomething(stringify(withKey(GOOD_VALUE, path, `${String(path.at(-1))}${extra}`)));
      }),
      { numRuns: 200 },
    );
  });

  test("a line that is no YAML, anywhere (200 files)", () => {
    const lines = GOOD.trimEnd().split("\n");
    const broken = fc.constantFrom("\t- x", "  : : :", "]", '"', "@@", "%%% x", "{", "- [", "key", "&a &b c");
    fc.assert(
      fc.property(fc.integer({ min: 1, max: lines.length }), broken, (at, line) => {
        saySomething([...lines.slice(0, at), line, ...lines.slice(at)].join("\n"));
      }),
      { numRuns: 200 },
    );
  });

  test("any text at all (100 files): nothing is thrown", () => {
    // Any UTF-16 units, lone surrogates too. fast-check's own "binary" takes a second to set up.
    const units = fc.array(fc.nat(0xffff), { maxLength: 80 }).map((codes) => String.fromCharCode(...codes));
    const text = fc.oneof(units, fc.string({ maxLength: 80 }));
    fc.assert(fc.property(text, saySomething), { numRuns: 100 });
  });

  test("the good file cut off anywhere, or with random letters in it (150 files): nothing is thrown", () => {
    const where = fc.integer({ min: 0, max: GOOD.length });
    fc.assert(
      fc.property(where, where, fc.string({ maxLength: 5 }), (from, to, letters) => {
        const read = readConfig(GOOD.slice(0, from) + letters + GOOD.slice(to), "shirase.yaml");
        if ("problems" in read) assert.ok(formatProblems(read.problems).length > 0);
      }),
      { numRuns: 150 },
    );
  });

  test("deep nesting of any kind: nothing is thrown", () => {
    for (const text of [
      "[".repeat(20_000),
      "{a: ".repeat(5000),
      "- ".repeat(5000),
      `a: ${"[".repeat(2000)}${"]".repeat(2000)}`,
    ])
      saySomething(text);
    saySomething(GOOD.replace("[Macie]", "[".repeat(3000) + "]".repeat(3000)));
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [at];
  const isList = Array.isArray(value);
  const inside = Object.entries(value).flatMap(([key, part]) => pathsIn(part, [...at, isList ? Number(key) : key]));
  return at.length === 0 ? inside : [at, ...inside];
}

function withValue(value: unknown, path: Path, wanted: unknown): unknown {
  const copy = structuredClone(value);
  let here = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
  here[path.at(-1) ?? ""] = wanted;
  return copy;
}

function withKey(value: unknown, path: Path, key: string): unknown {
  const copy = structuredClone(value);
  let here = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) here = here[step] as Record<string | number, unknown>;
  const last = path.at(-1) ?? "";
  here[key] = here[last];
  delete here[last];
  return copy;
}
