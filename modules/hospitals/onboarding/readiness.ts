import type { Draft, OnboardingStep, StepKind } from './draft.ts'

export type Lacking = {
  code:
    | 'no_probe'
    | 'probe_failed'
    | 'no_dry_run'
    | 'dry_run_failed'
    | 'no_conformance'
    | 'conformance_failed'
    | 'department_unknown'
    | 'department_unmapped'
  /** The department's code; empty for what is no department's. */
  about: string
}

/**
 * What stands between a draft and its going live. Only steps of the draft's own version count; `departments` are
 * those to be switched on, null for all that the hospital's system lists.
 */
export function lackingOf(
  draft: Draft,
  steps: readonly OnboardingStep[],
  departments: readonly string[] | null,
): Lacking[] {
  const last = (kind: StepKind) =>
    steps.findLast((step) => step.version === draft.version && step.kind === kind)
  const tried = (['probe', 'dry_run', 'conformance'] as const).flatMap((kind): Lacking[] => {
    const step = last(kind)
    if (step === undefined) return [{ code: `no_${kind}`, about: '' }]
    return step.isGood ? [] : [{ code: `${kind}_failed`, about: '' }]
  })
  const listed = (last('probe')?.detail.departments ?? []).map(({ code }) => code)
  const wanted = departments ?? listed
  const unmapped = wanted.flatMap((about): Lacking[] => {
    if (!listed.includes(about)) return [{ code: 'department_unknown', about }]
    return Object.hasOwn(draft.departments, about) ? [] : [{ code: 'department_unmapped', about }]
  })
  return [...tried, ...unmapped]
}
