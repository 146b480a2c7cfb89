import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type SnsBody, snsSigner } from "@shirase/testkit/sns-edge";
import { snsDoor } from "./sns.ts";
import { isSnsUrl } from "./sns-signature.ts";

const TOPIC = "arn:aws:sns:us-east-1:111111111111:shirase-acme";
const signer = await snsSigner();
const stranger = await snsSigner();

const NOTIFICATION: SnsBody = {
  Type: "Notification",
  MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
  TopicArn: TOPIC,
  Message: '{"source":"aws.securityhub"}',
  Timestamp: "2026-11-20T01:12:13.000Z",
};
const CONFIRMATION: SnsBody = {
  ...NOTIFICATION,
  Type: "SubscriptionConfirmation",
  Token: "t0k3n",
  SubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=t0k3n`,
};

function door(): { readonly take: ReturnType<typeof snsDoor>; readonly fetched: string[] } {
  const fetched: string[] = [];
  const fetchText = (url: string): Promise<string> => {
    fetched.push(url);
    return Promise.resolve(url.endsWith(".pem") ? signer.certificatePem : "<ok/>");
  };
  return { take: snsDoor({ topics: [TOPIC], fetchText }), fetched };
}

suite("snsDoor", () => {
  for (const version of ["1", "2"] as const) {
    test(`a notification signed with version ${version} is taken; its topic names the bus`, async () => {
      const taken = await door().take(JSON.stringify(signer.sign(NOTIFICATION, version)));
      assert.deepEqual(taken, { event: NOTIFICATION["Message"], arrival: { bus: "shirase-acme" } });
    });
  }

  test("a subject is part of what is signed", async () => {
    const signed = signer.sign({ ...NOTIFICATION, Subject: "hello" });
    assert.ok("event" in (await door().take(JSON.stringify(signed))));
    assert.ok("refused" in (await door().take(JSON.stringify({ ...signed, Subject: "changed" }))));
  });

  test("a subscription is confirmed by GET of its own SubscribeURL", async () => {
    const { take, fetched } = door();
    const taken = await take(JSON.stringify(signer.sign(CONFIRMATION)));
    assert.deepEqual(taken, { handled: `subscription of ${TOPIC} confirmed` });
    assert.deepEqual(fetched, [signer.certificateUrl, CONFIRMATION["SubscribeURL"]]);
  });

  test("the certificate is fetched once", async () => {
    const { take, fetched } = door();
    await take(JSON.stringify(signer.sign(NOTIFICATION)));
    await take(JSON.stringify(signer.sign({ ...NOTIFICATION, MessageId: "2" })));
    assert.equal(fetched.length, 1);
  });

  const signed = signer.sign(NOTIFICATION);
  const refused: ReadonlyArray<readonly [why: string, body: unknown, says: RegExp]> = [
    ["the message was changed", { ...signed, Message: "{}" }, /does not fit/],
    ["the topic was changed to another allowed one", { ...signed, Timestamp: "2026-11-21T00:00:00Z" }, /does not fit/],
    ["another's key signed it", stranger.sign(NOTIFICATION), /does not fit/],
    ["the signature is missing", { ...signed, Signature: undefined }, /does not fit/],
    [
      "the topic is not on the list",
      signer.sign({ ...NOTIFICATION, TopicArn: `${TOPIC}x` }),
      /not among ingest\.sns\.topics/,
    ],
    [
      "the certificate lies elsewhere",
      { ...signed, SigningCertURL: "https://evil.example/a.pem" },
      /not an address of SNS/,
    ],
    [
      "the certificate's host only begins like SNS's",
      { ...signed, SigningCertURL: "https://sns.us-east-1.amazonaws.com.evil.example/a.pem" },
      /not an address of SNS/,
    ],
    [
      "the certificate lies in somebody's bucket",
      { ...signed, SigningCertURL: "https://s3.us-east-1.amazonaws.com/a.pem" },
      /not an address of SNS/,
    ],
    ["the version is unknown", { ...signed, SignatureVersion: "3" }, /SignatureVersion/],
    ["the type is unknown", { ...signed, Type: "constructor" }, /unknown Type/],
    ["it is no object", [], /no SNS delivery/],
    [
      "a confirmation leads elsewhere",
      signer.sign({ ...CONFIRMATION, SubscribeURL: "https://169.254.169.254/latest" }),
      /SubscribeURL is not an address of SNS/,
    ],
  ];
  for (const [why, body, says] of refused) {
    test(`refused: ${why}`, async () => {
      const { take, fetched } = door();
      const taken = await take(JSON.stringify(body));
      assert.ok("refused" in taken, JSON.stringify(taken));
      assert.match(taken.refused, says);
      assert.ok(
        fetched.every((url) => url === signer.certificateUrl),
        `fetched ${fetched}`,
      );
    });
  }

  test("refused: not JSON", async () => {
    assert.ok("refused" in (await door().take("not json")));
  });
});

suite("isSnsUrl", () => {
  const cases: ReadonlyArray<readonly [url: string, want: boolean]> = [
    ["https://sns.ap-northeast-1.amazonaws.com/x.pem", true],
    ["https://sns.cn-north-1.amazonaws.com.cn/x.pem", true],
    ["https://sns.us-gov-west-1.amazonaws.com/x.pem", true],
    ["http://sns.us-east-1.amazonaws.com/x.pem", false],
    ["https://sns.us-east-1.amazonaws.com:8443/x.pem", false],
    ["https://user@sns.us-east-1.amazonaws.com/x.pem", false],
    ["https://a.sns.us-east-1.amazonaws.com/x.pem", false],
    ["nonsense", false],
  ];
  for (const [url, want] of cases)
    test(`${url} is ${want ? "" : "not "}SNS's`, () => assert.equal(isSnsUrl(url), want));
});
