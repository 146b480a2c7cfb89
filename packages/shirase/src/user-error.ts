/**
 * An error the person at the keyboard can do something about. The command ends with its message and no stack trace.
 */

/** 0 all is well · 1 a problem was found or something failed · 2 the command line itself is wrong. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Thrown by commands, caught at the boundary in run.ts. The message says what, where, what was got and what to do; it
 * may have several lines.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly exitCode: ExitCode;
  constructor(message: string, options?: ErrorOptions & { readonly exitCode?: ExitCode }) {
    super(message, options);
    this.exitCode = options?.exitCode ?? EXIT.failed;
  }
}
