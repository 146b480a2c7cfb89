/** The company's hub of shirase as a CDK construct. */
export { FindingsHub, type FindingsHubProps } from "./findings-hub.ts";
export { FindingsRelay, type FindingsRelayProps } from "./findings-relay.ts";
export { readHubConfig } from "./read-hub-config.ts";
