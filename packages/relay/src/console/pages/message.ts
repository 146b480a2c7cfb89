/** A page that has nothing but a word to say. Pure. */
import type { Page } from "../frame.ts";
import { markup } from "../markup.ts";

export function messagePage(title: string, text: string): Page {
  return { title, body: markup`<h1>${title}</h1><p>${text}</p>`, at: undefined, isLive: false };
}
