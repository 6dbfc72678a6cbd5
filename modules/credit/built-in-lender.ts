import { type Fen, fen } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { findDraw, findReversal, movedOn } from './draw-store.ts'
import type { Draw, Reversal } from './draw.ts'
import type {
  DayAnswer,
  DayLine,
  Drawn,
  DrawOrder,
  Holder,
  Lender,
  LenderAnswer,
  LenderBill,
  None,
  Repaid,
  RepaymentOrder,
} from './lender.ts'
import { findLine } from './line-store.ts'
import { freeFen } from './line.ts'
import type { LenderId, PersonId } from './terms.ts'

/**
 * The lender of a bank that only wants the ledger: its lines, draws and loans are the ones in our database, in the
 * book of the bank. What the port asks is answered from there; what it is told has been written there already, so a draw
 * that our own limits allowed is lent. Only the payers' money is elsewhere: `collect` takes it.
 */
export function createBuiltInLender(deps: BuiltInDependencies, lenderId: LenderId): Lender {
  const { db, clock, collect } = deps
  const inBook = <T>(work: Parameters<typeof inHospital<T>>[2]) => inHospital(db, lenderId, work)
  return {
    lenderId,
    authority: (_call, holder) => authorityOf(deps, lenderId, holder),
    apply: async (_call, { applicationNo, wantedFen }) =>
      ok({ accountNo: applicationNo, limitFen: wantedFen }),
    sign: async () => ok({ signedAt: clock.now() }),
    end: async () => ok({ endedAt: clock.now() }),
    draw: async (_call, order) => {
      const known = await inBook((tx) => findDraw(tx, lenderId, order.drawNo))
      return drawnAnswer(known, order, clock)
    },
    // Of a draw that is not written as drawn nothing is lent, and nothing will be but by `draw`.
    queryDraw: async (_call, { drawNo }) => {
      const known = await inBook((tx) => findDraw(tx, lenderId, drawNo))
      return known?.status === 'drawn' ? ok(drawnOf(known, clock)) : none
    },
    reverseDraw: async (_call, { reversalNo, amountFen }) => {
      const known = await inBook((tx) => findReversal(tx, lenderId, reversalNo))
      return ok({ lenderNo: reversalNo, amountFen, at: known?.doneAt ?? clock.now() })
    },
    queryReversal: async (_call, { reversalNo }) => {
      const known = await inBook((tx) => findReversal(tx, lenderId, reversalNo))
      if (known?.status !== 'done') return none
      return ok({
        lenderNo: reversalNo,
        amountFen: known.amountFen,
        at: known.doneAt ?? clock.now(),
      })
    },
    bills: async (_call, { personId }) => ok(await deps.billsOf(lenderId, personId)),
    // The amount is what the book says; the payer was told the same by it.
    createRepayment: async (_call, { repaymentNo, amountFen }) =>
      ok({ amountFen, lenderNo: repaymentNo }),
    payRepayment: (_call, order) => collect.take(lenderId, order),
    queryRepayment: (_call, order) => collect.query(lenderId, order),
    dayStatement: async (_call, { careHospitalId, businessDate }) =>
      listOf(await inBook((tx) => movedOn(tx, lenderId, careHospitalId, businessDate))),
  }
}

export type BuiltInDependencies = {
  db: Db
  clock: Clock
  /** What a person owes the lender in loans. */
  billsOf: (lenderId: LenderId, personId: PersonId) => Promise<LenderBill[]>
  collect: CollectRepayment
}

/** Takes a payer's money for the lender: a debit of their account there, or a channel. Idempotent by repaymentNo. */
export interface CollectRepayment {
  take(lenderId: LenderId, order: RepaymentOrder): Promise<LenderAnswer<Repaid>>
  query(lenderId: LenderId, order: RepaymentOrder): Promise<LenderAnswer<Repaid> | None>
}

async function authorityOf(
  { db, billsOf }: BuiltInDependencies,
  lenderId: LenderId,
  { personId, accountNo }: Holder,
): ReturnType<Lender['authority']> {
  const line = await inHospital(db, lenderId, (tx) => findLine(tx, lenderId, { personId }))
  if (line?.accountNo !== accountNo) return none
  const bills = await billsOf(lenderId, personId)
  return ok({
    accountNo,
    limitFen: line.limitFen,
    loanedFen: line.drawnFen,
    remainingFen: freeFen(line),
    overdueDays: Math.max(0, ...bills.map(({ overdueDays }) => overdueDays)),
    signStatus: line.status === 'active' ? ('signed' as const) : line.status,
  })
}

function drawnAnswer(known: Draw | null, order: DrawOrder, clock: Clock): LenderAnswer<Drawn> {
  if (!known) return refused('not_found', 'no such draw is in the book')
  if (known.amountFen !== order.amountFen) return refused('reused', 'written with another amount')
  if (known.status === 'drawing' || known.status === 'drawn') return ok(drawnOf(known, clock))
  return refused('other', `the draw is ${known.status}`)
}

const drawnOf = ({ drawNo, amountFen, drawnAt }: Draw, clock: Clock): Drawn => ({
  lenderNo: drawNo,
  amountFen,
  at: drawnAt ?? clock.now(),
})

function listOf({ draws, reversals }: { draws: Draw[]; reversals: Reversal[] }): DayAnswer {
  const lines: DayLine[] = [
    ...draws.map(({ drawNo, lenderNo, amountFen, drawnAt }) =>
      lineOf('draw', { ourNo: drawNo, lenderNo, amountFen, at: drawnAt }),
    ),
    ...reversals.map(({ reversalNo, lenderNo, amountFen, doneAt }) =>
      lineOf('reversal', { ourNo: reversalNo, lenderNo, amountFen, at: doneAt }),
    ),
  ].flat()
  const rows = lines.map((line) =>
    [line.kind, line.ourNo, line.lenderNo, line.amountFen, line.at.toISOString()].join('\t'),
  )
  const sum = fen(
    lines.reduce((all, line) => all + (line.kind === 'draw' ? 1 : -1) * line.amountFen, 0),
  )
  const content = [...rows, `total\t${rows.length}\t${sum}`].join('\n')
  return { outcome: 'lines', lines, content }
}

/** None for a row without its moment: such a one has not happened. */
const lineOf = (
  kind: DayLine['kind'],
  row: { ourNo: string; lenderNo: string | null; amountFen: Fen; at: Date | null },
): DayLine[] =>
  row.at === null || row.lenderNo === null
    ? []
    : [{ kind, ourNo: row.ourNo, lenderNo: row.lenderNo, amountFen: row.amountFen, at: row.at }]

const ok = <T>(data: T) => ({ outcome: 'ok', data }) as const

const none: None = { outcome: 'none' }

const refused = (code: 'not_found' | 'reused' | 'other', reason: string) =>
  ({ outcome: 'refused', code, reason }) as const
