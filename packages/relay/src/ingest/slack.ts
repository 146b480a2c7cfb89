/**
 * Slack's door: buttons, commands and events of the app. Whoever cannot show Slack's signature hears nothing but that.
 *
 * What is heard is acknowledged and written down; nothing acts on it yet.
 */
import { readSlackRequest, type SlackRequest, type SlackSaid } from "./slack-request.ts";
import { isSignedWith, readStamp, type SignedRequest, type Unproved } from "./slack-signature.ts";

/** Takes one request: what it says, or that it is not Slack's. @throws when the secret cannot be read. */
export type SlackDoor = (request: SignedRequest) => Promise<SlackRequest | { readonly kind: "unproved" }>;

/** What the door needs. */
export type SlackDoorOptions = {
  /** The app's signing secret as it is now. Asked only for what could be Slack's. */
  readonly secret: () => Promise<string>;
  readonly now: () => Date;
  readonly onSaid: (said: SlackSaid) => void;
  readonly onUnproved: (why: Unproved) => void;
};

/** Opens the door. */
export function slackDoor({ secret, now, onSaid, onUnproved }: SlackDoorOptions): SlackDoor {
  return async (request) => {
    const stamp = readStamp(request, now());
    if ("unproved" in stamp) {
      onUnproved(stamp.unproved);
      return { kind: "unproved" };
    }
    if (!isSignedWith(await secret(), stamp, request.body)) {
      onUnproved("signed by somebody else");
      return { kind: "unproved" };
    }
    const read = readSlackRequest(request.body);
    if (read.kind === "said") onSaid(read.said);
    return read;
  };
}
