/**
 * `Access Analyzer Finding`: who outside can reach a resource, or what access nobody uses. Security Hub sends one
 * finding a resource for it, so the cause here is the kind of finding and not the principal.
 *
 * `isDeleted` comes when the analyzer forgets the finding, 90 days after it was resolved, with the status unchanged:
 * no news.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
 */
import { accessAnalyzerLink } from "../aws-links.ts";
import type { Envelope, JsonObject } from "../event.ts";
import type { Fact, Finding } from "../finding.ts";
import { READ } from "../limits.ts";
import { EXTERNAL_ACCESS } from "./causes.ts";
import { firstDate } from "./dates.ts";
import { findingOf, type SeenBecause } from "./draft.ts";
import { at, firstOf, textAt, textOf, textsAt } from "./lenient.ts";

export function readAccessAnalyzer(event: Envelope): readonly Finding[] {
  const { detail } = event;
  const id = textAt(detail, "id");
  const region = firstOf(textAt(detail, "region"), event.region);
  const resource = textOf(detail["resource"], READ.idChars);
  const type = textAt(detail, "resourceType");
  const isExternal = event.detailType === "Access Analyzer Finding";
  const isPublic = detail["isPublic"] === true;
  const what = isExternal ? (isPublic ? "allows public access" : "is open to another account") : event.detailType;
  const finding = findingOf(event, {
    product: "IAM Access Analyzer",
    cause: isExternal ? EXTERNAL_ACCESS : firstOf(textAt(detail, "findingType"), event.detailType),
    accountId: firstOf(textAt(detail, "resourceOwnerAccount"), textAt(detail, "accountId")),
    region,
    title: isExternal ? `${type.replace("AWS::", "").replace("::", " ") || "Resource"} ${what}` : what,
    description: textOf(detail["error"], READ.descriptionChars),
    severity: isPublic ? "HIGH" : "MEDIUM",
    ...seenOf(detail),
    resources: resource === "" ? [] : [{ id: resource, type }],
    consoleUrl: id ? accessAnalyzerLink(region, id) : undefined,
    facts: factsOf(detail),
    aliases: [id],
    firstSeenAt: firstDate(detail["createdAt"]),
    updatedAt: firstDate(detail["updatedAt"], detail["analyzedAt"]),
  });
  return [finding];
}

function seenOf(detail: JsonObject): SeenBecause {
  const status = textAt(detail, "status").toUpperCase();
  if (detail["isDeleted"] === true) return { seen: "retired", seenBecause: `isDeleted true, status ${status}` };
  if (status === "RESOLVED") return { seen: "passing", seenBecause: "status RESOLVED" };
  if (status === "ARCHIVED") return { seen: "suppressed", seenBecause: "status ARCHIVED" };
  return { seen: "failing", seenBecause: status === "" ? "no state given" : `status ${status}` };
}

function factsOf(detail: JsonObject): readonly Fact[] {
  const principals = ["AWS", "Federated", "CanonicalUser"].map((kind) => textAt(detail, "principal", kind));
  const who = at(detail, "principal") === "*" ? "*" : principals.filter(Boolean).join(", ");
  const actions = textsAt(detail, 5, "action").join(", ");
  return [{ name: "access", value: [who, actions].filter(Boolean).join(": ") }];
}
