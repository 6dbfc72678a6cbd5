import { createHash } from 'node:crypto'

import { ZERO } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import type {
  ProviderCall,
  StatementAnswer,
  StatementLine,
  StatementRequest,
} from '../payments/index.ts'
import type { CreditDependencies } from './dependencies.ts'
import { listLenders } from './lender-store.ts'
import type { DayAnswer, DayLine } from './lender.ts'
import { findHospitalLimit } from './line-store.ts'
import type { LenderId } from './terms.ts'

/** The lists of all lenders that serve the hospital, as one. While one of them is missing there is none. */
export const createStatement =
  (deps: CreditDependencies) =>
  async (call: ProviderCall, request: StatementRequest): Promise<StatementAnswer> => {
    const lines: StatementLine[] = []
    const contents: string[] = []
    for (const lenderId of await serving(deps, request)) {
      const answer = await dayOf(deps, call, lenderId, request)
      if (answer.outcome !== 'lines') return answer
      contents.push(`# lender ${lenderId}\n${answer.content}`)
      lines.push(...answer.lines.map(toLine))
    }
    const content = contents.join('\n')
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { outcome: 'lines', lines, feeFen: ZERO, content, sha256 }
  }

async function dayOf(
  deps: CreditDependencies,
  call: ProviderCall,
  lenderId: LenderId,
  { hospitalId: careHospitalId, businessDate }: StatementRequest,
): Promise<DayAnswer> {
  const lender = await deps.lenderOf(lenderId)
  if (!lender) return { outcome: 'unknown', reason: `lender ${lenderId} is not connected` }
  const answer = await lender.dayStatement(call, { careHospitalId, businessDate })
  if (answer.outcome !== 'lines' || numbersAreUnique(answer.lines)) return answer
  return { outcome: 'refused', code: 'layout', reason: 'a number comes twice in the list' }
}

const numbersAreUnique = (lines: readonly DayLine[]): boolean =>
  new Set(lines.map(({ kind, ourNo }) => `${kind} ${ourNo}`)).size === lines.length

async function serving(
  { db }: CreditDependencies,
  { hospitalId }: StatementRequest,
): Promise<LenderId[]> {
  const lenders = await listLenders(db)
  const limits = await Promise.all(
    lenders.map(({ lenderId }) =>
      inHospital(db, lenderId, (tx) => findHospitalLimit(tx, lenderId, hospitalId)),
    ),
  )
  return lenders.filter((_, i) => limits[i] !== null).map(({ lenderId }) => lenderId)
}

const toLine = ({ kind, ourNo, lenderNo, amountFen, at }: DayLine): StatementLine => ({
  kind: kind === 'draw' ? 'charge' : 'return',
  ourNo,
  providerNo: lenderNo,
  amountFen,
  at,
})
