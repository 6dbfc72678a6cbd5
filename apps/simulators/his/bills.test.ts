import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { seededRandom } from '../../../kernel/random.ts'
import type { Bill, HisSimulator } from './index.ts'
import {
  call,
  codeOf,
  firstDepartment,
  simpleBill,
  startTestHis,
  TestClock,
  world,
  writeBackOf,
} from './testing.ts'

const clock = new TestClock()
let his: HisSimulator
beforeAll(async () => {
  his = await startTestHis(clock)
})
afterAll(() => his.stop())

const ask = (operation: string, body: object) => call(his, clock, operation, body)
const personWho = (test: (p: (typeof world.people)[number]) => boolean) => {
  const person = world.people.find(test)
  if (!person) throw new Error('the world has such a person')
  return person
}
const hasCardHere = (p: (typeof world.people)[number]) =>
  p.media.hospitalCards.some((card) => card.hospitalId === 1)

describe('departments.list', () => {
  it('tells the departments with their doctors and fees', async () => {
    const { code, data } = await ask('departments.list', {})
    expect([code, data]).toEqual(['OK', { departments: world.hospitals[0]?.departments }])
  })
})

describe('patients.resolve', () => {
  it('finds who has a card here', async () => {
    const { idCardNo, name, no, media } = personWho(hasCardHere)
    const card = media.hospitalCards.find((c) => c.hospitalId === 1)
    expect(await ask('patients.resolve', { idCardNo, name })).toEqual({
      code: 'OK',
      message: '',
      data: { patientNo: `P01${String(no).padStart(8, '0')}`, name, cardNo: card?.cardNo },
    })
  })

  it('finds who has none only after the first visit, with a card from the desk', async () => {
    const { idCardNo, name, no } = personWho((p) => !hasCardHere(p))
    expect((await ask('patients.resolve', { idCardNo, name })).code).toBe('PATIENT_NOT_FOUND')
    const { patientNo } = simpleBill(his, no)
    const { code, data } = await ask('patients.resolve', { idCardNo, name })
    const cardNo = `N01${String(no).padStart(8, '0')}`
    expect([code, data]).toEqual(['OK', { patientNo, name, cardNo }])
  })

  it('does not find another name, nor a number that is no one’s', async () => {
    const { idCardNo } = personWho(hasCardHere)
    const other = await ask('patients.resolve', { idCardNo, name: '无名氏' })
    expect(other.code).toBe('PATIENT_NOT_FOUND')
    const nobody = await ask('patients.resolve', { idCardNo: '11010519491231002X', name: '李四' })
    expect(nobody.code).toBe('PATIENT_NOT_FOUND')
    const ill = await ask('patients.resolve', { idCardNo: '11010519491231002x', name: '李四' })
    expect(ill.code).toBe('INVALID_REQUEST')
  })
})

