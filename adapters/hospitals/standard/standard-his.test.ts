import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { HisAnswer, HospitalSystem } from '../../../modules/hospitals/index.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createStandardHis } from './index.ts'
import { type Script, startLoopbackHis } from './testing/loopback-his.ts'
import { bill, item, ok } from './testing/samples.ts'

let loopback: Awaited<ReturnType<typeof startLoopbackHis>>
let his: HospitalSystem
let traced: Exchange[]
const call = { trace: (exchange: Exchange) => void traced.push(exchange) }
const { clock, random } = testPlatform()

beforeAll(async () => {
  loopback = await startLoopbackHis()
  his = createStandardHis(loopback.params, { clock, random, timeoutMs: 400 })
})
afterAll(() => loopback.close())
beforeEach(() => {
  traced = []
  loopback.heard.length = 0
})

const says = (script: Script) => (loopback.answer = () => script)
const saysOk = (data: unknown) => says({ body: ok(data) })
const reasonOf = (answer: HisAnswer<unknown>) =>
  answer.outcome === 'unknown' ? answer.reason : `not unknown but ${answer.outcome}`

const writeBack = {
  paymentNo: 'PAY1',
  billNo: 'B1',
  version: 1,
  totalFen: fen(3_000),
  paidAt: new Date('2026-11-21T02:00:00Z'),
  tenders: [
    { kind: 'pooled', amountFen: fen(2_000), tradeNo: 'T1' },
    { kind: 'self_pay', amountFen: fen(1_000), tradeNo: 'T2' },
  ],
  insuranceSettlementNo: '370200G000000123456789',
} as const
const refund = {
  refundNo: 'RF1',
  paymentNo: 'PAY1',
  billNo: 'B1',
  lineNos: [2],
  amountFen: fen(500),
  reason: 'not taken',
}

describe('what goes over the wire', () => {
  it('[H1] is signed, has a nonce of its own, and goes to the path of the operation', async () => {
    saysOk({ at: '2026-11-21T10:00:00+08:00' })
    await his.heartbeat(call)
    await his.heartbeat(call)
    expect(loopback.heard.map(({ path, isSigned }) => [path, isSigned])).toEqual([
      ['/his/yiqiao/v1/heartbeat', true],
      ['/his/yiqiao/v1/heartbeat', true],
    ])
    const [first, second] = loopback.heard.map(({ nonce }) => nonce)
    expect(first).toMatch(/^[0-9A-Za-z]{16,64}$/)
    expect(second).not.toBe(first)
  })

  it.each<[string, object, () => Promise<unknown>]>([
    ['departments.list', {}, () => his.departments(call)],
    [
      'patients.resolve',
      { idCardNo: '37020219800101001X', name: '王小明' },
      () => his.resolvePatient(call, { idCardNo: '37020219800101001X', name: '王小明' }),
    ],
    ['bills.list', { patientNo: 'P1' }, () => his.openBills(call, 'P1')],
    ['bills.get', { billNo: 'B1' }, () => his.bill(call, 'B1')],
    [
      'bills.writeBack',
      { ...writeBack, paidAt: '2026-11-21T10:00:00+08:00' },
      // A caller may hold more than the operation takes; a HIS refuses what it does not know.
      () => his.writeBack(call, { ...writeBack, extra: 1 } as never),
    ],
    [
      'bills.voidWriteBack',
      { paymentNo: 'PAY1', billNo: 'B1', reason: 'gave up' },
      () => his.voidWriteBack(call, { paymentNo: 'PAY1', billNo: 'B1', reason: 'gave up' }),
    ],
    [
      'refunds.approve',
      {
        refundNo: 'RF1',
        paymentNo: 'PAY1',
        billNo: 'B1',
        lines: [{ lineNo: 2 }],
        amountFen: 500,
        reason: 'not taken',
      },
      () => his.approveRefund(call, refund),
    ],
    [
      'refunds.complete',
      {
        refundNo: 'RF1',
        completedAt: '2026-11-21T10:00:00+08:00',
        tenders: [{ kind: 'self_pay', amountFen: 500 }],
      },
      () =>
        his.completeRefund(call, {
          refundNo: 'RF1',
          completedAt: new Date('2026-11-21T02:00:00Z'),
          tenders: [{ kind: 'self_pay', amountFen: fen(500) }],
        }),
    ],
    [
      'refunds.cancel',
      { refundNo: 'RF1', reason: 'gave up' },
      () => his.cancelRefund(call, { refundNo: 'RF1', reason: 'gave up' }),
    ],
    [
      'reconciliation.dayList',
      { businessDate: '2026-11-20', page: 1 },
      () => his.dayList(call, businessDate('2026-11-20')),
    ],
  ])('%s sends exactly its fields', async (operation, body, ask) => {
    says({ body: { code: 'SYSTEM_BUSY', message: '' } })
    await ask()
    expect(loopback.heard[0]?.path).toBe(`/his/yiqiao/v1/${operation}`)
    expect(loopback.heard[0]?.body).toEqual(body)
  })
})

