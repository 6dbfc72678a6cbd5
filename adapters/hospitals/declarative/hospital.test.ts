import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import iconv from 'iconv-lite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { createOwnMemory, type HospitalSystem } from '../../../modules/hospitals/index.ts'
import type { Exchange } from '../../../platform/exchange.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createDescribedHospital, type Product, readProduct } from './index.ts'
import { type Reply, startScriptedHost } from './testing/scripted-host.ts'

const PRODUCT = readFileSync(join(import.meta.dirname, 'testing/made-up.yaml'), 'utf8')

const { clock, random } = testPlatform()
let host: Awaited<ReturnType<typeof startScriptedHost>>
let folder: string
let his: HospitalSystem
const exchanges: Exchange[] = []
const call = { trace: (exchange: Exchange) => void exchanges.push(exchange) }

beforeAll(async () => {
  host = await startScriptedHost()
  folder = await mkdtemp(join(tmpdir(), 'yiqiao-his-'))
  his = systemOf(PRODUCT)
})
afterAll(async () => {
  await host.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  host.came.length = 0
  exchanges.length = 0
})

function systemOf(text: string, codes = {}): HospitalSystem {
  const params = { baseUrl: host.url, signKey: 'topsecretkey', files: folder }
  return createDescribedHospital(
    productOf(text),
    { params, codes },
    { clock, random, timeoutMs: 20_000, memory: createOwnMemory() },
  )
}

function productOf(text: string): Product {
  const read = readProduct(text)
  if (read.outcome === 'wrong') throw new Error(JSON.stringify(read.problems))
  return read.product
}

const json = (body: unknown): Reply => ({ body: JSON.stringify(body) })
const ITEM = {
  no: '1',
  code: 'X',
  name: '血常规',
  class: '1',
  price: '20',
  num: '1',
  amount: '20.00',
}
const HEAD = {
  billId: 'B7',
  visit: 'V1',
  dept: 'D1',
  deptName: '内科',
  time: '2026-11-21 09:30:00',
  amount: '20',
}
const saysBills: (came: { url: string }) => Reply = ({ url }) =>
  json({ code: 200, ...(url === '/api/bills' ? { list: [HEAD] } : { items: [ITEM] }) })

