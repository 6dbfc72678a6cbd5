import { MATCHING_CLASSES, type MatchingClass } from '../matching/classes.ts'
import type { MatchingRun } from '../matching/matching-store.ts'
import type { EvidenceRow, RunDifference } from '../matching/run-result.ts'
import type { CrossCheckDay } from './cross-check-store.ts'

export const viewOfCrossCheck = (day: CrossCheckDay) => ({
  name: day.name,
  date: day.businessDate,
  status: day.status,
  isDue: day.dueAt !== null,
  reason: day.reason,
  runId: day.runId,
  differences: day.differences,
  updatedAt: day.updatedAt.toISOString(),
})

export function viewOfRun({ runId, businessDate, summary, ...run }: MatchingRun) {
  const classes = Object.entries(summary?.classes ?? {}) as [MatchingClass, ClassFigure][]
  return {
    runId,
    date: businessDate,
    digest: run.digest,
    startedAt: run.startedAt.toISOString(),
    completedAt: run.completedAt?.toISOString() ?? null,
    rules: (summary?.rules ?? []).map(({ relation, rule, matches, amountFen }) => {
      return { relation, rule, matches, amountFen }
    }),
    closures: (summary?.closures ?? []).map(({ gaps, ...closure }) => ({
      ...closure,
      gaps: Object.entries(gaps).map(([cause, figure]) => ({ cause, ...figure })),
    })),
    classes: classes.map(([cls, figure]) => ({
      class: cls,
      ...figure,
      repair: MATCHING_CLASSES[cls].repair,
    })),
    carried: summary?.carried ?? 0,
  }
}

export const viewOfFound = ({ sides, evidence, ...found }: RunDifference) => ({
  no: found.no,
  relation: found.relation,
  class: found.class,
  kind: found.kind,
  key: found.key,
  sides: Object.entries(sides).map(([side, figure]) => ({ side, ...figure })),
  atStakeFen: found.atStakeFen,
  repair: found.repair,
  rule: found.rule,
  because: evidence.near?.because ?? null,
  rows: evidence.rows.map(viewOfRow),
  near: (evidence.near?.rows ?? []).map(viewOfRow),
})

const viewOfRow = ({ kind: _kind, ...row }: EvidenceRow) => row

type ClassFigure = { count: number; atStakeFen: number }
