/** What may come in a month in which 10,000 customers send 100 million findings, and on its worst days. */
import type { Chance } from "./chance.ts";
import type { Arrivals, Scenario } from "./scale.ts";

/** How large a provider is. */
export type Size = { readonly customers: number; readonly eventsAMonth: number };

/** The issue's: as large as anybody is. */
export const LARGE: Size = { customers: 10_000, eventsAMonth: 100_000_000 };

const MONTH_SECONDS = 30 * 86_400;
const DAY = 86_400;
/** Security Hub tells every open finding again within 12 to 24 hours; one event in fifty says something new. */
const NEWS_SHARE = 0.02;

/** The scenarios, the ordinary first. */
export function scenariosOf({ customers, eventsAMonth }: Size): readonly Scenario[] {
  const perSecond = eventsAMonth / MONTH_SECONDS;
  const ordinary = (second: number, chance: Chance): Arrivals => usual(perSecond * hourly(second), customers, chance);
  return [
    { name: "an ordinary day", customers, seconds: DAY, arrivals: ordinary },
    {
      name: "Monday morning: ten times as much for a quarter of an hour",
      customers,
      seconds: 3600,
      arrivals: (second, chance) => usual(perSecond * (second < 900 ? 10 : 1), customers, chance),
    },
    {
      name: "one customer turns a standard on: 100,000 new findings in ten minutes",
      customers,
      seconds: 3600,
      arrivals: (second, chance) => {
        const { repeated, news } = usual(perSecond, customers, chance);
        const huge = second < 600 ? Math.round(100_000 / 600) : 0;
        return { repeated, news: new Map([...news, [0, (news.get(0) ?? 0) + huge]]) };
      },
    },
    {
      name: "AWS adds a control: ten new findings of each customer within an hour",
      customers,
      seconds: 3600,
      arrivals: (_, chance) => {
        const { repeated, news } = usual(perSecond, customers, chance);
        return { repeated, news: together(news, spread((customers * 10) / 3600, customers, chance)) };
      },
    },
    {
      name: "everything is told again within ten minutes",
      customers,
      seconds: 3600,
      arrivals: (second, chance) => {
        const { repeated, news } = usual(perSecond, customers, chance);
        // What is open in a month of a telling a day.
        return { repeated: repeated + (second < 600 ? Math.round(eventsAMonth / 30 / 600) : 0), news };
      },
    },
  ];
}

/** Twice as much in the afternoon as at night, on average once. */
function hourly(second: number): number {
  return 1 - Math.cos((2 * Math.PI * second) / DAY) / 3;
}

function usual(perSecond: number, customers: number, chance: Chance): Arrivals {
  return {
    repeated: poisson(perSecond * (1 - NEWS_SHARE), chance),
    news: spread(perSecond * NEWS_SHARE, customers, chance),
  };
}

function spread(perSecond: number, customers: number, chance: Chance): Map<number, number> {
  const news = new Map<number, number>();
  for (let left = poisson(perSecond, chance); left > 0; left -= 1) {
    const customer = chance.below(customers);
    news.set(customer, (news.get(customer) ?? 0) + 1);
  }
  return news;
}

function together(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): Map<number, number> {
  const both = new Map(one);
  for (const [customer, count] of other) both.set(customer, (both.get(customer) ?? 0) + count);
  return both;
}

/** How many come when so many come on average. */
function poisson(mean: number, chance: Chance): number {
  if (mean > 50) {
    // Near enough to a bell; two uniform numbers make one of its (Box and Muller).
    const bell = Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * bell));
  }
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = chance.next(); product > limit; product *= chance.next()) count += 1;
  return count;
}
