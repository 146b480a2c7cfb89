/**
 * What comes to the relay's address on AWS: events with the key, SNS's deliveries, Slack's requests. Each shows who it is
 * from; the address itself asks nobody.
 *
 * The same routes as the relay of one process has. An event is in the table before it is answered for, and its channel
 * is woken then; if that fails, the clock tick looks.
 */
import { Hono } from "hono";
import { type Acceptor, accept, setAside } from "../accept.ts";
import { type WaysIn, waysIn } from "../ingest/http.ts";
import { notingChannels } from "./noting-channels.ts";
import type { Taking } from "./take-records.ts";

/** What it works with. */
export type FrontDoor = Pick<WaysIn, "isKey" | "sns" | "slack" | "onRefused" | "onFault"> & {
  readonly acceptor: Acceptor;
  readonly wake: Taking["wake"];
  readonly now: () => Date;
};

/** Answers requests. Never rejects. */
export function frontDoor({ acceptor, wake, now, ...door }: FrontDoor): (request: Request) => Promise<Response> {
  const app = new Hono();
  waysIn(app, {
    ...door,
    accept: async (values, arrival, texts) => {
      const noting = notingChannels(acceptor);
      const accepted = await accept(values, arrival, noting.acceptor, now(), texts);
      await wake([...noting.channels]);
      return accepted;
    },
    setAside: (text, reason) => setAside(text, reason, acceptor.store, now()),
    isStopping: () => false,
  });
  return async (request) => app.fetch(request);
}
