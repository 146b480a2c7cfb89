import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { profilesFor } from "./identity.ts";

suite("which profile reaches an account", () => {
  const folder = mkdtempSync(join(tmpdir(), "shirase-profiles-"));
  const kept = { config: process.env["AWS_CONFIG_FILE"], credentials: process.env["AWS_SHARED_CREDENTIALS_FILE"] };
  before(() => {
    writeFileSync(
      join(folder, "config"),
      `[profile sso-somewhere]
sso_account_id = 222222222222
sso_role_name = Deploy
[profile through-role]
role_arn = arn:aws:iam::333333333333:role/Deploy
source_profile = msp
[profile acme]
region = ap-northeast-1
[profile msp]
region = ap-northeast-1
`,
    );
    writeFileSync(join(folder, "credentials"), "[333333333333]\naws_access_key_id = AKIA\naws_secret_access_key = x\n");
    process.env["AWS_CONFIG_FILE"] = join(folder, "config");
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = join(folder, "credentials");
  });
  after(() => {
    restore("AWS_CONFIG_FILE", kept.config);
    restore("AWS_SHARED_CREDENTIALS_FILE", kept.credentials);
    rmSync(folder, { recursive: true });
  });

  const rows: ReadonlyArray<readonly [why: string, accountId: string, part: string, want: readonly string[]]> = [
    ["the customer's name first, then what signs in to the account", "222222222222", "acme", ["acme", "sso-somewhere"]],
    [
      "the account's number first, then who takes on a role there",
      "333333333333",
      "globex",
      ["333333333333", "through-role"],
    ],
    ["nobody says so, so nothing is tried", "444444444444", "initech", []],
  ];
  for (const [why, accountId, part, want] of rows) {
    test(why, async () => assert.deepEqual(await profilesFor({ accountId, part }), want));
  }
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
