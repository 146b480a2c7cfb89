/**
 * A config for tests, as plain data: one customer who wants to hear of everything that the sample events hold, told in
 * Japanese, and two more to tell apart from.
 */

/** Parse it with `Config.parse` of @shirase/core/config. */
export const SAMPLE_CONFIG = {
  hub: { account: "111111111111", region: "ap-northeast-1", buses: "per-customer" },
  slack: { workspace: "T0123456789", token: { env: "SLACK_BOT_TOKEN" }, opsChannel: "C0OPS000000" },
  defaults: { language: "en", timezone: "Asia/Tokyo", severities: ["CRITICAL", "HIGH"] },
  customers: [
    {
      id: "acme",
      name: "株式会社アクメ",
      language: "ja",
      // 444444444444 is the delegated administrator in securityhub/same-cause/06.
      accounts: ["222222222222", { id: "333333333333", name: "acme-staging" }, "444444444444"],
      delegatedAdmin: "444444444444",
      sources: [
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
      ],
      slack: { channel: "C0ACME00000", mention: { CRITICAL: "S0ONCALL000" } },
    },
    {
      id: "globex",
      name: "Globex & Sons <Ltd>",
      accounts: ["555555555555"],
      bus: "globex-bus",
      severities: ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL"],
      filter: { detail: { findings: { ProductName: [{ "anything-but": ["Macie"] }, { exists: false }] } } },
      slack: { channel: "C0GLOBEX000", mention: { CRITICAL: "here" } },
    },
    {
      id: "quiet",
      name: "Quiet Inc.",
      accounts: ["666666666666"],
      delivery: "amazon-q",
      slack: { channel: "C0QUIET0000" },
    },
  ],
};
