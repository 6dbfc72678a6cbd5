import type { HospitalId, NewId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { HisAnswer, HisCall } from '../hospitals/index.ts'

/**
 * Asks a hospital's system for something. What was said is kept when the answer cannot be used, under
 * 'hospital:<id>': somebody will want to see what the system sent in place of an answer.
 */
export async function readFromHospital<T extends object>(
  { db, newId }: { db: Db; newId: NewId },
  hospitalId: HospitalId,
  ask: (call: HisCall) => Promise<HisAnswer<T>>,
): Promise<HisAnswer<T>> {
  const exchanges: Exchange[] = []
  const answer = await ask({ trace: (exchange) => void exchanges.push(exchange) })
  if (answer.outcome === 'unknown') {
    await inHospital(db, hospitalId, (tx) =>
      saveExchanges(tx, newId, hospitalId, `hospital:${hospitalId}`, exchanges),
    )
  }
  return answer
}
