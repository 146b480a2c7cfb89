import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { hostOf, httpLink } from "./http-link.ts";

suite("httpLink", () => {
  const taken = [
    "https://docs.aws.amazon.com/console/securityhub/EC2.19/remediation",
    "http://example.com",
    "https://example.com:8443/a?b=c&d=%20#e",
    "https://example.com?x=1",
  ];
  for (const url of taken) test(`takes ${url}`, () => assert.equal(httpLink(` ${url} `), url));

  const refused: ReadonlyArray<readonly [why: string, url: string]> = [
    ["a script is no address", "javascript:alert(1)"],
    ["nor is a file", "file:///etc/passwd"],
    ["a user part hides the host", "https://docs.aws.amazon.com@evil.example/x"],
    ["letters of another alphabet look like ours", "https://аws.amazon.com/"],
    ["a pipe would end the address in Slack's markup", "https://evil.example|https://aws.amazon.com"],
    ["so would a bracket", "https://evil.example/>"],
    ["a space ends it anywhere", "https://evil.example/ a"],
    ["a text direction mark turns it round", "https://evil.example/\u202emoc"],
    ["longer than Slack would take", `https://example.com/${"a".repeat(3000)}`],
    ["nothing", ""],
  ];
  for (const [why, url] of refused) test(`${why} (${url.slice(0, 50)})`, () => assert.equal(httpLink(url), undefined));

  test("the host is what a browser would open", () => {
    assert.equal(hostOf("https://Docs.AWS.amazon.com:443/x@y"), "docs.aws.amazon.com");
    assert.equal(hostOf("https://a@b/"), "");
  });
});
