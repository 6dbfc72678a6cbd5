import { cpus, loadavg } from 'node:os'

import { createNewId } from '../../../kernel/id.ts'
import { addDays, businessDateOf } from '../../../kernel/time.ts'
import { createLoans, lenderId, type LenderId, USUAL_RULES } from '../../../modules/credit/index.ts'
import { createLedger } from '../../../modules/ledger/index.ts'
import { createAudit } from '../../../platform/audit.ts'
import { noCanaries } from '../../../platform/canary.ts'
import { openDb } from '../../../platform/db.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { assertSound, type Bed, onBed } from '../bed.ts'
import { type BenchResult, type Figure, time } from '../result.ts'
import { ALL_MOVING, enterBook, type Mix, USUAL } from './book.ts'

/** What is aimed at: a night's work on a million open instalments, on two cores. */
const LIMIT_SECONDS = 60
const LIMIT_ROWS = 1_000_000
const NIGHTS = 2

type Options = { rows?: number }

const BOOKS = [
  { name: 'a usual book', id: 900_001, mix: USUAL },
  { name: 'every row moving, one a loan', id: 900_002, mix: ALL_MOVING },
] as const

/**
 * A lender's day close over so many open instalments, in this process on one connection, beside the limit for as many.
 * Two nights of two books; of each book the slower night counts. Errors: throws when a book does not agree afterwards.
 */
export async function benchLoans({ rows = LIMIT_ROWS }: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [], payerCount: 0 }, async (bed) => {
    const figures: Figure[] = []
    const conditions: BenchResult['conditions'] = {}
    for (const { name, id, mix } of BOOKS) {
      const night = await nightsOf(bed, lenderId(id), mix, rows)
      const beside = { name: 'the limit', value: (LIMIT_SECONDS * night.instalments) / LIMIT_ROWS }
      figures.push(time(`day close, ${name}`, Math.max(...night.seconds), 's', beside))
      conditions[`${name}: loans`] = night.loans
      conditions[`${name}: open instalments`] = night.instalments
      conditions[`${name}: nights, s`] = night.seconds.map((s) => s.toFixed(1)).join(', ')
    }
    await assertSound(bed.database)
    return {
      bench: 'loans',
      figures,
      conditions: { ...conditions, cores: cpus().length, 'load before': load },
    }
  })
}

async function nightsOf({ client, database }: Bed, lender: LenderId, mix: Mix, rows: number) {
  const db = openDb({ url: database.appUrl, role: 'yiqiao_app', maxConnections: 2 })
  try {
    const newId = createNewId(systemClock, systemRandom)
    const ledger = createLedger({ clock: systemClock, newId, canaries: noCanaries })
    const today = businessDateOf(systemClock.now())
    const on = addDays(today, -NIGHTS)
    await client.query(
      `insert into credit.lender (lender_id, name_zh, name_en, form, status, created_at)
        values ($1, '海岳银行', 'Haiyue Bank', 'built_in', 'active', $2)`,
      [lender, systemClock.now()],
    )
    const entered = await enterBook(
      { client, db, ledger },
      {
        lenderId: lender,
        mix,
        instalments: rows,
        on,
      },
    )
    const loans = createLoans({
      db,
      clock: systemClock,
      ledger,
      audit: createAudit({ clock: systemClock, newId }),
      productOf: () => Promise.reject(new Error('no loan is opened here')),
      rulesOf: async () => USUAL_RULES,
      collector: NOBODY,
      onRepaid: async () => undefined,
      onStages: async () => undefined,
    })
    const seconds: number[] = []
    for (let night = 0; night < NIGHTS; night++) {
      seconds.push(await secondsOf(() => loans.closeDay(lender, addDays(on, night))))
    }
    return { ...entered, seconds }
  } finally {
    await db.destroy()
  }
}

const NOBODY = {
  take: async () => ({ outcome: 'unknown', reason: 'nobody pays here' }) as const,
  query: async () => ({ outcome: 'unknown', reason: 'nobody pays here' }) as const,
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1_000
}
