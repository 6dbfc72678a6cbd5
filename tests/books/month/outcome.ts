import { addDays } from '../../../kernel/time.ts'
import { balancesOf } from '../../../modules/ledger/index.ts'
import { listCases } from '../../../modules/reconciliation/case-store.ts'
import { closingsOf } from '../../../modules/reconciliation/closing/closing-store.ts'
import { listDifferences } from '../../../modules/reconciliation/reads-store.ts'
import { inHospital } from '../../../platform/db.ts'
import type { Month } from './month.ts'
import { caseText, differenceText, feeText } from './planted.ts'

const MOST = 10_000

export type Outcome = Awaited<ReturnType<typeof outcomeOf>>

/** Everything the hub shows of a month when it is over, but for ids and moments. */
export async function outcomeOf({ hub, first, until }: Month) {
  const { db, hospitalId, office } = hub
  const range = { from: first, to: until }
  const differences: string[] = []
  const closings: string[] = []
  for (let date = first; date < until; date = addDays(date, 1)) {
    const found = await inHospital(db, hospitalId, (tx) =>
      listDifferences(tx, hospitalId, { businessDate: date, limit: MOST }),
    )
    differences.push(...found.map((one) => differenceText({ ...one, date: one.businessDate })))
    const versions = await inHospital(db, hospitalId, (tx) => closingsOf(tx, hospitalId, date))
    const standing = versions.filter(({ reopened }) => reopened === null)
    closings.push(`${date} v${versions.length}, ${standing.length} standing`)
  }
  const cases = await inHospital(db, hospitalId, (tx) => listCases(tx, hospitalId, { limit: MOST }))
  const accounts = await inHospital(db, hospitalId, (tx) => balancesOf(tx, hospitalId))
  const batches = await office.settlement.batches(hospitalId, range)
  const fees: string[] = []
  for (const { provider, business_date: date } of batches) {
    const { differences: lines } = await office.settlement.batch({ hospitalId, provider, date })
    for (const { our_no: ourNo, billed_fen: billedFen, contract_fen: contractFen } of lines) {
      fees.push(feeText({ provider, date, ourNo, billedFen, contractFen }))
    }
  }
  const receipts = await office.settlement.receipts(hospitalId, { ...range, onlyUnexplained: true })
  return {
    differences: differences.toSorted(),
    cases: cases
      .map((one) => caseText({ ...one, date: one.businessDate, source: one.source ?? '' }))
      .toSorted(),
    closings,
    batches: batches
      .map((b) =>
        [b.provider, b.business_date, b.expected_on, b.status, b.payout_fen, b.received_fen]
          .concat([b.fee_fen, b.contract_fee_fen].map(String))
          .join(' '),
      )
      .toSorted(),
    fees: fees.toSorted(),
    unexplained: receipts
      .map((row) => `${row.bank_ref} ${row.amount_fen - row.allocated_fen}`)
      .toSorted(),
    balances: Object.fromEntries(
      accounts
        .map(({ code, debitFen, creditFen }) => [code, debitFen - creditFen] as const)
        .filter(([, balanceFen]) => balanceFen !== 0)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  }
}
