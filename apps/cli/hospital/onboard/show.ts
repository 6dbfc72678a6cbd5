import type { ConformanceReport } from '../../../../modules/hospitals/index.ts'
import type { Mapped, Standing, Step } from './desk.ts'
import { words } from './words.ts'

// What the commands say of a step, line by line.

type Tried = {
  operation: string
  outcome: 'ok' | 'refused' | 'unknown' | 'not_offered'
  fault: string | null
  reason: string
  durationMs: number
}

/** Every operation that was asked, with its fault by name where it did not answer. */
export function triedLines({ kind, isGood, detail }: Step): string[] {
  const tried = (detail['tried'] ?? []) as Tried[]
  const width = Math.max(...tried.map(({ operation }) => operation.length), 0)
  return [
    `${isGood ? '✓' : '✗'} ${words('onboarding', `kinds.${kind}`)}`,
    ...tried.map((each) => `  ${triedLine(each, width)}`),
  ]
}

function triedLine(
  { operation, outcome, fault, reason, durationMs }: Tried,
  width: number,
): string {
  const name = operation.padEnd(width)
  if (outcome === 'ok') return `✓ ${name}  ${durationMs} ms`
  if (outcome === 'not_offered') return `– ${name}  ${words('onboarding', 'outcomes.not_offered')}`
  const about = fault === null ? outcome : `${fault}  ${words('onboarding', `faults.${fault}`)}`
  return `${outcome === 'refused' ? '–' : '✗'} ${name}  ${about}  ${reason}`
}

/** How many departments are mapped, and those that are not with what they could be. */
export function departmentLines(all: readonly Mapped[]): string[] {
  const open = all.filter(({ mappedTo }) => mappedTo === null)
  const head = `${open.length === 0 ? '✓' : '✗'} 科室对照 departments: ${all.length - open.length} mapped, ${open.length} unmapped`
  return [
    head,
    ...open.map(({ code, name, subjectCode, proposals }) => {
      const could = proposals.map(
        (each) =>
          `${each.subjectCode} ${each.subjectName} (${words('onboarding', `departments.reasons.${each.reason}`)}, ${each.score})`,
      )
      return `  ✗ ${code} ${name} ${subjectCode} → ${could.join('; ') || '无建议 nothing proposed'}`
    }),
  ]
}

type Codes = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The product's code tables, and what the hospital has of its own in each. */
export function codeLines(product: Codes, own: Codes): string[] {
  const strange = Object.keys(own).filter((table) => !Object.hasOwn(product, table))
  const tables = Object.entries(product).map(([table, shipped]) => {
    const added = Object.keys(own[table] ?? {})
    const more = added.length === 0 ? '' : `; 本院 of the hospital: ${added.join(' ')}`
    return `  ${table}: ${Object.keys(shipped).join(' ')}${more}`
  })
  return [
    `${strange.length === 0 ? '✓' : '✗'} 码表 code tables: ${Object.keys(product).length}`,
    ...tables,
    ...strange.map((table) => `  ✗ ${table}: 产品没有这个码表 / the product has no such table`),
  ]
}

/** What stands between the version and its going live. */
export const lackingLines = (lacking: Standing['lacking']): string[] =>
  lacking.map(
    ({ code, about }) =>
      `  ${code}${about === '' ? '' : ` ${about}`}  ${words('onboarding', `lacking.${code}`, { about })}`,
  )

/** The report of a run, or why there is none. */
export function reportOf({ detail }: Step): { report: ConformanceReport } | { problem: string } {
  const report = detail['report'] as ConformanceReport | undefined
  if (report) return { report }
  const problem = detail['problem']
  return { problem: typeof problem === 'string' ? problem : 'there is no report' }
}
