/** The processes in which an emulator started by this one runs functions: for tests that kill them. */
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";

/** Can they be found here? Only Linux has /proc. */
export function canFindWorkers(): boolean {
  return processes().length > 0;
}

/** Ids of the Node processes that are children of this process's children. */
export function lambdaWorkers(): readonly number[] {
  const all = processes();
  const children = new Set(all.filter(({ parent }) => parent === process.pid).map(({ id }) => id));
  return all.filter(({ parent, name }) => children.has(parent) && name.startsWith("node")).map(({ id }) => id);
}

type Process = { readonly id: number; readonly parent: number; readonly name: string };

function processes(): readonly Process[] {
  try {
    return readdirSync("/proc").flatMap((id): readonly Process[] => (/^\d+$/.test(id) ? one(Number(id)) : []));
  } catch {
    return [];
  }
}

function one(id: number): readonly Process[] {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    const parent = Number(stat.slice(end + 2).split(" ")[1]);
    // Not the name in `stat`: Node gives its main thread one of its own.
    const name = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0")[0] ?? "";
    return [{ id, parent, name: basename(name) }];
  } catch {
    return []; // It ended meanwhile.
  }
}
