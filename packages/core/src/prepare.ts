/** A config made ready to decide with: its patterns compiled, its look-up tables made. Once, not for each event. */
import { type CompiledPattern, compilePattern } from "./compiled-pattern.ts";
import type { Config } from "./config.ts";
import { type Owners, ownersOf } from "./owner.ts";
import { formerCustomer, type ResolvedCustomer } from "./resolved-customer.ts";
import { configSilences, type Silence, type Silencers } from "./silence.ts";

/** A customer with its patterns compiled. */
export type Rules = {
  readonly customer: ResolvedCustomer;
  readonly pattern: CompiledPattern;
  readonly filter: CompiledPattern | undefined;
};

/** A config, ready. */
export type Prepared = {
  readonly owners: Owners;
  /** By customer id. */
  readonly rules: ReadonlyMap<string, Rules>;
  /** By customer id, with nothing left out: what compose takes. */
  readonly customers: ReadonlyMap<string, ResolvedCustomer>;
  /** The config's own silences. */
  readonly silencers: Silencers;
};

/** Finds a customer by its id; also one that is in the config no longer, because what waits for it is told. */
export function customerFinder(
  config: Config,
  { customers }: Pick<Prepared, "customers">,
): (customerId: string, channelId: string) => ResolvedCustomer {
  return (customerId, channelId) => customers.get(customerId) ?? formerCustomer(config, customerId, channelId);
}

/**
 * Compiles a config's patterns and filters.
 *
 * @throws Error when a pattern is not valid. A config that `readConfig` accepted has none.
 */
export function prepare(config: Config): Prepared {
  const owners = ownersOf(config);
  const customers = new Map([...owners.byAccount.values()].map((customer) => [customer.id, customer]));
  const compiled = new Map<string, CompiledPattern>();
  const compile = (pattern: string): CompiledPattern => {
    const known = compiled.get(pattern) ?? compilePattern(pattern);
    compiled.set(pattern, known);
    return known;
  };
  const rules = [...customers.values()].map((customer): [string, Rules] => {
    const filter = customer.filter ? compile(JSON.stringify(customer.filter)) : undefined;
    return [customer.id, { customer, pattern: compile(customer.pattern), filter }];
  });
  const silencers = silencersOf([...customers.values()].flatMap(configSilences), compile);
  return { owners, rules: new Map(rules), customers, silencers };
}

/**
 * Makes silences ready to match.
 *
 * @param compile - a compiler that remembers, for who has one.
 * @throws Error when a pattern is not valid.
 */
export function silencersOf(silences: readonly Silence[], compile = compilePattern): Silencers {
  const all = silences.map((silence) => ({ ...silence, pattern: compile(silence.match) }));
  return Map.groupBy(all, ({ customerId }) => customerId);
}