describe('[H2] a hospital system that is only described', () => {
  it('asks for a list and for each of it, and answers in the words of the contract', async () => {
    host.answer = saysBills
    const bills = await his.openBills(call, 'P1')
    expect(bills).toMatchObject({
      outcome: 'ok',
      data: [
        {
          billNo: 'P1~B7',
          totalFen: 2_000,
          createdAt: new Date('2026-11-21T01:30:00Z'),
          items: [{ lineNo: 1, insuranceClass: 'A', amountFen: 2_000 }],
        },
      ],
    })
    expect(host.came.map(({ url }) => url)).toEqual(['/api/bills', '/api/detail'])
  })

  it('signs over the sorted values with the key behind them', async () => {
    host.answer = saysBills
    await his.openBills(call, 'P1')
    const sent = JSON.parse(String(host.came[0]?.body)) as { sign: string }
    const wanted = createHash('md5').update('P1|20261121100000|topsecretkey').digest('hex')
    expect(sent).toEqual({ pat: 'P1', timestamp: '20261121100000', sign: wanted })
  })

  it('knows a hospital’s own words before those of the product', async () => {
    host.answer = saysBills
    const own = await systemOf(PRODUCT, { class: { '1': 'C' } }).openBills(call, 'P1')
    expect(own).toMatchObject({ data: [{ items: [{ insuranceClass: 'C' }] }] })
  })

  it('takes "there is none" for an empty list where the product says so', async () => {
    host.answer = () => json({ code: 404, message: '没有' })
    expect(await his.openBills(call, 'P1')).toEqual({ outcome: 'ok', data: [] })
  })

  it('speaks XML in GB18030, both ways', async () => {
    host.answer = ({ body }) => {
      expect(iconv.decode(body, 'gb18030')).toBe(
        '<req><idcard>1</idcard><name>王𠮷·阿</name></req>',
      )
      const answer =
        '<res><resultCode>0</resultCode><patId>P1</patId><name>王𠮷·阿</name><card>C1</card></res>'
      return { body: iconv.encode(answer, 'gb18030'), type: 'text/xml' }
    }
    const person = { idCardNo: '1', name: '王𠮷·阿' }
    expect(await his.resolvePatient(call, person)).toEqual({
      outcome: 'ok',
      data: { patientNo: 'P1', cardNo: 'C1' },
    })
  })

  it('looks first and pays only what it looked at, over SOAP with JSON in CDATA', async () => {
    host.answer = ({ url, headers, body }) => {
      if (url === '/api/detail') return json({ code: 200, items: [ITEM] })
      expect(headers['soapaction']).toBe('"http://his.example/doPay"')
      expect(String(body)).toContain(
        '<input><![CDATA[{"orderId":"PAY1","money":"20.00"}]]></input>',
      )
      const result = '{"code":200,"receipt":"R1"}'
      return {
        type: 'text/xml',
        body: `<s:Envelope xmlns:s="x"><s:Body><doPayResponse><return><![CDATA[${result}]]></return></doPayResponse></s:Body></s:Envelope>`,
      }
    }
    const bills = await ((host.answer = saysBillsThen(host.answer)), his.openBills(call, 'P1'))
    const version = bills.outcome === 'ok' ? (bills.data[0]?.version ?? 0) : 0
    expect(await his.writeBack(call, payment(version))).toMatchObject({
      outcome: 'ok',
      data: { receiptNo: 'R1' },
    })
    const changed = await his.writeBack(call, payment(version + 1))
    expect(changed).toMatchObject({ outcome: 'refused', code: 'bill_changed', detail: { version } })
    expect(host.came.at(-1)?.url).toBe('/api/detail') // nothing was paid the second time
  })

  it('reads a day from a file, and cuts its pages', async () => {
    const lines = Array.from({ length: 1_201 }, (_, i) => `PAY${i}|B${i}|R${i}|1.00`)
    await writeFile(
      join(folder, 'check_20261120.txt'),
      iconv.encode(`标题\n${lines.join('\n')}\n`, 'gb18030'),
    )
    const list = await his.dayList(call, businessDate('2026-11-20'))
    expect(list).toMatchObject({
      outcome: 'ok',
      data: { totals: { payments: 1_201, paymentsFen: 120_100 } },
    })
    expect(exchanges).toHaveLength(1)
  })

  it('refuses what the product does not offer, and sends nothing', async () => {
    const asked = await his.report(call, 'R1')
    expect(asked).toMatchObject({ outcome: 'refused', code: 'not_supported' })
    expect(host.came).toEqual([])
  })

  it('shows in a trace only the fields that may be seen, and never a key', async () => {
    host.answer = saysBills
    await his.openBills(call, 'P1')
    const told = JSON.stringify(exchanges)
    expect(told).toContain('B7')
    expect(told).not.toMatch(/topsecretkey|血常规|内科/)
  })
})

