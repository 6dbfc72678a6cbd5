import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen, minFen } from '../../kernel/money.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { listLenders } from './lender-store.ts'
import { findHospitalLimit, findLine } from './line-store.ts'
import { freeFen } from './line.ts'
import type { PersonId } from './terms.ts'

/**
 * What a person could pay by credit at a hospital by our own books, with one lender: a bill is not shared between two.
 * Both limits hold. Nothing is promised by asking. Null for a person without a line at any lender that serves the
 * hospital; a line that is suspended or used up has nothing left.
 */
export async function creditOf(
  db: Db,
  { personId, careHospitalId }: { personId: PersonId; careHospitalId: HospitalId },
): Promise<{ remainingFen: Fen } | null> {
  const left: Fen[] = []
  for (const { lenderId, status } of await listLenders(db)) {
    if (status !== 'active') continue
    const found = await inHospital(db, lenderId, async (tx) => {
      const line = await findLine(tx, lenderId, { personId })
      if (!line || line.status === 'ended') return null
      const limit = await findHospitalLimit(tx, lenderId, careHospitalId)
      return limit && { line, atHospitalFen: fen(Math.max(0, limit.limitFen - limit.usedFen)) }
    })
    if (found) left.push(minFen(freeFen(found.line), found.atHospitalFen))
  }
  return left.length === 0 ? null : { remainingFen: fen(Math.max(...left)) }
}
