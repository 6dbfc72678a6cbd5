import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { HisAnswer, HisCall } from '../hospitals/index.ts'
import type { BookingContext, BookingSystem } from './dependencies.ts'

/** Asks a hospital's system for something. What was said is kept where it is doubtful; one that is not connected is silent. */
export async function askHis<T extends object>(
  { db, newId, systemOf }: Pick<BookingContext, 'db' | 'newId' | 'systemOf'>,
  hospitalId: HospitalId,
  subject: string,
  ask: (system: BookingSystem, call: HisCall) => Promise<HisAnswer<T>>,
): Promise<HisAnswer<T>> {
  const system = await systemOf(hospitalId)
  if (!system) return { outcome: 'unknown', reason: 'the hospital is not connected' }
  const exchanges: Exchange[] = []
  const answer = await ask(system, { trace: (exchange) => void exchanges.push(exchange) })
  if (answer.outcome === 'unknown') {
    await inHospital(db, hospitalId, (tx) =>
      saveExchanges(tx, newId, hospitalId, subject, exchanges),
    )
  }
  return answer
}
