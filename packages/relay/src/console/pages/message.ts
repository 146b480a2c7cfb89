/** A page that has nothing but a word to say. Pure. */
import type { Page } from "../frame.ts";
import { markup, NOTHING } from "../markup.ts";

/** @param signIn - the words of a link to the login, when the reader is not signed in. */
export function messagePage(title: string, text: string, signIn?: string): Page {
  return {
    title,
    body: markup`<h1>${title}</h1><p>${text}</p>${signIn === undefined ? NOTHING : markup`<p><a href="/login">${signIn}</a></p>`}`,
    at: undefined,
    isLive: false,
  };
}
