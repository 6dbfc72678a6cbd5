import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import { returnToCap, type Tender, type Use } from './tender-store.ts'

// Whoever touches several rows of benefits locks them in one order, so that no two wait for each other: the tender; then all
// entitlements, by id; then all caps, by programme; then all budgets with their ledger accounts, by programme.

type Kind = 'entitlement' | 'cap' | 'budget'
type Locked = Pick<Use, 'entitlementId' | 'programmeId'>

/** What is to be done with uses, in the order in which their rows of this kind are locked. */
export function inLockOrder<T extends Locked | { use: Locked }>(
  items: readonly T[],
  kind: Kind,
): T[] {
  const keyOf = (item: T): string => {
    const { entitlementId, programmeId } = 'use' in item ? item.use : item
    return kind === 'entitlement' ? (entitlementId ?? '') : programmeId
  }
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0))
}

/** A programme's caps of one person, by scope. */
export const capsInOrder = ({ caps }: Pick<Use, 'caps'>): Use['caps'] =>
  caps.toSorted((a, b) => (a.scope < b.scope ? -1 : 1))

export async function returnToCaps(
  tx: Tx,
  { hospitalId, personId }: Tender,
  use: Use,
  amountFen: Fen,
): Promise<void> {
  const { programmeId } = use
  for (const { scope } of capsInOrder(use)) {
    await returnToCap(tx, { hospitalId, programmeId, personId, scope }, amountFen)
  }
}
