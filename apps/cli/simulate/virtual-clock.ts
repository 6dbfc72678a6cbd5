import { renameSync, writeFileSync } from 'node:fs'

import { assert } from '../../../kernel/assert.ts'
import type { Clock } from '../../../kernel/time.ts'

export type VirtualClock = Clock & {
  readonly file: string
  /** Time only goes on. */
  moveTo(instant: Date): void
}

/**
 * The clock of a simulated region: it stands still until it is moved. The processes of the hub read it from its
 * file; it is replaced whole, so that nobody ever reads half an instant.
 */
export function createVirtualClock(file: string, start: Date): VirtualClock {
  let instant = start
  const write = () => {
    writeFileSync(`${file}.new`, instant.toISOString())
    renameSync(`${file}.new`, file)
  }
  write()
  return {
    file,
    now: () => new Date(instant),
    moveTo(to) {
      assert(to >= instant, 'time goes on')
      if (to.getTime() === instant.getTime()) return
      instant = to
      write()
    },
  }
}
