/** One thing wrong with a message, as Slack words it, and the error code it leads to. */
export type Problem = {
  /** JSON pointer into the message, such as `/blocks/0/text/text`. */
  readonly pointer: string;
  /** Slack's own words, such as `must be less than 3001 characters`. */
  readonly message: string;
  /** The code the whole call is refused with. */
  readonly error: string;
};

/** The problem as `response_metadata.messages` prints it. */
export function describeProblem(problem: Problem): string {
  return `${problem.message} [json-pointer:${problem.pointer}]`;
}
