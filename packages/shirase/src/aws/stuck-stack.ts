/**
 * A stack that CloudFormation does not let anybody change just now: what that state means, and the next command.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (stack status codes)
 */

/** The stack and how to reach it with the AWS CLI. */
type Stuck = {
  readonly name: string;
  readonly status: string;
  /** ` --stack-name NAME --region REGION[ --profile NAME]`. */
  readonly flags: string;
};

/** CloudFormation says so in these words, whatever was asked of it. */
export const STUCK =
  /Stack:?\s*\[?(?:arn:\S+?:stack\/)?([\w-]+)(?:\/[\w-]+)?\]? is in (\w+) state and can ?not be (?:updated|deleted|rolled back)/;

/** The CDK deletes what a failed first deployment has left; this is when it could not. */
export const UNDELETED = /Failed deleting stack ([\w-]+) that had previously failed creation \(current state: (\w+)/;

/**
 * The state in words that say what to do.
 *
 * @param flags - what the AWS CLI needs besides the stack's name, such as ` --region ap-northeast-1`.
 */
export function explainStuckStack(name: string, status: string, flags: string): string {
  const stuck = { name, status, flags: ` --stack-name ${name}${flags}` };
  if (status === "REVIEW_IN_PROGRESS") return onlyPrepared(stuck);
  if (status.endsWith("_IN_PROGRESS")) return beingChanged(stuck);
  if (status === "UPDATE_ROLLBACK_FAILED") return halfWayBack(stuck);
  return failedFromTheStart(stuck);
}

function onlyPrepared({ name, status, flags }: Stuck): string {
  return (
    `Stack ${name} was prepared (${status}) and never made: somebody created a change set and did not execute it. Nothing of it exists.\n` +
    `See what was meant: aws cloudformation list-change-sets${flags}\n` +
    `Delete it: aws cloudformation delete-stack${flags}\nThen deploy again.`
  );
}

function beingChanged({ name, status, flags }: Stuck): string {
  const [, kind = "update"] = /^(?:UPDATE_)?(CREATE|DELETE|ROLLBACK|IMPORT)_/.exec(status) ?? [];
  return (
    `Stack ${name} is being changed at this moment (${status}), by somebody else or by a deployment that goes on without its terminal. This one changed nothing.\n` +
    `Wait until that is done: aws cloudformation wait stack-${kind.toLowerCase()}-complete${flags}\nThen deploy again.`
  );
}

function halfWayBack({ name, status, flags }: Stuck): string {
  return (
    `Stack ${name} failed to change and failed to go back (${status}): something of it was changed or deleted by hand, or a permission is missing.\n` +
    `See what: aws cloudformation describe-stack-events${flags} --query "StackEvents[?ends_with(ResourceStatus,'_FAILED')]"\n` +
    `Put that right, then: aws cloudformation continue-update-rollback${flags}  (with --resources-to-skip NAME for what is gone)\nThen deploy again.`
  );
}

function failedFromTheStart({ name, status, flags }: Stuck): string {
  return (
    `Stack ${name} was never whole (${status}): its first deployment failed, or deleting it did, and what is left can only be deleted.\n` +
    `Delete it: aws cloudformation delete-stack${flags}\nThen deploy again.`
  );
}