describe('a bill', () => {
  it('is what the interface says a bill is', async () => {
    const made = simpleBill(his)
    const { data } = await ask('bills.get', { billNo: made.billNo })
    const department = firstDepartment()
    expect(data).toEqual({ bill: made })
    expect(made).toMatchObject({
      version: 1,
      kind: 'outpatient',
      patientNo: 'P0100000001',
      department: { code: department.code, name: department.name },
      doctor: { code: department.doctors[0]?.code, name: department.doctors[0]?.name },
      createdAt: '2026-11-21T09:00:00+08:00',
      status: 'open',
      paymentNo: null,
      receiptNo: null,
      totalFen: 2 * (1580 + 1960 + 3900),
    })
    expect(made.diagnosis.code).toMatch(/^[A-Z]\d/)
    expect(made.items.map((i) => [i.lineNo, i.insuranceClass, i.amountFen, i.status])).toEqual([
      [1, 'A', 3160, 'charged'],
      [2, 'B', 3920, 'charged'],
      [3, 'C', 7800, 'charged'],
    ])
    expect(Object.keys(made.items[0] ?? {}).join(' ')).toBe(
      'lineNo code nationalCode name spec unit chargeCategory insuranceClass ' +
        'unitPriceFen quantity amountFen status',
    )
  })

  it('is numbered in order, by hospital and day, like its visit', async () => {
    const mine = await startTestHis(new TestClock('2026-11-21T23:59:59+08:00'))
    const [a, b] = [simpleBill(mine), simpleBill(mine, 2)]
    expect([a.billNo, b.billNo]).toEqual(['ZD0120261121000001', 'ZD0120261121000002'])
    expect([a.visitNo, b.visitNo]).toEqual(['MZ0120261121000001', 'MZ0120261121000002'])
    await mine.stop()
    const next = await startTestHis(new TestClock('2026-11-22T00:00:00+08:00'))
    expect(simpleBill(next).billNo).toBe('ZD0120261122000001')
    await next.stop()
  })

  it('may share its visit with others of the same person, and has its diagnosis', () => {
    const order = { departmentCode: firstDepartment().code, items: [] }
    const registration = his.createBill({ ...order, personNo: 3, kind: 'registration' })
    const { visitNo } = registration
    const items = [{ code: codeOf('血脂四项'), quantity: 1 }]
    const tests = his.createBill({ ...order, personNo: 3, kind: 'outpatient', visitNo, items })
    expect(registration.items.map((i) => i.amountFen)).toEqual([4000])
    expect(tests.visitNo).toBe(visitNo)
    expect(tests.diagnosis).toEqual(registration.diagnosis)
    const stolen = () =>
      his.createBill({ ...order, personNo: 4, kind: 'outpatient', visitNo, items })
    expect(stolen).toThrow('his.visit_unknown')
  })

  it('becomes another version with every item added, while it is open', async () => {
    const bill = simpleBill(his)
    const changed = his.addItem(bill.billNo, { code: codeOf('血脂四项'), quantity: 1 })
    expect([changed.version, changed.totalFen]).toEqual([2, bill.totalFen + 3200])
    expect(changed.items.map((i) => i.lineNo)).toEqual([1, 2, 3, 4])
    his.voidBill(bill.billNo)
    const late = () => his.addItem(bill.billNo, { code: codeOf('血脂四项'), quantity: 1 })
    expect(late).toThrow('his.bill_not_open')
    expect(() => his.voidBill(bill.billNo)).toThrow('his.bill_not_open')
    expect((await ask('bills.get', { billNo: bill.billNo })).data).toMatchObject({
      bill: { status: 'void', version: 2 },
    })
  })

  it('is dispensed by line once it is paid, and only once', async () => {
    const { billNo } = simpleBill(his)
    expect(() => his.dispense(billNo, [1])).toThrow('his.bill_not_paid')
    await ask('bills.writeBack', writeBackOf(his.bills({}).at(-1) as Bill, 'P-DISPENSE', clock))
    expect(his.dispense(billNo, [2]).items.map((i) => i.status)).toEqual([
      'charged',
      'dispensed',
      'charged',
    ])
    expect(() => his.dispense(billNo, [1, 2])).toThrow('his.line_not_charged')
    expect(() => his.dispense(billNo, [9])).toThrow('his.line_unknown')
    expect(() => his.dispense(billNo, [])).toThrow('his.items_missing')
    expect(his.bills({}).at(-1)?.items[0]?.status).toBe('charged')
  })

  it.each([
    ['person_unknown', { personNo: 41 }],
    ['department_unknown', { departmentCode: '999' }],
    ['doctor_unknown', { doctorCode: '999' }],
    ['visit_unknown', { visitNo: 'MZ0120261121999999' }],
    ['items_missing', { items: [] }],
    ['item_unknown', { items: [{ code: 'X', quantity: 1 }] }],
    ['quantity_invalid', { items: [{ code: codeOf('血脂四项'), quantity: 0 }] }],
    ['quantity_invalid', { items: [{ code: codeOf('血脂四项'), quantity: 1.5 }] }],
    ['quantity_invalid', { items: [{ code: codeOf('血脂四项'), quantity: 1001 }] }],
    [
      'items_too_many',
      { items: Array.from({ length: 501 }, () => ({ code: codeOf('血脂四项'), quantity: 1 })) },
    ],
  ])('is not made when %s', (error, change) => {
    const before = his.bills({}).length
    const items = [{ code: codeOf('血脂四项'), quantity: 1 }]
    const order = { personNo: 1, departmentCode: firstDepartment().code, items }
    const make = () => his.createBill({ ...order, kind: 'outpatient', ...change })
    expect(make).toThrow(`his.${error}`)
    expect(his.bills({})).toHaveLength(before)
    expect(his.checkBooks()).toEqual([])
  })

  it('is not found by another number', async () => {
    expect((await ask('bills.get', { billNo: 'ZD00' })).code).toBe('BILL_NOT_FOUND')
    expect(() => his.addItem('ZD00', { code: 'X', quantity: 1 })).toThrow('his.bill_unknown')
  })
})

