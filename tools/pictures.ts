/**
 * The pictures in docs/images: the way of a finding, once for each delivery, in English and Japanese. The customer's
 * half is the same in all three, as its template is.
 *
 * Drawn by hand: every place below was chosen by looking at it. After a change: `npm run golden`, then look at it, on a
 * wide page, on a narrow one, in light and dark. What the pictures show is what packages/infra and packages/cdk make.
 */
import { all, area, arrow, border, box, joining, type Label, type Point, picture, type Shape, text } from "./svg.ts";

/** A file of docs/images, and its texts with the room they have. */
export type Picture = { readonly file: string; readonly svg: string; readonly labels: readonly Label[] };

/** Words in both languages, side by side so that neither is forgotten. */
type Say = (en: string, ja: string) => string;
type Drawing = {
  readonly name: string;
  readonly height: number;
  readonly title: (say: Say) => string;
  readonly description: (say: Say) => string;
  readonly draw: (say: Say) => readonly Shape[];
};

const WIDTH = 600;
/** The column that a finding comes down, and the one beside it. */
const MAIN = { x: 32, w: 264 };
const SIDE = { x: 320, w: 248 };
/** Down the middle of each. */
const MAIN_X = 164;
const SIDE_X = 444;
/** Rows of the hub, by their upper edge; each is as high as a box. */
const ROW = { bus: 482, rule: 574, target: 666, reader: 758 };
const H = 62;
/** Where a text begins that must not stand on the way down. */
const RIGHT_OF_WAY = 184;

/** Every picture there is. */
export function pictures(): readonly Picture[] {
  return DRAWINGS.flatMap((drawing) => [made(drawing, "en"), made(drawing, "ja")]);
}

function made(drawing: Drawing, language: "en" | "ja"): Picture {
  const say: Say = (en, ja) => (language === "en" ? en : ja);
  const shapes = drawing.draw(say);
  const head = { width: WIDTH, height: drawing.height, language };
  const words = { title: drawing.title(say), description: drawing.description(say) };
  const file = `${drawing.name}${language === "en" ? "" : ".ja"}.svg`;
  return { file, svg: picture({ ...head, ...words }, shapes), labels: all(shapes).labels };
}

const DRAWINGS: readonly Drawing[] = [
  {
    name: "relay-sqs",
    height: 990,
    title: (say) => say("Delivery by the relay, from a queue", "リレーによる配信（キュー経由）"),
    description: (say) =>
      say(
        "In the customer's account a rule copies matching events from the default bus, through a role with one permission, to the customer's bus in the company's account. There a rule that names the accounts puts them into a queue. The relay reads it, writes to disk, and posts to that customer's Slack channel. What cannot be delivered waits in queues that alarms watch.",
        "お客様のアカウントでは、ルールが default バスの一致したイベントの写しを、権限が一つだけのロールで、事業者のアカウントにあるお客様専用のバスへ送ります。そこではアカウントを指定したルールがキューに入れ、リレーが読み取ってディスクに書き、お客様のチャンネルに投稿します。届けられなかったものはキューに残り、アラームが知らせます。",
      ),
    draw: (say) => [...hub(say, 846), ...queueAndRelay(say), ...customer(say), ...slack(say, 882)],
  },
  {
    name: "relay-sns",
    height: 1098,
    title: (say) => say("Delivery by the relay, over HTTPS", "リレーによる配信（HTTPS 経由）"),
    description: (say) =>
      say(
        "As from a queue, but the hub's rule publishes to one encrypted SNS topic for each customer, which delivers over HTTPS to a relay outside AWS. The relay takes listed topics alone and checks SNS's signature.",
        "キュー経由との違いは、ハブのルールがお客様ごとの暗号化された SNS トピックに発行し、AWS の外にあるリレーへ HTTPS で届けることです。リレーは登録したトピックだけを受け入れ、SNS の署名を検証します。",
      ),
    draw: (say) => [...hub(say, 744), ...topicAndRelay(say), ...customer(say), ...slack(say, 990)],
  },
  {
    name: "amazon-q",
    height: 980,
    title: (say) => say("Delivery by Amazon Q", "Amazon Q による配信"),
    description: (say) =>
      say(
        "The hub's rule publishes to one encrypted SNS topic for each customer. Amazon Q Developer, which may read alarms and nothing else, shows it in that customer's Slack or Teams channel; e-mail addresses can subscribe. No code of shirase runs.",
        "ハブのルールはお客様ごとの暗号化された SNS トピックに発行します。アラームの読み取りしかできない Amazon Q Developer が、お客様の Slack または Teams のチャンネルに表示します。メールでの購読もできます。shirase のプログラムは動きません。",
      ),
    draw: (say) => [...hub(say, 836), ...topicAndAmazonQ(say), ...customer(say), ...slackAndTeams(say)],
  },
];

