import type { Tx } from '../../platform/db.ts'
import type { Claim } from './claim.ts'
import type { Dependencies } from './dependencies.ts'

/** Tells that a claim needs a person, and with `attention` null that it does no more. */
export const tellAttention = (
  { publish }: Dependencies,
  tx: Tx,
  { hospitalId, id, payFen, attention }: Pick<Claim, 'hospitalId' | 'id' | 'payFen' | 'attention'>,
): Promise<void> =>
  publish(tx, 'coverage.claim_attention', { hospitalId, claimId: id, payFen, attention })
