import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { cancel } from './cancel.ts'
import { confirm } from './confirm.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { advance, recheck } from './machine.ts'
import { readNotice, takeNotice } from './notices.ts'
import type { PaymentId } from './payment.ts'
import { quote } from './quote.ts'
import {
  approveRefund,
  askForApproval,
  declineRefund,
  requestRefundAlone,
  requestRefundOfHis,
} from './refund/approval.ts'
import { advanceRefund } from './refund/machine.ts'
import { requestRefund } from './refund/request.ts'
import { retryRefund } from './refund/retry.ts'
import { decideRefundRule, setRefundRule } from './refund/rule-change.ts'
import { giveBack, tellHospitalAgain, tellRefundAgain } from './repair.ts'
import { billsOf, paymentsDueAt, tendersOf } from './store.ts'
import { sweep } from './sweep.ts'

type Due = { due: Date | null }

export type Payments = ReturnType<typeof createPayments>

/** The use cases of payments. What each may answer besides its result is in errors.ts. */
export function createPayments(deps: PaymentsDependencies) {
  const { db } = deps
  const given =
    <Args extends unknown[], Result>(
      useCase: (deps: PaymentsDependencies, ...args: Args) => Promise<Result>,
    ) =>
    (...args: Args): Promise<Result> =>
      useCase(deps, ...args)
  return {
    quote: given(quote),
    confirm: given(confirm),
    cancel: given(cancel),
    requestRefund: given(requestRefund),
    requestRefundAlone: given(requestRefundAlone),
    requestRefundOfHis: given(requestRefundOfHis),
    askForApproval: given(askForApproval),
    approveRefund: given(approveRefund),
    declineRefund: given(declineRefund),
    setRefundRule: given(setRefundRule),
    decideRefundRule: given(decideRefundRule),
    retryRefund: given(retryRefund),
    tellHospitalAgain: given(tellHospitalAgain),
    tellRefundAgain: given(tellRefundAgain),
    giveBack: given(giveBack),
    takeNotice: given(takeNotice),
    readNotice: given(readNotice),
    advance: given(advance),
    recheck: given(recheck),
    advanceRefund: given(advanceRefund),
    sweep: given(sweep),
    /** Who is to pay how much of a payment. */
    tendersOf: (hospitalId: HospitalId, id: PaymentId) =>
      inHospital(db, hospitalId, (tx) => tendersOf(tx, hospitalId, id)),
    async billNosOf(hospitalId: HospitalId, id: PaymentId): Promise<string[]> {
      const bills = await inHospital(db, hospitalId, (tx) => billsOf(tx, hospitalId, id))
      return bills.map((bill) => bill.billNo)
    },
    /** When a payment or a refund of the hospital is due next; null for none. */
    nextDueAt: (hospitalId: HospitalId): Promise<Date | null> =>
      inHospital(db, hospitalId, async (tx) => {
        const { rows } = await sql<Due>`select ${paymentsDueAt(hospitalId)} as due`.execute(tx)
        return rows[0]?.due ?? null
      }),
  }
}
