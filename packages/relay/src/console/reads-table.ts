/** The console's questions about a relay on AWS: answered from the mirror's file, or by the table itself where that is small. */
import { readEnvelope } from "@shirase/core/event";
import { readFindings } from "@shirase/core/read";
import { keyOf } from "../store/dynamodb-keys.ts";
import type { Table } from "../store/dynamodb-table.ts";
import type { Deed, Store } from "../store/store.ts";
import type { Mirror, Untold } from "./mirror.ts";
import { eventAt } from "./mirror-messages.ts";
import type { CustomerFigures, NoticeLine, ProblemStory, Reads } from "./reads.ts";

const LONGEST_BODY = 4000;

/** @param file - reads the mirror's file. */
export function tableReads(mirror: Mirror, table: Table, store: Pick<Store, "quarantined">, file: Reads): Reads {
  const fresh =
    <Args extends readonly unknown[], T>(ask: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await mirror.fresh();
      return ask(...args);
    };
  return {
    version: fresh(async () => (await file.version()) + mirror.changes()),
    figures: fresh(async (asked) => (await file.figures(asked)).map((figures) => withBacklog(figures, mirror))),
    restless: fresh(async () => [
      ...new Set([...(await file.restless()), ...mirror.backlogs().map(({ customerId }) => customerId)]),
    ]),
    messages: fresh(file.messages),
    deadIds: fresh(file.deadIds),
    posted: fresh(file.posted),
    quarantined: async (limit) =>
      (await store.quarantined(limit)).map((one) => ({ ...one, body: one.body.slice(0, LONGEST_BODY) })),
    problems: fresh(file.problems),
    problem: fresh(async (id) => {
      await mirror.fetchEvent(id);
      const story = await file.problem(id);
      return story && withUntold(withFinding(story), await mirror.untold(id, story.line.customerId));
    }),
    events: fresh(async (customerId, since, limit) => {
      await mirror.fetchEvents(customerId, since, limit);
      return file.events(customerId, since, limit);
    }),
    topCauses: fresh(file.topCauses),
    oldest: fresh(file.oldest),
    warm: file.warm,
    tallies: fresh(file.tallies),
    channel: fresh(file.channel),
    backlogs: fresh(async () => mirror.backlogs()),
    deeds: async (limit) =>
      (await table.query(keyOf.deed("").pk, "", { limit, newestFirst: true })).map(
        ({ at, who, action, subject }): Deed => ({
          at: new Date(Number(at)),
          who: String(who),
          action: String(action) as Deed["action"],
          subject: String(subject),
        }),
      ),
    close: file.close,
  };
}

function withBacklog(figures: CustomerFigures, mirror: Mirror): CustomerFigures {
  const own = mirror.backlogs().filter(({ customerId }) => customerId === figures.customerId);
  const ages = [figures.oldestWaitingAt, ...own.map(({ oldestAt }) => oldestAt)].filter((at) => at !== undefined);
  return {
    ...figures,
    waiting: own.reduce((sum, { count }) => sum + count, figures.waiting),
    ...(ages.length === 0 ? {} : { oldestWaitingAt: new Date(Math.min(...ages.map(Number))) }),
  };
}

function withUntold(story: ProblemStory, untold: readonly Untold[]): ProblemStory {
  const lines = untold
    // Its message may be made, and the notice not yet gone.
    .filter(({ at, news }) => !story.notices.some((one) => +one.decidedAt === +at && one.news === news))
    .map(
      ({ channelId, news, at }): NoticeLine => ({ eventId: eventAt(story.steps, at), news, channelId, decidedAt: at }),
    );
  return { ...story, notices: [...lines, ...story.notices] };
}

/** The table keeps no finding once it was told; its newest event says it again. */
function withFinding(story: ProblemStory): ProblemStory {
  if (story.finding !== undefined || story.event === undefined) return story;
  const read = readEnvelope(JSON.parse(story.event.body));
  const found = "event" in read ? readFindings(read.event).find(({ key }) => key === story.line.key) : undefined;
  return found ? { ...story, finding: JSON.stringify(found) } : story;
}
