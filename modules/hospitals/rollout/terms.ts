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
