/**
 * The page's stylesheet. Dense and calm, like a chat one reads all day; light and dark by the reader's own setting.
 * Colours are named once; text on its ground has a contrast of at least 4.5:1 in both schemes.
 */
export const STYLES = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --text: #1d1c1d; --quiet: #5f5e60; --line: #e1e0e2; --hover: #f7f7f8; --link: #0b5c95;
  --side: #2b2533; --side-text: #e4deea; --side-quiet: #b9b0c4; --side-line: #463d52; --current: #0b5c95; --current-text: #ffffff;
  --bar: #fdf0cd; --bar-text: #5b4300; --code: #b3123c; --code-ground: #f5f5f6; --mention: #0b4f80; --mention-ground: #e3f0fa;
  --note: #8a4100; --note-ground: #fdf0e2; --primary: #007a5a; --danger: #c0123f; --avatar: #5b3f7d;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic UI",
    Meiryo, "Noto Sans JP", "Noto Sans CJK JP", sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "BIZ UDGothic", "Noto Sans Mono CJK JP", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #1a1d21; --text: #dcdddf; --quiet: #a9abae; --line: #34373b; --hover: #212428; --link: #63b3ed;
    --side: #1f1b25; --side-text: #dcd6e3; --side-quiet: #a89fb4; --side-line: #37303f; --current: #1164a3; --current-text: #ffffff;
    --bar: #3a2f12; --bar-text: #f3dc9c; --code: #f08ba4; --code-ground: #24272b; --mention: #8cc4ee; --mention-ground: #1c3448;
    --note: #f5bd86; --note-ground: #3a2a1a; --primary: #2eb88a; --danger: #f2778f; --avatar: #6f5492;
  }
}
* { box-sizing: border-box; }
html { height: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; height: 100dvh; display: flex; flex-direction: column; background: var(--ground); color: var(--text);
  font: 15px/1.46 var(--font); overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: underline; text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; border-radius: 3px; }
h1, h2, h3, p, ol, ul, blockquote, pre { margin: 0; }
ol, ul { padding: 0; list-style: none; }
.skip { position: absolute; left: -999px; top: 0; padding: 6px 10px; background: var(--ground); z-index: 2; }
.skip:focus { left: 6px; }
.bar { flex: none; padding: 2px 14px; font-size: 12px; line-height: 18px; background: var(--bar); color: var(--bar-text); display: flex; gap: .45em; }
.bar a { color: inherit; text-decoration: underline; margin-left: .6em; }
#live { margin-left: auto; }
.frame { flex: 1; min-height: 0; display: grid; grid-template-columns: 232px minmax(0, 1fr); }

