// The door of the module: other modules, adapters and apps import this file and no other.
export type { ListFacts } from './admission.ts'
export type { ChannelHealth } from './channel-health.ts'
export type { ChannelTerms, Device, Scene, Tier } from './channel.ts'
export { type Channels, createChannels } from './channels.ts'
export {
  type Candidate,
  type Choice,
  chooseChannels,
  type Choices,
  type PayerFacts,
  type Wish,
} from './choose.ts'
export type {
  ChannelsDependencies,
  ListsOf,
  PayerFactsOf,
  Volume,
  VolumesOf,
} from './dependencies.ts'
export type { Observation } from './operation.ts'
export { channelsRoutes } from './routes.ts'
export { DEFAULT_RULES, type Rule, type Rules } from './rules.ts'
export type { ChannelBench, ProviderBooks, Trouble } from './suite/channel-bench.ts'
export type { ChannelCheck } from './suite/check.ts'
export { type CheckResult, type CheckStep, runChannelChecks } from './suite/checks.ts'
