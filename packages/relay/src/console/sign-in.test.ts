import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { type OpenIdProvider, startOpenIdProvider } from "@shirase/testkit/openid-provider";
import { discovery } from "./sign-in.ts";

suite("what the provider says of itself", () => {
  let provider!: OpenIdProvider;
  before(async () => {
    provider = await startOpenIdProvider();
  });
  after(() => provider?.close());
  const asked = (issuer: string) => ({ issuer, clientId: "c", clientSecret: "s", redirectUri: "http://127.0.0.1/cb" });

  test("is asked once in ten minutes, however many want to sign in", async () => {
    let now = new Date("2026-11-27T00:00:00Z");
    const discover = discovery(asked(provider.issuer), () => now);
    await Promise.all([discover(), discover()]);
    now = new Date("2026-11-27T00:09:59Z");
    await discover();
    assert.equal(provider.discoveries(), 1);
    now = new Date("2026-11-27T00:10:00Z");
    const { server } = await discover();
    assert.equal(provider.discoveries(), 2);
    assert.equal(server.issuer, provider.issuer);
  });

  test("is asked again at once after it could not be reached", async () => {
    const other = await startOpenIdProvider();
    const discover = discovery(asked(other.issuer), () => new Date(0));
    await other.close();
    await assert.rejects(discover());
    await assert.rejects(discover());
    assert.equal(other.discoveries(), 0);
  });

  test("of another issuer than the config's is refused, and nothing of it is kept", async () => {
    const discover = discovery(asked(`${provider.issuer}/tenant`), () => new Date(0));
    const before = provider.discoveries();
    await assert.rejects(discover());
    await assert.rejects(discover());
    assert.equal(provider.discoveries(), before + 2);
  });
});
