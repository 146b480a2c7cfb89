/**
 * Would AWS let this request through? A small evaluator of IAM statements, for tests over templates: no emulator
 * enforces an event bus's policy. It knows the elements our templates use and refuses others loudly.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

/** A statement as it stands in a policy. */
export type Statement = { readonly Effect: "Allow" | "Deny"; readonly [element: string]: unknown };

/** Who wants to do what to what, and the condition keys AWS would fill in. */
export type PolicyRequest = {
  /** An account id, or a service such as `events.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
};

/** The answer, with the statement that decided; without one it is denied because nothing allowed it. */
export type PolicyAnswer = { readonly allowed: boolean; readonly by: string | undefined };

/** A deny wins; without an allow it is denied. */
export function evaluate(statements: readonly Statement[], request: PolicyRequest): PolicyAnswer {
  const applying = statements.filter((statement) => applies(statement, request));
  const deny = applying.find(({ Effect }) => Effect === "Deny");
  const allow = applying.find(({ Effect }) => Effect === "Allow");
  const decided = deny ?? allow;
  return {
    allowed: deny === undefined && allow !== undefined,
    by: decided === undefined ? undefined : nameOf(decided),
  };
}

const KNOWN = new Set(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);

function applies(statement: Statement, request: PolicyRequest): boolean {
  for (const element of Object.keys(statement)) {
    if (!KNOWN.has(element)) throw new Error(`the evaluator does not know ${element}`);
  }
  return (
    principalFits(statement["Principal"], request.principal) &&
    list(statement["Action"]).some((action) => like(action, request.action)) &&
    (statement["Resource"] === undefined || list(statement["Resource"]).some((one) => like(one, request.resource))) &&
    conditionsHold(statement["Condition"] ?? {}, request.context)
  );
}

/** Without a Principal it is a policy of the caller's own role. */
function principalFits(principal: unknown, who: string): boolean {
  if (principal === undefined || principal === "*") return true;
  const { AWS, Service } = principal as { readonly AWS?: unknown; readonly Service?: unknown };
  const accounts = list(AWS).map((one) => /^arn:[\w-]+:iam::(\d{12}):root$/.exec(one)?.[1] ?? one);
  return [...accounts, ...list(Service)].some((one) => one === "*" || one === who);
}

function conditionsHold(conditions: unknown, context: PolicyRequest["context"]): boolean {
  return Object.entries(conditions as Record<string, Record<string, unknown>>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      if (value === undefined) return false;
      return list(wanted).some((one) => compare(operator, one, value));
    }),
  );
}

function compare(operator: string, wanted: string, value: string): boolean {
  if (operator === "StringEquals" || operator === "ArnEquals" || operator === "Bool") return wanted === value;
  if (operator === "StringLike" || operator === "ArnLike") return like(wanted, value);
  throw new Error(`the evaluator does not know the condition operator ${operator}`);
}

function like(pattern: string, value: string): boolean {
  const literal = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);
}

function list(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [String(value)];
}

function nameOf(statement: Statement): string {
  return String(statement["Sid"] ?? statement["Action"]);
}
