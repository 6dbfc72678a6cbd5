import { describe, expect, it } from 'vitest'

import { pick, type Random, randomBelow, seededRandom } from '../../../kernel/random.ts'
import { addDays, businessDate, businessDateOf } from '../../../kernel/time.ts'
import { listBills } from './bill-rows.ts'
import { createBill, dispense } from './bills.ts'
import { checkBooks } from './books.ts'
import { listClinics, stopClinic } from './clinics.ts'
import type { His } from './context.ts'
import { dayBook } from './day-book.ts'
import { payOnce, refundOnce } from './pay-once.ts'
import type { Answer, Bill } from './protocol.ts'
import { checkIn } from './queue.ts'
import { randomOrder } from './random-bill.ts'
import { approveRefund, cancelRefund } from './refunds.ts'
import { cancelRegistration, listRegistrations, register } from './registrations.ts'
import { patientNoOf } from './registry.ts'
import { lockSlot, unlockSlot } from './slot-locks.ts'
import { payDeposit, preSettleStay, refundDeposit, settleStay, stayReceipts } from './stay-money.ts'
import { admit, listStays, orderDischarge } from './stays.ts'
import { sweep } from './sweep.ts'
import { openTestBooks, TestClock, world } from './testing.ts'
import { voidWriteBack } from './write-back.ts'

// Whatever is asked in whatever order, also what is nonsense at the moment: the books stay right, and the days add
// up to what was paid and given back.

const STEPS = 400
const PEOPLE = 4
const FIRST_DAY = businessDate('2026-11-23')

describe.each(['one', 'two', 'three'])('a walk through the hospital: seed %s', (seed) => {
  it('leaves its books right', () => {
    const clock = new TestClock('2026-11-23T07:05:00+08:00')
    const his = openTestBooks(clock)
    const random = seededRandom(`walk ${seed}`)
    const counts = new Map<string, number>()
    const findings: string[] = []
    for (let step = 1; step <= STEPS; step++) {
      const [name, act] = pick(random, Object.entries(ACTS))
      const answer = his.store.transaction(() => {
        sweep(his)
        return act({ his, random, step })
      })
      const outcome = `${name} ${answer?.code ?? 'nothing'}`
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      if (step % 25 === 0) findings.push(...checkBooks(his).map((f) => `${step}: ${f}`))
      clock.move(1_000 * randomBelow(random, 120))
    }
    expect([...findings, ...checkBooks(his)]).toEqual([])
    // The walk is worth nothing when all of it is refused.
    for (const done of ['register', 'pay', 'deposit', 'approve', 'giveBack', 'checkIn']) {
      expect([done, counts.get(`${done} OK`) ?? 0]).not.toEqual([done, 0])
    }
    const days = [0, 1, 2, 3].flatMap((i) => dayBook(his, addDays(FIRST_DAY, i)))
    expect(netOf(days)).toBe(netInBooks(his))
    his.store.close()
  }, 60_000)
})

type Step = { his: His; random: Random; step: number }

const somebody = (random: Random) => 1 + randomBelow(random, PEOPLE)

const numberOf = (his: His, personNo: number): string => {
  const person = world.people.find(({ no }) => no === personNo)
  if (!person) throw new Error('the world has people')
  return patientNoOf(his.registry, person)
}

function someBill({ his, random }: Step, status: 'open' | 'paid') {
  const bills = listBills(his, { status })
  return bills.length > 0 ? pick(random, bills) : null
}

function somePlace({ his, random }: Step) {
  const places = listRegistrations(his, numberOf(his, somebody(random)))
  return places.length > 0 ? pick(random, places) : null
}

function someStay({ his, random }: Step) {
  const stays = listStays(his, numberOf(his, somebody(random)))
  return stays.length > 0 ? pick(random, stays) : null
}

function someRefund({ his, random }: Step): { refundNo: string; amountFen: number } | null {
  const sql = `select refund_no as "refundNo", amount_fen as "amountFen" from refund`
  const refunds = his.store.all<{ refundNo: string; amountFen: number }>(sql)
  return refunds.length > 0 ? pick(random, refunds) : null
}