describe('an OK', () => {
  it.each<[string, unknown, () => Promise<HisAnswer<unknown>>, unknown]>([
    [
      'heartbeat',
      { at: '2026-11-21T10:00:00.5+08:00' },
      () => his.heartbeat(call),
      { at: new Date('2026-11-21T02:00:00.500Z') },
    ],
    [
      'patients.resolve',
      { patientNo: 'P1', name: '王小明', cardNo: 'C9' },
      () => his.resolvePatient(call, { idCardNo: '37020219800101001X', name: '王小明' }),
      { patientNo: 'P1', cardNo: 'C9' },
    ],
    [
      'bills.writeBack',
      { receiptNo: 'R1', confirmedAt: '2026-11-21T10:00:01+08:00', guidance: ['2 楼药房'] },
      () => his.writeBack(call, { ...writeBack, tenders: [...writeBack.tenders] }),
      {
        receiptNo: 'R1',
        confirmedAt: new Date('2026-11-21T02:00:01Z'),
        guidance: ['2 楼药房'],
      },
    ],
    [
      'bills.voidWriteBack',
      { voidedAt: '2026-11-21T10:00:01+08:00' },
      () => his.voidWriteBack(call, { paymentNo: 'PAY1', billNo: 'B1', reason: 'x' }),
      { voidedAt: new Date('2026-11-21T02:00:01Z') },
    ],
    [
      'refunds.approve',
      { approvalNo: 'A1' },
      () => his.approveRefund(call, refund),
      { approvalNo: 'A1' },
    ],
    [
      'refunds.complete',
      { receiptNo: 'R2' },
      () => his.completeRefund(call, { refundNo: 'RF1', completedAt: clock.now(), tenders: [] }),
      { receiptNo: 'R2' },
    ],
    ['refunds.cancel', {}, () => his.cancelRefund(call, { refundNo: 'RF1', reason: 'x' }), {}],
  ])('of %s is read', async (_operation, data, ask, expected) => {
    saysOk({ ...(data as object), somethingNew: { in: 'version 1.1' } })
    expect(await ask()).toEqual({ outcome: 'ok', data: expected })
  })

  it('of departments.list is read', async () => {
    const doctor = { code: 'D7', name: '李医生', title: '主任医师', registrationFeeFen: 2_000 }
    const department = { code: '0301', name: '心血管内科', subjectCode: '03.04', location: '2 楼' }
    saysOk({ departments: [{ ...department, doctors: [doctor] }] })
    const expected = [{ ...department, doctors: [doctor] }]
    expect(await his.departments(call)).toEqual({ outcome: 'ok', data: expected })
  })

  it('of bills.list and bills.get is read', async () => {
    const expected = { ...bill, createdAt: new Date('2026-11-21T01:30:00Z') }
    saysOk({ bills: [{ ...bill, patientName: '王小明' }] })
    expect(await his.openBills(call, 'P1')).toEqual({ outcome: 'ok', data: [expected] })
    saysOk({ bill })
    expect(await his.bill(call, 'B1')).toEqual({ outcome: 'ok', data: expected })
  })
})

