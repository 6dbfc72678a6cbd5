import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../../../kernel/time.ts'
import type { FaultPlan } from '../../../kit/simulator.ts'
import {
  codeOf,
  firstDepartment,
  newDatabaseFile,
  simpleBill,
  TestClock,
  world,
} from '../../testing.ts'
import type { Hl7Options, Hl7Simulator } from './start.ts'
import { cardHolder, exchange, messageOf, openTestHub, rowNamed, startTestHl7 } from './testing.ts'

const clock = new TestClock()
let his: Hl7Simulator
const stopping: (() => Promise<unknown>)[] = []
const start = async (options: Partial<Hl7Options> = {}) => {
  const started = await startTestHl7(clock, options)
  stopping.push(() => started.stop())
  return started
}
beforeEach(async () => {
  clock.set('2026-11-23T07:20:00+08:00') // a Monday
  his = await start()
})
afterEach(async () => {
  for (const stop of stopping.splice(0).toReversed()) await stop()
})

const doctor = firstDepartment().doctors[0] ?? { code: '', registrationFeeFen: 0, name: '' }
const CLINIC = `PB0120261123${doctor.code}1`
const FREE = 20 // the last of the morning
const call = (type: string, ...rows: string[]) => exchange(his.mllpPort, messageOf(type, rows))
const codeIn = (rows: string[][] | null) => [rowNamed(rows, 'MSA')[1], rowNamed(rows, 'ERR')[5]]

const book = async (orderNo: string, number = '', i = 0, at = his) => {
  const rows = [
    `ARQ|${orderNo}||||${CLINIC}`,
    `PID|||${cardHolder(i).patientNo}`,
    'RGS|1',
    `AIS|1||${number}`,
  ]
  return exchange(at.mllpPort, messageOf('SRM^S01', rows))
}

describe('patients', () => {
  const query = (number: string, name = '') =>
    call(
      'QBP^Q22^QBP_Q21',
      `QPD|Q22^Find Candidates^HL7|Q1|@PID.3.1^${number}~@PID.5^${name}`,
      'RCP|I',
    )

  it('are found by any of their numbers, with their name if it is told', async () => {
    const person = cardHolder()
    for (const number of [person.idCardNo, person.patientNo]) {
      const answer = await query(number, person.name)
      expect(answer?.map(([name]) => name)).toEqual(['MSH', 'MSA', 'QAK', 'QPD', 'PID'])
      expect(rowNamed(answer, 'MSH').slice(8, 9)).toEqual(['RSP^K22^RSP_K21'])
      expect(rowNamed(answer, 'QAK').slice(1, 3)).toEqual(['Q1', 'OK'])
      const pid = rowNamed(answer, 'PID')
      expect(pid[3]?.split('~')[0]).toBe(`${person.patientNo}^^^HIS^MR`)
      expect(pid[5]).toBe(`${person.name.slice(0, 1)}^${person.name.slice(1)}^^^^^L`)
    }
    const other = await query(person.idCardNo, '别人')
    expect(rowNamed(other, 'QAK')[2]).toBe('NF')
    expect(rowNamed(other, 'PID')).toEqual([])
  })

  it('are given a file, once', async () => {
    const newcomer = world.people.find((p) =>
      p.media.hospitalCards.every((c) => c.hospitalId !== 1),
    )
    const row = `PID|||${newcomer?.idCardNo}^^^CHN^NI||${newcomer?.name}||||||||13800000000`
    const first = await call('ADT^A28', row)
    expect(codeIn(first)[0]).toBe('AA')
    expect(rowNamed(first, 'ZPI')[1]).toMatch(/^P01\d{8}$/)
    expect(rowNamed(await call('ADT^A04', row), 'ZPI')).toEqual(rowNamed(first, 'ZPI'))
    expect(codeIn(await call('ADT^A28', row.replace(newcomer?.name ?? '', '别人')))).toEqual([
      'AE',
      'IDENTITY_INVALID',
    ])
    expect(codeIn(await call('ADT^A28', 'PID|||123^^^CHN^NI||张三'))).toEqual([
      'AE',
      'INVALID_REQUEST',
    ])
  })
})