const ACTS: Record<string, (step: Step) => Answer | null> = {
  bill({ his, random }) {
    createBill(his, randomOrder(his, random, somebody(random)))
    return null
  },
  lock: ({ his, random, step }) =>
    lockSlot(his, { lockKey: `L${step}`, clinicNo: clinicNo(his, random), number: null }),
  unlock: ({ his, random, step }) => unlockSlot(his, { lockNo: `L${randomBelow(random, step)}` }),
  register: ({ his, random, step }) => {
    const patientNo = numberOf(his, somebody(random))
    const place = { orderNo: `O${step}`, patientNo, clinicNo: clinicNo(his, random) }
    const locked = randomBelow(random, 4) === 0
    const lockNo = locked ? `L${randomBelow(random, step)}` : null
    return register(his, { ...place, number: null, lockNo })
  },
  cancel(step) {
    const place = somePlace(step)
    return place && cancelRegistration(step.his, place)
  },
  checkIn(step) {
    const places = listRegistrations(step.his, numberOf(step.his, somebody(step.random)))
    const place = places.find(({ status }) => status === 'confirmed') ?? null
    return place && checkIn(step.his, place)
  },
  pay: (step) => payABill(step, someBill(step, 'open')),
  payPlace(step) {
    const bills = listBills(step.his, { status: 'open', newestFirst: true })
    return payABill(step, bills.find(({ kind }) => kind === 'registration') ?? null)
  },
  takeBack(step) {
    const bill = someBill(step, 'paid')
    const { paymentNo = null, billNo = '' } = bill ?? {}
    return paymentNo === null
      ? null
      : voidWriteBack(step.his, { paymentNo, billNo, reason: '冲正' })
  },
  dispense(step) {
    const bill = someBill(step, 'paid')
    const line = bill?.items.find(({ status }) => status === 'charged')
    const sql = 'select 1 from item where bill_no = ? and line_no = ? and locked_by is null'
    if (!bill || !line || !step.his.store.get(sql, bill.billNo, line.lineNo)) return null
    dispense(step.his, bill.billNo, [line.lineNo])
    return null
  },
  approve(step) {
    const bill = someBill(step, 'paid')
    const { paymentNo = null } = bill ?? {}
    if (!bill || paymentNo === null) return null
    const lines = randomBelow(step.random, 2) === 0 ? [] : bill.items.slice(0, 1)
    const amountFen = (lines.length > 0 ? lines : bill.items).reduce((s, l) => s + l.amountFen, 0)
    const wish = { refundNo: `R${step.step}`, paymentNo, billNo: bill.billNo, reason: '退费' }
    return approveRefund(step.his, { ...wish, lines, amountFen })
  },
  giveBack(step) {
    const refund = someRefund(step)
    return refund && refundOnce(step.his, { ...refund, at: step.his.clock.now() })
  },
  keep(step) {
    const refund = someRefund(step)
    return refund && cancelRefund(step.his, { refundNo: refund.refundNo, reason: '不退了' })
  },
  admit({ his, random }) {
    const departmentCode = pick(random, his.registry.hospital.departments).code
    admit(his, { personNo: somebody(random), departmentCode })
    return null
  },
  deposit(step) {
    const stay = someStay(step)
    const { his, random } = step
    if (!stay) return null
    const deposit = { paymentNo: `D${step.step}`, stayNo: stay.stayNo, paidAt: his.clock.now() }
    const amountFen = 10_000 + randomBelow(random, 90_000)
    return payDeposit(his, { ...deposit, amountFen, tradeNo: `WX${step.step}` }, false)
  },
  giveDepositBack(step) {
    const stay = someStay(step)
    const deposit = stay && stayReceipts(step.his, stay.stayNo).find((r) => r.kind === 'deposit')
    if (!deposit) return null
    const refund = { refundNo: `RD${step.step}`, paymentNo: deposit.paymentNo }
    const amountFen = 1 + randomBelow(step.random, 40_000)
    return refundDeposit(step.his, { ...refund, amountFen, at: step.his.clock.now() })
  },
  leave(step) {
    const stay = someStay(step)
    if (!stay) return null
    if (stay.status === 'in_hospital') orderDischarge(step.his, stay.stayNo)
    const asked = preSettleStay(step.his, stay)
    const shares = asked.data as { pooledFen: number; accountFen: number; payableFen: number }
    if (asked.code !== 'OK') return asked
    const { pooledFen, accountFen, payableFen: payFen } = shares
    const settlement = { paymentNo: `S${step.step}`, stayNo: stay.stayNo, tradeNo: null }
    const money = { pooledFen, accountFen, payFen, paidAt: step.his.clock.now() }
    return settleStay(step.his, { ...settlement, ...money }, false)
  },
  stop({ his, random }) {
    if (randomBelow(random, 5) === 0) stopClinic(his, clinicNo(his, random), '停诊')
    return null
  },
}

function payABill(step: Step, bill: Bill | null): Answer | null {
  if (!bill) return null
  const { billNo, totalFen } = bill
  const tenders = [{ kind: 'self_pay' as const, amountFen: totalFen, tradeNo: `WX${step.step}` }]
  const payment = { paymentNo: `P${step.step}`, billNo, totalFen, paidAt: step.his.clock.now() }
  return payOnce(step.his, { ...payment, tenders, insuranceSettlementNo: null }, false)
}

/** Of two departments and today's, so that people meet. */
function clinicNo(his: His, random: Random): string {
  const codes = his.registry.hospital.departments.slice(0, 2).map(({ code }) => code)
  const today = businessDateOf(his.clock.now())
  const days = { from: today, to: addDays(today, randomBelow(random, 2)) }
  return pick(random, listClinics(his, { departmentCode: pick(random, codes), ...days })).clinicNo
}

const netOf = (lines: ReturnType<typeof dayBook>): number =>
  lines.reduce((sum, line) => sum + (line.kind === 'payment' ? 1 : -1) * line.amountFen, 0)

/** What the bills say is paid and not given back, and what the stays were paid. */
function netInBooks({ store }: His): number {
  const sql = `select
    (select coalesce(sum(amount_fen), 0) from item join bill using (bill_no)
      where bill.status in ('paid', 'part_refunded') and item.status <> 'refunded')
    + (select coalesce(sum(case kind when 'deposit_refund' then -amount_fen else amount_fen end), 0)
      from stay_receipt) as net_fen`
  return store.get<{ net_fen: number }>(sql)?.net_fen ?? 0
}
