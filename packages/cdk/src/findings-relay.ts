/**
 * The relay on AWS as one CDK construct: its functions, their table, the queue of wake-ups, a clock, an address where the
 * config says who may call, and alarms. Beside the hub, whose queue it reads; in a stack of its own, because it has code and the hub has none.
 *
 * What each part does and what happens when one dies: docs/aws.md.
 */
import type { Config, SecretRef } from "@shirase/core/config";
import { hasDoor, relayQueueArn } from "@shirase/core/relay-queue";
import { TABLE_SHAPE } from "@shirase/core/table-shape";
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import {
  Architecture,
  type CfnFunction,
  type Code,
  EventSourceMapping,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledged.ts";
import { alarmOnDeadLetters } from "./hub-alarms.ts";
import { relayDashboard } from "./relay-dashboard.ts";
import { secretRight } from "./secret-right.ts";

/** What a relay is made from. */
export type FindingsRelayProps = {
  /** The whole of `shirase.yaml`; its Slack token is in SSM or Secrets Manager. */
  readonly config: Config;
  /** `intake.mjs`, `deliver.mjs`, `tick.mjs`, `door.mjs` and `config.json`, as `shirase synth` writes them. */
  readonly code: Code;
  /**
   * Keeps the table when the stack is deleted: what was told, and what waits.
   *
   * @default true: a stack made again begins with a table of its own, and the old one stays for whoever wants it.
   */
  readonly keepsData?: boolean;
};

const ALARM_PERIOD = Duration.minutes(5);
const EACH_PERIOD = { period: ALARM_PERIOD, statistic: "Sum" } as const;
const INTAKE_TIMEOUT = Duration.seconds(30);
/** SNS waits as long for an answer; Slack three seconds. */
const DOOR_TIMEOUT = Duration.seconds(15);
const DELIVER_TIMEOUT = Duration.seconds(60);
/** Longer than a run may take: when a wake-up comes again, the run before is over. */
const WAKE_VISIBILITY = Duration.seconds(90);
/** At one a minute, more than an hour of trouble; the clock wakes the channel again anyway. */
const MOST_WAKES = 100;
const MOST_INTAKES = 10;
const MOST_DELIVERS = 10;
/** What is beyond is answered 429, and comes again. */
const MOST_DOORS = 10;

/** A transaction needs the right to each of its writes. None of the functions scans. */
const READS = ["dynamodb:BatchGetItem", "dynamodb:Query"];
const WRITES = ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"];
/** Who takes events in looks through the silences that people made, and through nothing else. */
const SILENCES_ALONE = { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["silences"] } };
/** What DynamoDB does with a key of ours, in the name of who reads and writes. */
const BY_KEY = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/** A function, and who it is. */
type Made = { readonly lambda: LambdaFunction; readonly role: Role };
type Name = "intake" | "deliver" | "tick" | "door";

/**
 * The relay of the company's hub.
 *
 * @throws Error when the stack is in another account or region than the hub: it reads the hub's queue.
 * @example new FindingsRelay(this, "Relay", { config, code: Code.fromAsset("out/relay") })
 */
export class FindingsRelay extends Construct {
  /** What is known, what is to be told, what was told. */
  readonly table: Table;
  /** Which channels have something to tell. */
  readonly wakeUps: Queue;
  readonly intake: LambdaFunction;
  readonly deliver: LambdaFunction;
  readonly tick: LambdaFunction;
  /** What answers at the relay's address; there when the config says who may call: Slack, SNS, or who knows the key. */
  readonly door: LambdaFunction | undefined;

  readonly #props: FindingsRelayProps;
  readonly #alarms: ITopic;

  constructor(scope: Construct, id: string, props: FindingsRelayProps) {
    super(scope, id);
    this.#props = props;
    const stack = Stack.of(this);
    this.#alarms = Topic.fromTopicArn(this, "Alarms", stack.formatArn({ service: "sns", resource: "shirase_alarms" }));
    this.table = this.#table();
    const lostWakeUps = this.#lostWakeUps();
    this.wakeUps = this.#wakeUps(lostWakeUps);
    this.intake = this.#intake().lambda;
    this.deliver = this.#deliver().lambda;
    const tick = this.#tick();
    this.tick = tick.lambda;
    this.door = hasDoor(props.config) ? this.#door().lambda : undefined;
    this.#clock();
    this.#alarmOnStandstill();
    const { intake, deliver, door, wakeUps, table } = this;
    const functions = { intake, deliver, tick: this.tick, ...(door ? { door } : {}) };
    relayDashboard(this, { functions, wakeUps, lostWakeUps, table });
    Tags.of(this).add("shirase:part", "relay");
    new CfnOutput(this, "TableName", { value: this.table.tableName });
    new CfnOutput(this, "WakeUpsUrl", { value: this.wakeUps.queueUrl });
  }