describe('places at clinics', () => {
  it('are given, paid, called and cancelled', async () => {
    const placed = await book('O1')
    expect(placed?.map(([name]) => name)).toEqual([
      'MSH',
      'MSA',
      'SCH',
      'PID',
      'RGS',
      'AIS',
      'AIP',
      'AIL',
      'ZRG',
    ])
    const schedule = rowNamed(placed, 'SCH')
    expect([schedule[1], schedule[5], schedule[25]]).toEqual(['O1', CLINIC, 'Pending'])
    const [, visitNo, billNo, fee] = rowNamed(placed, 'ZRG')
    expect(visitNo).toMatch(/^MZ01/)
    expect(fee).toBe((doctor.registrationFeeFen / 100).toFixed(2))
    expect(codeIn(await call('ADT^A10', `PV1|||${'|'.repeat(47)}O1`))).toEqual([
      'AE',
      'REGISTRATION_NOT_PAID',
    ])

    const paid = await call(
      'DFT^P03',
      `FT1|1|WX1||||PY|01||||${fee}`,
      `ZPY|PAY|PAY1|${billNo}|1|${fee}|20261123072000`,
    )
    expect(codeIn(paid)[0]).toBe('AA')
    expect(rowNamed(paid, 'ZRC').slice(1, 3)).toEqual(['PAY', expect.stringMatching(/^SJ01/)])
    const arrived = await call('ADT^A10', `PV1|||${'|'.repeat(47)}O1`)
    expect(rowNamed(arrived, 'ZQU')[4]).toBe('waiting')
    expect(codeIn(await call('SRM^S04', 'ARQ|O1|||||^不来了'))).toEqual([
      'AE',
      'CANCEL_NOT_ALLOWED',
    ])

    await book('O2', '', 1)
    const cancelled = await call('SRM^S04', 'ARQ|O2|||||^不来了')
    expect(rowNamed(cancelled, 'SCH')[25]).toBe('Cancelled')
    expect(rowNamed(cancelled, 'ZRD')[2]).toBe('0.00')
    expect(his.checkBooks()).toEqual([])
  })

  it('are refused with the hospital’s own code', async () => {
    expect(
      codeIn(await call('SRM^S01', 'ARQ|O1||||PB0', `PID|||${cardHolder().patientNo}`)),
    ).toEqual(['AE', 'CLINIC_NOT_FOUND'])
    await book('O1', String(FREE))
    expect(codeIn(await book('O2', String(FREE), 1))[1]).toMatch(/SLOT_TAKEN/)
    expect(codeIn(await call('SRM^S04', 'ARQ|NONE'))).toEqual(['AE', 'REGISTRATION_NOT_FOUND'])
    his.stopClinic(CLINIC, '医生停诊')
    expect(codeIn(await book('O3', '', 2))).toEqual(['AE', 'CLINIC_STOPPED'])
  })
})

