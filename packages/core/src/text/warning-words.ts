/** What is odd in a config, in words, English and Japanese: a sentence that goes on from the key's path, and what to do. */
import type { Language } from "./wording.ts";

/** A stable name for each kind of warning; those about patterns alone have lint's own words. */
export type WarningCode = keyof typeof WORDS;

type Fact = "customer" | "other" | "queue" | "arn" | "whose" | "value" | "kind" | "path" | "one" | "there" | "own";
/** What a sentence is about. Absent facts are "". */
export type WarningFacts = Readonly<Partial<Record<Fact, string>>>;
type Facts = Readonly<Record<Fact, string>>;
type Said = { readonly message: string; readonly fix: string };
type Words = Readonly<Record<Language, (facts: Facts) => Said>>;

/** @returns the sentence and the way out. */
export function warningWords(code: WarningCode, facts: WarningFacts, language: Language): Said {
  const none = { customer: "", other: "", queue: "", arn: "", whose: "", value: "", kind: "", path: "", one: "" };
  return WORDS[code][language]({ ...none, there: "", own: "", ...facts });
}

/** Why two patterns are at odds: a field, and what each asks of it. */
const clash = {
  en: ({ path, one, there }: Facts): string =>
    path === "" ? "" : `: ${path} would have to be ${one} and ${there} at once`,
  ja: ({ path, one, there }: Facts): string =>
    path === "" ? "" : `（${path} が ${one} と ${there} の両方になる必要があります）`,
};

