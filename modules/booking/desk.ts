import type { HospitalId } from '../../kernel/id.ts'
import { readTradeNo } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type {
  BillDesk,
  DeskAnswer,
  PaidBill,
  Payable,
  RefundNotice,
  WriteBackAnswer,
} from '../payments/index.ts'
import { confirm } from './book.ts'
import type { PersonId } from './booking.ts'
import { end } from './cancel.ts'
import type { BookingContext } from './dependencies.ts'
import { bookingErrors } from './errors.ts'
import { isLive } from './machine.ts'
import { findSession } from './session-store.ts'
import { lockByBill, lockByRefundNo, updateAppointment } from './store.ts'
import { tell } from './telling.ts'

/**
 * The bill desk with the bills of the hub's own numbers before those of the hospitals' systems. The word on a paid hold
 * is said here, under the lock of its row: it is booked, or has expired and the payment gives the money back.
 */
export function createBookingBillDesk(context: BookingContext, others: BillDesk): BillDesk {
  return {
    async present(request) {
      const own = request.bills.filter(({ billNo }) => isOurs(billNo))
      const rest = request.bills.filter(({ billNo }) => !isOurs(billNo))
      const theirs = rest.length > 0 ? await others.present({ ...request, bills: rest }) : []
      const { hospitalId, personId } = request
      const ours = await Promise.all(
        own.map(({ billNo }) => present(context, hospitalId, personId, billNo)),
      )
      return [...ours, ...theirs]
    },
    writeBack: (call, paid) =>
      isOurs(paid.billNo)
        ? writeBack(context, call.hospitalId, paid)
        : others.writeBack(call, paid),
    voidWriteBack: (call, paid) =>
      isOurs(paid.billNo)
        ? voidWriteBack(context, call.hospitalId, paid)
        : others.voidWriteBack(call, paid),
    approveRefund: (call, refund) =>
      isOurs(refund.billNo)
        ? approveRefund(context, call.hospitalId, refund)
        : others.approveRefund(call, refund),
    async completeRefund(call, refund) {
      const own = await inHospital(context.db, call.hospitalId, (tx) =>
        noteReturned(context, tx, call.hospitalId, refund.refundNo),
      )
      if (!own) return others.completeRefund(call, refund)
      return { outcome: 'done', data: { receiptNo: refund.refundNo } }
    },
    async cancelRefund(call, refund) {
      // The fee stays on its way back: a refund that a provider refuses is a person's to send on.
      const own = await inHospital(context.db, call.hospitalId, (tx) =>
        lockByRefundNo(tx, call.hospitalId, refund.refundNo),
      )
      return own ? DONE : others.cancelRefund(call, refund)
    },
  }
}

/** A number of ours is made of a hospital and an appointment, as no hospital's system makes one. */
const isOurs = (billNo: string): boolean => readTradeNo(billNo) !== null

const DONE = { outcome: 'done', data: {} } as const

async function present(
  { db, clock }: BookingContext,
  hospitalId: HospitalId,
  personId: PersonId,
  billNo: string,
): Promise<Payable> {
  return inHospital(db, hospitalId, async (tx) => {
    const row = await lockByBill(tx, hospitalId, billNo)
    if (row?.person_id !== personId) throw bookingErrors.appointment_not_found({ id: billNo })
    const isDue = row.status === 'held' && row.fee === 'due'
    if (!isDue || row.expires_at === null || clock.now() >= row.expires_at) {
      throw bookingErrors.hold_expired({ status: row.status })
    }
    const session = await findSession(tx, { hospitalId, sessionId: row.session_id })
    if (!session) throw bookingErrors.session_not_found({ id: row.session_id })
    const { department_name, doctor_name, department_code, doctor_code } = session
    const item = { billNo, lineNo: 1, unitPriceFen: row.fee_fen, quantity: 1 }
    return {
      billNo,
      version: row.bill_version ?? 1,
      visitNo: billNo,
      patientNo: row.patient_no ?? billNo,
      kind: 'registration',
      title: `${department_name} ${doctor_name}`,
      department: { code: department_code, name: department_name },
      doctor: { code: doctor_code, name: doctor_name },
      diagnosis: { code: '', name: '' },
      billedAt: row.created_at,
      totalFen: row.fee_fen,
      lines: [{ ...item, ...REGISTRATION, amountFen: row.fee_fen }],
    }
  })
}