describe('money', () => {
  it('is written back once, taken back, and refunded by lines', async () => {
    const bill = simpleBill(his)
    const total = (bill.totalFen / 100).toFixed(2)
    const pay = (no: string, amount = total, version = 1) => [
      `FT1|1|WX${no}||||PY|01||||${amount}`,
      `ZPY|PAY|${no}|${bill.billNo}|${version}|${amount}|20261123072000`,
    ]
    const changed = await call('DFT^P03', ...pay('P1', total, 2))
    expect(codeIn(changed)).toEqual(['AE', 'BILL_CHANGED'])
    expect(rowNamed(changed, 'ERR')[6]).toBe(`1~${total}`)
    expect(codeIn(await call('DFT^P03', ...pay('P1', '0.01')))).toEqual(['AE', 'AMOUNT_MISMATCH'])
    expect(codeIn(await call('DFT^P03', ...pay('P1', '1.5')))).toEqual(['AE', 'INVALID_REQUEST'])
    const first = await call('DFT^P03', ...pay('P1'))
    expect(rowNamed(first, 'ZRC')[4]).not.toBe('')
    expect(rowNamed(await call('DFT^P03', ...pay('P1')), 'ZRC')).toEqual(rowNamed(first, 'ZRC'))
    const second = await call('DFT^P03', ...pay('P2'))
    expect(codeIn(second)).toEqual(['AE', 'BILL_ALREADY_PAID'])
    expect(rowNamed(second, 'ERR')[6]).toBe('P1')

    const line = ((bill.items[0]?.amountFen ?? 0) / 100).toFixed(2)
    const refund = `ZPY|REFUND|P1|${bill.billNo}||${line}|||R1|1|不需要`
    expect(rowNamed(await call('DFT^P03', refund), 'ZRC')[2]).toMatch(/^TF/)
    const done = await call(
      'DFT^P03',
      `FT1|1|WX||||PY|01||||${line}`,
      'ZPY|DONE|||||20261123072000||R1',
    )
    expect(rowNamed(done, 'ZRC')[2]).toMatch(/^HC/)
    expect(codeIn(await call('DFT^P03', `ZPY|VOID|P1|${bill.billNo}|||||||错`))).toEqual([
      'AE',
      'REFUND_NOT_ALLOWED',
    ])
    expect(codeIn(await call('DFT^P03', 'ZPY|STEAL'))).toEqual(['AE', 'INVALID_REQUEST'])
    expect(his.checkBooks()).toEqual([])
  })

  it('is paid in for a stay', async () => {
    const stay = his.admit({ personNo: 1, departmentCode: firstDepartment().code })
    const rows = [
      `PV1|||${'|'.repeat(16)}${stay.stayNo}`,
      'FT1|1|WX1||||PY|01||||500.00',
      'ZPY|DEPOSIT|D1|||500.00|20261123072000',
    ]
    expect(rowNamed(await call('DFT^P03', ...rows), 'ZRC')[2]).toMatch(/^YJ/)

    const { costFen } = his.orderDischarge(stay.stayNo)
    const cost = (costFen / 100).toFixed(2)
    const settle = (deposit: string) => [
      `PV1|||${'|'.repeat(16)}${stay.stayNo}`,
      `FT1|1|D1||||PY|08||||${deposit}`,
      `ZPY|SETTLE|S1|||${cost}|20261123072000`,
    ]
    expect(codeIn(await call('DFT^P03', ...settle('0.01')))).toEqual(['AE', 'AMOUNT_MISMATCH'])
    const less = settle('0.01').map((row) => row.replace(`|${cost}|`, '|0.01|'))
    const changed = await call('DFT^P03', ...less)
    expect(codeIn(changed)).toEqual(['AE', 'BILL_CHANGED'])
    expect(rowNamed(changed, 'ERR')[6]).toBe(cost)
    const settled = rowNamed(await call('DFT^P03', ...settle(cost)), 'ZRC')
    expect(settled[5]).toBe(((50_000 - costFen) / 100).toFixed(2))
    expect(his.checkBooks()).toEqual([])
  })
})

describe('a control id', () => {
  it('is answered the same again, across restarts, and never for another message', async () => {
    const databaseFile = newDatabaseFile()
    const one = await start({ databaseFile })
    const rows = [`ARQ|O1||||${CLINIC}`, `PID|||${cardHolder().patientNo}`]
    const message = messageOf('SRM^S01', rows, 'C1')
    const first = await exchange(one.mllpPort, message)
    expect(await exchange(one.mllpPort, message)).toEqual(first)
    await one.stop()
    stopping.pop()
    const again = await start({ databaseFile })
    expect(await exchange(again.mllpPort, message)).toEqual(first)
    const other = await exchange(again.mllpPort, messageOf('SRM^S01', [...rows, 'NTE|1'], 'C1'))
    expect([rowNamed(other, 'MSA')[1], rowNamed(other, 'ERR')[3]]).toEqual([
      'AE',
      '205^Duplicate key identifier^HL70357',
    ])
    expect(again.registrations(cardHolder().patientNo)).toHaveLength(1)
  })
})

