import { addFen, type Fen, ZERO } from '../../kernel/money.ts'
import type { AppointmentStatus, FeeState } from './booking.ts'

/** What a stop would do, before anybody is told. */
export type StopImpact = {
  /** Who has a number: booked, holding one, and in the house already. */
  booked: number
  held: number
  checkedIn: number
  paid: number
  /** What would go back if all of them chose the money. */
  refundFen: Fen
  /** Sessions of the same department and fee that have a number left about that day, and how many. */
  equalSessions: number
  equalSlots: number
}

type Affected = { status: AppointmentStatus; fee: FeeState; fee_fen: Fen }

export function impactOf(
  affected: readonly Affected[],
  equal: readonly { left: number }[],
): StopImpact {
  const count = (status: AppointmentStatus) =>
    affected.filter((row) => row.status === status).length
  const paid = affected.filter(({ fee }) => fee === 'paid')
  return {
    booked: count('booked'),
    held: count('held'),
    checkedIn: count('checked_in'),
    paid: paid.length,
    refundFen: addFen(ZERO, ...paid.map(({ fee_fen }) => fee_fen)),
    equalSessions: equal.length,
    equalSlots: equal.reduce((sum, { left }) => sum + left, 0),
  }
}

/**
 * Where one stands whose clinic does not take place. untold: not yet; unpaid: told, and there was no money; deciding:
 * may choose another number or the money; moved, returning, returned: what became of the fee.
 */
export type StoppedOutcome = 'untold' | 'unpaid' | 'deciding' | 'moved' | 'returning' | 'returned'

export function outcomeOf({ status, fee }: Pick<Affected, 'status' | 'fee'>): StoppedOutcome {
  if (status !== 'stopped') return 'untold'
  if (fee === 'paid') return 'deciding'
  return fee === 'moved' || fee === 'returning' || fee === 'returned' ? fee : 'unpaid'
}