describe('a refusal', () => {
  it.each([
    ['INVALID_REQUEST', undefined, {}],
    ['SIGNATURE_INVALID', undefined, {}],
    ['REPLAYED', undefined, {}],
    ['PATIENT_NOT_FOUND', undefined, {}],
    ['BILL_NOT_FOUND', undefined, {}],
    ['BILL_CHANGED', { version: 2, totalFen: 3_500 }, { version: 2, totalFen: 3_500 }],
    ['BILL_CHANGED', { version: 'two' }, {}],
    ['BILL_VOID', null, {}],
    ['BILL_ALREADY_PAID', { paymentNo: 'PAY0' }, { paymentNo: 'PAY0' }],
    ['AMOUNT_MISMATCH', undefined, {}],
    ['DUPLICATE_DIFFERENT', undefined, {}],
    ['REFUND_NOT_ALLOWED', { lines: [1, 2] }, { lines: [1, 2] }],
    ['REFUND_NOT_ALLOWED', { lines: [{ lineNo: 2 }] }, { lines: [2] }],
  ])('%s is told with what it says: %o', async (code, data, detail) => {
    says({ body: { code, message: 'no', data } })
    expect(await his.bill(call, 'B1')).toEqual({
      outcome: 'refused',
      code: code.toLowerCase(),
      detail: { message: 'no', ...detail },
    })
    expect(traced[0]?.outcome).toBe(code.toLowerCase())
  })

  it.each(['SYSTEM_BUSY', 'NEW_IN_VERSION_2', 'constructor', '__proto__'])(
    'is never made of %s',
    async (code) => {
      says({ body: { code, message: '' } })
      expect((await his.bill(call, 'B1')).outcome).toBe('unknown')
    },
  )
})

describe('unknown', () => {
  // 李 of the doctor's name, in GB 18030.
  const inUtf8 = Buffer.from(JSON.stringify(ok({ bill }))).toString('hex')
  const inGb18030 = Buffer.from(inUtf8.replace('e69d8e', 'c0ee'), 'hex')

  it.each<[string, Script, RegExp]>([
    ['an answer without a signature', { body: ok({ bill }), signed: 'no' }, /not signed/],
    ['an answer of another key', { body: ok({ bill }), signed: 'other-key' }, /not signed/],
    ['an answer of another name', { body: ok({ bill }), signed: 'other-name' }, /not signed/],
    ['the answer to another request', { body: ok({ bill }), signed: 'other-nonce' }, /not signed/],
    ['a changed body', { body: ok({ bill }), signed: 'other-body' }, /not signed/],
    ['a page of HTML', { status: 502, body: '<html>', signed: 'no' }, /status 502/],
    ['HTML that is signed', { body: '<html>' }, /not an answer/],
    ['a redirect', { status: 302, body: ok({ bill }) }, /status 302/],
    ['an unsigned refusal', { body: { code: 'BILL_VOID', message: '' }, signed: 'no' }, /signed/],
    ['an empty body', { body: '' }, /not an answer/],
    ['text in another encoding', { body: inGb18030 }, /not an answer/],
    ['JSON that is no answer', { body: '[]' }, /not an answer/],
    ['silence', { silent: true }, /no answer within 400 ms/],
    ['half an answer', { body: ok({ bill }), stuck: true }, /no answer within 400 ms/],
    ['more than 4 MB', { body: ok({ bill, more: 'x'.repeat(4_200_000) }) }, /more than 4 MB/],
    ['OK without its data', { body: { code: 'OK', message: '' } }, /data/],
  ])('is %s', async (_what, script, reason) => {
    says(script)
    expect(reasonOf(await his.bill(call, 'B1'))).toMatch(reason)
    expect(traced[0]?.outcome).toMatch(/^unknown: /)
  })

  it('is a HIS that is not there', async () => {
    const params = { ...loopback.params, baseUrl: 'http://127.0.0.1:1' }
    const gone = createStandardHis(params, { clock, random, timeoutMs: 400 })
    expect(reasonOf(await gone.heartbeat(call))).toMatch(/ECONNREFUSED/)
  })

  it.each<[string, object, RegExp]>([
    ['items do not add up', { totalFen: 3_001 }, /add up to 3000, not 3001/],
    ['line is not price × quantity', { items: [{ ...item, quantity: 3 }] }, /is 3750, not 2500/],
    ['line is there twice', { items: [item, item], totalFen: 5_000 }, /line of bill B1 is there/],
    ['total is not whole', { totalFen: 3_000.5 }, /totalFen/],
    ['total is text', { totalFen: '3000' }, /totalFen/],
    ['total is past 2^53', { totalFen: 2 ** 53 }, /totalFen/],
    ['amount is negative', { items: [{ ...item, amountFen: -1 }] }, /amountFen/],
    ['items are none', { items: [], totalFen: 1 }, /items/],
    ['items are too many', { items: Array.from({ length: 501 }, () => item) }, /items/],
    ['number is another', { billNo: 'B2' }, /B2 came for bill B1/],
    ['number is too long', { billNo: 'B'.repeat(31) }, /billNo/],
    ['status is new', { status: 'frozen' }, /status/],
    ['day does not exist', { createdAt: '2026-02-30T09:30:00+08:00' }, /not an instant/],
    ['instant has no offset', { createdAt: '2026-11-21T09:30:00' }, /createdAt/],
    ['text has a NUL', { visitNo: 'V\u0000' }, /visitNo/],
  ])('is a bill whose %s', async (_what, change, reason) => {
    saysOk({ bill: { ...bill, ...change } })
    expect(reasonOf(await his.bill(call, 'B1'))).toMatch(reason)
  })

  it.each<[string, object[], RegExp]>([
    ['is another patient’s', [{ ...bill, patientNo: 'P2' }], /another patient/],
    ['is paid', [{ ...bill, status: 'paid' }], /paid and listed as open/],
    ['is there twice', [bill, bill], /twice/],
    [
      'is the fifty-first',
      Array.from({ length: 51 }, (_, i) => ({ ...bill, billNo: `B${i}` })),
      /bills/,
    ],
  ])('is a list with a bill that %s', async (_what, bills, reason) => {
    saysOk({ bills })
    expect(reasonOf(await his.openBills(call, 'P1'))).toMatch(reason)
  })

  it('is a patient with another name', async () => {
    saysOk({ patientNo: 'P2', name: '王大明', cardNo: 'C1' })
    const answer = await his.resolvePatient(call, {
      idCardNo: '37020219800101001X',
      name: '王小明',
    })
    expect(reasonOf(answer)).toMatch(/another name/)
  })
})

