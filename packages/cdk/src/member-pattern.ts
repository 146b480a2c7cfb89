/**
 * What a delegated administrator of Security Hub sends is told only when it is about an account of this customer's.
 *
 * Its events come from its own account, whatever account the finding is about, and it may administer accounts of others:
 * the rule has to look into the finding. The relay does the same in owner.ts; here there is only a pattern.
 */

/** An EventBridge pattern, or a part of one. */
export type EventPattern = Readonly<Record<string, unknown>>;

/** Where `$or` may stand, the deepest first: a filter may have one of its own at some of them. */
const LEVELS: readonly (readonly string[])[] = [["detail", "findings"], ["detail"], []];

/**
 * The pattern, once for as many of the accounts as fit: a finding matches one of them when it is about such an account,
 * in ASFF or OCSF. What is no finding names no account and is the administrator's own; the first pattern takes it.
 *
 * @param longest - AWS's limit, in characters of JSON.
 * @returns undefined when the pattern has `$or` at every level where this would need one, or asks for such an account
 *   itself, or has no room for even one account.
 */
export function aboutAccounts(
  pattern: EventPattern,
  accounts: readonly string[],
  longest: number,
): readonly EventPattern[] | undefined {
  if (/"AwsAccountId"|"cloud"/.test(JSON.stringify(pattern))) return undefined;
  const level = LEVELS.find((path) => !("$or" in objectAt(pattern, path)));
  if (level === undefined) return undefined;
  const made: EventPattern[] = [];
  for (let start = 0; start < accounts.length; ) {
    const room = { isFirst: start === 0, level, longest };
    const fits = mostThatFit(pattern, accounts.slice(start), room);
    if (fits === undefined) return undefined;
    made.push(fits.pattern);
    start += fits.count;
  }
  return made;
}

type Room = { readonly isFirst: boolean; readonly level: readonly string[]; readonly longest: number };

function mostThatFit(
  pattern: EventPattern,
  accounts: readonly string[],
  { isFirst, level, longest }: Room,
): { readonly pattern: EventPattern; readonly count: number } | undefined {
  const of = (count: number): EventPattern => {
    const wanted = accounts.slice(0, count);
    const below = ["detail", "findings"].slice(level.length);
    const alternatives = [
      { AwsAccountId: wanted },
      { cloud: { account: { uid: wanted } } },
      ...(isFirst ? [{ AwsAccountId: [{ exists: false }], cloud: { account: { uid: [{ exists: false }] } } }] : []),
    ];
    return withAt(pattern, level, { $or: alternatives.map((one) => nested(below, one)) });
  };
  for (let count = accounts.length; count > 0; count -= 1) {
    const made = of(count);
    if (JSON.stringify(made).length <= longest) return { pattern: made, count };
  }
  return undefined;
}

function objectAt(pattern: EventPattern, path: readonly string[]): EventPattern {
  return path.reduce<EventPattern>((at, key) => (at[key] ?? {}) as EventPattern, pattern);
}

function withAt(pattern: EventPattern, [key, ...rest]: readonly string[], more: EventPattern): EventPattern {
  if (key === undefined) return { ...pattern, ...more };
  return { ...pattern, [key]: withAt((pattern[key] ?? {}) as EventPattern, rest, more) };
}

function nested([key, ...rest]: readonly string[], value: EventPattern): EventPattern {
  return key === undefined ? value : { [key]: nested(rest, value) };
}
