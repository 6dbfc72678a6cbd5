type Words = { zh: string; en: string }

/** How one check of a run ended, in a form that lasts. */
export type DraftCheckResult = { id: string; title: Words } & (
  | { outcome: 'passed' }
  | { outcome: 'failed'; what: string; expected: string; found: string }
  | { outcome: 'not_applicable'; reason: Words }
)

/** One thing that was done, sent, signed or read for a check: texts only, secrets masked. */
export type DraftStep = {
  operation: string
  step: string
  fields: Readonly<Record<string, string>>
}

/** `position` counts from 1. */
export type DraftCheck = {
  position: number
  result: DraftCheckResult
  steps: readonly DraftStep[]
}

const MOST_STEPS = 300
const MOST_CHARACTERS = 400_000

/** The steps from the beginning, as many as can be kept: what comes after them is told in one last step. */
export function keptSteps(steps: readonly DraftStep[]): DraftStep[] {
  const kept: DraftStep[] = []
  let characters = 0
  for (const step of steps) {
    characters += Object.values(step.fields).reduce((sum, text) => sum + text.length, 0)
    if (kept.length >= MOST_STEPS || characters > MOST_CHARACTERS) {
      const left = String(steps.length - kept.length)
      return [...kept, { operation: step.operation, step: 'left_out', fields: { steps: left } }]
    }
    kept.push(step)
  }
  return kept
}

/** As JSON that PostgreSQL keeps: it has no NUL, and no half of a pair, which a text cut short may end with. */
export const checkJson = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'string' ? inner.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd') : inner,
  )