const WORDS = {
  "no-ops-channel": {
    en: () => ({
      message: "is not set: nobody is told in Slack when a channel cannot be reached or an account falls silent.",
      fix: "Set it to the id of a channel that the people who run shirase read.",
    }),
    ja: () => ({
      message: "が未設定です。チャンネルに届かないとき、アカウントが途絶したとき、Slack では誰にも知らされません。",
      fix: "shirase を運用する人が読むチャンネルの ID を設定してください。",
    }),
  },
  "shared-channel": {
    en: ({ other }) => ({
      message: `is also the channel of ${other === "" ? "the operators" : other}.`,
      fix: "Give each its own channel, unless the same people may read both.",
    }),
    ja: ({ other }) => ({
      message: `は${other === "" ? "運用" : ` ${other} の`}チャンネルでもあります。`,
      fix: "両方を同じ人が読んでよい場合を除き、別々のチャンネルにしてください。",
    }),
  },
  "unread-queue": {
    en: ({ whose, arn }) => ({
      message: `is not set. The hub that \`shirase deploy\` makes puts the findings of ${whose} into an SQS queue.`,
      fix: `For the relay to read it, set it to [${arn}].`,
    }),
    ja: ({ whose, arn }) => ({
      message: `が未設定です。\`shirase deploy\` が作るハブは、${whose} の検出結果を SQS キューに入れます。`,
      fix: `リレーに読ませるには [${arn}] を設定してください。`,
    }),
  },
  "second-reader": {
    en: () => ({
      message:
        "is the queue that the relay on AWS reads: a `shirase relay` with this config would take half of its events.",
      fix: "Take it out, or take `hub.relay: aws` out and destroy the stack shirase-relay.",
    }),
    ja: () => ({
      message:
        "は AWS 上のリレーが読むキューです。この設定で `shirase relay` を動かすと、イベントの半分を取ってしまいます。",
      fix: "この行を外すか、`hub.relay: aws` を外してスタック shirase-relay を削除してください。",
    }),
  },
  "no-mail": {
    en: () => ({
      message: "is read, but the relay sends no mail yet.",
      fix: "Take it out, or choose `delivery: amazon-q`, which sends raw events by mail.",
    }),
    ja: () => ({
      message: "は読み込まれますが、リレーはまだメールを送りません。",
      fix: "外すか、イベントをそのままメールで送る `delivery: amazon-q` にしてください。",
    }),
  },
  "no-teams": {
    en: () => ({
      message: "is read, but only Amazon Q delivers to Teams.",
      fix: "Take it out, or choose `delivery: amazon-q`.",
    }),
    ja: () => ({
      message: "は読み込まれますが、Teams に届けるのは Amazon Q だけです。",
      fix: "外すか、`delivery: amazon-q` にしてください。",
    }),
  },
  "no-digest": {
    en: () => ({
      message: "is read, but only a relay of one process writes digests.",
      fix: "Leave it or take it out. `delivery: relay` without `hub.relay: aws` writes them.",
    }),
    ja: () => ({
      message: "は読み込まれますが、定期まとめを書くのは1プロセスのリレーだけです。",
      fix: "そのままでも、外しても構いません。`hub.relay: aws` のない `delivery: relay` なら書かれます。",
    }),
  },
  "by-amazon-q": {
    en: ({ customer }) => ({
      message: `makes ${customer} Amazon Q's: the relay tells nothing of it.`,
      fix: "Leave it if AWS shall post by itself; choose `relay` for shirase's own cards.",
    }),
    ja: ({ customer }) => ({
      message: `により ${customer} は Amazon Q の担当です。リレーからは何も通知しません。`,
      fix: "AWS に直接投稿させるならこのままで、shirase のカードにするなら `relay` にしてください。",
    }),
  },
  "source-not-forwarded": {
    en: (facts) => ({
      message: `is ${facts.value}, but ${facts.customer}'s pattern forwards nothing of it${clash.en(facts)}.`,
      fix: "Let the pattern through what is wanted, or take the source out.",
    }),
    ja: (facts) => ({
      message: `は ${facts.value} ですが、${facts.customer} のパターンはこれをまったく転送しません${clash.ja(facts)}。`,
      fix: "必要なものがパターンを通るようにするか、このソースを外してください。",
    }),
  },
  "severity-not-forwarded": {
    en: (facts) => ({
      message: `${facts.own === "" ? "leaves out" : "wants"} ${facts.value}, but ${facts.customer}'s pattern forwards none${clash.en(facts)}.`,
      fix:
        facts.own === ""
          ? `Add ${facts.value} to the pattern, or say which severities ${facts.customer} wants.`
          : `Add ${facts.value} to the pattern, or take it out of the severities.`,
    }),
    ja: (facts) => ({
      message: `では ${facts.value} が${facts.own === "" ? "対象外" : "必要"}ですが、${facts.customer} のパターンはこれを転送しません${clash.ja(facts)}。`,
      fix:
        facts.own === ""
          ? `パターンに ${facts.value} を加えるか、${facts.customer} が必要とする重要度を書いてください。`
          : `パターンに ${facts.value} を加えるか、重要度から外してください。`,
    }),
  },
  "filter-never-matches": {
    en: (facts) => ({
      message: `matches nothing that ${facts.customer} is told of${clash.en(facts)}.`,
      fix: "Want less of the filter, or forward and tell more: `pattern`, `severities`, `sources`.",
    }),
    ja: (facts) => ({
      message: `は ${facts.customer} に通知されるどのイベントにも一致しません${clash.ja(facts)}。`,
      fix: "フィルターの条件を減らすか、`pattern`、`severities`、`sources` で転送と通知の対象を広げてください。",
    }),
  },
  "filter-wants-more": {
    en: ({ value, customer, path, there }) => ({
      message: `wants ${value}, but ${customer} is told nothing of that kind${path === "" ? "" : `: ${path} is ${there} there`}.`,
      fix: "Take it out of the filter, or forward and tell it: `pattern`, `severities`, `sources`.",
    }),
    ja: ({ value, customer, path, there }) => ({
      message: `は ${value} を求めていますが、${customer} にはその種類は通知されません${path === "" ? "" : `（${path} は ${there} です）`}。`,
      fix: "フィルターから外すか、`pattern`、`severities`、`sources` で転送と通知の対象にしてください。",
    }),
  },
  "filter-drops-kind": {
    en: ({ kind, path }) => ({
      message: `lets through nothing of ${kind}: ${path} is what it asks for.`,
      fix: "If these shall be told as well, make the filter a $or with an alternative for them.",
    }),
    ja: ({ kind, path }) => ({
      message: `は ${kind} をまったく通しません。${path} を条件にしているためです。`,
      fix: "これらも通知するなら、フィルターを $or にして、そのための条件を加えてください。",
    }),
  },
  "filter-without-effect": {
    en: ({ customer }) => ({
      message: `lets through all that ${customer} is told of anyway.`,
      fix: "Take it out, or narrow it.",
    }),
    ja: ({ customer }) => ({
      message: `は、もともと ${customer} に通知されるものをすべて通します。`,
      fix: "外すか、条件を絞ってください。",
    }),
  },
} as const satisfies Readonly<Record<string, Words>>;

/** What lint says, as a warning's sentence. */
export function lintSentence(kind: "warning" | "hint", message: string, language: Language): string {
  if (language === "ja")
    return `${kind === "warning" ? "は意図と違う可能性があります" : "はより簡潔に書けます"}：${message}。`;
  return `${kind === "warning" ? "is likely not what is meant" : "could be said better"}: ${message}.`;
}

/** "or" between values. */
export function either(values: readonly string[], language: Language): string {
  return values.join(language === "ja" ? " か " : " or ");
}