  #table(): Table {
    const { keepsData = true } = this.#props;
    const removalPolicy = keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const encryptionKey = new Key(this, "Key", {
      description: "shirase: encrypts what the relay knows",
      enableKeyRotation: true,
      removalPolicy,
      pendingWindow: Duration.days(30),
    });
    const table = new Table(this, "Table", {
      partitionKey: { name: TABLE_SHAPE.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_SHAPE.sortKey, type: AttributeType.STRING },
      timeToLiveAttribute: TABLE_SHAPE.timeToLive,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: keepsData,
      removalPolicy,
    });
    table.addGlobalSecondaryIndex({
      indexName: TABLE_SHAPE.index.name,
      partitionKey: { name: TABLE_SHAPE.index.partitionKey, type: AttributeType.STRING },
      sortKey: { name: TABLE_SHAPE.index.sortKey, type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    return table;
  }

  #lostWakeUps(): Queue {
    const lost = new Queue(this, "LostWakeUps", {
      fifo: true,
      queueName: "shirase-wake-ups-lost.fifo",
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    const why = "It is a dead-letter queue: what lies in it waits for people, and an alarm calls them.";
    acknowledge(lost, "AwsSolutions-SQS3", why);
    acknowledge(lost, "Serverless-SQSRedrivePolicy", why);
    this.#ring(
      alarmOnDeadLetters(this, lost, {
        alarmName: "shirase-wake-ups-lost",
        alarmDescription:
          "A channel could not be told for more than an hour: its wake-ups lie in shirase-wake-ups-lost.fifo. What waits is kept. The log of function shirase-deliver says why.",
      }),
    );
    return lost;
  }

  #wakeUps(lost: Queue): Queue {
    return new Queue(this, "WakeUps", {
      fifo: true,
      queueName: "shirase-wake-ups.fifo",
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      visibilityTimeout: WAKE_VISIBILITY,
      // The clock wakes every channel that has something to tell, so an old wake-up is worth nothing.
      retentionPeriod: Duration.hours(6),
      deadLetterQueue: { queue: lost, maxReceiveCount: MOST_WAKES },
    });
  }

  #intake(): Made {
    const description = "shirase: keeps the events of the hub's queue";
    const made = this.#function("intake", { description, timeout: INTAKE_TIMEOUT, concurrency: MOST_INTAKES });
    this.#reads(made, "Events", relayQueueArn(this.#props.config.hub));
    allow(made, ["dynamodb:BatchGetItem", ...WRITES], this.table.tableArn);
    allow(made, ["dynamodb:Query"], this.table.tableArn, SILENCES_ALONE);
    allow(made, ["sqs:SendMessage"], this.wakeUps.queueArn);
    return made;
  }

