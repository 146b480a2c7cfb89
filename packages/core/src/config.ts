/**
 * The shape of `shirase.yaml`. FIRST CUT of the contract between rooms: owners extend checks and messages, not shapes.
 */
import { z } from "zod";

const AccountId = z.string().regex(/^\d{12}$/);
const ChannelId = z.string().regex(/^[CG][A-Z0-9]{8,}$/);
const SeverityName = z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"]);
const Language = z.enum(["en", "ja"]);
const Delivery = z.enum(["relay", "amazon-q"]);

/** Where a secret lives; the file itself never holds one. */
export const SecretRef = z.union([
  z.strictObject({ env: z.string() }),
  z.strictObject({ file: z.string() }),
  z.strictObject({ ssm: z.string() }),
  z.strictObject({ secretsmanager: z.string() }),
]);
export type SecretRef = z.infer<typeof SecretRef>;

export const SOURCES = [
  "security-hub",
  "guardduty",
  "inspector",
  "macie",
  "access-analyzer",
  "health",
  "config",
  "cloudwatch",
  "trusted-advisor",
  "cost-anomaly",
] as const;
export type Source = (typeof SOURCES)[number];

const EventPattern = z.record(z.string(), z.json());
const PatternChoice = z.union([z.enum(["classic", "alerts", "lifecycle"]), EventPattern]);

export const Customer = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  name: z.string(),
  language: Language.optional(),
  timezone: z.string().optional(),
  delivery: Delivery.optional(),
  severities: z.array(SeverityName).optional(),
  accounts: z.array(
    z
      .union([AccountId, z.strictObject({ id: AccountId, name: z.string().optional() })])
      .transform((account) => (typeof account === "string" ? { id: account } : account)),
  ),
  /** Security Hub's delegated administrator: its envelopes carry members' findings. One of `accounts`. */
  delegatedAdmin: AccountId.optional(),
  /** The hub bus this customer's events arrive on, when it has one of its own. */
  bus: z.string().optional(),
  regions: z.array(z.string()).optional(),
  sources: z.array(z.enum(SOURCES)).default(["security-hub"]),
  pattern: PatternChoice.optional(),
  slack: z.strictObject({
    channel: ChannelId,
    mention: z.partialRecord(SeverityName, z.string()).optional(),
  }),
  email: z.array(z.string()).optional(),
  filter: EventPattern.optional(),
  digest: z.strictObject({ daily: z.string().optional(), weekly: z.string().optional() }).optional(),
});
export type Customer = z.infer<typeof Customer>;

export const Config = z.strictObject({
  hub: z.strictObject({
    account: AccountId,
    region: z.string(),
    buses: z.enum(["per-customer", "shared", "default"]).optional(),
  }),
  slack: z.strictObject({
    workspace: z.string(),
    token: SecretRef.optional(),
    opsChannel: ChannelId.optional(),
    apiUrl: z.string().optional(),
  }),
  ingest: z
    .strictObject({ key: SecretRef.optional(), sns: z.strictObject({ topics: z.array(z.string()) }).optional() })
    .optional(),
  defaults: z
    .strictObject({
      language: Language.default("en"),
      timezone: z.string().default("UTC"),
      delivery: Delivery.default("relay"),
      severities: z.array(SeverityName).default(["CRITICAL", "HIGH"]),
    })
    .prefault({}),
  customers: z.array(Customer),
});
export type Config = z.infer<typeof Config>;
