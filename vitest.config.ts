import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const TESTS = '**/*.test.{ts,tsx}'
const NOT_OURS = ['**/node_modules/**', '**/dist/**', '.cache/**', '.data/**']
// What changes Node itself, for all who come after in the same process.
const CHANGES_NODE = [
  // Replaces a module of Node, which those that have imported it already would not notice.
  'tests/statements/drop-in.pg.test.ts',
  // Alipay's SDK brings urllib, which replaces Socket.prototype.destroy by one that throws
  // when a second socket ends with the same error.
  'adapters/channels/alipay/*.test.ts',
  'apps/simulators/alipay/{sdk,agreements}.test.ts',
]
const WHOLE_SYSTEM = ['tests/journeys/**', 'tests/faults/**', 'tests/browser/**']

const shared = { pool: 'forks', testTimeout: 30_000, hookTimeout: 60_000 } as const

/** A simulated day is the longest test there is: begun last, it would run alone while the other worker waits. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes('/journeys/simulate')
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)))
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Once for all projects: the PostgreSQL server and the migrated template that tests clone.
    globalSetup: ['platform/testing/global-setup.ts'],
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: [TESTS],
          exclude: [...NOT_OURS, ...WHOLE_SYSTEM, ...CHANGES_NODE],
          maxWorkers: 2,
          // Files of one worker share what they import: to import it anew for each took two fifths of all their time.
          // None of them leaves anything behind in a module.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: CHANGES_NODE,
          exclude: NOT_OURS,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // A journey starts processes, simulators and a browser, each with a database of its own: two
        // whole systems at a time, and only after the parts have had their turn.
        test: {
          ...shared,
          name: 'system',
          // As above. What a journey starts, it starts in processes of their own or stops.
          isolate: false,
          include: WHOLE_SYSTEM.map((folder) => folder.replace('**', TESTS)),
          exclude: NOT_OURS,
          globalSetup: ['tests/setup/built-web.ts'],
          // A whole system is started before its first test, beside another one that is at work.
          hookTimeout: 240_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
