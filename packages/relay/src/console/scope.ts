/**
 * What a person who may see some customers only works with: the desk with everybody else's things taken off it.
 *
 * Pages and buttons get no other desk than the one of whoever asks (routes.ts). So a page cannot forget to look whose
 * something is: what is not theirs is not there, as if the config did not name that customer. What belongs to nobody in
 * particular (audit log, quarantine, the operators' channel) is not there either.
 */
import type { Desk } from "./desk.ts";
import type { Reads, Slice } from "./reads.ts";

/** Ids of customers. */
export type Scope = ReadonlySet<string>;

/** The desk as somebody sees it who may see these customers only; undefined: all. */
export function deskWithin(desk: Desk, scope: Scope | undefined): Desk {
  if (scope === undefined) return desk;
  const customers = new Map([...desk.customers].filter(([id]) => scope.has(id)));
  const channelIds = new Set([...customers.values()].map(({ slack }) => slack.channel));
  const reads = readsWithin(desk.reads, scope);
  return {
    ...desk,
    seesAll: false,
    config: { ...desk.config, customers: desk.config.customers.filter(({ id }) => scope.has(id)) },
    customers,
    reads,
    store: storeWithin(desk.store, { scope, reads, channelIds }),
    silences: { ...desk.silences, own: new Map([...desk.silences.own].filter(([id]) => scope.has(id))) },
    pulses: async () => (await desk.pulses()).filter(({ customerId }) => customers.has(customerId)),
  };
}

const NONE: Slice<never> = { items: [], more: false };

/** Questions about others are answered as those about nobody. */
function readsWithin(reads: Reads, scope: Scope): Reads {
  const customerIds = [...scope];
  return {
    version: reads.version,
    warm: reads.warm,
    close: reads.close,
    figures: async (asked) => reads.figures(asked.filter(({ customerId }) => scope.has(customerId))),
    restless: async () => (await reads.restless()).filter((id) => scope.has(id)),
    messages: (filter) => reads.messages({ ...filter, customerIds }),
    deadIds: (filter) => reads.deadIds({ ...filter, customerIds }),
    posted: (id) => reads.posted(id, customerIds),
    quarantined: async () => [],
    problems: async (filter) => (scope.has(filter.customerId) ? reads.problems(filter) : NONE),
    problem: async (id) => {
      const story = await reads.problem(id);
      return story && scope.has(story.line.customerId) ? story : undefined;
    },
    events: async (id, ...rest) => (scope.has(id) ? reads.events(id, ...rest) : []),
    topCauses: async (id, ...rest) => (scope.has(id) ? reads.topCauses(id, ...rest) : []),
    oldest: async (id, ...rest) => (scope.has(id) ? reads.oldest(id, ...rest) : []),
    tallies: async (id, ...rest) => (scope.has(id) ? reads.tallies(id, ...rest) : []),
    channel: async (channelId, id, limit) => (scope.has(id) ? reads.channel(channelId, id, limit) : []),
    backlogs: async () => (await reads.backlogs()).filter(({ customerId }) => scope.has(customerId)),
    deeds: async () => [],
  };
}

type Own = { readonly scope: Scope; readonly reads: Reads; readonly channelIds: ReadonlySet<string> };

function storeWithin(store: Desk["store"], { scope, reads, channelIds }: Own): Desk["store"] {
  const redriveOnly = async (ids: readonly string[]): Promise<number> => {
    const own = new Set(await reads.deadIds({}));
    return store.redriveOnly(ids.filter((id) => own.has(id)));
  };
  return {
    audit: store.audit,
    silences: async (endAfter) => (await store.silences(endAfter)).filter(({ customerId }) => scope.has(customerId)),
    silencedCounts: store.silencedCounts,
    addSilence: async (silence) => {
      if (scope.has(silence.customerId)) await store.addSilence(silence);
    },
    endSilence: async (id, now) => {
      const isOwn = (await store.silences(now)).some((one) => one.id === id && scope.has(one.customerId));
      return isOwn && store.endSilence(id, now);
    },
    pauses: async () => (await store.pauses()).filter(({ channelId }) => channelIds.has(channelId)),
    resume: async (channelId) => {
      if (channelIds.has(channelId)) await store.resume(channelId);
    },
    redriveOnly,
    // Others may share the channel: its pause is lifted, their letters stay.
    redrive: async (channelId) => {
      if (channelId === undefined || !channelIds.has(channelId)) return 0;
      const count = await redriveOnly(await reads.deadIds({ channelId }));
      await store.resume(channelId);
      return count;
    },
    stats: async () => {
      const { deadByCustomer } = await store.stats();
      return { quarantined: 0, deadByCustomer: new Map([...deadByCustomer].filter(([id]) => scope.has(id))) };
    },
  };
}
