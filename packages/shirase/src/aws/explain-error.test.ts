import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { CDK_CLI_VERSION } from "@shirase/testkit/emulators";
import { type Attempt, explainAwsError, type ResourceFailure } from "./explain-error.ts";

const ATTEMPT: Attempt = {
  accountId: "111111111111",
  region: "ap-northeast-1",
  profile: undefined,
  slackWorkspaceId: "T0123456789",
};
const SSO: Attempt = { ...ATTEMPT, profile: "msp" };

function named(name: string, message: string, cause?: unknown): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return error;
}

/** What people are told to run is what is tried (tools/try-deploy.emulator.test.ts). */
suite("one version of the CDK's command line", () => {
  const root = join(import.meta.dirname, "..", "..", "..", "..");
  for (const file of ["packages/shirase/src/aws/explain-error.ts", "docs/hub.md", "examples/cdk-app/package.json"]) {
    test(file, () => {
      const named = readFileSync(join(root, file), "utf8").matchAll(
        /(?:BOOTSTRAP_CDK = |aws-cdk@|"aws-cdk": )"?(\d[\d.]+\d)/g,
      );
      const versions = [...named].map(([, version]) => version);
      assert.deepEqual([...new Set(versions)], [CDK_CLI_VERSION]);
    });
  }
});

function failure(type: string, reason: string): ResourceFailure {
  return { logicalId: "Thing", type, reason };
}