/** The customer's account, and the border that everything crosses. Painted after the hub: its arrow ends there. */
function customer(say: Say): readonly Shape[] {
  return [
    area({ x: 16, y: 16, w: 568, h: 348 }, "customer", {
      name: say("Customer's AWS account", "お客様の AWS アカウント"),
      whose: say("owner: customer", "所有: お客様"),
    }),
    ...homeRegion(say),
    ...otherRegion(say),
    down(MAIN_X, 336, ROW.bus),
    border(
      392,
      [
        say("Trust ends here. Each side has its own lock:", "信頼はここまで。両側がそれぞれ鍵をかけます"),
        say("the role reaches one bus,", "ロールが送れるのは一つのバスだけ、"),
        say("the bus admits named accounts and events.", "バスが通すのは決めたアカウントとイベントだけ"),
      ],
      { from: 16, to: 584, textX: RIGHT_OF_WAY },
    ),
  ];
}

function homeRegion(say: Say): readonly Shape[] {
  const region = say("Region ap-northeast-1", "リージョン ap-northeast-1");
  return [
    text([32, 62], region, { size: 14, room: 400, anchor: "start", className: "quiet" }),
    box({ x: 32, y: 74, w: 146, h: H }, "customer", "Security Hub", ["GuardDuty, Health"]),
    right(178, 197, 105),
    box({ x: 197, y: 74, w: 110, h: H }, "customer", say("default bus", "default バス")),
    right(326, 307, 105),
    box({ x: 326, y: 74, w: 120, h: H }, "customer", say("Heartbeat", "ハートビート"), [say("hourly", "1 時間ごと")]),
    down(256, 136, 166),
    box({ ...MAIN, y: 166, h: H }, "customer", say("Rule", "ルール"), [
      say("its pattern says what may leave", "外へ出るものをパターンで決める"),
    ]),
    failed(296, 326, 197),
    box({ x: 326, y: 166, w: 120, h: H }, "letters", say("Dead letters", "デッドレター"), [
      say("kept 14 days", "14 日間保管"),
    ]),
    down(MAIN_X, 228, 258),
    box({ ...MAIN, y: 258, h: H + 16 }, "customer", say("Role", "ロール"), [
      say("may put events on one bus,", "一つのバスへの PutEvents だけ。"),
      say("and do nothing else", "ほかには何もできない"),
    ]),
  ];
}

/** Each region sends straight to the home region: what one account passes on to a third is dropped by AWS. */
function otherRegion(say: Say): readonly Shape[] {
  return [
    box({ x: 468, y: 82, w: 108, h: 238 }, "ghost", ""),
    box({ x: 460, y: 74, w: 108, h: 238 }, "customer", "us-east-1", [
      say("the same", "各リージョン"),
      say("stack in", "に同じ"),
      say("each region", "スタック"),
    ]),
    joining([
      [514, 312],
      [514, 350],
      [MAIN_X, 350],
    ]),
  ];
}

/** The company's account down to the rule and what it could not deliver; what follows differs. */
function hub(say: Say, bottom: number): readonly Shape[] {
  return [
    area(
      { x: 16, y: 444, w: 568, h: bottom - 444 },
      "company",
      { name: say("Company's hub account", "事業者のアカウント（ハブ）"), whose: providers(say) },
      RIGHT_OF_WAY,
    ),
    text([32, 468], say("home region", "ホームリージョン"), {
      size: 14,
      room: 124,
      anchor: "start",
      className: "quiet",
    }),
    box({ ...MAIN, y: ROW.bus, h: H }, "company", say("Event bus shirase-acme", "イベントバス shirase-acme"), [
      say("policy: accounts, kinds of event", "ポリシー: アカウントと種類を限定"),
    ]),
    box({ ...SIDE, y: ROW.bus, h: H }, "ghost", "shirase-globex, …", [
      say("a bus for each customer", "バスはお客様ごとに一つ"),
    ]),
    down(MAIN_X, ROW.bus + H, ROW.rule),
    box({ ...MAIN, y: ROW.rule, h: H }, "company", say("Rule", "ルール"), [
      say("names acme's accounts again", "acme のアカウントを重ねて指定"),
    ]),
    failed(296, SIDE.x, ROW.rule + 31),
    box({ ...SIDE, y: ROW.rule, h: H }, "letters", say("Dead letters", "デッドレターキュー"), [
      say("after a day of trying", "1 日再試行しても届かないもの"),
    ]),
    down(MAIN_X, ROW.rule + H, ROW.target),
  ];
}

function queueAndRelay(say: Say): readonly Shape[] {
  return [
    box({ ...MAIN, y: ROW.target, h: H }, "company", say("Queue shirase-relay", "キュー shirase-relay"), [
      say("encrypted, keeps for 14 days", "暗号化、14 日間保持"),
    ]),
    failed(296, SIDE.x, ROW.target + 31),
    box({ ...SIDE, y: ROW.target, h: H }, "letters", "shirase-relay-failed", [
      say("given back five times", "5 回受け取れなかったもの"),
    ]),
    // Round the box between, to the alarms.
    way([
      [568, ROW.rule + 31],
      [576, ROW.rule + 31],
      [576, ROW.reader + 31],
      [568, ROW.reader + 31],
    ]),
    down(SIDE_X, ROW.target + H, ROW.reader),
    alarms(say, ROW.reader, say("encrypted topic → e-mail", "暗号化トピック → メール")),
    down(MAIN_X, ROW.target + H, ROW.reader),
    box(
      { ...MAIN, y: ROW.reader, h: H + 12 },
      "company",
      say("shirase relay", "shirase リレー"),
      relayLines(say, "queue"),
    ),
    down(MAIN_X, ROW.reader + H + 12, 882),
  ];
}

