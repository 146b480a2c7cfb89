import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isSignedWith, readStamp, type SignedRequest, type Unproved } from "./slack-signature.ts";

/** Slack's own example, with the signature its documentation gives. */
const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const DOCUMENTED: SignedRequest = {
  timestamp: "1531420618",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  body:
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
    "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
    "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
    "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
};
const THEN = 1_531_420_618_000;

function judge(request: SignedRequest, secret = SECRET, nowMs = THEN): "good" | Unproved {
  const stamp = readStamp(request, new Date(nowMs));
  if ("unproved" in stamp) return stamp.unproved;
  return isSignedWith(secret, stamp, request.body) ? "good" : "signed by somebody else";
}

suite("Slack's signature", () => {
  const signature = DOCUMENTED.signature ?? "";
  const cases: ReadonlyArray<
    readonly [why: string, over: Partial<SignedRequest>, apartS: number, want: ReturnType<typeof judge>]
  > = [
    ["Slack's documented example", {}, 0, "good"],
    ["five minutes late", {}, 300, "good"],
    ["our clock is five minutes behind", {}, -300, "good"],
    ["sent again later", {}, 301, "too old or too new"],
    ["from the future", {}, -301, "too old or too new"],
    ["sent again with a fresh time", { timestamp: "1531420918" }, 300, "signed by somebody else"],
    ["the body was changed", { body: `${DOCUMENTED.body}x` }, 0, "signed by somebody else"],
    ["the body was taken away", { body: "" }, 0, "signed by somebody else"],
    ["no signature", { signature: undefined }, 0, "unsigned"],
    ["no time", { timestamp: undefined }, 0, "unsigned"],
    ["another version", { signature: signature.replace("v0", "v1") }, 0, "of an unknown version"],
    ["no version", { signature: signature.slice(3) }, 0, "of an unknown version"],
    ["a signature cut short", { signature: signature.slice(0, -1) }, 0, "of an unknown version"],
    ["two signatures", { signature: `${signature}, ${signature}` }, 0, "of an unknown version"],
    ["a signature in capitals", { signature: `v0=${signature.slice(3).toUpperCase()}` }, 0, "of an unknown version"],
    ["one digit is another", { signature: signature.replace(/3$/, "4") }, 0, "signed by somebody else"],
    ["a time that is no number", { timestamp: "now" }, 0, "too old or too new"],
    ["an empty time", { timestamp: "" }, 0, "too old or too new"],
    ["a time with a sign", { timestamp: "+1531420618" }, 0, "too old or too new"],
    ["a time in hexadecimal", { timestamp: "0x5b47a08a" }, 0, "too old or too new"],
  ];
  for (const [why, over, apartS, want] of cases) {
    test(`${why}: ${want}`, () => assert.equal(judge({ ...DOCUMENTED, ...over }, SECRET, THEN + apartS * 1000), want));
  }

  test("another app's secret", () => {
    assert.equal(judge(DOCUMENTED, "8f742231b10e8888abcd99yyyzzz85a6"), "signed by somebody else");
  });

  test("whatever the body, its own signature is good, and no other's", () => {
    const signed = (body: string): SignedRequest => {
      const digest = createHmac("sha256", SECRET).update(`v0:1531420618:${body}`).digest("hex");
      return { timestamp: "1531420618", signature: `v0=${digest}`, body };
    };
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (body, other) => {
        fc.pre(Buffer.from(body).compare(Buffer.from(other)) !== 0);
        return judge(signed(body)) === "good" && judge({ ...signed(body), body: other }) === "signed by somebody else";
      }),
    );
  });
});
