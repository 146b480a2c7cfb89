/**
 * Amazon Q Developer in chat applications (formerly AWS Chatbot; its API still says so): brings SNS topics into Slack
 * and Teams channels without code of ours.
 *
 * Two of its habits decide what is here. Without guardrails it takes AdministratorAccess as the most that anybody in
 * the channel may do: so a policy that can only read alarms is both its role and its guardrail, by name. And it allows
 * one configuration for each channel and account: so customers who share a channel share a configuration (hub-plan.ts).
 *
 * Not here: the one step AWS keeps for people, authorising the workspace (docs/amazon-q.md).
 */
import { Stack } from "aws-cdk-lib";
import { CfnMicrosoftTeamsChannelConfiguration, CfnSlackChannelConfiguration } from "aws-cdk-lib/aws-chatbot";
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { acknowledge } from "./acknowledged.ts";
import type { ChatPlan, TeamsPlan } from "./hub-plan.ts";

/** What Amazon Q shows beside an alarm: its graph. Each of these reads; none of them can be limited to a resource. */
const READS = [
  "cloudwatch:DescribeAlarmHistory",
  "cloudwatch:DescribeAlarms",
  "cloudwatch:DescribeAlarmsForMetric",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
];

/** Which topics a channel hears. */
export type AmazonQProps = {
  readonly slackWorkspaceId: string;
  readonly slackChannels: readonly ChatPlan[];
  readonly teamsChannels: readonly TeamsPlan[];
  /** By customer id. */
  readonly topics: ReadonlyMap<string, ITopic>;
  readonly alarmTopic: ITopic;
};

/** Every channel that Amazon Q delivers to, and the little it may do there. */
export class AmazonQ extends Construct {
  constructor(scope: Construct, id: string, props: AmazonQProps) {
    super(scope, id);
    const reads = new ManagedPolicy(this, "Guardrail", {
      managedPolicyName: `shirase-amazon-q-${Stack.of(this).region}`,
      description: "The most that Amazon Q may do in chat channels: read CloudWatch alarms and their graphs",
      statements: [new PolicyStatement({ effect: Effect.ALLOW, actions: READS, resources: ["*"] })],
    });
    acknowledge(reads, "AwsSolutions-IAM5[Resource::*]", "These CloudWatch actions only read and take no resource.");
    const role = new Role(this, "Role", {
      description: "What Amazon Q does in chat channels: read CloudWatch alarms and their graphs",
      // AWS documents no condition for this trust, and the role reads alarms at most.
      assumedBy: new ServicePrincipal("chatbot.amazonaws.com"),
      managedPolicies: [reads],
    });
    const common = {
      iamRoleArn: role.roleArn,
      guardrailPolicies: [reads.managedPolicyArn],
      loggingLevel: "ERROR",
      userRoleRequired: false,
    };
    for (const channel of props.slackChannels) {
      new CfnSlackChannelConfiguration(this, channel.channelId, {
        ...common,
        configurationName: `shirase-${channel.channelId}`,
        slackWorkspaceId: props.slackWorkspaceId,
        slackChannelId: channel.channelId,
        snsTopicArns: topicArns(channel, props),
      });
    }
    props.teamsChannels.forEach((channel, index) => {
      new CfnMicrosoftTeamsChannelConfiguration(this, `Teams${channel.customerIds[0] ?? index}`, {
        ...common,
        configurationName: `shirase-teams-${channel.customerIds[0] ?? index}`,
        teamsTenantId: channel.tenantId,
        teamId: channel.teamId,
        teamsChannelId: channel.channelId,
        snsTopicArns: topicArns({ ...channel, hearsAlarms: false }, props),
      });
    });
  }
}

function topicArns({ customerIds, hearsAlarms }: ChatPlan, { topics, alarmTopic }: AmazonQProps): string[] {
  const own = customerIds.flatMap((id) => topics.get(id)?.topicArn ?? []);
  return hearsAlarms ? [...own, alarmTopic.topicArn] : own;
}