suite("what AWS refused, in words", () => {
  type Row = readonly [
    why: string,
    error: unknown,
    failures: readonly ResourceFailure[],
    attempt: Attempt,
    want: readonly RegExp[],
  ];
  const stack = new Error("The stack named shirase-hub failed creation");
  const rows: readonly Row[] = [
    [
      "credentials that have run out",
      named("ExpiredTokenException", "The security token included in the request is expired"),
      [],
      ATTEMPT,
      [/have expired/, /aws sso login$/],
    ],
    [
      "an SSO session that has run out names the profile",
      named(
        "CredentialsProviderError",
        "The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login",
      ),
      [],
      SSO,
      [/have expired/, /aws sso login --profile msp/],
    ],
    [
      "no credentials at all",
      named("CredentialsProviderError", "Could not load credentials from any providers"),
      [],
      ATTEMPT,
      [/no AWS credentials here/, /--profile NAME/],
    ],
    [
      "a key that AWS does not know",
      named("InvalidClientTokenId", "The security token included in the request is invalid"),
      [],
      ATTEMPT,
      [/does not know these credentials/, /get-caller-identity/],
    ],
    [
      "a missing permission: which, on what, for whom",
      named(
        "AccessDenied",
        "User: arn:aws:sts::111111111111:assumed-role/Dev/tanaka is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:ap-northeast-1:111111111111:stack/shirase-hub/* because no identity-based policy allows the cloudformation:CreateChangeSet action",
      ),
      [],
      ATTEMPT,
      [
        /missing: cloudformation:CreateChangeSet on arn:aws:cloudformation:.*shirase-hub\/\*/,
        /for arn:aws:sts::111111111111:assumed-role\/Dev\/tanaka/,
        /administers account 111111111111/,
      ],
    ],
    [
      "a permission that the organization forbids is nobody's to add",
      named(
        "AccessDenied",
        "User: arn:aws:iam::111111111111:user/a is not authorized to perform: kms:CreateKey with an explicit deny in a service control policy",
      ),
      [],
      ATTEMPT,
      [/missing: kms:CreateKey\n/, /service control policy of the organization/],
    ],
    [
      "a permission missing while CloudFormation works",
      stack,
      [
        failure(
          "AWS::KMS::Key",
          "User: arn:aws:iam::111111111111:user/a is not authorized to perform: kms:CreateKey because no identity-based policy allows it",
        ),
      ],
      ATTEMPT,
      [/Thing \(AWS::KMS::Key\)/, /missing: kms:CreateKey/],
    ],
    [
      "an environment without a bootstrap: the command to run",
      named("BootstrapError", "has the environment been bootstrapped? Please run 'cdk bootstrap'"),
      [],
      SSO,
      [/not bootstrapped/, /npx aws-cdk@[\d.]+ bootstrap aws:\/\/111111111111\/ap-northeast-1 --profile msp/],
    ],
    [
      "a template too large to send without a bucket",
      new Error(
        'The template for stack "shirase-hub" is 66KiB. Templates larger than 50KiB must be uploaded to S3. Run the following command in order to setup an S3 bucket in this environment, and then re-deploy: $ cdk bootstrap aws://111111111111/ap-northeast-1',
      ),
      [],
      ATTEMPT,
      [/not bootstrapped/, /more than 50 KB/],
    ],
    [
      "a Slack workspace nobody has authorised",
      stack,
      [
        failure(
          "AWS::Chatbot::SlackChannelConfiguration",
          "Invalid request provided: AWS Chatbot can't create the configuration because Slack workspace T0123456789 is not authorized with AWS account 111111111111.",
        ),
      ],
      ATTEMPT,
      [
        /workspace T0123456789 is not authorised for Amazon Q in account 111111111111/,
        /console\.aws\.amazon\.com\/chatbot/,
        /docs\/amazon-q\.md/,
      ],
    ],
    [
      "a channel that has a configuration already",
      stack,
      [
        failure(
          "AWS::Chatbot::SlackChannelConfiguration",
          "Invalid request provided: Slack channel with ID C0ACME00000 in Slack team T0123456789 has already been configured for AWS account 111111111111.",
        ),
      ],
      ATTEMPT,
      [/one configuration for each channel/, /Delete the other one/],
    ],
    [
      "a customer before its hub",
      stack,
      [
        failure(
          "AWS::Events::Rule",
          "User: arn:aws:iam::222222222222:root is not authorized to perform: events:PutEvents on resource: arn:aws:events:ap-northeast-1:111111111111:event-bus/shirase-acme",
        ),
      ],
      ATTEMPT,
      [/hub does not admit this account yet/, /--only hub/],
    ],
    [
      "an account that may not put events on its own bus: the hub has no part in it",
      named(
        "AccessDeniedException",
        "User: arn:aws:sts::111111111111:assumed-role/Dev/tanaka is not authorized to perform: events:PutEvents on resource: arn:aws:events:ap-northeast-1:111111111111:event-bus/default because no identity-based policy allows the events:PutEvents action",
      ),
      [],
      ATTEMPT,
      [/missing: events:PutEvents on arn:aws:events:ap-northeast-1:111111111111:event-bus\/default\n/],
    ],
    [
      "the hub's default bus is the hub's",
      stack,
      [
        failure(
          "AWS::Events::Rule",
          "not authorized to perform: events:PutEvents on resource: arn:aws:events:ap-northeast-1:999999999999:event-bus/default",
        ),
      ],
      ATTEMPT,
      [/hub does not admit this account yet/],
    ],
    [
      "a finding that may not be imported",
      named(
        "AccessDeniedException",
        "User: arn:aws:iam::111111111111:user/a is not authorized to perform: securityhub:BatchImportFindings on resource: arn:aws:securityhub:ap-northeast-1:111111111111:product/111111111111/default",
      ),
      [],
      ATTEMPT,
      [
        /missing: securityhub:BatchImportFindings on arn:aws:securityhub:\S+:product\/111111111111\/default\n/,
        /for arn:aws:iam::111111111111:user\/a\. Let whoever administers account 111111111111/,
      ],
    ],
    [
      "Security Hub is off there",
      named("InvalidAccessException", "Account 111111111111 is not subscribed to AWS Security Hub"),
      [],
      ATTEMPT,
      [/not switched on in account 111111111111, region ap-northeast-1/, /--region/, /Without --real/],
    ],
    [
      "a finding of the wrong form is our fault",
      named("InvalidInput", "Finding does not adhere to Amazon Finding Format. data.Title should NOT be longer"),
      [],
      ATTEMPT,
      [/Format\. data\.Title should NOT be longer\nThis is a bug/],
    ],
    [
      "too many calls",
      named("ThrottlingException", "Rate exceeded"),
      [],
      ATTEMPT,
      [/no more calls in account 111111111111/, /Wait a minute/],
    ],
    [
      "something of the same name",
      stack,
      [failure("AWS::Events::EventBus", 'Resource handler returned message: "shirase-acme already exists"')],
      ATTEMPT,
      [/there already/, /Delete it/],
    ],
    [
      "a quota",
      stack,
      [
        failure(
          "AWS::Events::EventBus",
          "The requested resource exceeds the maximum number allowed. (Error Code: LimitExceededException)",
        ),
      ],
      ATTEMPT,
      [/quota/, /hub\.buses: shared/],
    ],
    ...(
      [
        [
          "UPDATE_IN_PROGRESS",
          /being changed at this moment.* changed nothing\.\n.*wait stack-update-complete --stack-/,
        ],
        ["CREATE_IN_PROGRESS", /being changed at this moment[\s\S]*wait stack-create-complete/],
        ["DELETE_IN_PROGRESS", /being changed at this moment[\s\S]*wait stack-delete-complete/],
        ["UPDATE_ROLLBACK_IN_PROGRESS", /being changed at this moment[\s\S]*wait stack-rollback-complete/],
        ["UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", /being changed at this moment[\s\S]*wait stack-update-complete/],
        [
          "UPDATE_ROLLBACK_FAILED",
          /failed to go back[\s\S]*continue-update-rollback --stack-name shirase-hub --region/,
        ],
        [
          "ROLLBACK_COMPLETE",
          /never whole[\s\S]*delete-stack --stack-name shirase-hub --region ap-northeast-1 --profile msp/,
        ],
        ["ROLLBACK_FAILED", /never whole[\s\S]*delete-stack/],
        ["DELETE_FAILED", /never whole[\s\S]*delete-stack/],
        ["REVIEW_IN_PROGRESS", /never made[\s\S]*list-change-sets --stack-name shirase-hub[\s\S]*delete-stack/],
      ] as const
    ).map(
      ([status, want]): Row => [
        `a stack that is stuck: ${status}`,
        named(
          "ValidationError",
          `Stack:arn:aws:cloudformation:ap-northeast-1:111111111111:stack/shirase-hub/1c9c83fe-b9eb-4b32-ae1e-b9b15cfde4cd is in ${status} state and can not be updated.`,
        ),
        [],
        SSO,
        [/^Stack shirase-hub /, want, new RegExp(`\\(${status}\\)`), /Then deploy again\.$/],
      ],
    ),
    [
      "the remains of a failed deployment that the CDK could not delete",
      new Error(
        "Failed deleting stack shirase-hub that had previously failed creation (current state: DELETE_FAILED (The following resource(s) failed to delete))",
      ),
      [],
      ATTEMPT,
      [/never whole \(DELETE_FAILED\)/, /delete-stack --stack-name shirase-hub --region ap-northeast-1\n/],
    ],
    [
      "no way to AWS, found in the cause",
      new Error("request failed", { cause: new Error("getaddrinfo ENOTFOUND sts.ap-northeast-1.amazonaws.com") }),
      [],
      ATTEMPT,
      [/cannot be reached/, /AWS_ENDPOINT_URL/],
    ],
    [
      "what nobody foresaw is said as it is",
      named("InternalFailure", "It broke"),
      [],
      ATTEMPT,
      [/^InternalFailure: It broke$/],
    ],
  ];
  for (const [why, error, failures, attempt, want] of rows) {
    test(why, () => {
      const text = explainAwsError(error, failures, attempt);
      for (const part of want) assert.match(text, part);
      assert.doesNotMatch(text, /^\s+at /m, "no stack traces");
    });
  }
});