describe('bills.list', () => {
  it('tells what is open, the oldest first and at most fifty', async () => {
    const at = new TestClock()
    const mine = await startTestHis(at)
    const made: Bill[] = []
    for (let i = 0; i < 53; i++) {
      made.push(simpleBill(mine, 7))
      at.move(60_000)
    }
    simpleBill(mine, 8)
    mine.voidBill(made[1]?.billNo ?? '')
    await call(mine, at, 'bills.writeBack', writeBackOf(made[3] as Bill, 'P-1', at))
    const { data } = await call(mine, at, 'bills.list', { patientNo: made[0]?.patientNo })
    const open = made.filter((_, i) => i !== 1 && i !== 3).slice(0, 50)
    expect(data).toEqual({ bills: open })
    await mine.stop()
  })

  it('knows a patient without bills from a number that is no patient’s', async () => {
    const { no } = personWho((p) => hasCardHere(p) && p.no > 10)
    const patientNo = `P01${String(no).padStart(8, '0')}`
    expect(await ask('bills.list', { patientNo })).toMatchObject({ data: { bills: [] } })
    for (const wrong of ['P0100000041', 'P0200000001', '00000001', 'P01']) {
      expect((await ask('bills.list', { patientNo: wrong })).code).toBe('PATIENT_NOT_FOUND')
    }
  })
})

describe('a random bill', () => {
  it('is the same for the same chance, and of all kinds, sizes and classes', async () => {
    const draw = async () => {
      const mine = await startTestHis(clock)
      const random = seededRandom('bills')
      const bills = Array.from({ length: 150 }, (_, i) =>
        mine.createRandomBill(random, (i % 40) + 1),
      )
      expect(mine.checkBooks()).toEqual([])
      await mine.stop()
      return bills
    }
    const bills = await draw()
    expect(await draw()).toEqual(bills)
    expect(new Set(bills.map((b) => b.kind))).toEqual(new Set(['registration', 'outpatient']))
    const sizes = bills.map((b) => b.items.length)
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 10])
    const classes = bills.flatMap((b) => b.items.map((i) => i.insuranceClass))
    expect(new Set(classes)).toEqual(new Set(['A', 'B', 'C']))
  })

  it('mostly goes on with a visit whose registration is paid, and with its doctor', async () => {
    const mine = await startTestHis(clock)
    const random = seededRandom('visits')
    const order = {
      departmentCode: firstDepartment().code,
      kind: 'registration',
      items: [],
    } as const
    let continued = 0
    for (const { no } of world.people) {
      const registration = mine.createBill({ ...order, personNo: no })
      await call(mine, clock, 'bills.writeBack', writeBackOf(registration, `P-${no}`, clock))
      const next = mine.createRandomBill(random, no)
      if (next.visitNo !== registration.visitNo) continue
      continued += 1
      expect([next.kind, next.doctor]).toEqual(['outpatient', registration.doctor])
    }
    expect(continued).toBeGreaterThan(25)
    await mine.stop()
  })

  it('sends men to no gynaecologist, and children only where children go', async () => {
    const mine = await startTestHis(clock)
    const random = seededRandom('departments')
    const misled = [...world.people, ...world.people, ...world.people].filter((person) => {
      const { department } = mine.createRandomBill(random, person.no)
      const subject = world.hospitals[0]?.departments.find((d) => d.code === department.code)
      const isChild = 2026 - Number(person.birthDate.slice(0, 4)) < 15
      const wrong = isChild ? ['03.04', '03.07'] : ['07']
      if (person.gender === 'male') wrong.push('05.01')
      return wrong.includes(subject?.subjectCode ?? '05.01')
    })
    expect(misled).toEqual([])
    await mine.stop()
  })
})
