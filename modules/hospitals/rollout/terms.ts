/** 试点, 推广, 优化: how far a hospital has come. What is on is said by scenes and departments. */
export const STAGES = ['pilot', 'expansion', 'optimisation'] as const
export type Stage = (typeof STAGES)[number]

/** What patients can do at a hospital, each switched on for itself. */
export const SCENES = ['booking', 'queue', 'payment', 'refund', 'report', 'stay'] as const
export type Scene = (typeof SCENES)[number]

export type RolloutTerms = {
  stage: Stage
  scenes: readonly Scene[]
  /** Codes of departments; null is all of them. */
  departments: readonly string[] | null
  note: string
}

export type Rollout = RolloutTerms & { version: number; actor: string; at: Date }

/** Whether something is on by the next that is not on now. Everything is, where nothing was ever said. */
export function widens(now: RolloutTerms | null, next: RolloutTerms): boolean {
  if (now === null || next.scenes.length === 0 || next.departments?.length === 0) return false
  if (next.scenes.some((scene) => !now.scenes.includes(scene))) return true
  const known = now.departments
  if (known === null) return false
  return next.departments === null || next.departments.some((code) => !known.includes(code))
}
