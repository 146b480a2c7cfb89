/** Events from files and standard input into a running relay, told before it ends. Standard input is read as it comes. */
import { createInterface } from "node:readline/promises";
import type { Relay } from "@shirase/relay/main";
import { readEventFile } from "./event-files.ts";
import { UserError } from "./user-error.ts";

/** Lines decided and committed together. */
const BATCH = 100;
const LOOK_EVERY_MS = 50;

/**
 * Takes all events, then waits until nothing more can be sent.
 *
 * @returns whether every event was taken. One that is none is said with its file and line, and the others go on.
 */
export async function readAll(
  files: readonly string[],
  relay: Relay,
  complain: (text: string) => void,
): Promise<boolean> {
  let taken = 0;
  let refused = 0;
  const refuse = (text: string): void => {
    refused += 1;
    complain(text);
  };
  const take = async (values: readonly unknown[], places: readonly string[]): Promise<void> => {
    const accepted = await relay.accept(values);
    if (!("bad" in accepted)) {
      taken += accepted.accepted;
      return;
    }
    const { index, field, message } = accepted.bad;
    refuse(`shirase: ${places[index]}: ${field === "" ? message : `${field}: ${message}`}\n`);
    const isGood = (_: unknown, at: number): boolean => at !== index;
    if (values.length > 1) await take(values.filter(isGood), places.filter(isGood));
  };
  for (const file of files) {
    if (file === "-") await readLines(take, refuse);
    else await readFile(file, take, refuse);
  }
  complain(`shirase: ${taken} ${taken === 1 ? "event" : "events"} taken, ${refused} refused\n`);
  await untilTold(relay);
  return refused === 0;
}

type Take = (values: readonly unknown[], places: readonly string[]) => Promise<void>;

async function readFile(file: string, take: Take, refuse: (text: string) => void): Promise<void> {
  const events = readEventFile(file);
  for (const one of events) if ("problem" in one) refuse(`shirase: ${one.place}: ${one.problem}\n`);
  const good = events.flatMap((one) => ("event" in one ? [one] : []));
  for (let at = 0; at < good.length; at += BATCH) {
    const batch = good.slice(at, at + BATCH);
    await take(
      batch.map(({ event }) => event.raw),
      batch.map(({ place }) => place),
    );
  }
}

/** One event a line. */
async function readLines(take: Take, refuse: (text: string) => void): Promise<void> {
  let values: unknown[] = [];
  let places: string[] = [];
  let number = 0;
  const flush = async (): Promise<void> => {
    const [batch, batchPlaces] = [values, places];
    values = [];
    places = [];
    if (batch.length > 0) await take(batch, batchPlaces);
  };
  for await (const line of createInterface({ input: process.stdin })) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      values.push(JSON.parse(line));
      places.push(`line ${number}`);
    } catch {
      refuse(`shirase: line ${number} is not JSON; standard input takes one event a line\n`);
    }
    if (values.length >= BATCH) await flush();
  }
  await flush();
}

/** Paused channels are not waited for: they may stay so for days, and their messages are kept. */
async function untilTold(relay: Relay): Promise<void> {
  for (;;) {
    const paused = new Set((await relay.store.pauses()).map(({ channelId }) => channelId));
    const open = (await relay.store.waiting()).filter(({ channelId }) => !paused.has(channelId));
    if (open.length === 0) {
      if (paused.size === 0) return;
      throw new UserError(
        `Slack refuses ${[...paused].join(", ")}; their messages are kept. See: shirase redrive --list`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
