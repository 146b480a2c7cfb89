/** What a process that a test starts gets of this one's environment, and nothing else of it: no secrets, no settings. */
export const OWN_ENV = {
  PATH: process.env["PATH"],
  // Where the code that V8 has compiled already lies (tools/run.mjs): a start takes half as long.
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
} as const;
