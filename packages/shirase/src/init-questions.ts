/**
 * The questions of `shirase init` and how they are asked. Each answer is held to the config's own schema at once, so
 * that nobody answers ten questions to hear that the first was wrong.
 */
import { cancel, intro, isCancel, outro, select, text } from "@clack/prompts";
import * as values from "@shirase/core/config-values";
import type { InitAnswers } from "./init-file.ts";

type Parsed = { readonly error?: { readonly issues: readonly { readonly message: string }[] } | undefined };

type Question = {
  readonly key: Exclude<keyof InitAnswers, "language" | "accounts">;
  readonly message: string;
  readonly form: { readonly safeParse: (value: string) => Parsed };
  readonly isOptional?: true;
  /** The example is this machine's best guess, and right for most. */
  readonly isGuess?: true;
};

const QUESTIONS: readonly Question[] = [
  { key: "timezone", message: "Time zone of the cards", form: values.TimeZone, isGuess: true },
  { key: "hubAccount", message: "Your company's AWS account (12 digits)", form: values.AccountId },
  { key: "region", message: "Its home region", form: values.Region },
  { key: "workspace", message: "Slack workspace id (T…)", form: values.WorkspaceId },
  {
    key: "opsChannel",
    message: "Channel id of the people who run it (C…, empty: none yet)",
    form: values.ChannelId,
    isOptional: true,
  },
  { key: "customer", message: "First customer's id, for machines (a-z, 0-9, -)", form: values.CustomerId },
  { key: "name", message: "First customer's name, for people", form: values.Name },
  { key: "channel", message: "First customer's Slack channel id (C…)", form: values.ChannelId },
];

/**
 * Asks for what has not been given yet.
 *
 * @param examples - shown as what an answer looks like; where they are guesses, also taken when only Enter is pressed.
 * @returns every answer, or undefined when somebody gave up.
 */
export async function askForAnswers(
  given: Partial<InitAnswers>,
  examples: InitAnswers,
): Promise<InitAnswers | undefined> {
  intro("shirase init");
  const language = given.language ?? (await askLanguage(examples.language));
  if (language === undefined) return giveUp();
  let answers: InitAnswers = { ...examples, ...given, language };
  for (const question of QUESTIONS) {
    if (given[question.key] !== undefined) continue;
    const answer = await askText(question, answers[question.key]);
    if (answer === undefined) return giveUp();
    answers = { ...answers, [question.key]: answer };
  }
  if (given.accounts) return answers;
  const accounts = await askAccounts(examples.accounts);
  return accounts ? { ...answers, accounts } : giveUp();
}

/** Says the last word in the questions' own frame. */
export function closeQuestions(message: string): void {
  outro(message);
}

function giveUp(): undefined {
  cancel("Nothing was written.");
  return undefined;
}

async function askLanguage(guess: InitAnswers["language"]): Promise<InitAnswers["language"] | undefined> {
  const answer = await select<InitAnswers["language"]>({
    message: "Language / 言語",
    options: [
      { value: "en", label: "English" },
      { value: "ja", label: "日本語" },
    ],
    initialValue: guess,
  });
  return isCancel(answer) ? undefined : answer;
}

async function askText({ message, form, isOptional, isGuess }: Question, example: string): Promise<string | undefined> {
  const answer = await text({
    message,
    placeholder: example,
    ...(isGuess ? { initialValue: example } : {}),
    ...(isOptional ? { defaultValue: "" } : {}),
    validate: (value) => (isOptional && !value ? undefined : complaint(form.safeParse(value ?? ""))),
  });
  return isCancel(answer) ? undefined : answer;
}

async function askAccounts(examples: readonly string[]): Promise<readonly string[] | undefined> {
  const answer = await text({
    message: "First customer's AWS accounts (12 digits each, separated by spaces)",
    placeholder: examples.join(" "),
    validate: (value) => {
      const complaints = listed(value ?? "").map((id) => complaint(values.AccountId.safeParse(id)));
      return complaints.length === 0 ? "at least one account" : complaints.find((one) => one !== undefined);
    },
  });
  return isCancel(answer) ? undefined : listed(answer);
}

function listed(value: string): readonly string[] {
  return value.split(/[\s,]+/).filter((id) => id !== "");
}

/** The schema's own words: "expected\nwhat to do" (config-values.ts), of which the first line fits a prompt. */
function complaint(parsed: Parsed): string | undefined {
  const message = parsed.error?.issues[0]?.message;
  return message === undefined ? undefined : `expected ${message.split("\n")[0]}`;
}
