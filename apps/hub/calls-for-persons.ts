import type { HospitalId } from '../../kernel/id.ts'
import { fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import {
  fileSubject,
  payoutSubject,
  receiptSubject,
  type Reconciliation,
} from '../../modules/reconciliation/index.ts'
import type { Settlement } from '../../modules/settlement/index.ts'
import type { ListAwaited, StatementFiles } from '../../modules/statements/index.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'

const MOST_REASON = 500

/**
 * What other modules cannot do without a person becomes a case, and ends when its ground is gone. Events come more than
 * once and in any order, so each handler looks at how things stand now, and holds them while it writes.
 */
export function createCallsForPersons(parts: CallParts) {
  return { ...callsOfLists(parts), ...callsOfMoney(parts) }
}

function callsOfLists({ db, reconciliation, statementFiles }: CallParts) {
  return { onListMissing, onStatementArrived }

  async function onListMissing({ hospitalId, source, date, state, reason }: ListAwaited) {
    await inHospital(db, hospitalId, async (tx) => {
      const key = { hospitalId, source, businessDate: date }
      if (!(await statementFiles.isAwaited(tx, key))) return
      await reconciliation.callPerson(tx, hospitalId, {
        class: state === 'refused' ? 'statement_refused' : 'statement_missing',
        subject: fileSubject(date, source),
        businessDate: date,
        source,
        amountFen: ZERO,
        reason: (reason ?? 'statement_missing').slice(0, MOST_REASON),
      })
    })
  }

  async function onStatementArrived({ hospitalId, source, date }: Events['statements.taken']) {
    if (date !== null) await endCasesOfFile(hospitalId, date, source)
  }

  function endCasesOfFile(hospitalId: HospitalId, date: BusinessDate, source: string) {
    return inHospital(db, hospitalId, async (tx) => {
      for (const cls of ['statement_missing', 'statement_refused'] as const) {
        const about = { subject: fileSubject(date, source), class: cls }
        await reconciliation.endCall(tx, hospitalId, about, 'statement_arrived')
      }
    })
  }
}

/** What is to come and what has come: late, too little, too much, or nobody knows what for. */
function callsOfMoney({ db, reconciliation, settlement }: CallParts) {
  return { onPayoutChanged, onReceiptOverdue, onReceiptExplained }

  async function onPayoutChanged(event: Events['settlement.batch_changed']) {
    const { hospitalId, provider, date } = event
    await inHospital(db, hospitalId, async (tx) => {
      const payout = await settlement.payoutStanding(tx, { hospitalId, provider, date })
      const call = payout && CALL_OF_PAYOUT[payout.status]
      const subject = payoutSubject(provider, date)
      for (const cls of ['payout_late', 'payout_differs'] as const) {
        if (call?.class === cls) continue
        await reconciliation.endCall(tx, hospitalId, { subject, class: cls }, 'ended')
      }
      if (!payout || !call) return
      const amountFen = fen(Math.abs(payout.openFen))
      const about = { subject, businessDate: date, source: provider, amountFen }
      await reconciliation.callPerson(tx, hospitalId, { ...about, ...call })
    })
  }

  async function onReceiptOverdue(key: Events['settlement.receipt_overdue']) {
    const { hospitalId, account, bankRef, variant } = key
    await inHospital(db, hospitalId, async (tx) => {
      const receipt = await settlement.unexplainedReceipt(tx, key)
      if (!receipt) return
      await reconciliation.callPerson(tx, hospitalId, {
        class: 'receipt_unexplained',
        subject: receiptSubject(account, bankRef, variant),
        businessDate: receipt.bookedOn,
        source: null,
        amountFen: fen(Math.abs(receipt.leftFen)),
        reason: variant === 1 ? 'receipt_unexplained' : 'receipt_variant',
      })
    })
  }

  async function onReceiptExplained(event: Events['settlement.receipt_explained']) {
    const { hospitalId, account, bankRef, variant } = event
    const subject = receiptSubject(account, bankRef, variant)
    const about = { subject, class: 'receipt_unexplained' as const }
    await inHospital(db, hospitalId, (tx) =>
      reconciliation.endCall(tx, hospitalId, about, 'counterpart_arrived'),
    )
  }
}

const CALL_OF_PAYOUT: Partial<Record<PayoutStatus, Pick<NewCase, 'class' | 'reason'>>> = {
  late: { class: 'payout_late', reason: 'payout_late' },
  short: { class: 'payout_differs', reason: 'payout_short' },
  over: { class: 'payout_differs', reason: 'payout_over' },
}

type NewCase = Parameters<Reconciliation['callPerson']>[2]
type PayoutStatus = Events['settlement.batch_changed']['status']

type CallParts = {
  db: Db
  reconciliation: Pick<Reconciliation, 'callPerson' | 'endCall'>
  statementFiles: Pick<StatementFiles, 'isAwaited'>
  settlement: Pick<Settlement, 'payoutStanding' | 'unexplainedReceipt'>
}
