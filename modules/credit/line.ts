import { type Fen, fen } from '../../kernel/money.ts'
import type { LenderId, LineId, PersonId, ProductId, RepaymentWay } from './terms.ts'

export type LineStatus = 'active' | 'suspended' | 'ended'

/** What one person may draw of one lender. */
export type CreditLine = {
  lenderId: LenderId
  id: LineId
  personId: PersonId
  productId: ProductId
  way: RepaymentWay
  accountNo: string
  status: LineStatus
  limitFen: Fen
  /** Promised to visits and to payments under way. */
  reservedFen: Fen
  /** Lent and not repaid, in visits and in loans. */
  drawnFen: Fen
}

/** What may be promised anew. Nothing of a line that is not active, or whose limit was lowered below its use. */
export const freeFen = ({
  status,
  limitFen,
  reservedFen,
  drawnFen,
}: Pick<CreditLine, 'status' | 'limitFen' | 'reservedFen' | 'drawnFen'>): Fen =>
  status === 'active' ? fen(Math.max(0, limitFen - reservedFen - drawnFen)) : fen(0)

/** How a line's use changes: what is promised, and what is lent. */
export type UseChange = { reserved?: number; drawn?: number }
