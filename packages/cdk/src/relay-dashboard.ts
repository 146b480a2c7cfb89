/** The relay on one page of CloudWatch: what waits, what fails, how long it takes, what lies there for people. */
import { RELAY_QUEUE_NAME } from "@shirase/core/relay-queue";
import { Duration } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  type MetricOptions,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** What is looked at. */
export type Watched = {
  /** By name: `intake`, `deliver`, … */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly wakeUps: IQueue;
  readonly lostWakeUps: IQueue;
  readonly table: Table;
};

const PERIOD = Duration.minutes(1);
const HALF = 12;

const WORDS = `**shirase: the relay.** What it does and what happens when a part dies: docs/aws.md. Findings wait in
\`${RELAY_QUEUE_NAME}\` until they are in the table, and in the table until Slack has them; a wake-up says which channel.`;

/** Adds the dashboard `shirase-relay`. Up to three dashboards cost nothing. */
export function relayDashboard(scope: Construct, { functions, wakeUps, lostWakeUps, table }: Watched): Dashboard {
  const of = (metric: (lambda: LambdaFunction, name: string) => IMetric): IMetric[] =>
    Object.entries(functions).map(([name, lambda]) => metric(lambda, name));
  return new Dashboard(scope, "Dashboard", {
    dashboardName: "shirase-relay",
    defaultInterval: Duration.hours(3),
    widgets: [
      [new TextWidget({ markdown: WORDS, width: 24, height: 2 })],
      [
        graph("Oldest that waits, seconds", [
          queueMetric("ApproximateAgeOfOldestMessage", "events"),
          wakeUps.metricApproximateAgeOfOldestMessage(most("wake-ups")),
        ]),
        graph("How many wait", [
          queueMetric("ApproximateNumberOfMessagesVisible", "events"),
          wakeUps.metricApproximateNumberOfMessagesVisible(most("wake-ups")),
          lostWakeUps.metricApproximateNumberOfMessagesVisible(most("lost wake-ups: for people")),
        ]),
      ],
      [
        graph(
          "Calls",
          of((lambda, name) => lambda.metricInvocations(sum(name))),
        ),
        graph("Failed, and held back", [
          ...of((lambda, name) => lambda.metricErrors(sum(`${name} failed`))),
          ...of((lambda, name) => lambda.metricThrottles(sum(`${name} held back`))),
        ]),
      ],
      [
        graph(
          "How long a call takes, p99, ms",
          of((lambda, name) => lambda.metricDuration({ ...sum(name), statistic: "p99" })),
        ),
        graph("Table: used, and held back", [
          table.metricConsumedReadCapacityUnits(sum("read units")),
          table.metricConsumedWriteCapacityUnits(sum("write units")),
          throttled(table, "ReadThrottleEvents", "reads held back"),
          throttled(table, "WriteThrottleEvents", "writes held back"),
        ]),
      ],
    ],
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: HALF, leftYAxis: { min: 0 } });
}

function sum(label: string): MetricOptions {
  return { label, statistic: "Sum", period: PERIOD };
}

function most(label: string): MetricOptions {
  return { label, statistic: "Maximum", period: PERIOD };
}

function throttled({ tableName }: Table, metricName: string, label: string): Metric {
  return new Metric({ namespace: "AWS/DynamoDB", metricName, dimensionsMap: { TableName: tableName }, ...sum(label) });
}

/** Of the hub's queue, which belongs to another stack. */
function queueMetric(metricName: string, label: string): Metric {
  const dimensionsMap = { QueueName: RELAY_QUEUE_NAME };
  return new Metric({ namespace: "AWS/SQS", metricName, dimensionsMap, ...most(label) });
}
