import type { Draft, DraftCheckResult, DraftRun } from '../../../modules/channels/index.ts'
import type { ShownParam } from './params.ts'
import type { ReadDraft } from './read-draft.ts'

// Drafts and runs as the routes give them.

export const viewOfSummary = (draft: Draft) => ({
  id: draft.id,
  name: draft.name,
  title: draft.title,
  version: draft.version,
  live:
    draft.live === null
      ? null
      : {
          name: draft.live.name,
          version: draft.live.version,
          at: draft.live.at.toISOString(),
        },
  updatedBy: draft.updatedBy,
  updatedAt: draft.updatedAt.toISOString(),
})

export const viewOfDraft = (read: ReadDraft) => ({
  ...viewOfSummary(read.draft),
  descriptor: read.draft.descriptor,
  problems: read.problems,
  specimen: read.descriptor?.specimen ?? null,
  methods: Object.keys(read.descriptor?.charge ?? {}),
  params: read.params.map(viewOfParam),
  runs: read.runs.map(viewOfRun),
  obstacles: read.obstacles,
})

const viewOfParam = ({ parameter, isSecret, isSet, value, problem }: ShownParam) => ({
  name: parameter.name,
  title: parameter.title,
  format: parameter.format,
  pattern: parameter.pattern ?? null,
  example: parameter.example ?? null,
  isOptional: parameter.optional === true,
  isSecret,
  isSet,
  value,
  problem,
})

export const viewOfRun = (run: DraftRun) => ({
  id: run.id,
  version: run.version,
  kind: run.kind,
  sandboxUrl: run.sandboxUrl,
  method: run.method,
  count: run.count,
  status: run.status,
  reason: run.reason,
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
})

export const viewOfCheck = ({ position, result, stepCount }: StoredCheck) => ({
  position,
  id: result.id,
  title: result.title,
  outcome: result.outcome,
  what: result.outcome === 'failed' ? result.what : null,
  expected: result.outcome === 'failed' ? result.expected : null,
  found: result.outcome === 'failed' ? result.found : null,
  reason: result.outcome === 'not_applicable' ? result.reason : null,
  stepCount,
})

type StoredCheck = { position: number; result: DraftCheckResult; stepCount: number }
