import type { KnownDepartment } from './draft.ts'
import { SUBJECT_NAMES } from './subjects.ts'

/** What a department could be. A person takes one or none; nothing is taken by itself. */
export type Proposal = {
  subjectCode: string
  subjectName: string
  /** From 0 to 1. */
  score: number
  reason: 'subject_code' | 'name'
}

export type DepartmentMapping = KnownDepartment & {
  mappedTo: string | null
  proposals: Proposal[]
}

const LEAST_SCORE = 0.5
const MOST_PROPOSALS = 3

/** Each department with what it is mapped to, and with proposals where it is not. */
export const mappingOf = (
  departments: readonly KnownDepartment[],
  mapped: Readonly<Record<string, string>>,
): DepartmentMapping[] =>
  departments.map((department) => {
    const mappedTo = Object.hasOwn(mapped, department.code) ? mapped[department.code] : undefined
    return {
      ...department,
      mappedTo: mappedTo ?? null,
      proposals: mappedTo === undefined ? proposalsFor(department) : [],
    }
  })

/** The hospital's own 诊疗科目 code first, then names alike, the likest first. */
export function proposalsFor({ name, subjectCode }: KnownDepartment): Proposal[] {
  const ownName = SUBJECT_NAMES.get(subjectCode)
  const own: Proposal[] =
    ownName === undefined
      ? []
      : [{ subjectCode, subjectName: ownName, score: 1, reason: 'subject_code' }]
  const alike = [...SUBJECT_NAMES]
    .filter(([code]) => code !== subjectCode)
    .map(([code, subjectName]) => ({
      subjectCode: code,
      subjectName,
      score: likeness(name, subjectName),
      reason: 'name' as const,
    }))
    .filter(({ score }) => score >= LEAST_SCORE)
    .toSorted((a, b) => b.score - a.score)
  return [...own, ...alike].slice(0, MOST_PROPOSALS)
}

/** Sørensen–Dice over pairs of neighbouring characters, of names without what every department is called. */
function likeness(a: string, b: string): number {
  const [left, right] = [pairsOf(a), pairsOf(b)]
  if (left.size === 0 || right.size === 0) return 0
  const shared = [...left].filter((pair) => right.has(pair)).length
  return Math.round((200 * shared) / (left.size + right.size)) / 100
}

function pairsOf(name: string): Set<string> {
  const core = Array.from(name.replaceAll(/门诊|专科|病区|[\s()（）]/g, '').replace(/科$/, ''))
  if (core.length === 1) return new Set(core)
  return new Set(core.slice(1).map((character, i) => `${core[i] ?? ''}${character}`))
}