  #deliver(): Made {
    const description = "shirase: tells in Slack what waits in a channel";
    const made = this.#function("deliver", { description, timeout: DELIVER_TIMEOUT, concurrency: MOST_DELIVERS });
    this.#reads(made, "Wakes", this.wakeUps.queueArn);
    allow(made, ["sqs:SendMessage"], this.wakeUps.queueArn);
    allow(made, [...READS, ...WRITES], this.table.tableArn);
    this.#readsSecret(made, "slack.token", this.#props.config.slack.token);
    return made;
  }

  #tick(): Made {
    const description = "shirase: once a minute, edits cards, hears silences, wakes what waits";
    const made = this.#function("tick", { description, timeout: DELIVER_TIMEOUT, concurrency: 1 });
    allow(made, [...READS, ...WRITES], this.table.tableArn);
    allow(made, ["dynamodb:Query"], `${this.table.tableArn}/index/${TABLE_SHAPE.index.name}`);
    allow(made, ["sqs:SendMessage"], this.wakeUps.queueArn);
    this.#readsSecret(made, "slack.token", this.#props.config.slack.token);
    return made;
  }

  /** Open to the world: what comes in shows by a signature or the key who it is from, and nothing else is taken. */
  #door(): Made {
    const { ingest, slack } = this.#props.config;
    const description = "shirase: answers at the relay's address: Slack, SNS, and who knows the key";
    const made = this.#function("door", { description, timeout: DOOR_TIMEOUT, concurrency: MOST_DOORS });
    allow(made, ["dynamodb:BatchGetItem", ...WRITES], this.table.tableArn);
    allow(made, ["dynamodb:Query"], this.table.tableArn, SILENCES_ALONE);
    allow(made, ["sqs:SendMessage"], this.wakeUps.queueArn);
    if (slack.signingSecret) this.#readsSecret(made, "slack.signingSecret", slack.signingSecret);
    if (ingest?.key) this.#readsSecret(made, "ingest.key", ingest.key);
    const address = made.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    new CfnOutput(this, "Address", { value: address.url });
    return made;
  }

  #function(
    name: Name,
    given: { readonly description: string; readonly timeout: Duration; readonly concurrency: number },
  ): Made {
    const functionName = `shirase-${name}`;
    const scope = new Construct(this, `${name.charAt(0).toUpperCase()}${name.slice(1)}`);
    const logGroup = new LogGroup(scope, "Log", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `What function ${functionName} may do`,
    });
    const lambda = new LambdaFunction(scope, "Function", {
      functionName,
      description: given.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${name}.handler`,
      code: this.#props.code,
      role,
      logGroup,
      // As much processor goes with it as makes a cold start short; it waits for others most of the time.
      memorySize: 512,
      timeout: given.timeout,
      reservedConcurrentExecutions: given.concurrency,
      // Asked by the clock alone, and the next minute comes anyway. What a queue brings comes back by the queue.
      ...(name === "tick" ? { retryAttempts: 0 } : {}),
      environment: {
        SHIRASE_TABLE: this.table.tableName,
        SHIRASE_WAKE_QUEUE: this.wakeUps.queueUrl,
        NODE_OPTIONS: "--enable-source-maps",
      },
    });
    const made = { lambda, role };
    allow(made, ["logs:CreateLogStream", "logs:PutLogEvents"], logGroup.logGroupArn);
    const key = this.table.encryptionKey?.keyArn ?? "";
    const via = `dynamodb.${Stack.of(this).region}.${Stack.of(this).urlSuffix}`;
    allow(made, BY_KEY, key, { StringEquals: { "kms:ViaService": via } });
    // The CDK names the role twice: as what it is, and as what must be there first.
    (lambda.node.defaultChild as CfnFunction).addMetadata("cfn-lint", { config: { ignore_checks: ["W3005"] } });
    const log = "Its log has a line for each step, with ids; a trace would say less.";
    acknowledge(lambda, "Serverless-LambdaTracing", log);
    acknowledge(lambda, "Serverless-LambdaAsyncFailureDestination", "Only the clock calls it so, and calls again.");
    acknowledge(
      lambda,
      "Serverless-LambdaDLQ",
      "Its events come from a queue with dead letters, from the clock, or from who hears its answer.",
    );
    const queues = "It reads from SQS, whose own dead letters say more, and are watched.";
    acknowledge(lambda, "Serverless-LambdaEventSourceMappingDestination", queues);
    this.#ring(
      new Alarm(scope, "Fails", {
        alarmName: `${functionName}-fails`,
        alarmDescription: `Function ${functionName} failed five times in five minutes. Its log group is /aws/lambda/${functionName}.`,
        metric: name === "door" ? failedAnswers(functionName) : lambda.metricErrors(EACH_PERIOD),
        threshold: 5,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
    return made;
  }

  #reads(made: Made, id: string, arn: string): void {
    allow(
      made,
      ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
      arn,
    );
    const mapping = new EventSourceMapping(made.lambda, id, {
      target: made.lambda,
      eventSourceArn: arn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    // Lambda looks at once whether the function may read the queue.
    mapping.node.addDependency(made.role.node.findChild("DefaultPolicy"));
  }

  #readsSecret(made: Made, key: string, ref: SecretRef | undefined): void {
    const { action, arn } = secretRight(Stack.of(this), key, ref);
    allow(made, [action], arn);
  }

  #clock(): void {
    const role = new Role(this, "ClockRole", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
      description: "Lets the clock call function shirase-tick",
    });
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ["lambda:InvokeFunction"],
        resources: [this.tick.functionArn],
      }),
    );
    const schedule = new CfnSchedule(this, "Clock", {
      name: "shirase-tick",
      description: "shirase: once a minute",
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: this.tick.functionArn,
        roleArn: role.roleArn,
        // The next minute comes anyway.
        retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.node.addDependency(role.node.findChild("DefaultPolicy"));
  }

  /** No minute passes without a tick: silence of the relay itself is heard too. */
  #alarmOnStandstill(): void {
    this.#ring(
      new Alarm(this, "Standstill", {
        alarmName: "shirase-tick-stands-still",
        alarmDescription:
          "Function shirase-tick was not called for a quarter of an hour: cards are not edited, and nobody hears which accounts fell silent.",
        metric: this.tick.metricInvocations(EACH_PERIOD),
        threshold: 1,
        evaluationPeriods: 3,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
  }

  #ring(alarm: Alarm): void {
    alarm.addAlarmAction(new SnsAction(this.#alarms));
    alarm.addOkAction(new SnsAction(this.#alarms));
  }
}

/** Answers of 500 and above at a function's address: those it gave itself, and those that Lambda gave in its place. */
function failedAnswers(functionName: string): IMetric {
  const dimensionsMap = { FunctionName: functionName };
  return new Metric({ namespace: "AWS/Lambda", metricName: "Url5xxCount", dimensionsMap, ...EACH_PERIOD });
}

function allow({ role }: Made, actions: readonly string[], resource: string, conditions?: object): void {
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [...actions],
      resources: [resource],
      ...(conditions ? { conditions: conditions as Record<string, unknown> } : {}),
    }),
  );
}
