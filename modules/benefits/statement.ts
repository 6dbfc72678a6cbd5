import { createHash } from 'node:crypto'

import { ZERO } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import type {
  ProviderCall,
  StatementAnswer,
  StatementLine,
  StatementRequest,
} from '../payments/index.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { movesOfBenefits } from './tender-store.ts'

/** The day's list from this module's own rows, which know nothing of the payments they are compared with. */
export const createStatement =
  ({ db }: BenefitsDependencies) =>
  async (
    _call: ProviderCall,
    { hospitalId, businessDate }: StatementRequest,
  ): Promise<StatementAnswer> => {
    const { taken, returned } = await inHospital(db, hospitalId, (tx) =>
      movesOfBenefits(tx, hospitalId, businessDate),
    )
    const lines: StatementLine[] = [
      ...taken.map(({ tradeNo, amountFen, takenAt }) => ({
        kind: 'charge' as const,
        ourNo: tradeNo,
        providerNo: `B${tradeNo}`,
        amountFen,
        at: takenAt,
      })),
      ...returned.map(({ refundNo, amountFen, at }) => ({
        kind: 'return' as const,
        ourNo: refundNo,
        providerNo: `B${refundNo}`,
        amountFen,
        at,
      })),
    ]
    const content = lines
      .map(({ kind, ourNo, amountFen, at }) =>
        [kind, ourNo, amountFen, at?.toISOString()].join(','),
      )
      .join('\n')
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { outcome: 'lines', lines, feeFen: ZERO, content, sha256 }
  }