/** 挂号费, which no insurance pays of the hub's own numbers: the hospital's system knows nothing of it yet. */
const REGISTRATION = {
  code: 'registration',
  nationalCode: '',
  name: '挂号费',
  spec: '',
  unit: '次',
  chargeCategory: '13',
  insuranceClass: 'C',
} as const

async function writeBack(
  context: BookingContext,
  hospitalId: HospitalId,
  { billNo, paymentNo, totalFen }: PaidBill,
): Promise<WriteBackAnswer> {
  return inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockByBill(tx, hospitalId, billNo)
    if (!row) return refused('bill_not_found')
    const receipt = { receiptNo: billNo, guidance: [] }
    if (row.payment_no === paymentNo && row.status !== 'held') {
      return isLive(row.status) ? { outcome: 'done', data: receipt } : refused('bill_void')
    }
    if (row.status === 'booked') return refused('bill_already_paid')
    if (row.status !== 'held' || row.fee !== 'due') {
      await tell(context, tx, row, 'paid_too_late')
      return refused('bill_void')
    }
    if (row.fee_fen !== totalFen) return refused('amount_mismatch')
    // Paid before the hold was taken away, though perhaps after its time: it is the person's.
    await confirm(context, tx, row, { fee: 'paid', payment_no: paymentNo })
    return { outcome: 'done', data: receipt }
  })
}

async function voidWriteBack(
  context: BookingContext,
  hospitalId: HospitalId,
  { billNo, paymentNo, reason }: { billNo: string; paymentNo: string; reason: string },
): Promise<DeskAnswer> {
  const rules = await context.rulesOf(hospitalId)
  return inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockByBill(tx, hospitalId, billNo)
    if (!row || row.payment_no !== paymentNo || row.status !== 'booked') return DONE
    // The payment gives its money back by itself.
    await end(
      context,
      tx,
      rules,
      { ...row, fee: 'none' },
      { to: 'cancelled', reason: reason.slice(0, 200) },
    )
    return DONE
  })
}

/** The hospital's word on a refund: a visit that took place is paid; one that is given back is not kept. */
async function approveRefund(
  context: BookingContext,
  hospitalId: HospitalId,
  { billNo, paymentNo, refundNo }: RefundNotice,
): Promise<DeskAnswer> {
  const rules = await context.rulesOf(hospitalId)
  return inHospital(context.db, hospitalId, async (tx) => {
    const row = await lockByBill(tx, hospitalId, billNo)
    if (!row || row.payment_no !== paymentNo) return refused('refund_not_allowed')
    if (row.status === 'checked_in' || row.status === 'finished' || row.status === 'no_show') {
      return refused('refund_not_allowed')
    }
    const now = context.clock.now()
    const due = { refund_no: refundNo, fee: 'returning', due_at: null } as const
    if (row.status !== 'booked') {
      await updateAppointment(tx, row, due, now)
      return DONE
    }
    // Asked for at the hospital's desk: who gets the fee back does not come.
    const ended = await end(context, tx, rules, row, { to: 'cancelled', reason: 'refunded' })
    await updateAppointment(tx, ended, due, now)
    return DONE
  })
}

/** False when it is no refund of ours. */
async function noteReturned(
  context: BookingContext,
  tx: Tx,
  hospitalId: HospitalId,
  refundNo: string,
): Promise<boolean> {
  const row = await lockByRefundNo(tx, hospitalId, refundNo)
  if (!row) return false
  if (row.fee === 'returning') {
    const changed = await updateAppointment(tx, row, { fee: 'returned' }, context.clock.now())
    await tell(context, tx, changed, 'returned', { feeFen: row.fee_fen })
  }
  return true
}

const refused = (code: string) => ({ outcome: 'refused', code, reason: code }) as const