function topicAndRelay(say: Say): readonly Shape[] {
  return [
    topic(say),
    // SNS gives up after an hour at most; what it leaves goes to the same queue.
    failedWay([
      [296, ROW.target + 31],
      [308, ROW.target + 31],
      [308, ROW.rule + 44],
      [SIDE.x, ROW.rule + 44],
    ]),
    down(SIDE_X, ROW.rule + H, ROW.target),
    alarms(say, ROW.target, say("encrypted topic → e-mail", "暗号化トピック → メール")),
    area(
      { x: 16, y: 828, w: 568, h: 126 },
      "outside",
      { name: say("Company's own server", "事業者のサーバー"), whose: providers(say) },
      RIGHT_OF_WAY,
    ),
    down(MAIN_X, ROW.target + H, 868),
    border(
      776,
      [
        say("The internet. HTTPS, and at the relay:", "インターネット（HTTPS）。リレー側の鍵:"),
        say("listed topics alone, SNS's signature checked", "登録済みのトピックだけ、SNS の署名を検証"),
      ],
      { from: 16, to: 584, textX: RIGHT_OF_WAY },
    ),
    box(
      { ...MAIN, w: 536, y: 868, h: H + 8 },
      "company",
      say("shirase relay", "shirase リレー"),
      relayLines(say, "topic"),
    ),
    down(MAIN_X, 868 + H + 8, 990),
  ];
}

function topicAndAmazonQ(say: Say): readonly Shape[] {
  return [
    topic(say),
    down(SIDE_X, ROW.rule + H, ROW.target),
    alarms(say, ROW.target, say("topic → e-mail, #ops", "トピック → メール、#運用")),
    way([
      [230, ROW.target + H],
      [230, ROW.target + H + 15],
      [SIDE_X, ROW.target + H + 15],
      [SIDE_X, ROW.reader],
    ]),
    box({ ...SIDE, y: ROW.reader, h: H }, "company", say("E-mail", "メール"), [
      say("subscribers get raw events", "購読者にはイベントがそのまま届く"),
    ]),
    down(MAIN_X, ROW.target + H, ROW.reader),
    box({ ...MAIN, y: ROW.reader, h: H }, "company", "Amazon Q Developer", [
      say("guardrail: may read alarms only", "ガードレール: アラームの読み取りのみ"),
    ]),
    down(MAIN_X, ROW.reader + H, 872),
  ];
}

function topic(say: Say): Shape {
  return box({ ...MAIN, y: ROW.target, h: H }, "company", say("Topic shirase-acme", "トピック shirase-acme"), [
    say("SNS, encrypted by a key of yours", "SNS、自社の KMS キーで暗号化"),
  ]);
}

function alarms(say: Say, y: number, line: string): Shape {
  return box({ ...SIDE, y, h: H }, "company", say("Alarms", "アラーム"), [line]);
}

/** In a queue nothing says on which bus an event came; a topic stands for its bus. */
function relayLines(say: Say, from: "queue" | "topic"): readonly string[] {
  const whose =
    from === "queue"
      ? say("the account says whose it is", "お客様はアカウントで決まる")
      : say("topic and account say whose it is", "お客様はトピックとアカウントで決まる");
  return [say("on disk, then acknowledged;", "ディスクに書いてから受領する。"), whose];
}

function providers(say: Say): string {
  return say("owner: provider", "所有: 事業者");
}

function slack(say: Say, y: number): readonly Shape[] {
  return chat(say, y, say("Company's Slack", "事業者の Slack"), ["#acme", "#globex", say("#ops", "#運用")]);
}

function slackAndTeams(say: Say): readonly Shape[] {
  const name = say("Company's Slack, Teams", "事業者の Slack、Teams");
  return chat(say, 872, name, ["#acme", say("Teams: globex", "Teams: globex"), say("#ops", "#運用")]);
}

function chat(say: Say, y: number, name: string, channels: readonly string[]): readonly Shape[] {
  const whose = say("no customer account is linked", "お客様のアカウントとはつながない");
  return [
    area({ x: 16, y, w: 568, h: 92 }, "chat", { name, whose }),
    ...channels.map((channel, index) => box({ x: 32 + index * 182, y: y + 40, w: 172, h: 36 }, "chat", channel)),
  ];
}

function down(x: number, from: number, to: number): Shape {
  return way([
    [x, from],
    [x, to],
  ]);
}

function right(from: number, to: number, y: number): Shape {
  return way([
    [from, y],
    [to, y],
  ]);
}

function failed(from: number, to: number, y: number): Shape {
  return failedWay([
    [from, y],
    [to, y],
  ]);
}

function way(points: readonly Point[]): Shape {
  return arrow(points);
}

function failedWay(points: readonly Point[]): Shape {
  return arrow(points, { isDashed: true });
}
