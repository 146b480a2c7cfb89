import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { keyOf, shortResource } from "./identity.ts";

const account = "222222222222";
const tokyo = { accountId: account, region: "ap-northeast-1" };
const virginia = { accountId: account, region: "us-east-1" };

suite("shortResource", () => {
  const cases: ReadonlyArray<readonly [why: string, id: string, want: string]> = [
    ["an ARN's kind is known from the cause", "arn:aws:ec2:us-east-1:222222222222:instance/i-0f", "i-0f"],
    ["GuardDuty and OCSF give the bare id", "i-0f", "i-0f"],
    ["a colon separates as well", "arn:aws:lambda:us-east-1:222222222222:function:f0", "f0"],
    ["only the kind goes, not the path", "arn:aws:iam::222222222222:role/team/deploy", "team/deploy"],
    ["a bucket and its objects keep their names whole", "arn:aws:s3:::exports/dump/a.env", "exports/dump/a.env"],
    ["a name without a kind", "arn:aws:sns:us-east-1:222222222222:alerts", "alerts"],
    ["an account", "AWS::::Account:222222222222", "account"],
    ["as Security Hub writes access keys", "AWS::IAM::AccessKey:AKIAEXAMPLE", "AKIAEXAMPLE"],
    ["no ARN at all", "backup-vault/main", "backup-vault/main"],
  ];
  for (const [why, id, want] of cases) test(`${why} (${id})`, () => assert.equal(shortResource(id), want));
});

suite("keyOf", () => {
  test("the account's root in two Regions is one problem", () => {
    const control = { cause: "IAM.6", controlId: "IAM.6", resourceId: `AWS::::Account:${account}` };
    assert.equal(keyOf({ ...tokyo, ...control }), keyOf({ ...virginia, ...control }));
    assert.equal(keyOf({ ...tokyo, ...control }), "222222222222|global|IAM.6|account");
  });

  test("a setting of the account in each Region is a problem in each", () => {
    const control = { cause: "EC2.7", controlId: "EC2.7", resourceId: `AWS::::Account:${account}` };
    assert.notEqual(keyOf({ ...tokyo, ...control }), keyOf({ ...virginia, ...control }));
  });

  test("an IAM user is in no region, a bucket is in one", () => {
    const user = { cause: "X", resourceId: "arn:aws:iam::222222222222:user/build" };
    const bucket = { cause: "X", resourceId: "arn:aws:s3:::exports" };
    assert.equal(keyOf({ ...tokyo, ...user }), keyOf({ ...virginia, ...user }));
    assert.notEqual(keyOf({ ...tokyo, ...bucket }), keyOf({ ...virginia, ...bucket }));
  });

  test("a separator inside a part does not make two problems one", () => {
    const left = keyOf({ ...tokyo, cause: "a|b", resourceId: "c" });
    const right = keyOf({ ...tokyo, cause: "a", resourceId: "b|c" });
    assert.notEqual(left, right);
  });

  test("long parts are bounded and still told apart by what was cut off", () => {
    const long = "x".repeat(5000);
    const one = keyOf({ ...tokyo, cause: `${long}1`, resourceId: long });
    const two = keyOf({ ...tokyo, cause: `${long}2`, resourceId: long });
    assert.ok(one.length < 700, String(one.length));
    assert.notEqual(one, two);
  });
});
