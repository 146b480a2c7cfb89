/** Lint's findings in words, English and Japanese: what is odd, and what to do. */

/** A stable name for each kind of finding. */
export type LintCode = keyof typeof WORDS;

/** Every code there is. */
export const lintCodes = (): readonly string[] => Object.keys(WORDS);

/** What a sentence is about; values are shown as in a pattern. */
export type LintFacts = Readonly<Partial<Record<LintFact, string>>>;

type LintFact = "value" | "by" | "field" | "wanted" | "allowed" | "suggestion" | "instead" | "list" | "count";
type Said = { readonly message: string; readonly fix: string };
type Facts = Readonly<Record<LintFact, string>>;
type Words = { readonly en: (facts: Facts) => Said; readonly ja: (facts: Facts) => Said };

/** @returns the sentence and the way out. */
export function wordsOf(code: LintCode, facts: LintFacts, language: "en" | "ja"): Said {
  const none: Facts = {
    ...{ value: "", by: "", field: "", wanted: "", allowed: "", suggestion: "", instead: "", list: "", count: "" },
  };
  return WORDS[code][language]({ ...none, ...facts });
}

const WORDS = {
  "anything-but-optional": {
    en: ({ field, value }) => ({
      message: `${value} does not hold where ${field} is missing, and it is missing in some events: those never match`,
      fix: 'Put { "exists": false } beside it in the same list, if events without the field should match as well.',
    }),
    ja: ({ field, value }) => ({
      message: `${field} がないイベントには ${value} の条件が成り立たず、一致しません。この項目はないことがあります`,
      fix: '項目がないイベントも対象にするなら、同じリストに { "exists": false } を加えてください。',
    }),
  },
  "impossible-value": {
    en: ({ value, allowed, suggestion }) => ({
      message: `${value} never occurs in this field${allowed ? `: it is one of ${allowed}` : ""}`,
      fix: suggestion ? `Write ${suggestion}.` : "Write a value that occurs, or take it out.",
    }),
    ja: ({ value, allowed, suggestion }) => ({
      message: `この項目が ${value} になることはありません${allowed ? `（取りうる値: ${allowed}）` : ""}`,
      fix: suggestion ? `${suggestion} と書いてください。` : "取りうる値を書くか、この条件を外してください。",
    }),
  },
  "refuses-nothing": {
    en: ({ value, allowed, suggestion }) => ({
      message: `${value} refuses a value that never occurs: the field is one of ${allowed}`,
      fix: suggestion ? `Write ${suggestion}.` : "Name the value that is meant, or take the condition out.",
    }),
    ja: ({ value, allowed, suggestion }) => ({
      message: `${value} が除外する値は、この項目に現れません（取りうる値: ${allowed}）`,
      fix: suggestion ? `${suggestion} と書いてください。` : "除外したい値を書くか、この条件を外してください。",
    }),
  },
  "number-as-text": {
    en: ({ value }) => ({
      message: `the field holds a number, and ${value} is about texts: it never holds`,
      fix: 'Write the number without quotes, or a range: { "numeric": [">=", 7] }.',
    }),
    ja: ({ value }) => ({
      message: `この項目は数値ですが、${value} は文字列の条件です。成り立つことはありません`,
      fix: '引用符なしの数値か、範囲 { "numeric": [">=", 7] } で書いてください。',
    }),
  },
  "text-as-number": {
    en: ({ value }) => ({
      message: `the field holds a text, and ${value} is about numbers: it never holds`,
      fix: "Write it in quotes: a text is never equal to a number.",
    }),
    ja: ({ value }) => ({
      message: `この項目は文字列ですが、${value} は数値の条件です。成り立つことはありません`,
      fix: "引用符で囲んでください。文字列と数値が等しくなることはありません。",
    }),
  },
  "boolean-as-text": {
    en: ({ value }) => ({
      message: `the field is true or false, without quotes; ${value} never holds`,
      fix: "Write true or false without quotes.",
    }),
    ja: ({ value }) => ({
      message: `この項目は引用符なしの true か false です。${value} は成り立ちません`,
      fix: "true または false を引用符なしで書いてください。",
    }),
  },
  "account-id": {
    en: ({ value }) => ({
      message: `${value} is no AWS account id: those have 12 digits`,
      fix: "Write all 12 digits in quotes, leading zeros included.",
    }),
    ja: ({ value }) => ({
      message: `${value} は AWS アカウント ID ではありません（12 桁の数字です）`,
      fix: "先頭の 0 も含めて 12 桁を引用符で囲んで書いてください。",
    }),
  },
  "region-name": {
    en: ({ value }) => ({
      message: `${value} is no AWS region`,
      fix: 'Write the region\'s code, such as "ap-northeast-1".',
    }),
    ja: ({ value }) => ({
      message: `${value} という AWS リージョンはありません`,
      fix: '"ap-northeast-1" のようなリージョンコードで書いてください。',
    }),
  },
  "unknown-field": {
    en: ({ field, suggestion }) => ({
      message: `no event has a field ${field}: names are compared with their case`,
      fix: `Write ${suggestion}.`,
    }),
    ja: ({ field, suggestion }) => ({
      message: `${field} という項目を持つイベントはありません（大文字・小文字は区別されます）`,
      fix: `${suggestion} と書いてください。`,
    }),
  },
  "not-a-value": {
    en: ({ field }) => ({
      message: `${field} is an object in these events, so there is never a value at it`,
      fix: "Name a field inside it: presence and absence are asked of values only.",
    }),
    ja: ({ field }) => ({
      message: `${field} はオブジェクトで、値を持つことがありません`,
      fix: "その中の項目を指定してください。有無を調べられるのは値だけです。",
    }),
  },
  "nothing-below": {
    en: ({ field }) => ({
      message: `nothing is below ${field.split(".")[0]} in an event, so ${field} never holds a value`,
      fix: `Ask ${field.split(".")[0]} itself, or put the field into "detail".`,
    }),
    ja: ({ field }) => ({
      message: `${field.split(".")[0]} の下に項目はなく、${field} が値を持つことはありません`,
      fix: `${field.split(".")[0]} そのものを条件にするか、"detail" の中に書いてください。`,
    }),
  },
  "unknown-source": {
    en: ({ value, suggestion }) => ({
      message: `no AWS service sends events with the source ${value}`,
      fix: `Write ${suggestion}, if that service is meant.`,
    }),
    ja: ({ value, suggestion }) => ({
      message: `source が ${value} のイベントを送る AWS サービスはありません`,
      fix: `そのサービスのことなら ${suggestion} と書いてください。`,
    }),
  },
  "unknown-detail-type": {
    en: ({ value, suggestion }) => ({
      message: `${value} is no detail-type of this source`,
      fix: `Write ${suggestion}.`,
    }),
    ja: ({ value, suggestion }) => ({
      message: `${value} という detail-type はこの source にありません`,
      fix: `${suggestion} と書いてください。`,
    }),
  },
  "detail-type-of-another": {
    en: ({ value, by, suggestion }) => ({
      message: `${value} comes from ${by}, which the pattern does not ask for beside it`,
      fix: suggestion ? `Write ${suggestion}, or add ${by} to "source".` : `Add ${by} to "source", or take it out.`,
    }),
    ja: ({ value, by, suggestion }) => ({
      message: `${value} は ${by} のイベントですが、パターンの source にありません`,
      fix: suggestion
        ? `${suggestion} と書くか、"source" に ${by} を加えてください。`
        : `"source" に ${by} を加えるか、この値を外してください。`,
    }),
  },
  "never-holds": {
    en: () => ({
      message: "no value is accepted: the list of tests is empty, and then it holds for nothing",
      fix: "Name what is to be refused, or take the field out.",
    }),
    ja: () => ({
      message: "条件のリストが空なので、どの値でも成り立ちません",
      fix: "除外する値を書くか、この項目を外してください。",
    }),
  },
  "always-holds": {
    en: () => ({
      message: "present or absent: outside of arrays this asks nothing",
      fix: "Take the field out, or keep one of the two.",
    }),
    ja: () => ({
      message: "「ある」と「ない」の両方を許しているため、配列の外では何も絞り込みません",
      fix: "この項目を外すか、どちらか一方だけにしてください。",
    }),
  },
  "anything-but-twice": {
    en: ({ wanted }) => ({
      message: `alternatives are joined by OR: of ${wanted} what one refuses the other accepts; refused is only what both refuse`,
      fix: 'Put the values into one list: { "anything-but": ["a", "b"] }.',
    }),
    ja: ({ wanted }) => ({
      message: `候補は OR でつながります。${wanted} は、一方が除外する値を他方が受け入れるため、両方が除外する値しか除外しません`,
      fix: '値を一つのリストにまとめてください: { "anything-but": ["a", "b"] }',
    }),
  },
  "duplicate-alternative": {
    en: ({ value }) => ({ message: `${value} stands in this list twice`, fix: "Take one of them out." }),
    ja: ({ value }) => ({ message: `${value} がこのリストに 2 回あります`, fix: "一方を取り除いてください。" }),
  },
  "covered-alternative": {
    en: ({ value, by }) => ({
      message: `${value} adds nothing: ${by} accepts it already`,
      fix: "Take it out, or narrow the other one if that accepts too much.",
    }),
    ja: ({ value, by }) => ({
      message: `${value} は ${by} に含まれているため、効果がありません`,
      fix: "取り除くか、広すぎるなら他方を狭めてください。",
    }),
  },
  "covered-branch": {
    en: ({ by }) => ({
      message: `this alternative adds nothing: whatever matches it matches ${by}`,
      fix: "Take it out, or add to the other one what was meant to tell them apart.",
    }),
    ja: ({ by }) => ({
      message: `この選択肢に一致するものはすべて ${by} にも一致するため、効果がありません`,
      fix: "取り除くか、区別するための条件を他方に加えてください。",
    }),
  },
  "replaced-field": {
    en: ({ field, by }) => ({
      message: `${field} is named here and again at ${by}: where both apply only the last list counts, the other is ignored`,
      fix: "Name it once: inside every alternative of $or, or outside of it.",
    }),
    ja: ({ field, by }) => ({
      message: `${field} はここと ${by} の両方にあります。両方が当てはまるときは後のリストだけが使われ、他方は無視されます`,
      fix: "$or のすべての選択肢の中か、$or の外か、どちらか一か所に書いてください。",
    }),
  },
  "key-twice": {
    en: ({ field }) => ({
      message: `${JSON.stringify(field)} stands twice in one object: only the last one counts, unless their fields differ`,
      fix: "Put both into one, or into the alternatives of a $or.",
    }),
    ja: ({ field }) => ({
      message: `${JSON.stringify(field)} が同じオブジェクトに 2 回あります。中の項目が同じなら最後のものだけが使われます`,
      fix: "一つにまとめるか、$or の選択肢に分けてください。",
    }),
  },
  "wildcard-quota": {
    en: ({ value }) => ({
      message: `a bus takes at most 30 rules with wildcards, and that quota cannot be raised; wildcard ${value} makes this one of them`,
      fix: "Use prefix, suffix or exact values where they say the same.",
    }),
    ja: ({ value }) => ({
      message: `ワイルドカードを使うルールは一つのバスに 30 個までで、引き上げられません（ワイルドカード ${value}）`,
      fix: "同じ意味になるなら prefix、suffix、または値そのものを使ってください。",
    }),
  },
  "wildcard-too-much": {
    en: ({ value, instead }) => ({
      message: `wildcard ${value} says no more than ${instead}, and rules with wildcards are limited to 30 a bus`,
      fix: `Write ${instead}.`,
    }),
    ja: ({ value, instead }) => ({
      message: `ワイルドカード ${value} は ${instead} と同じです。ワイルドカードのルールは一つのバスに 30 個までです`,
      fix: `${instead} と書いてください。`,
    }),
  },
  "not-in-pipes": {
    en: ({ value }) => ({
      message: `EventBridge Pipes do not know this: ${value}`,
      fix: "In Pipes only anything-but with plain values, prefix, suffix, equals-ignore-case, numeric, cidr, exists and $or can be used.",
    }),
    ja: ({ value }) => ({
      message: `EventBridge Pipes では使えません: ${value}`,
      fix: "Pipes で使えるのは、値だけの anything-but、prefix、suffix、equals-ignore-case、numeric、cidr、exists、$or です。",
    }),
  },
  "absent-in-list": {
    en: ({ field, list }) => ({
      message: `${list} has several elements: ${field} is absent only if no element has it, unless a field of an earlier path has chosen one`,
      fix: "Write it only if all elements are meant; which element a pattern looks at is decided in the order of paths.",
    }),
    ja: ({ field, list }) => ({
      message: `${list} には要素が複数あります。パスの順で先の項目が要素を選んでいない限り、どの要素にも ${field} がないときだけ成り立ちます`,
      fix: "すべての要素を対象にする場合だけ使ってください。どの要素を見るかはパスの順に決まります。",
    }),
  },
  long: {
    en: ({ count }) => ({
      message: `the pattern has ${count} characters; EventBridge takes 2048 unless the quota was raised (to 4096 at most)`,
      fix: "Shorten it: one prefix can stand for a long list, and white space counts.",
    }),
    ja: ({ count }) => ({
      message: `パターンが ${count} 文字あります。EventBridge の上限は 2048 文字です（引き上げても 4096 文字）`,
      fix: "短くしてください。長いリストは prefix 一つで書けることがあります。空白も数えられます。",
    }),
  },
  "many-rules": {
    en: ({ count }) => ({
      message: `the branches of $or can be combined in ${count} ways; EventBridge takes 1000`,
      fix: "Split it into several rules, or put alternatives of one field into its list.",
    }),
    ja: ({ count }) => ({
      message: `$or の組み合わせが ${count} 通りあります。EventBridge の上限は 1000 通りです`,
      fix: "複数のルールに分けるか、一つの項目の候補はそのリストにまとめてください。",
    }),
  },
  "text-after-pattern": {
    en: ({ count }) => ({
      message: `${count} characters after the pattern are not looked at`,
      fix: "Look for a brace too many: what stands after it has no effect.",
    }),
    ja: ({ count }) => ({
      message: `パターンの後ろの ${count} 文字は無視されます`,
      fix: "閉じ括弧が多くないか確認してください。その後ろは効果がありません。",
    }),
  },
} as const satisfies Readonly<Record<string, Words>>;