describe('what is kept of an exchange', () => {
  it('tells what happened and nothing of a person', async () => {
    const person = { idCardNo: '37020219800101001X', name: '王小明' }
    saysOk({ patientNo: 'P1', name: '王小明', cardNo: 'C9', phone: '13712345650' })
    await his.resolvePatient(call, person)
    saysOk({ bill: { ...bill, patientName: '王小明' } })
    await his.bill(call, 'B1')
    const message = '患者王小明(37020219800101001X, 13712345650)未建档'
    says({ body: { code: 'PATIENT_NOT_FOUND', message } })
    const refused = await his.resolvePatient(call, person)

    const kept = JSON.stringify([traced, refused])
    const secrets = [
      '王小明',
      '37020219800101001X',
      'C9',
      '13712345650',
      '高血压',
      'I10',
      '美托洛尔片',
      '李医生',
    ]
    for (const secret of secrets) {
      expect(kept).not.toContain(secret)
    }
    expect(traced[0]).toMatchObject({
      system: 'his',
      operation: 'patients.resolve',
      direction: 'out',
      request: '{"idCardNo":"***","name":"***"}',
      outcome: 'ok',
      startedAt: clock.now(),
    })
    expect(traced[0]?.response).toContain('"patientNo":"P1"')
    expect(traced[1]?.response).toContain('"totalFen":3000')
    expect(traced[2]?.response).toContain('患者***(***, ***)未建档')
  })

  it('keeps nothing of what is no JSON', async () => {
    says({ status: 500, body: '<p>王小明 37020219800101001X</p>' })
    await his.heartbeat(call)
    expect(traced[0]?.response).toMatch(/^status 500, \d+ bytes, no JSON$/)
  })

  it('survives JSON that is nested without end', async () => {
    says({ body: `{"code":"OK","message":"","data":${'['.repeat(50_000)}${']'.repeat(50_000)}}` })
    expect((await his.heartbeat(call)).outcome).toBe('unknown')
  })
})
