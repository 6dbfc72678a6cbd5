import { createActs } from './acts.ts'
import type { PersonIndexDependencies } from './dependencies.ts'
import { createEntries } from './entries.ts'
import { createFind } from './find.ts'
import { createLook } from './look.ts'
import { createNameCounts } from './name-counts.ts'
import { createTrail } from './trail.ts'
import { createUnmask } from './unmask.ts'
import { createWorkList } from './work-list.ts'

export type PersonIndex = ReturnType<typeof createPersonIndex>

/** Which records of the region might be of one person, and what staff decide about it. */
export function createPersonIndex(dependencies: PersonIndexDependencies) {
  const entries = createEntries(dependencies)
  const { learnNames, frequencies } = createNameCounts(dependencies)
  const find = createFind(dependencies, { frequencies })
  return {
    ...entries,
    ...find,
    learnNames,
    ...createLook(dependencies, { ...entries, ...find }),
    ...createActs(dependencies),
    ...createTrail(dependencies),
    ...createWorkList(dependencies),
    ...createUnmask(dependencies),
  }
}
