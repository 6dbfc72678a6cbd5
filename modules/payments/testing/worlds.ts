import type { HospitalId } from '../../../kernel/id.ts'
import { MINUTE_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import { problemsOf } from '../../ledger/testing/checks.ts'
import type { PaymentId } from '../payment.ts'
import { paymentsWorld, type PaymentsWorld } from './world.ts'

/** One database for a test file, with a hospital of its own for each test. */
export async function createWorlds() {
  const db = await createTestDatabase()
  let hospitals = 0
  return {
    db,
    newWorld: (options: Parameters<typeof paymentsWorld>[1] = {}): PaymentsWorld =>
      paymentsWorld(db, { hospitalId: ++hospitals as HospitalId, ...options }),
    dispose: () => db[Symbol.asyncDispose](),
  }
}

/** A payment of one bill with these lines that has come to its happy end. */
export async function paidPayment(
  world: PaymentsWorld,
  lineFens: readonly number[] = [10_000],
  billNo = 'B1',
): Promise<PaymentId> {
  const id = await world.quote([world.hospital.addBill(billNo, lineFens)])
  await world.confirm(id)
  world.wallet.payAll()
  await world.pass(MINUTE_MS)
  return id
}

/** What is wrong in the books of the world's hospital; nothing, always. */
export const bookProblems = ({ db, hospitalId }: PaymentsWorld): Promise<string[]> =>
  inHospital(db, hospitalId, (tx) => problemsOf(tx, hospitalId))
