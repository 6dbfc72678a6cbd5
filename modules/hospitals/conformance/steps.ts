import { fen } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import type { HisAppointment, HisRegistration, HisSchedule, HisSlot } from '../interface/booking.ts'
import type {
  HisBill,
  HisReceipt,
  HisRefund,
  HisRefundDone,
  HisWriteBack,
} from '../interface/data.ts'
import { NotTried, prepared } from './outcome.ts'
import type { Session, TestPatient } from './session.ts'

// What checks are made of: the small steps of the hub's own life with a hospital.

/** An open bill's number and what it comes to by the sandbox's own word, where it says so. */
export async function openBillNo(
  session: Session,
  lines = 1,
): Promise<{ billNo: string; totalFen: number | null; patientNo: string }> {
  const { patientNo } = await session.patient(0)
  if (session.offers('bills.open')) {
    const { billNo, totalFen } = await session.hand('bills.open', { patientNo, lines })
    session.bills.add(billNo)
    if (session.isDescribed) await session.his.openBills(session.call, patientNo)
    return { billNo, totalFen, patientNo }
  }
  if (lines > 1) await session.hand('bills.open', { patientNo, lines })
  const { registration } = await registered(session, await session.patient(0))
  if (registration.billNo === null) {
    throw new NotTried({
      zh: '没有可缴费的账单：挂号不收费，也没有 bills.open',
      en: 'no bill to pay: registering is free, and there is no hand bills.open',
    })
  }
  return { billNo: registration.billNo, totalFen: null, patientNo }
}

export async function openBill(session: Session, lines = 1): Promise<HisBill> {
  const { billNo } = await openBillNo(session, lines)
  return billAt(session, billNo)
}

export const billAt = async ({ his, call }: Session, billNo: string): Promise<HisBill> =>
  prepared('bills.get', await his.bill(call, billNo))

/** A write-back that pays the bill in full by one tender. */
export function paymentOf(
  session: Session,
  bill: HisBill,
  changes: Partial<HisWriteBack> = {},
): HisWriteBack {
  const paymentNo = session.newNo('P')
  return {
    paymentNo,
    billNo: bill.billNo,
    version: bill.version,
    totalFen: bill.totalFen,
    paidAt: session.justNow(),
    tenders: [{ kind: 'self_pay', amountFen: bill.totalFen, tradeNo: `T${paymentNo}` }],
    insuranceSettlementNo: null,
    ...changes,
  }
}

export type PaidBill = { bill: HisBill; payment: HisWriteBack; receipt: HisReceipt }

/** A bill that is paid, as the hub pays it. */
export async function paidBill(session: Session, lines = 1): Promise<PaidBill> {
  return paidOf(session, await openBill(session, lines))
}

export async function paidOf(session: Session, bill: HisBill): Promise<PaidBill> {
  const payment = paymentOf(session, bill)
  const { his, call, standing } = session
  const receipt = prepared('bills.writeBack', await his.writeBack(call, payment))
  standing.paid(payment, receipt.receiptNo)
  return { bill, payment, receipt }
}

/** Takes a payment back, as the hub does whose payer got the money again. */
export async function takenBack({ his, call, standing }: Session, payment: HisWriteBack) {
  const { paymentNo, billNo } = payment
  const body = { paymentNo, billNo, reason: '测试冲正' }
  const voided = prepared('bills.voidWriteBack', await his.voidWriteBack(call, body))
  standing.voided(paymentNo, billNo)
  return { body, voided }
}

/** A refund of some lines of a paid bill, all of them where none is named. */
export function refundOf(
  session: Session,
  { bill, payment }: PaidBill,
  lineNos: readonly number[] = [],
): HisRefund {
  const wanted = bill.items.filter(({ lineNo }) => lineNos.length === 0 || lineNos.includes(lineNo))
  return {
    refundNo: session.newNo('R'),
    paymentNo: payment.paymentNo,
    billNo: bill.billNo,
    lineNos: [...lineNos],
    amountFen: fen(wanted.reduce((sum, item) => sum + item.amountFen, 0)),
    reason: '测试退费',
  }
}

export const completionOf = (session: Session, refund: HisRefund): HisRefundDone => ({
  refundNo: refund.refundNo,
  completedAt: session.justNow(),
  tenders: [{ kind: 'self_pay', amountFen: refund.amountFen }],
})

/** A refund that the hospital has agreed to. */
export async function approved(session: Session, refund: HisRefund): Promise<HisRefund> {
  prepared('refunds.approve', await session.his.approveRefund(session.call, refund))
  return refund
}

export type Place = { schedule: HisSchedule; slot: HisSlot; slots: HisSlot[] }

/** A slot that can be had at a clinic where neither patient has been registered in this run. */
export async function freePlace(session: Session, day: 'today' | 'later'): Promise<Place> {
  const { his, call, clock, used } = session
  const today = businessDateOf(clock.now())
  const fit = (await session.clinics()).filter(
    ({ status, left, businessDate, scheduleNo }) =>
      status === 'open' &&
      left > 0 &&
      (businessDate === today) === (day === 'today') &&
      !used.has(scheduleNo),
  )
  for (const schedule of fit.slice(0, MOST_CLINICS)) {
    const slots = prepared('slots.list', await his.slots(call, schedule.scheduleNo))
    const slot = slots.find(({ status, startsAt }) => status === 'free' && startsAt > clock.now())
    used.add(schedule.scheduleNo)
    if (slot) return { schedule, slot, slots }
  }
  throw new NotTried(
    day === 'today'
      ? { zh: '当天没有空闲号源', en: 'no slot is free today' }
      : { zh: '后七天没有空闲号源', en: 'no slot is free in the next seven days' },
  )
}

const MOST_CLINICS = 20

export const lockOf = (
  session: Session,
  { schedule, slot }: Place,
  { patientNo }: TestPatient,
) => ({
  lockNo: session.newNo('L'),
  scheduleNo: schedule.scheduleNo,
  slotNo: slot.slotNo,
  patientNo,
  holdSeconds: HOLD_SECONDS,
})

export const HOLD_SECONDS = 300

export const appointmentOf = (
  session: Session,
  { schedule, slot }: Place,
  { patientNo }: TestPatient,
  lockNo: string | null = null,
): HisAppointment => ({
  appointmentNo: session.newNo('A'),
  lockNo,
  scheduleNo: schedule.scheduleNo,
  slotNo: slot.slotNo,
  patientNo,
})

export type Registered = {
  place: Place
  appointment: HisAppointment
  registration: HisRegistration
}

/** A place at a clinic, without a lock. */
export async function registered(
  session: Session,
  patient: TestPatient,
  day: 'today' | 'later' = 'later',
): Promise<Registered> {
  const place = await freePlace(session, day)
  const appointment = appointmentOf(session, place, patient)
  const answer = await session.his.register(session.call, appointment)
  const registration = prepared('appointments.register', answer)
  session.appointments.add(appointment.appointmentNo)
  return { place, appointment, registration }
}

/** Pays the fee of a registration, where there is one. */
export async function feePaid(session: Session, { registration }: Registered): Promise<void> {
  if (registration.billNo === null) return
  await paidOf(session, await billAt(session, registration.billNo))
}

/** How a slot stands now. */
export async function slotNow(session: Session, { schedule, slot }: Place): Promise<string> {
  const slots = prepared('slots.list', await session.his.slots(session.call, schedule.scheduleNo))
  return slots.find(({ slotNo }) => slotNo === slot.slotNo)?.status ?? 'not listed'
}
