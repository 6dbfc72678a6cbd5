// The door of the module: other modules, adapters and apps import this file and no other.
export type { ChannelHealth } from './channel-health.ts'
export { type ChannelTerms, type Device, RESERVED_NAMES, type Scene, type Tier } from './channel.ts'
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
export { sealedDrafts } from './drafts.ts'
export type { DraftCheckResult, DraftStep } from './draft-check.ts'
export {
  type Draft,
  type DraftId,
  type DraftRun,
  type DraftRunId,
  type KeptParam,
  type KeptParams,
  RUN_KINDS,
  RUN_STATUSES,
  type RunKind,
  testObstacle,
} from './draft.ts'
export { type ChannelDrafts, createChannelDrafts, type OpenDraft } from './drafts.ts'
export { channelErrors } from './errors.ts'
export type { ComparedList, ListFacts } from './lists.ts'
export type { Observation } from './operation.ts'
export { channelsRoutes } from './routes.ts'
export { DEFAULT_RULES, type Rule, type Rules } from './rules.ts'
export type { ChannelBench, ProviderBooks, Trouble } from './suite/channel-bench.ts'
export type { ChannelCheck } from './suite/check.ts'
export {
  channelChecks,
  type CheckResult,
  type CheckStep,
  runChannelCheck,
  runChannelChecks,
} from './suite/checks.ts'
export { createTraceNumbers } from './trace-numbers.ts'
