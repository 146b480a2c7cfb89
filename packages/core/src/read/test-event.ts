/**
 * `shirase.test`: an event somebody sent to see whether the whole path works. It carries who sent it, from where, and a
 * mark by which `shirase send` finds the message again; the words of the card are ours (text/), in the customer's
 * language.
 */
import type { Envelope } from "../event.ts";
import type { Finding } from "../finding.ts";
import { READ } from "../limits.ts";
import { findingOf } from "./draft.ts";
import { textAt, textOf } from "./lenient.ts";

export function readTest(event: Envelope): readonly Finding[] {
  const finding = findingOf(event, {
    kind: "test",
    product: "shirase",
    cause: "shirase.test",
    accountId: event.account,
    region: event.region,
    title: "shirase test message",
    description: textOf(event.detail["message"], READ.descriptionChars),
    severity: "INFORMATIONAL",
    seen: "failing",
    seenBecause: "a test is always told",
    resources: [],
    keyResource: event.id,
    facts: [
      { name: "askedBy", value: textAt(event.detail, "sentBy") },
      { name: "sent", value: event.time },
      { name: "mark", value: textAt(event.detail, "mark") },
    ],
    aliases: [event.id],
    isSample: true,
  });
  return [finding];
}
