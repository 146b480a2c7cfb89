/**
 * What to do about a channel that Slack refuses, in Japanese. A table: English is kept with the pause itself
 * (send/slack-errors.ts); a reason that is not here is shown as it is kept.
 */
import type { Language } from "@shirase/core/text/wording";

const INVITE =
  "対象のチャンネルで /invite @アプリ名 を実行してアプリを招待するか、スコープ chat:write.public を付与してください。";
const ARCHIVED = "チャンネルがアーカイブされています。アーカイブを解除するか、顧客に別のチャンネルを設定してください。";
const TOKEN =
  "アプリを再インストールし、新しいボットトークンを設定してください（SLACK_BOT_TOKEN、または設定ファイルの slack.token）。";
const SCOPE = "OAuth & Permissions でスコープ chat:write を付与し、アプリを再インストールしてください。";
const ADMIN = "ワークスペースの管理者に依頼してください。";

const JA: Readonly<Record<string, string>> = {
  channel_not_found: `このアプリから見えるチャンネルがありません。設定ファイルの slack.channel を確認してください。${INVITE}`,
  not_in_channel: INVITE,
  is_archived: ARCHIVED,
  channel_is_archived: ARCHIVED,
  is_inactive: ARCHIVED,
  restricted_action: `ワークスペースの設定により、アプリはこのチャンネルに投稿できません。${ADMIN}`,
  restricted_action_read_only_channel: `このチャンネルはアプリからは読み取り専用です。${ADMIN}`,
  restricted_action_thread_only_channel: `このチャンネルには返信しか投稿できません。${ADMIN}`,
  no_permission: SCOPE,
  missing_scope: SCOPE,
  ekm_access_denied: `ワークスペースの鍵管理により投稿が停止されています。${ADMIN}`,
  message_limit_exceeded: `ワークスペースのプランの上限に達しています。${ADMIN}`,
  invalid_auth: TOKEN,
  not_authed: TOKEN,
  token_revoked: TOKEN,
  token_expired: TOKEN,
  account_inactive: `アプリまたはそのユーザーが無効になっています。${TOKEN}`,
};

/** The remedy in the reader's language, else as it was kept, and which language that is. */
export function remedyIn(
  language: Language,
  { reason, remedy }: { readonly reason: string; readonly remedy: string },
): { readonly text: string; readonly language: Language } {
  const known = language === "ja" && Object.hasOwn(JA, reason) ? JA[reason] : undefined;
  return known === undefined ? { text: remedy, language: "en" } : { text: known, language };
}
