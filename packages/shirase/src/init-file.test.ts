import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { readConfig } from "@shirase/core/config-file";
import { formatProblems } from "@shirase/core/config-problem";
import { type InitAnswers, initFile } from "./init-file.ts";

const ANSWERS: InitAnswers = {
  language: "en",
  timezone: "Asia/Tokyo",
  hubAccount: "011111111111",
  region: "ap-northeast-1",
  workspace: "T0123456789",
  opsChannel: "C0OPS000000",
  customer: "acme",
  name: "Acme",
  accounts: ["022222222222", "333333333333"],
  channel: "C0ACME00000",
};

function configOf(answers: InitAnswers) {
  const read = readConfig(initFile(answers), "shirase.yaml");
  assert.ok("config" in read, "problems" in read ? formatProblems(read.problems) : "");
  return read.config;
}

suite("initFile", () => {
  test("says what was answered, leading zeros included", () => {
    const { hub, slack, defaults, customers } = configOf(ANSWERS);
    assert.equal(hub.account, "011111111111");
    assert.deepEqual([slack.workspace, slack.opsChannel], ["T0123456789", "C0OPS000000"]);
    assert.equal(defaults.timezone, "Asia/Tokyo");
    assert.deepEqual(customers[0]?.accounts, [{ id: "022222222222" }, { id: "333333333333" }]);
  });

  test("a name may hold anything that YAML would take for something else", () => {
    for (const name of ['"A" & co: #1', "- [yes]", "株式会社アクメ", "'", "no", "{}", "\\"]) {
      assert.equal(configOf({ ...ANSWERS, name }).customers[0]?.name, name);
    }
  });

  for (const language of ["en", "ja"] as const) {
    test(`what is commented out can be switched on (${language})`, () => {
      const text = initFile({ ...ANSWERS, language, opsChannel: "" });
      const switchedOn = text.replaceAll(/^( +)# (?=[a-zA-Z]+: )/gm, "$1");
      assert.notEqual(switchedOn, text);
      const read = readConfig(switchedOn, "shirase.yaml");
      assert.ok("config" in read, "problems" in read ? formatProblems(read.problems) : "");
      const [acme] = read.config.customers;
      assert.ok(read.config.slack.opsChannel && acme?.regions && acme.filter && acme.slack.mention);
    });
  }
});