describe('what is wrong', () => {
  it.each<[string, Buffer, string]>([
    ['no message', Buffer.from('GET /'), 'AR'],
    ['two MSH', Buffer.concat([messageOf('ADT^A04', []), messageOf('ADT^A04', [])]), 'AR'],
    [
      'half a character',
      Buffer.concat([messageOf('ADT^A04', ['PID|||||']), Buffer.from([0xd5])]),
      'AR',
    ],
    ['a message it does not know', messageOf('MDM^T02', []), 'AR'],
    ['no control id', messageOf('ADT^A10', [], ''), 'AR'],
    ['nothing', Buffer.alloc(0), 'AR'],
    ['a field that is missing', messageOf('SRM^S01', []), 'AE'],
  ])('is answered: %s', async (_what, bytes, code) => {
    expect(codeIn(await exchange(his.mllpPort, bytes))[0]).toBe(code)
  })

  it('reads UTF-8 and other delimiters, and answers in the same charset', async () => {
    const { patientNo, name } = cardHolder()
    const text = `MSH$*!?%$HUB$Y$$$20261123$$QBP*Q22$U1$P$2.5$$$$$$UNICODE UTF-8\rQPD$Q22$T$@PID.3.1*${patientNo}!@PID.5*${name}\r`
    const rows = await exchange(his.mllpPort, Buffer.from(text))
    expect(rowNamed(rows, 'QAK')[2]).toBe('OK')
    expect(rowNamed(rows, 'MSH')[17]).toBe('UNICODE UTF-8')
  })

  it.each<[string, ReturnType<FaultPlan>, string | undefined]>([
    ['a busy system', { kind: 'refuse' }, 'AE'],
    ['a cut connection', { kind: 'lose_answer' }, undefined],
    ['a page of HTML', { kind: 'garble' }, undefined],
  ])('may be planned: %s', async (_what, fault, code) => {
    const faulty = await start({ faults: ({ attempt }) => (attempt === 1 ? fault : null) })
    const said = await book('O1', '', 0, faulty)
    expect(codeIn(said)[0]).toBe(code)
    expect(codeIn(await book('O1', '', 0, faulty))[0]).toBe('AA')
    expect(faulty.registrations(cardHolder().patientNo)).toHaveLength(1)
  })
})

