// The door of the adapter: described channels, their check and their test bench.
export { type BenchResult, type RunChecks, runBench } from './bench.ts'
export { createDeclarativeChannel } from './channel.ts'
export { checkDescriptor, type Problem, readDescriptor } from './check.ts'
export type { DeclarativeDeps } from './context.ts'
export type { Explain, ExplainStep } from './explain.ts'
export { type DeclarativeParams, readDeclarativeParams } from './params.ts'
export type { Descriptor } from './schema.ts'
export { readStoredChannel } from './stored.ts'
