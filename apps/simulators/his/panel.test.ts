import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { HisSimulator } from './index.ts'
import {
  call,
  codeOf,
  simpleBill,
  startTestHis,
  TestClock,
  testOptions,
  writeBackOf,
} from './testing.ts'

const clock = new TestClock()
let his: HisSimulator
beforeAll(async () => {
  const options = testOptions(clock)
  const people = options.people.map((p) => (p.no === 5 ? { ...p, name: `<b>"O'a&b` } : p))
  his = await startTestHis(clock, { people, hubUrl: 'http://127.0.0.1:9' })
})
afterAll(() => his.stop())

const page = async () => (await fetch(his.url)).text()
const press = (path: string, form: [string, string][], headers: Record<string, string> = {}) =>
  fetch(`${his.url}/panel/${path}`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    redirect: 'manual',
  })
const billOf = (billNo: string) => his.bills({}).find((bill) => bill.billNo === billNo)

describe('the panel', () => {
  it('shows the bills in Chinese, lets no script run and is kept by no cache', async () => {
    const { billNo } = simpleBill(his)
    const response = await fetch(his.url)
    const html = await response.text()
    expect(html).toContain('<html lang="zh-CN">')
    expect(html).toContain(billNo)
    expect(html).toContain('148.80 元')
    expect(html).toContain('账册相符')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('escapes what it shows', async () => {
    simpleBill(his, 5)
    const html = await page()
    expect(html).toContain('&lt;b&gt;&quot;O&#39;a&amp;b')
    expect(html).not.toContain('<b>')
  })

  it('makes a bill with a value of the sandbox, in its number; and none with another word', async () => {
    const made = await press('create', [
      ['personNo', '3'],
      ['value', 'DECLINE'],
    ])
    expect(made.status).toBe(303)
    const bill = his.bills({}).at(-1)
    expect(bill?.billNo).toMatch(/^ZD\d{16}-DECLINE$/)
    expect(bill?.doctor.code).toMatch(/-DECLINE$/)
    const before = his.bills({}).length
    const refused = await press('create', [
      ['personNo', '3'],
      ['value', 'DECLINED'],
    ])
    expect([refused.status, await refused.text()]).toEqual([
      409,
      expect.stringContaining('没有这个测试值'),
    ])
    expect(his.bills({})).toHaveLength(before)
  })

  it('makes a bill, adds an item and withdraws it', async () => {
    const before = his.bills({}).length
    const made = await press('create', [['personNo', '3']])
    expect([made.status, made.headers.get('location')]).toEqual([303, '/'])
    const bill = his.bills({}).at(-1)
    expect([his.bills({}).length, bill?.patientNo]).toEqual([before + 1, 'P0100000003'])
    const billNo = bill?.billNo ?? ''
    const item = [
      ['billNo', billNo],
      ['code', codeOf('血脂四项')],
      ['quantity', '2'],
    ] as [string, string][]
    expect((await press('add-item', item)).status).toBe(303)
    expect(billOf(billNo)).toMatchObject({ version: 2, totalFen: (bill?.totalFen ?? 0) + 6400 })
    expect((await press('void', [['billNo', billNo]])).status).toBe(303)
    expect(billOf(billNo)?.status).toBe('void')
  })

  it('dispenses lines and asks for a refund', async () => {
    const bill = simpleBill(his)
    const { billNo } = bill
    await call(his, clock, 'bills.writeBack', writeBackOf(bill, 'P-1', clock))
    const form: [string, string][] = [
      ['billNo', billNo],
      ['line', '1'],
      ['line', '2'],
    ]
    expect((await press('dispense', form)).status).toBe(303)
    expect(billOf(billNo)?.items.map((i) => i.status)).toEqual([
      'dispensed',
      'dispensed',
      'charged',
    ])
    const refund: [string, string][] = [
      ['billNo', billNo],
      ['line', '3'],
      ['reason', '医生停用'],
    ]
    expect((await press('request-refund', refund)).status).toBe(303)
    expect(his.refundRequests()).toMatchObject([{ billNo, lineNos: [3], reason: '医生停用' }])
  })

  it.each([
    ['create', [['personNo', '99']], '没有这个人'],
    ['create', [['personNo', 'x']], '没有这个人'],
    ['void', [['billNo', '<i>']], '没有这张账单（billNo: &lt;i&gt;）'],
    ['dispense', [], '没有这张账单'],
  ] as [string, [string, string][], string][])(
    'says what is wrong with %s %j',
    async (path, form, says) => {
      const response = await press(path, form)
      expect(response.status).toBe(409)
      expect(await response.text()).toContain(says)
    },
  )

  it('takes no form of another site, and knows no other page', async () => {
    const foreign = await press('void', [], { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    expect((await press('toString', [])).status).toBe(404)
    expect((await fetch(`${his.url}/panel/void`)).status).toBe(404)
    const large = await press('void', [['billNo', 'x'.repeat(1_100_000)]])
    expect(large.status).toBe(413)
  })
})

describe('the panel of visits', () => {
  it('stops a clinic, takes somebody in, and lets them leave once', async () => {
    const [, clinicNo = ''] = /<option value="(PB\d+)">/.exec(await page()) ?? []
    expect((await press('stop-clinic', [['clinicNo', clinicNo]])).status).toBe(303)
    expect(await page()).not.toContain(`value="${clinicNo}"`)
    const departmentCode = testOptions(clock).hospital.departments[0]?.code ?? ''
    const admission: [string, string][] = [
      ['personNo', '2'],
      ['departmentCode', departmentCode],
    ]
    expect((await press('admit', admission)).status).toBe(303)
    const [, stayNo = ''] = /<option value="(ZY\d+)">/.exec(await page()) ?? []
    expect((await press('order-discharge', [['stayNo', stayNo]])).status).toBe(303)
    const again = await press('order-discharge', [['stayNo', stayNo]])
    expect([again.status, (await again.text()).includes('病人不在院')]).toEqual([409, true])
    const nobody = await press('stop-clinic', [['clinicNo', 'PB1']])
    expect((await nobody.text()).includes('没有这次出诊')).toBe(true)
  })
})