describe('what the HIS tells', () => {
  it('is every change that matters, in order, until it is taken', async () => {
    let isDeaf = true
    const hub = await openTestHub(() => (isDeaf ? undefined : 'AA'))
    stopping.push(hub.close)
    const telling = await start({ hubMllp: hub.hub })
    const placed = await book('O1', '', 0, telling)
    const registrationNo = rowNamed(placed, 'SCH')[2]
    await telling.runDue()
    expect(telling.told()).toMatchObject([
      { type: 'SIU^S12', ref: registrationNo, status: 'queued', outcome: 'no answer' },
      { type: 'DFT^P03', status: 'queued', attempts: 0 },
    ])
    const next = telling.nextDueAt()
    expect(next?.getTime()).toBe(clock.now().getTime() + 5_000)
    isDeaf = false
    clock.move(5_000)
    telling.stopClinic(CLINIC, '医生停诊')
    const stay = telling.admit({ personNo: 1, departmentCode: firstDepartment().code })
    telling.orderDischarge(stay.stayNo)
    telling.mergePatients({
      patientNo: cardHolder(0).patientNo,
      mergedPatientNo: cardHolder(1).patientNo,
    })
    await telling.runDue()
    expect(telling.told().map(({ type, status }) => [type, status])).toEqual(
      ['SIU^S12', 'DFT^P03', 'ADT^A40', 'SIU^S15', 'SIU^S23', 'ADT^A01', 'ADT^A16'].map((type) => [
        type,
        'acknowledged',
      ]),
    )
    const [first, again] = hub.heard
    expect(again).toEqual(first) // the same control id and content
    const told = (event: string) =>
      hub.heard.find(([header]) => header?.[8]?.startsWith(event)) ?? []
    expect(rowNamed(told('SIU^S15'), 'SCH')[6]).toBe('^医生停诊')
    expect(rowNamed(told('SIU^S23'), 'SCH')[25]).toBe('Blocked')
    expect(rowNamed(told('ADT^A40'), 'MRG')[1]).toBe(`${cardHolder(1).patientNo}^^^HIS^MR`)
    expect(rowNamed(told('DFT^P03'), 'FT1')[6]).toBe('CG')
    expect(rowNamed(told('DFT^P03'), 'ZBL')[5]).toBe('open')
    expect(rowNamed(told('ADT^A01'), 'PV1')[19]).toBe(stay.stayNo)
    expect(await telling.runDue()).toBe(0)
  })

  it('has reports when they are ready', async () => {
    const hub = await openTestHub(() => 'AA')
    stopping.push(hub.close)
    const telling = await start({ hubMllp: hub.hub })
    const bill = telling.createBill({
      personNo: 1,
      departmentCode: firstDepartment().code,
      kind: 'outpatient',
      items: [{ code: codeOf('血常规（五分类）'), quantity: 1 }],
    })
    const total = (bill.totalFen / 100).toFixed(2)
    const rows = [
      `FT1|1|WX||||PY|01||||${total}`,
      `ZPY|PAY|P1|${bill.billNo}|1|${total}|20261123072000`,
    ]
    await exchange(telling.mllpPort, messageOf('DFT^P03', rows))
    await telling.runDue()
    expect(telling.nextDueAt()?.getTime()).toBe(clock.now().getTime() + 45 * MINUTE_MS)
    clock.move(45 * MINUTE_MS)
    await telling.runDue()
    const report = hub.heard.at(-1) ?? []
    expect(report[0]?.[8]).toBe('ORU^R01^ORU_R01')
    expect(rowNamed(report, 'OBR')[3]).toBe(`BG001${bill.billNo}`)
    expect(rowNamed(report, 'OBX')[5]).toMatch(/^\d/)
  })

  it.each([
    ['AR', 'refused'],
    ['AE', 'queued'],
    ['nonsense', 'queued'],
  ])('is %s: then it is %s', async (code, status) => {
    const hub = await openTestHub(() => code)
    stopping.push(hub.close)
    const telling = await start({ hubMllp: hub.hub })
    simpleBill(telling)
    await telling.runDue()
    expect(telling.told()).toMatchObject([{ status, attempts: 1 }])
  })

  it.each<[ReturnType<FaultPlan>, number, string]>([
    [{ kind: 'lose_notice' }, 0, 'lost'],
    [{ kind: 'duplicate_notice', times: 3 }, 3, 'acknowledged'],
    [{ kind: 'delay_notice', ms: 60_000 }, 1, 'queued'],
  ])('may be planned to go wrong: %j', async (fault, times, status) => {
    const hub = await openTestHub(() => 'AA')
    stopping.push(hub.close)
    let isFirst = true
    const faults: FaultPlan = ({ operation }) => {
      const planned = operation === 'DFT^P03' && isFirst ? fault : null
      isFirst = false
      return planned
    }
    const telling = await start({ hubMllp: hub.hub, faults })
    simpleBill(telling)
    if (fault?.kind === 'delay_notice') simpleBill(telling, 2)
    await telling.runDue()
    expect(hub.heard).toHaveLength(times)
    expect(telling.told()[0]?.status).toBe(status)
  })
})

it('writes names with rare characters and delimiters so that they are read again', async () => {
  const text = iconv.decode(messageOf('ADT^A04', ['PID|||||𠮷·阿依\\S\\']), 'gb18030')
  expect(text).toContain('𠮷·阿依')
  his.stopClinic(CLINIC, 'a|b^c')
  const hub = await openTestHub(() => 'AA')
  stopping.push(hub.close)
  const telling = await start({ hubMllp: hub.hub })
  telling.stopClinic(CLINIC, 'a|b^c\\d')
  await telling.runDue()
  expect(rowNamed(hub.heard[0] ?? [], 'SCH')[6]).toBe('^a\\F\\b\\S\\c\\E\\d')
})