.channels { background: var(--side); color: var(--side-text); display: flex; flex-direction: column; min-height: 0; }
.channels h1 { font-size: 17px; line-height: 24px; padding: 11px 16px; border-bottom: 1px solid var(--side-line); }
.channels ul { flex: 1; min-height: 0; overflow: auto; padding: 8px; }
.channels li a { text-decoration: none; display: flex; gap: 8px; align-items: baseline; padding: 3px 10px; border-radius: 6px; color: var(--side-quiet); }
.channels li a:hover { background: var(--side-line); text-decoration: none; }
.channels li a[aria-current] { background: var(--current); color: var(--current-text); }
.channels .name { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.channels .count { font-size: 12px; font-variant-numeric: tabular-nums; }
.channels :focus-visible { outline-color: #fff; }
.sign { display: inline-block; width: 1.1em; text-align: center; opacity: .85; }
.tally { padding: 8px 18px 12px; font-size: 12px; color: var(--side-quiet); border-top: 1px solid var(--side-line); display: flex; flex-wrap: wrap; gap: 2px 12px; }
.tally a { color: inherit; text-decoration: underline; }

main { min-width: 0; min-height: 0; display: flex; flex-direction: column; }
main:focus { outline: none; }
header.channel { flex: none; display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: baseline; padding: 11px 20px; border-bottom: 1px solid var(--line); }
header.channel h2 { font-size: 17px; line-height: 24px; }
header.channel .sign { width: auto; margin-right: 3px; font-weight: 400; }
.topic, .quiet, .empty { color: var(--quiet); font-size: 13px; }
.tag { font-size: 12px; padding: 0 7px; border: 1px solid var(--line); border-radius: 9px; color: var(--quiet); }
.scroll { flex: 1; min-height: 0; overflow: auto; display: flex; flex-direction: column-reverse; }
.scroll.plain { display: block; padding: 8px 20px 24px; }
.messages { padding: 4px 0 20px; margin-bottom: auto; width: 100%; }
.empty { padding: 18px 20px; }

h3 { display: flex; justify-content: center; font-size: 13px; margin: 10px 0 6px; position: relative; }
h3::before { content: ""; position: absolute; left: 0; right: 0; top: 50%; border-top: 1px solid var(--line); }
h3 span::first-letter { text-transform: uppercase; }
h3 span { position: relative; padding: 1px 14px; border: 1px solid var(--line); border-radius: 14px; background: var(--ground); }

.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); column-gap: 9px; padding: 5px 20px 5px; position: relative; }
.message:hover { background: var(--hover); }
.message:target { background: var(--note-ground); }
.message.follows { padding-top: 2px; padding-bottom: 3px; }
.message > header { grid-column: 2; font-size: 12px; line-height: 20px; color: var(--quiet); }
.message > header b { color: var(--text); font-size: 15px; }
.message .body { grid-column: 2; min-width: 0; max-width: 760px; unicode-bidi: isolate; }
.message > header.side { grid-column: 1; grid-row: 1 / span 2; text-align: right; white-space: nowrap; font-size: 11px; line-height: 22px; }
.message > header.side .stamp { opacity: 0; }
.message:hover > header.side .stamp, .message > header.side .stamp:focus { opacity: 1; }
.message.hidden .block { display: inline; margin-right: 8px; }
.message.hidden .body { color: var(--quiet); border: 1px dashed var(--quiet); border-radius: 6px; padding: 2px 8px; }
.message.gone p { grid-column: 2; color: var(--quiet); font-style: italic; }
.avatar { grid-row: 1 / span 2; width: 36px; height: 36px; margin-top: 4px; border-radius: 6px; background: var(--avatar); color: #fff;
  display: grid; place-items: center; font-weight: 700; font-size: 17px; }
.badge { font-size: 10px; line-height: 14px; padding: 0 4px; border-radius: 3px; background: var(--line); color: var(--quiet); font-weight: 600; }
.stamp { color: var(--quiet); }
.body > .note, .body > .quiet { font-size: 12px; }
.note { padding: 0 6px; border-radius: 8px; background: var(--note-ground); color: var(--note); }

.thread { margin: 0 20px 4px 65px; }
.thread summary { width: fit-content; max-width: 100%; padding: 2px 8px; border: 1px solid transparent; border-radius: 6px; cursor: pointer; color: var(--link); font-size: 13px; font-weight: 600; }
.thread summary:hover { border-color: var(--line); background: var(--ground); }
.thread summary small { color: var(--quiet); font-size: 12px; font-weight: 400; margin-left: 4px; }
.thread ol { margin: 2px 0 6px; border-left: 2px solid var(--line); }
.thread .message { padding-left: 12px; padding-right: 4px; grid-template-columns: 24px minmax(0, 1fr); }
.thread .avatar { width: 24px; height: 24px; font-size: 12px; border-radius: 5px; }
.thread .message > header.side { display: none; }

