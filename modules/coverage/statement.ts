import { createHash } from 'node:crypto'

import type { HospitalId } from '../../kernel/id.ts'
import { addFen, ZERO } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import type {
  ProviderCall,
  StatementAnswer,
  StatementLine,
  StatementRequest,
} from '../payments/index.ts'
import type { Dependencies } from './dependencies.ts'
import type { StatementEntry } from './insurer.ts'
import { ordersByNo, returnsByNo } from './order-store.ts'

/**
 * The lists of a hospital's insurers for a closed day, as one: settlements that are one movement of money here are one line.
 * A list that cannot be trusted refuses all of them.
 */
export const createStatement =
  (deps: Dependencies) =>
  async (call: ProviderCall, request: StatementRequest): Promise<StatementAnswer> => {
    const { hospitalId } = call
    const insurers = await deps.insurersOf(hospitalId)
    if (insurers.size === 0) return { outcome: 'unknown', reason: 'no insurer pays here' }
    const entries: StatementEntry[] = []
    const contents: string[] = []
    for (const insurer of insurers.values()) {
      const { trace } = call
      const answer = await insurer.statement(
        { trace, signal: null },
        { date: request.businessDate },
      )
      if (answer.outcome === 'unreadable') {
        return { outcome: 'refused', code: answer.code, reason: answer.reason }
      }
      if (answer.outcome === 'refused') return { outcome: 'not_ready', reason: answer.message }
      if (answer.outcome === 'unknown') return answer
      if (answer.data.date !== request.businessDate) {
        const reason = `${insurer.code} gave the list of ${answer.data.date}`
        return { outcome: 'refused', code: 'layout', reason }
      }
      entries.push(...answer.data.lines)
      contents.push(`${insurer.code}\n${answer.data.content}`)
    }
    const content = contents.join('\n')
    return {
      outcome: 'lines',
      lines: await linesOf(deps, hospitalId, entries),
      feeFen: ZERO,
      content,
      sha256: createHash('sha256').update(content).digest('hex'),
    }
  }

/** Entries of one movement together; what we do not know stays as its insurer has it. */
async function linesOf(
  deps: Dependencies,
  hospitalId: HospitalId,
  entries: readonly StatementEntry[],
): Promise<StatementLine[]> {
  const known = await knownOf(deps, hospitalId, entries)
  const lines = new Map<string, StatementLine>()
  for (const entry of entries) {
    const own = known.get(keyOf(entry))
    // A charge that came to nothing, and its money back: no movement of a payment's.
    if (own === 'undone') continue
    const ourNo = own?.moveNo ?? entry.ourNo
    const key = `${entry.kind} ${ourNo}`
    const before = lines.get(key)
    lines.set(key, {
      kind: entry.kind,
      ourNo,
      providerNo: own?.providerNos.join('+') ?? entry.insurerNo,
      amountFen: before ? addFen(before.amountFen, entry.amountFen) : entry.amountFen,
      at: entry.at,
    })
  }
  return [...lines.values()]
}

async function knownOf(
  { db }: Dependencies,
  hospitalId: HospitalId,
  entries: readonly StatementEntry[],
): Promise<Map<string, Known>> {
  const known = new Map<string, Known>()
  const moves = new Map<string, { moveNo: string; providerNos: string[] }>()
  const note = (kind: 'charge' | 'return', ourNo: string, moveNo: string, providerNo: string) => {
    const move = moves.get(`${kind} ${moveNo}`) ?? { moveNo, providerNos: [] }
    move.providerNos.push(providerNo)
    moves.set(`${kind} ${moveNo}`, move)
    known.set(`${kind} ${ourNo}`, move)
  }
  for (let from = 0; from < entries.length; from += CHUNK) {
    const numbers = entries.slice(from, from + CHUNK).map((entry) => entry.ourNo)
    const { orders, returns } = await inHospital(db, hospitalId, async (tx) => ({
      orders: await ordersByNo(tx, hospitalId, numbers),
      returns: await returnsByNo(tx, hospitalId, numbers),
    }))
    for (const { orderNo, moveNo, settlementNo, status } of orders) {
      if (moveNo !== null) note('charge', orderNo, moveNo, settlementNo ?? '')
      else if (status === 'returned') known.set(`charge ${orderNo}`, 'undone')
    }
    for (const { refundNo, moveNo, returnNo, refundId } of returns) {
      if (moveNo !== null) note('return', refundNo, moveNo, returnNo ?? '')
      else if (refundId === null) known.set(`return ${refundNo}`, 'undone')
    }
  }
  return known
}

const keyOf = ({ kind, ourNo }: StatementEntry): string => `${kind} ${ourNo}`

const CHUNK = 2_000

type Known = { moveNo: string; providerNos: readonly string[] } | 'undone'
