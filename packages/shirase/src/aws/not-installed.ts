/** Packages that only some commands need may be missing. */
import { UserError } from "../user-error.ts";

/**
 * For `import(…).catch`. What talks to AWS is optional: a relay has no use for the CDK's 190 MB.
 *
 * @throws UserError that names the package and says how to get it; any other error as it is.
 */
export function asNotInstalled(error: unknown): never {
  const isMissing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  if (!isMissing) throw error;
  throw new UserError(
    `a package for AWS is not installed (${error.message.split("\n")[0]}).\n` +
      "It comes with shirase unless optional packages are left out. Install shirase again without --omit=optional.",
    { cause: error },
  );
}