.block { margin: 4px 0; }
.message .body > .block:first-child { margin-top: 0; }
.message .body > .block:last-child { margin-bottom: 0; }
.body > .block:has(+ .quiet) { display: inline; margin-right: 5px; }
hr.block { border: 0; border-top: 1px solid var(--line); margin: 10px 0; }
.block.header { font-size: 18px; line-height: 1.33; font-weight: 800; margin: 6px 0 4px; }
.block.context, .context { font-size: 13px; color: var(--quiet); display: flex; flex-wrap: wrap; gap: 2px 9px; }
.block.section { display: flex; gap: 16px; justify-content: space-between; align-items: flex-start; }
.said { min-width: 0; flex: 1; }
.fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6px 16px; margin-top: 6px; }
.block.actions, .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.button { display: inline-block; padding: 2px 11px; min-height: 28px; line-height: 22px; border: 1px solid var(--quiet); border-radius: 5px; font-size: 13px; font-weight: 700; color: var(--text); background: var(--ground); }
a.button:hover { background: var(--hover); text-decoration: none; box-shadow: 0 1px 2px rgb(0 0 0 / .18); }
.button.primary { border-color: var(--primary); color: var(--primary); }
.button.danger { border-color: var(--danger); color: var(--danger); }
.button.inert { border-style: dashed; cursor: default; }
.attachment { display: flex; gap: 12px; margin: 5px 0; }
.stripe { flex: none; width: 4px; height: auto; align-self: stretch; }
.attachment .inside { min-width: 0; flex: 1; }
.image { display: inline-block; font-size: 12px; color: var(--quiet); border: 1px solid var(--line); border-radius: 4px; padding: 0 6px; }
.container, .other, .markdown { border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; }
.markdown { white-space: pre-wrap; }
.long { max-height: 15em; overflow: auto; border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; }
.wide { overflow: auto; }
table { border-collapse: collapse; font-size: 13px; }
th, td { border: 1px solid var(--line); padding: 3px 9px; text-align: left; vertical-align: top; }
.refusals { width: 100%; }
.refusals td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }

code, pre { font: 12.5px/1.5 var(--mono); background: var(--code-ground); border: 1px solid var(--line); border-radius: 4px; }
code { color: var(--code); padding: 1px 3px; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
pre { padding: 8px; margin: 4px 0; white-space: pre-wrap; max-width: 100%; }
blockquote { border-left: 4px solid var(--line); padding-left: 11px; margin: 3px 0; }
.mention { background: var(--mention-ground); color: var(--mention); border-radius: 3px; padding: 0 2px; }
.unseen { font: 10px/1 var(--mono); border: 1px solid currentColor; border-radius: 3px; padding: 0 2px; opacity: .8; unicode-bidi: isolate; }
.rich p { margin: 0; } .rich ul { list-style: disc; padding-left: 26px; } .rich ol { list-style: decimal; padding-left: 26px; }
.indent-1 { margin-left: 26px; } .indent-2 { margin-left: 52px; } .indent-3 { margin-left: 78px; } .indent-4 { margin-left: 104px; }
.reactions { display: flex; gap: 5px; margin: 4px 0; }
.reactions span { font-size: 12px; } .reactions > span { border: 1px solid var(--line); border-radius: 12px; padding: 1px 8px; }

@media (max-width: 700px) {
  .frame { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr); }
  .channels h1 { display: none; }
  .channels ul { display: flex; gap: 4px; padding: 6px 8px; overflow-x: auto; }
  .channels li a { padding: 7px 10px; white-space: nowrap; }
  .channels .name { max-width: 11em; }
  .tally { padding: 0 18px 6px; border: 0; }
  header.channel { padding: 8px 12px; }
  .message { padding-left: 12px; padding-right: 12px; }
  .thread { margin-left: 57px; margin-right: 12px; }
  .thread summary { padding: 7px 8px; }
  .block.section { flex-wrap: wrap; }
  .fields { grid-template-columns: minmax(0, 1fr); }
  .button { min-height: 36px; line-height: 30px; }
}
@media (prefers-reduced-motion: no-preference) { .message { transition: background-color .15s; } }
@media print { body { height: auto; } .scroll { overflow: visible; display: block; } .channels { display: none; } }
`;
