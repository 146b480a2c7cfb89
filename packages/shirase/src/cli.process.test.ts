/** The real command, run as a process: exit codes, what goes where, and no stack traces for anybody's mistake. */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { OWN_ENV } from "@shirase/testkit/own-env";

const BIN = join(import.meta.dirname, "bin.ts");
const NODE = ["--conditions=@shirase/source", BIN];
const EXAMPLE = join(import.meta.dirname, "..", "..", "..", "examples", "shirase.yaml");
const folder = mkdtempSync(join(tmpdir(), "shirase-cli-"));
after(() => rmSync(folder, { recursive: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };

function shirase(args: readonly string[], env: Record<string, string> = {}, stdin = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...OWN_ENV, ...env } };
    const child = execFile(process.execPath, [...NODE, ...args], options, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
    child.stdin?.end(stdin);
  });
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

suite("shirase", { concurrency: 2 }, () => {
  test("without a command prints the help and calls it wrong use", async () => {
    const { code, err } = await shirase([]);
    assert.equal(code, 2);
    assert.match(err, /Configure:[\s\S]*check \[options\]/);
  });

  test("suggests the command that was meant", async () => {
    const { code, err } = await shirase(["chek"]);
    assert.equal(code, 2);
    assert.match(err, /Did you mean check\?/);
  });

  test("prints its version", async () => {
    const { code, out } = await shirase(["--version"]);
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
  });

  test("check says what a right config configures, without colours in a pipe", async () => {
    const { code, out } = await shirase(["check", "--config", EXAMPLE]);
    assert.equal(code, 0);
    assert.match(out, /is right\.[\s\S]*acme {5}株式会社アクメ/);
    assert.ok(!out.includes("\u001b"));
  });

  test("check tells every problem on standard output and ends with 1", async () => {
    const file = fileWith("bad.yaml", "hub: { account: 111111111111 }\nslak: {}\n");
    const { code, out, err } = await shirase(["check"], { SHIRASE_CONFIG: file });
    assert.equal(code, 1);
    assert.match(out, /bad\.yaml:1:17 {2}hub\.account[\s\S]*did you mean "slack"\?[\s\S]*\d problems in/);
    assert.equal(err, "");
  });

  test("check --json is for machines, colours for people who ask", async () => {
    const file = fileWith("worse.yaml", "[]\n");
    const { code, out } = await shirase(["check", "--json", "-c", file]);
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).ok, false);
    const coloured = await shirase(["check", "-c", file], { FORCE_COLOR: "1" });
    assert.ok(coloured.out.includes("\u001b[31m"));
    const plain = await shirase(["check", "-c", file], { FORCE_COLOR: "1", NO_COLOR: "1" });
    assert.ok(!plain.out.includes("\u001b"));
  });

  test("a config that is not there is no stack trace, unless asked for", async () => {
    const { code, err } = await shirase(["customers", "-c", "nowhere.yaml"]);
    assert.equal(code, 1);
    assert.match(err, /^shirase: cannot read the config file nowhere\.yaml \(ENOENT\)\.\nMake one with/);
    assert.doesNotMatch(err, /\n +at /);
    const debugged = await shirase(["customers", "-c", "nowhere.yaml"], { SHIRASE_DEBUG: "1" });
    assert.match(debugged.err, /\n +at /);
  });

  test("customers --json holds what the defaults fill in", async () => {
    const { code, out } = await shirase(["customers", "--json", "-c", EXAMPLE]);
    assert.equal(code, 0);
    const [globex] = JSON.parse(out);
    assert.deepEqual([globex.language, globex.regions], ["ja", ["ap-northeast-1"]]);
  });

  test("init --yes writes a config that check accepts, and never over another", async () => {
    const args = [
      "init",
      "--yes",
      "--language",
      "ja",
      "--name",
      "株式会社アクメ",
      "--accounts",
      "222222222222",
      "333333333333",
    ];
    const first = await shirase(args);
    assert.deepEqual([first.code, first.err], [0, ""]);
    const written = readFileSync(join(folder, "shirase.yaml"), "utf8");
    assert.match(written, /お客様/);
    assert.equal((await shirase(["check"])).code, 0);
    const second = await shirase(args);
    assert.equal(second.code, 1);
    assert.match(second.err, /is there already/);
    assert.equal(readFileSync(join(folder, "shirase.yaml"), "utf8"), written);
  });

  test("init says what is wrong with an answer and writes nothing", async () => {
    const file = join(folder, "none.yaml");
    const { code, err } = await shirase(["init", "--yes", "-c", file, "--channel", "acme-alerts"]);
    assert.equal(code, 1);
    assert.match(err, /expected a Slack channel id/);
    assert.throws(() => readFileSync(file));
  });

  test("init without a terminal asks for flags", async () => {
    const { code, err } = await shirase(["init", "-c", "other.yaml"]);
    assert.equal(code, 2);
    assert.match(err, /--yes/);
  });

  test("explain names the field that decided, in the language asked for", async () => {
    const event = fileWith("event.json", '{"source":"aws.health","detail":{}}');
    const pattern = '{"source":["aws.securityhub"]}';
    const no = await shirase(["explain", "-p", "-", "-e", event], {}, pattern);
    assert.equal(no.code, 1);
    assert.match(no.out, /^no match[\s\S]*source[\s\S]*"aws\.health"/);
    const ja = await shirase(["explain", "-p", "-", "-e", event, "--lang", "ja"], {}, pattern);
    assert.match(ja.out, /[ぁ-ん]/);
    const yes = await shirase(["explain", "-p", "-", "-e", event, "--json"], {}, '{"source":["aws.health"]}');
    assert.equal(yes.code, 0);
    assert.equal(JSON.parse(yes.out).matches, true);
  });

  test("explain says where a pattern is wrong", async () => {
    const event = fileWith("event2.json", '{"source":"aws.health"}');
    const { code, err } = await shirase(["explain", "-p", "-", "-e", event], {}, '{\n  "source": "aws.health"\n}');
    assert.equal(code, 1);
    assert.match(err, /standard input:2:\d+ {2}\$\.source/);
    const noEvent = await shirase(["explain", "-p", "-", "-e", fileWith("event3.json", "{")], {}, '{"source":["x"]}');
    assert.equal(noEvent.code, 1);
    assert.match(noEvent.err, /event3\.json holds no event/);
  });

  test("pattern lint ends with 1 for a warning, with 0 for a hint, and names code, place and fix", async () => {
    const wrong = fileWith("wrong.json", '{"detail":{"findings":{"Severity":{"Label":["High"]}}}}');
    const warned = await shirase(["pattern", "lint", wrong]);
    assert.equal(warned.code, 1);
    assert.match(
      warned.out,
      /warning impossible-value {2}\$\.detail\.findings\.Severity\.Label\[0\][\s\S]*→ Write "HIGH"\./,
    );
    const hinted = await shirase(["pattern", "lint", "-", "--lang", "ja"], {}, '{"a":["x","x"]}');
    assert.equal(hinted.code, 0);
    assert.match(hinted.out, /^standard input\nヒント duplicate-alternative/);
    const json = await shirase(["pattern", "lint", "-", "--json", "--for", "pipes"], {}, '{"a":[{"wildcard":"x*y"}]}');
    assert.deepEqual([json.code, JSON.parse(json.out)[0].code], [1, "not-in-pipes"]);
    const refused = await shirase(["pattern", "lint", "-"], {}, '{"a":"x"}');
    assert.deepEqual([refused.code, refused.out], [1, ""]);
    assert.match(refused.err, /standard input:1:6 {2}\$\.a/);
  });

  test("pattern compare ends with 1 when no event can match both", async () => {
    const one = fileWith("one.json", '{"source":["aws.ec2"]}');
    const apart = await shirase(["pattern", "compare", one, "-"], {}, '{"source":["aws.s3"]}');
    assert.equal(apart.code, 1);
    assert.match(apart.out, /never match the same event\.\nsource would have to be "aws\.ec2" and "aws\.s3" at once/);
    const json = await shirase(["pattern", "compare", one, "-", "--json"], {}, '{"source":[{"prefix":"aws."}]}');
    assert.deepEqual([json.code, JSON.parse(json.out).relation], [0, "narrower"]);
    assert.equal((await shirase(["pattern", "compare", "-", "-"])).code, 2);
  });

  test("pattern explain is explain", async () => {
    const event = fileWith("event4.json", '{"source":"aws.health"}');
    const { code, out } = await shirase(["pattern", "explain", "-p", "-", "-e", event], {}, '{"source":["aws.ec2"]}');
    assert.equal(code, 1);
    assert.match(out, /→ set source to "aws\.ec2"/);
  });

  test("check --strict counts warnings, not hints", async () => {
    const text = readFileSync(EXAMPLE, "utf8");
    const odd = fileWith("odd.yaml", text.replace("ProductName: [{", "ProductName: [Macie, Macie], Title: [{"));
    assert.equal((await shirase(["check", "--strict", "-c", odd])).code, 0);
    const wrong = fileWith(
      "wrong.yaml",
      text.replace("ProductName: [{ anything-but: [Macie] }, { exists: false }]", "Severity: { Label: [MEDIUM] }"),
    );
    const lax = await shirase(["check", "-c", wrong]);
    assert.equal(lax.code, 0);
    assert.match(lax.out, /warning: customers\[1\]\.filter matches nothing that acme is told of[\s\S]*\n {2}Want less/);
    const strict = await shirase(["check", "--strict", "--json", "-c", wrong]);
    assert.equal(strict.code, 1);
    const [warning] = JSON.parse(strict.out).warnings;
    assert.deepEqual([warning.kind, warning.code], ["warning", "filter-never-matches"]);
  });

  test("a pipe that closes early is no failure", async () => {
    const child = spawn(process.execPath, [...NODE, "customers", "--json", "-c", EXAMPLE], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += String(chunk);
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    assert.deepEqual([code, err], [0, ""]);
  });
});
