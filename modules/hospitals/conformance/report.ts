import { type OperationName, type Subject, SUBJECTS } from '../interface/operations.ts'
import type { Words } from './outcome.ts'
import type { Exchanged } from './recorded.ts'

export type CheckReport = {
  id: string
  subject: Subject
  title: Words
  /** Of docs/interface/hospital-standard.md. */
  paragraph: string
} & CheckOutcome

export type CheckOutcome =
  | { outcome: 'passed' }
  | { outcome: 'skipped'; reason: Words }
  | { outcome: 'failed'; failure: Failure }

export type Failure = {
  what: string
  expected: string
  found: string
  /** The last sending before it failed, and its answer; empty where nothing was sent. */
  sent: string
  came: string
  /** What was said before that in the same check, the oldest first. */
  before: Exchanged[]
}

export type SubjectScore = {
  subject: Subject
  title: Words
  passed: number
  failed: number
  skipped: number
}

export type ConformanceReport = {
  /** No check failed, and every operation that payments cannot do without was shown to work. */
  isConformant: boolean
  startedAt: string
  checks: CheckReport[]
  scores: SubjectScore[]
  passed: number
  failed: number
  skipped: number
  notOffered: OperationName[]
  /** Checks that failed as the vendor had declared, and count as skipped. */
  declared: { check: string; reason: string; failure: Failure }[]
  /** Of the operations that payments cannot do without, those of which no check was passed. */
  unproven: OperationName[]
}

/** Adds up what the checks came to. */
export function reportOf(
  checks: readonly CheckReport[],
  told: Pick<ConformanceReport, 'startedAt' | 'notOffered' | 'unproven' | 'declared'>,
): ConformanceReport {
  const count = (outcome: CheckReport['outcome'], of = checks) =>
    of.filter((check) => check.outcome === outcome).length
  const subjects = Object.keys(SUBJECTS) as Subject[]
  const scores = subjects.flatMap((subject) => {
    const own = checks.filter((check) => check.subject === subject)
    if (own.length === 0) return []
    const [passed, failed, skipped] = [
      count('passed', own),
      count('failed', own),
      count('skipped', own),
    ]
    return [{ subject, title: SUBJECTS[subject], passed, failed, skipped }]
  })
  return {
    isConformant: count('failed') === 0 && told.unproven.length === 0,
    ...told,
    checks: [...checks],
    scores,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  }
}