describe('[H2] what cannot be believed is unknown', () => {
  it.each<[string, () => Reply, RegExp]>([
    ['silence', () => ({ silent: true }), /./],
    ['a byte now and then', () => ({ drip: true }), /abort|timeout/i],
    ['HTML', () => ({ body: '<html>维护中</html>', type: 'text/html' }), /no json/],
    [
      'bytes of another charset',
      () => ({ body: iconv.encode('{"code":200,"list":"中文"}', 'gb18030') }),
      /utf-8/,
    ],
    ['another code', () => json({ code: 999, message: '系统忙' }), /999 系统忙/],
    ['no code', () => json({ list: [] }), /HTTP 200/],
    [
      'a word that no table has',
      () => json({ code: 200, list: [HEAD], items: [{ ...ITEM, class: '5' }] }),
      /insuranceClass/,
    ],
    [
      'an amount that is none',
      () => json({ code: 200, list: [{ ...HEAD, amount: '2O' }], items: [ITEM] }),
      /yuan/,
    ],
    [
      'items that do not add up',
      () => json({ code: 200, list: [{ ...HEAD, amount: '21' }], items: [ITEM] }),
      /add up/,
    ],
  ])('%s', async (_what, reply, reason) => {
    host.answer = reply
    const bills = await his.openBills(call, 'P1')
    expect(bills).toMatchObject({ outcome: 'unknown' })
    expect(bills.outcome === 'unknown' && bills.reason).toMatch(reason)
  })

  it('100 MB: no more is read than the product may send', async () => {
    host.answer = () => ({ body: Buffer.alloc(100_000_000, 32) })
    const patient = systemOf(PRODUCT.replace('timeoutMs: 1000', 'timeoutMs: 20000'))
    const bills = await patient.openBills(call, 'P1')
    expect(bills.outcome === 'unknown' && bills.reason).toMatch(/more than 65536 bytes/)
  })

  it.each([
    ['entities of its own', '<!DOCTYPE r [<!ENTITY a "b">]><res><resultCode>0</resultCode></res>'],
    ['a bomb', `<!DOCTYPE r [${'<!ENTITY a "&b;&b;">'.repeat(20)}]><res>&a;</res>`],
    ['a file of ours', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><res>&x;</res>'],
    ['no end', '<res><resultCode>0</resultCode>'],
  ])('XML with %s', async (_what, body) => {
    host.answer = () => ({ body, type: 'text/xml' })
    const found = await his.resolvePatient(call, { idCardNo: '1', name: '王' })
    expect(found).toMatchObject({ outcome: 'unknown' })
  })

  it('a SOAP fault: it may have been done', async () => {
    const fault =
      '<s:Envelope xmlns:s="x"><s:Body><s:Fault><faultstring>ORA-00001</faultstring></s:Fault></s:Body></s:Envelope>'
    host.answer = saysBillsThen(() => ({ status: 500, type: 'text/xml', body: fault }))
    const bills = await his.openBills(call, 'P1')
    const version = bills.outcome === 'ok' ? (bills.data[0]?.version ?? 0) : 0
    const paid = await his.writeBack(call, payment(version))
    expect(paid).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/ORA-00001/) as unknown,
    })
  })

  it('more calls at once than the product bears: the third is not begun', async () => {
    host.answer = () => ({ silent: true })
    const all = await Promise.all([1, 2, 3].map(() => his.openBills(call, 'P1')))
    expect(all.map((each) => each.outcome === 'unknown' && each.reason)).toContainEqual(
      expect.stringMatching(/nothing was sent/),
    )
    expect(host.came).toHaveLength(2)
  })
})

describe('[H2] a descriptor that is wrong says where', () => {
  it.each<[string, (text: string) => string, string, string]>([
    [
      'a field nobody knows',
      (t) => t.replace('skipLines', 'skipLine'),
      '/wires/files/skipLine',
      'skipLine',
    ],
    [
      'a wire that is not there',
      (t) => t.replace('wire: old', 'wire: older'),
      '/operations/patients.resolve/steps/0/wire',
      'older',
    ],
    [
      'a value a wire needs',
      (t) => t.replace('vars: { operation: doPay }', 'vars: { op: doPay }'),
      '/operations/bills.writeBack/steps/1/vars',
      'operation',
    ],
    ['an expression', (t) => t.replace('body.code = 200', 'body.code = = 200'), '/success', 'read'],
    [
      'a parameter of another format',
      (t) => t.replace('host: baseUrl', 'host: signKey'),
      '/wires/main/host',
      'signKey',
    ],
    [
      'an operation nobody knows',
      (t) => t.replace('  heartbeat:', '  heartbeet:'),
      '/operations/heartbeet',
      'heartbeet',
    ],
  ])('%s', (_what, change, pointer, word) => {
    const read = readProduct(change(PRODUCT))
    const problems = read.outcome === 'wrong' ? read.problems : []
    expect(problems.map((each) => each.pointer).join(' ')).toContain(pointer)
    expect(problems.map((each) => each.en).join(' ')).toContain(word)
    expect(problems[0]?.line).toBeGreaterThan(1)
  })
})

const saysBillsThen =
  (then: (came: Parameters<typeof host.answer>[0]) => Reply): typeof host.answer =>
  (came) =>
    came.url.startsWith('/api/') ? saysBills(came) : then(came)

const payment = (version: number) => ({
  paymentNo: 'PAY1',
  billNo: 'P1~B7',
  version,
  totalFen: fen(2_000),
  paidAt: clock.now(),
  tenders: [{ kind: 'self_pay' as const, amountFen: fen(2_000), tradeNo: 'T1' }],
  insuranceSettlementNo: null,
})
