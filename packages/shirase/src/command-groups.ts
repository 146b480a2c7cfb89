/** The headings of `shirase --help`; a command says which one it belongs under with `.helpGroup(GROUPS.run)`. */
export const GROUPS = {
  configure: "Configure:",
  understand: "Understand:",
  deploy: "Deploy:",
  run: "Run:",
} as const;
