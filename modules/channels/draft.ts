import type { Id } from '../../kernel/id.ts'
import { MINUTE_MS } from '../../kernel/time.ts'

export type DraftId = Id<'ChannelDraft'>
export type DraftRunId = Id<'ChannelDraftRun'>

/** A channel that is still being described: the text of its descriptor, and the version of text and parameters together. */
export type Draft = {
  readonly id: DraftId
  readonly name: string
  readonly title: { zh: string; en: string }
  readonly descriptor: string
  readonly version: number
  /** As what, in which version and when it last went live. */
  readonly live: { name: string; version: number; at: Date } | null
  readonly updatedBy: string
  readonly updatedAt: Date
}

/** What a hospital has entered for a parameter. What was entered as a secret stays one. */
export type KeptParam = { readonly value: string; readonly isSecret: boolean }

export type KeptParams = Readonly<Record<string, KeptParam>>

/** walk: each of the five operations once. suite: every check that a channel must pass. */
export const RUN_KINDS = ['walk', 'suite'] as const

export type RunKind = (typeof RUN_KINDS)[number]

export const RUN_STATUSES = ['running', 'passed', 'failed', 'broken'] as const

export type RunStatus = (typeof RUN_STATUSES)[number]

/** One time that a draft was tried against a sandbox. */
export type DraftRun = {
  readonly id: DraftRunId
  readonly draftId: DraftId
  readonly version: number
  readonly kind: RunKind
  readonly sandboxUrl: string
  readonly method: string | null
  readonly count: number
  readonly status: RunStatus
  readonly reason: string | null
  readonly startedBy: string
  readonly startedAt: Date
  readonly touchedAt: Date
  readonly endedAt: Date | null
}

/** One check holds up the next for no longer than its calls may take together. */
const DEAD_AFTER_MS = 10 * MINUTE_MS

/** A run that says "running" and was not touched for so long died with its process. */
export const isRunning = ({ status, touchedAt }: DraftRun, now: Date): boolean =>
  status === 'running' && now.getTime() - touchedAt.getTime() < DEAD_AFTER_MS

/** What keeps a version from going live, as far as its tests are concerned; null when nothing does. */
export type TestObstacle = 'not_tested' | 'tested_before_a_change' | 'test_running' | 'test_failed'

/** The newest run of the suite decides, and only when it was of this very version. */
export function testObstacle(version: number, newestSuite: DraftRun | null): TestObstacle | null {
  if (newestSuite === null) return 'not_tested'
  if (newestSuite.version !== version) return 'tested_before_a_change'
  switch (newestSuite.status) {
    case 'passed':
      return null
    case 'running':
      return 'test_running'
    case 'failed':
    case 'broken':
      return 'test_failed'
  }
}
