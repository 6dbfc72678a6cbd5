import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { createMatching } from '../../modules/reconciliation/matching/matching.ts'
import type { Side } from '../../modules/reconciliation/matching/side-files.ts'
import { PLANTED_RULES } from '../../modules/reconciliation/testing/planted-sides.ts'
import { openDb } from '../../platform/db.ts'
import { systemClock } from '../../platform/system.ts'

// A worker that dies without a word when a run has come to a stage, the `at`-th time.

const [url = '', folder = '', date = '', stage, at = '1', sideText = '[]'] = process.argv.slice(2)
const sides = JSON.parse(sideText) as Side[]
let left = Number(at)

const db = openDb({ url, role: 'yiqiao_app' })
const matching = createMatching({
  db,
  clock: systemClock,
  folder,
  memoryLimitMb: 256,
  onStage(reached) {
    if (reached === stage && --left === 0) process.kill(process.pid, 'SIGKILL')
  },
})
await matching.run(1 as HospitalId, businessDate(date), sides, PLANTED_RULES)
await db.destroy()
