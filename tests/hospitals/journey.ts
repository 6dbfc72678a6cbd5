import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { world } from '../../apps/simulators/his/testing.ts'
import { addFen, fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import type { HisBill } from '../../modules/hospitals/index.ts'
import { bookingJourney } from './booking.ts'
import type { Stage, Offer } from './stage.ts'
import { billFor, call, exchanges, ok, payment, personOf, refused, selfPaid } from './stage.ts'
import { stayJourney } from './stays.ts'

/** What the hub expects of every hospital system, in the words of the contract, whatever is spoken behind them. */
export function journeyOf(offer: Offer): void {
  describe(`${offer.name}`, () => {
    let stage: Stage
    beforeAll(async () => {
      exchanges.length = 0
      stage = await offer.open()
    }, 60_000)
    afterAll(() => stage.close())
    const now = () => stage

    describe('directory and people', () => {
      directoryJourney(now, offer)
    })
    describe('bills and their payment', () => {
      billJourney(now, offer)
    })
    describe('what is taken or given back', () => {
      refundJourney(now, offer)
    })
    describe('a place at a clinic', () => {
      bookingJourney(now, offer)
    })
    describe('on the ward', () => {
      stayJourney(now, offer)
    })
    describe('the end of the day', () => {
      dayJourney(now, offer)
    })
  })
}

const DAY = businessDate('2026-11-23')

function directoryJourney(stage: () => Stage, { operations }: Offer): void {
  it('says that it is there', async () => {
    expect(ok(await stage().system.heartbeat(call)).at).toBeInstanceOf(Date)
  })

  it.runIf(operations.has('departments.list'))('lists the hospital’s departments', async () => {
    const departments = ok(await stage().system.departments(call))
    const own = world.hospitals[0]?.departments ?? []
    expect(departments.map(({ code, name }) => `${code} ${name}`).toSorted()).toEqual(
      own.map(({ code, name }) => `${code} ${name}`).toSorted(),
    )
  })

  it.each([0, 1, 2])('finds patient %i by identity number and name', async (i) => {
    const { idCardNo, name } = personOf(i)
    const found = ok(await stage().system.resolvePatient(call, { idCardNo, name }))
    expect(found.patientNo).not.toBe('')
    const other = await stage().system.resolvePatient(call, { idCardNo, name: '另外的人' })
    expect(other).toEqual(refused('patient_not_found'))
  })

  it('does not find somebody who was never there', async () => {
    const nobody = { idCardNo: '370202198001010014', name: '查无此人' }
    expect(await stage().system.resolvePatient(call, nobody)).toEqual(refused('patient_not_found'))
  })

  it.runIf(operations.has('patients.create'))('enters a newcomer, once', async () => {
    const newcomer = {
      requestNo: 'N1',
      name: '欧阳𠮷·热合曼',
      idType: 'id_card' as const,
      idNo: '110101199003078275',
      gender: 'male' as const,
      birthDate: '1990-03-07',
      phone: '13800138000',
      guardianPatientNo: null,
    }
    const { system } = stage()
    const { patientNo } = ok(await system.createPatient(call, newcomer))
    expect(ok(await system.createPatient(call, newcomer)).patientNo).toBe(patientNo)
    const { name, idNo } = newcomer
    expect(ok(await system.resolvePatient(call, { name, idCardNo: idNo })).patientNo).toBe(
      patientNo,
    )
  })
}

/** The bill as the hub reads it, of a card holder. */
async function listed(stage: Stage, person: number, billNo: string): Promise<HisBill> {
  const { idCardNo, name } = personOf(person)
  const { patientNo } = ok(await stage.system.resolvePatient(call, { idCardNo, name }))
  const bill = ok(await stage.system.openBills(call, patientNo)).find((b) => b.billNo === billNo)
  if (bill === undefined) throw new Error(`${billNo} is not listed`)
  return bill
}

/** Creates a bill in the hospital and reads it. */
const newBill = (stage: Stage, person: number, lines = 3): Promise<HisBill> =>
  listed(stage, person, billFor(stage.his, personOf(person), lines).billNo)

function billJourney(stage: () => Stage, { operations }: Offer): void {
  it.each([1, 2, 300])('reads a bill of %i lines', async (lines) => {
    const own = billFor(stage().his, personOf(0), lines)
    const bill = await listed(stage(), 0, own.billNo)
    expect(bill).toMatchObject({ totalFen: own.totalFen, status: 'open', visitNo: own.visitNo })
    expect(bill.items.map((item) => item.amountFen)).toEqual(own.items.map((i) => i.amountFen))
    expect(bill.items.map((item) => item.name)).toEqual(own.items.map((i) => i.name))
    expect(ok(await stage().system.bill(call, own.billNo)).version).toBe(bill.version)
  })

  it('does not know a bill that is none', async () => {
    expect(await stage().system.bill(call, 'NOBILL')).toEqual(refused('bill_not_found'))
  })

  it('has no bills for who owes nothing', async () => {
    const { idCardNo, name } = personOf(5)
    const { patientNo } = ok(await stage().system.resolvePatient(call, { idCardNo, name }))
    expect(await stage().system.openBills(call, patientNo)).toEqual({ outcome: 'ok', data: [] })
  })

  it('is paid once, and says the same when it is told again', async () => {
    const { system, clock } = stage()
    const bill = await newBill(stage(), 1)
    const paid = payment(bill, 'JPAY1', clock)
    const receipt = ok(await system.writeBack(call, paid))
    clock.move(60_000)
    expect(await system.writeBack(call, paid)).toEqual({ outcome: 'ok', data: receipt })
    expect(ok(await system.bill(call, bill.billNo))).toMatchObject({ status: 'paid' })
    const other = await system.writeBack(call, payment(bill, 'JPAY2', clock))
    expect(other).toEqual(refused('bill_already_paid'))
    const less = {
      ...paid,
      totalFen: fen(1),
      tenders: payment({ ...bill, totalFen: fen(1) }, 'JPAY1', clock).tenders,
    }
    expect(await system.writeBack(call, less)).toEqual(
      refused('duplicate_different', 'amount_mismatch'),
    )
    expect(stage().his.dayTotals(DAY).payments).toBe(1)
  })

  it('says how a payment stands', async () => {
    const { system } = stage()
    const bill = await newBill(stage(), 1)
    const key = { paymentNo: 'JPAY3', billNo: bill.billNo }
    expect(await system.payment(call, key)).toMatchObject({ data: { status: 'absent' } })
    const { receiptNo } = ok(await system.writeBack(call, payment(bill, 'JPAY3', stage().clock)))
    const stands = { status: 'written_back', receiptNo }
    expect(await system.payment(call, key)).toEqual({ outcome: 'ok', data: stands })
  })

  it('takes what the insurance pays apart', async () => {
    const { system, clock } = stage()
    const bill = await newBill(stage(), 2)
    const third = Math.floor(bill.totalFen / 3)
    const rest = bill.totalFen - 2 * third
    const tenders = (['pooled', 'account', 'self_pay'] as const).map((kind) => ({
      kind,
      amountFen: fen(kind === 'self_pay' ? rest : third),
      tradeNo: kind === 'self_pay' ? 'WXI' : 'SETL1',
    }))
    const paid = { ...payment(bill, 'JPAYI', clock), tenders, insuranceSettlementNo: 'SETL1' }
    ok(await system.writeBack(call, paid))
    const line = stage()
      .his.dayBook(DAY)
      .find(({ paymentNo }) => paymentNo === 'JPAYI')
    expect(line).toMatchObject({ amountFen: bill.totalFen, pooledFen: third, accountFen: third })
  })

  it('refuses tenders that are not the total', async () => {
    const bill = await newBill(stage(), 2)
    const wrong = payment(bill, 'JPAYW', stage().clock)
    const tenders = wrong.tenders.map((each) => ({
      ...each,
      amountFen: addFen(each.amountFen, fen(1)),
    }))
    expect(await stage().system.writeBack(call, { ...wrong, tenders })).toEqual(
      refused('amount_mismatch', 'invalid_request'),
    )
  })

  it('refuses a bill that has changed since it was read, and takes it once it is read again', async () => {
    const { system, his, clock } = stage()
    const bill = await newBill(stage(), 2)
    his.addItem(bill.billNo, { code: world.catalogue[7]?.code ?? '', quantity: 1 })
    const late = await system.writeBack(call, payment(bill, 'JPAY4', clock))
    expect(late).toEqual(refused('bill_changed'))
    const again = ok(await system.bill(call, bill.billNo))
    expect(again.version).not.toBe(bill.version)
    ok(await system.writeBack(call, payment(again, 'JPAY5', clock)))
  })

  it('refuses a bill that the hospital has withdrawn', async () => {
    const bill = await newBill(stage(), 2)
    stage().his.voidBill(bill.billNo)
    const late = await stage().system.writeBack(call, payment(bill, 'JPAY6', stage().clock))
    expect(late).toEqual(refused('bill_void'))
  })

  it.runIf(operations.has('bills.preSettle'))('reckons what the insurance would pay', async () => {
    const { billNo, version, totalFen } = await newBill(stage(), 2)
    const answer = await stage().system.preSettle(call, { billNo, version, insuranceToken: 'T' })
    expect(ok(answer).totalFen).toBe(totalFen)
    const changed = { billNo, version: version + 1, insuranceToken: null }
    expect(await stage().system.preSettle(call, changed)).toEqual(refused('bill_changed'))
  })
}

function refundJourney(stage: () => Stage, { reopens }: Offer): void {
  async function paidBill(paymentNo: string, lines = 3): Promise<HisBill> {
    const bill = await newBill(stage(), 3, lines)
    ok(await stage().system.writeBack(call, payment(bill, paymentNo, stage().clock)))
    return bill
  }
  const refundOf = (bill: HisBill, refundNo: string, paymentNo: string, lineNos: number[]) => {
    const lines = bill.items.filter((item) => lineNos.length === 0 || lineNos.includes(item.lineNo))
    const amountFen = addFen(...lines.map((item) => item.amountFen))
    return { refundNo, paymentNo, billNo: bill.billNo, lineNos, amountFen, reason: '未做' }
  }

  it('gives back one line, then the others, each once', async () => {
    const { system, clock } = stage()
    const bill = await paidBill('JBACK1')
    const [first, ...others] = bill.items.map((item) => item.lineNo)
    const one = refundOf(bill, 'JR1', 'JBACK1', [first ?? 0])
    const approval = ok(await system.approveRefund(call, one))
    expect(ok(await system.approveRefund(call, one))).toEqual(approval)
    const again = { ...one, refundNo: 'JR1B' }
    expect(await system.approveRefund(call, again)).toEqual(refused('refund_not_allowed'))
    const done = { refundNo: 'JR1', completedAt: clock.now(), tenders: selfPaid(one.amountFen) }
    const receipt = ok(await system.completeRefund(call, done))
    expect(ok(await system.completeRefund(call, done))).toEqual(receipt)
    const key = { paymentNo: 'JBACK1', billNo: bill.billNo }
    expect(ok(await system.payment(call, key)).status).toBe('written_back')
    const rest = refundOf(bill, 'JR2', 'JBACK1', others)
    ok(await system.approveRefund(call, rest))
    const tenders = selfPaid(rest.amountFen)
    ok(await system.completeRefund(call, { refundNo: 'JR2', completedAt: clock.now(), tenders }))
    expect(ok(await system.payment(call, key)).status).toBe('refunded')
  })

  it('gives back all of it at once', async () => {
    const { system, clock } = stage()
    const bill = await paidBill('JBACK2')
    const all = refundOf(bill, 'JR3', 'JBACK2', [])
    ok(await system.approveRefund(call, all))
    const done = { refundNo: 'JR3', completedAt: clock.now(), tenders: selfPaid(all.amountFen) }
    expect(ok(await system.completeRefund(call, done)).receiptNo).not.toBe('')
  })

  it('does not give back what was handed out, nor another amount', async () => {
    const { system, his } = stage()
    const bill = await paidBill('JBACK3')
    const [first = 0, second = 0] = bill.items.map((item) => item.lineNo)
    his.dispense(bill.billNo, [first])
    const out = refundOf(bill, 'JR4', 'JBACK3', [first])
    expect(await system.approveRefund(call, out)).toEqual(refused('refund_not_allowed'))
    const more = { ...refundOf(bill, 'JR5', 'JBACK3', [second]), amountFen: bill.totalFen }
    expect(await system.approveRefund(call, more)).toEqual(refused('amount_mismatch'))
  })

  it('frees the lines of a refund that does not happen', async () => {
    const { system } = stage()
    const bill = await paidBill('JBACK4')
    const [first = 0] = bill.items.map((item) => item.lineNo)
    ok(await system.approveRefund(call, refundOf(bill, 'JR6', 'JBACK4', [first])))
    ok(await system.cancelRefund(call, { refundNo: 'JR6', reason: '失败' }))
    const again = await system.approveRefund(call, refundOf(bill, 'JR7', 'JBACK4', [first]))
    expect(again.outcome).toBe('ok')
  })

  it('takes a payment back, and says the same when it is told again', async () => {
    const { system, clock } = stage()
    const bill = await paidBill('JVOID1')
    const key = { paymentNo: 'JVOID1', billNo: bill.billNo, reason: '超时' }
    const { voidedAt } = ok(await system.voidWriteBack(call, key))
    clock.move(60_000)
    expect(ok(await system.voidWriteBack(call, key)).voidedAt).toEqual(voidedAt)
    const { status } = ok(await system.bill(call, bill.billNo))
    expect(status).toBe(reopens ? 'open' : 'refunded')
    const late = await system.writeBack(call, payment(bill, 'JVOID1', clock))
    expect(late).toEqual(refused('bill_void'))
    expect(['voided', 'absent']).toContain(ok(await system.payment(call, key)).status)
  })

  it('does not take back what was handed out', async () => {
    const bill = await paidBill('JVOID2')
    stage().his.dispense(bill.billNo, [bill.items[0]?.lineNo ?? 0])
    const key = { paymentNo: 'JVOID2', billNo: bill.billNo, reason: '超时' }
    expect(await stage().system.voidWriteBack(call, key)).toEqual(refused('refund_not_allowed'))
  })

  it('remembers what was taken back before it came', async () => {
    const { system, clock } = stage()
    const bill = await newBill(stage(), 3)
    const key = { paymentNo: 'JVOID3', billNo: bill.billNo, reason: '超时' }
    ok(await system.voidWriteBack(call, key))
    const late = await system.writeBack(call, payment(bill, 'JVOID3', clock))
    expect(late).toEqual(refused('bill_void'))
    ok(await system.writeBack(call, payment(bill, 'JVOID4', clock)))
  })
}

function dayJourney(stage: () => Stage, { name, operations, listsDeposits }: Offer): void {
  it('does not list a day that is not over', async () => {
    expect(await stage().system.dayList(call, DAY)).toMatchObject({ outcome: 'unknown' })
  })

  it('lists exactly what the hospital has in its books', async () => {
    const { system, his, clock } = stage()
    clock.set('2026-11-24T00:10:00+08:00')
    await his.runDue()
    const { rows, totals } = ok(await system.dayList(call, DAY))
    const taken = (refundNo: string | null) => /^CZ[0-9a-f]{30}$/.test(refundNo ?? '')
    const own = his.dayBook(DAY).filter(({ scene }) => listsDeposits || scene !== 'deposit')
    const gone = new Set(own.filter((line) => taken(line.refundNo)).map((line) => line.paymentNo))
    const booked = own.filter(({ paymentNo }) => !gone.has(paymentNo))
    expect(rows.map(rowOf).toSorted()).toEqual(booked.map(rowOf).toSorted())
    expect(totals.payments).toBe(booked.filter(({ kind }) => kind === 'payment').length)
    const pooled = rows.flatMap(({ tenders }) => tenders.filter(({ kind }) => kind === 'pooled'))
    expect(pooled).not.toEqual([])
    if (!operations.has('appointments.register')) return
    // A fee is listed under the number that the hub has paid it by.
    const fee = rows.find(({ paymentNo }) => paymentNo === 'JPLACE5')
    expect(fee?.billNo).toBe(ok(await system.registration(call, 'JA5')).billNo)
  })

  it('lists nothing for a day on which nothing was paid', async () => {
    const day = await stage().system.dayList(call, businessDate('2026-11-20'))
    expect(day).toMatchObject({ outcome: 'ok', data: { rows: [], totals: { payments: 0 } } })
  })

  it('has kept its books right, and no names in what is kept of the exchanges', () => {
    expect(stage().his.checkBooks()).toEqual([])
    const kept = exchanges.map(({ request, response }) => `${request} ${response}`).join('\n')
    expect(kept.length, name).toBeGreaterThan(1_000)
    for (const i of [0, 1, 2, 3]) {
      expect(kept).not.toContain(personOf(i).name)
      expect(kept).not.toContain(personOf(i).idCardNo)
    }
  })
}

const rowOf = (row: {
  kind: string
  paymentNo: string
  refundNo: string | null
  receiptNo: string
  amountFen: number
}) => [row.kind, row.paymentNo, row.refundNo ?? '', row.receiptNo, row.amountFen].join(' ')
