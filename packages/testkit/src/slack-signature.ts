/** The headers that Slack signs a request with. */
import { createHmac } from "node:crypto";

/** @param agoS - how many seconds ago it was signed. */
export function slackHeaders(secret: string, body: string, agoS = 0): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(Date.now() / 1000) - agoS);
  const digest = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": `v0=${digest}` };
}
