/** The languages there are. A new one is a file beside en.ts, a line here and a word in `Language`. */
import { EN } from "./en.ts";
import { JA } from "./ja.ts";
import type { Language, Wording } from "./wording.ts";

export const WORDING: Readonly<Record<Language, Wording>> = { en: EN, ja: JA };
