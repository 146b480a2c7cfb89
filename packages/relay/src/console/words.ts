/** The console's words by language. A new language is a file beside words-en.ts and a line here. */
import type { Language } from "@shirase/core/text/wording";
import { EN } from "./words-en.ts";
import { JA } from "./words-ja.ts";

/** Every sentence and label of the console. `{name}` is filled in. */
export type Words = { readonly [Key in keyof typeof EN]: string };

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, ja: JA };
