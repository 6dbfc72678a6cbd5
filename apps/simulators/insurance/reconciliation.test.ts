import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import type { CentreSettlement } from './index.ts'
import {
  type Answer,
  createClient,
  HOSPITAL,
  nodeOf,
  openBill,
  OP1_LINES,
  OTHER_HOSPITAL,
  startTestCentre,
  stopSound,
  type TestCentre,
  yuanOf,
} from './testing.ts'

let centre: TestCentre
let client: TestCentre['client']
const day = businessDate('2026-11-21')
const nextDay = businessDate('2026-11-22')
const codes = { settled: '', reversed: '' }

// Day one: two settlements of employees that stand, one that is refunded the day after, one of a
// resident, and one that is reversed and on no list. Day two: the refund.
beforeAll(async () => {
  centre = await startTestCentre({ signInRequired: false })
  client = centre.client
  centre.clock.at = new Date('2026-11-21T23:59:58+08:00')
  await settle('R1')
  codes.settled = await settle('R2')
  const refunded = await settle('R3', 'P2')
  await settle('R4', 'P3', '390')
  codes.reversed = await settle('R5')
  await client.call('2601', { data: { psn_no: 'P1', omsgid: codes.reversed, oinfno: '2207' } })
  centre.clock.at = new Date('2026-11-22T00:00:01+08:00')
  const row = rowsOf(day).find((settlement) => settlement.msgid === refunded)
  const data = { setl_id: row?.settlementId, mdtrt_id: row?.visitId, psn_no: 'P2' }
  nodeOf(await client.call('2208', { data }), 'setlinfo')
})
afterAll(() => stopSound(centre))

const settle = async (visitNo: string, personNo = 'P1', insutype = '310') => {
  const bill = await openBill(client, { visitNo, personNo, insutype, lines: OP1_LINES })
  const msgid = client.newMsgid()
  expect((await client.call('2207', { data: bill.data }, { msgid })).err_msg).toBe('')
  return msgid
}

const rowsOf = (date: typeof day, scheme?: string) =>
  centre.simulator.settlements(date).filter((row) => scheme === undefined || row.scheme === scheme)

const sum = (rows: CentreSettlement[], part: 'totalFen' | 'fundFen' | 'accountFen' | 'cashFen') =>
  rows.reduce((total, row) => total + row[part], 0)

const statement = (rows: CentreSettlement[], from = day, to = from) => ({
  setl_optins: '999900',
  stmt_begndate: from,
  stmt_enddate: to,
  medfee_sumamt: yuanOf(sum(rows, 'totalFen')),
  fund_pay_sumamt: yuanOf(sum(rows, 'fundFen')),
  fixmedins_setl_cnt: rows.length,
  clr_type: '11',
})
const totalsOf = (rows: CentreSettlement[], from = day, to = from) => ({
  ...statement(rows, from, to),
  insutype: '310',
  acct_pay: yuanOf(sum(rows, 'accountFen')),
})
const compare = async (data: object) => {
  const answer = await client.call('3201', { data })
  return nodeOf(answer, 'stmtinfo')
}

describe('3201', () => {
  it('0: agrees with the same list, by insurance and by the day in China', async () => {
    const rows = rowsOf(day, '310')
    expect(rows).toHaveLength(3)
    expect(await compare(totalsOf(rows))).toMatchObject({ setl_optins: '999900', stmt_rslt: '0' })
    const residents = { ...totalsOf(rowsOf(day, '390')), insutype: '390' }
    expect(await compare(residents)).toMatchObject({ stmt_rslt: '0' })
    expect(await compare(totalsOf(rowsOf(nextDay), nextDay))).toMatchObject({ stmt_rslt: '0' })
  })

  it('1 and 2: says who has more, 3: that the same number differs', async () => {
    const rows = rowsOf(day, '310')
    expect(await compare(totalsOf(rows.slice(1)))).toMatchObject({ stmt_rslt: '1' })
    expect(await compare(totalsOf([...rows, ...rows.slice(1)]))).toMatchObject({ stmt_rslt: '2' })
    for (const changes of [
      { medfee_sumamt: 0.01 },
      { fund_pay_sumamt: '0' },
      { acct_pay: yuanOf(sum(rows, 'accountFen') + 1) },
    ]) {
      const info = await compare({ ...totalsOf(rows), ...changes })
      expect(info).toMatchObject({ stmt_rslt: '3' })
      expect(info.stmt_rslt_dscr).toContain('中心：3笔')
    }
  })

  it('counts refunds as rows of their own, unless told not to', async () => {
    const both = [...rowsOf(day, '310'), ...rowsOf(nextDay)]
    expect(both.filter((row) => row.isRefund)).toHaveLength(1)
    expect(await compare(totalsOf(both, day, nextDay))).toMatchObject({ stmt_rslt: '0' })
    const flagged = { ...totalsOf(both, day, nextDay), REFD_SETL_FLAG: '1' }
    expect(await compare(flagged)).toMatchObject({ stmt_rslt: '0' })
    const without = both.filter((row) => !row.isRefund)
    const excluded = { ...totalsOf(without, day, nextDay), REFD_SETL_FLAG: '0' }
    expect(await compare(excluded)).toMatchObject({ stmt_rslt: '0' })
    expect(await compare({ ...excluded, REFD_SETL_FLAG: '1' })).toMatchObject({ stmt_rslt: '1' })
  })

  it("has nothing of inpatients, nor of another hospital's", async () => {
    const none = { ...totalsOf([]), clr_type: '21' }
    expect(await compare(none)).toMatchObject({ stmt_rslt: '0' })
    const other = createClient(centre.simulator.url, centre.clock, OTHER_HOSPITAL)
    const answer = await other.call('3201', { data: totalsOf([]) })
    expect(nodeOf(answer, 'stmtinfo')).toMatchObject({ stmt_rslt: '0' })
  })

  it.each<[string, object]>([
    ['setl_optins', { setl_optins: '440300' }],
    ['stmt_begndate', { stmt_begndate: '2026-02-30' }],
    ['stmt_enddate', { stmt_enddate: '2026-11-20' }],
    ['stmt_enddate', { stmt_enddate: '2026-12-22' }],
    ['medfee_sumamt', { medfee_sumamt: '12.345' }],
    ['fixmedins_setl_cnt', { fixmedins_setl_cnt: 1.5 }],
    ['REFD_SETL_FLAG', { REFD_SETL_FLAG: '2' }],
  ])('refuses a wrong %s', async (field, changes) => {
    const answer = await client.call('3201', { data: { ...totalsOf([]), ...changes } })
    expect([answer.infcode, answer.err_msg]).toEqual([-1, expect.stringContaining(field)])
  })

  it('is what the centre tells a driver without the wire', () => {
    const rows = rowsOf(day)
    expect(centre.simulator.totals(day, HOSPITAL.insuranceCode)).toEqual({
      count: 4,
      totalFen: sum(rows, 'totalFen'),
      fundFen: sum(rows, 'fundFen'),
      accountFen: sum(rows, 'accountFen'),
      cashFen: sum(rows, 'cashFen'),
    })
    expect(centre.simulator.totals(nextDay, HOSPITAL.insuranceCode).totalFen).toBe(-638_00)
    expect(rows.map((row) => [row.visitNo, row.registration, row.isRefunded])).toEqual([
      ['R1', 1, false],
      ['R2', 1, false],
      ['R3', 1, true],
      ['R4', 1, false],
    ])
  })
})

const cells = (row: CentreSettlement) => [
  row.settlementId,
  row.visitId,
  row.personNo,
  yuanOf(row.totalFen),
  yuanOf(row.fundFen),
  yuanOf(row.accountFen),
  row.isRefund ? '1' : '0',
]
const zipOf = (text: string, name = 'detail.txt') => zipSync({ [name]: strToU8(text) })
const upload = async (bytes: Uint8Array, changes: object = {}): Promise<Answer> =>
  client.call('9101', {
    fsUploadIn: {
      in: Buffer.from(bytes).toString('base64'),
      filename: 'detail.zip',
      fixmedins_code: HOSPITAL.insuranceCode,
      ...changes,
    },
  })
const fileNoOf = (answer: Answer) => String(answer.output?.file_qury_no)
const details = (rows: CentreSettlement[], fileNo: string) => ({
  ...statement(rows),
  file_qury_no: fileNo,
  cash_payamt: yuanOf(sum(rows, 'cashFen')),
})
const download = (fileinfo: object) => {
  const fsDownloadIn = { fixmedins_code: 'plc', ...fileinfo }
  return client.post('9102', JSON.stringify(client.envelope('9102', { fsDownloadIn })))
}

describe('9101, 3202 and 9102', () => {
  it('tell of each row what is the matter with it, and name the message of one to reverse', async () => {
    const [first, second, third] = rowsOf(day, '310')
    if (!first || !second || !third) throw new Error('three settlements of that day')
    const strange = { ...first, settlementId: '9'.repeat(30) }
    const wrong = { ...second, accountFen: second.accountFen + 1 } as CentreSettlement
    const rows = [first, wrong, strange]
    const text = rows.map((row) => cells(row).join('\t')).join('\t\r\n')
    const uploaded = await upload(zipOf(`${text}\n`))
    expect(uploaded.output).toMatchObject({
      filename: 'detail.zip',
      dld_endtime: '2026-11-29 00:00:01',
    })
    const compared = await client.call('3202', { data: details(rows, fileNoOf(uploaded)) })
    const fileinfo = nodeOf(compared, 'fileinfo')

    const reply = await download(fileinfo)
    expect([reply.status, reply.type]).toEqual([200, 'application/zip'])
    const files = unzipSync(reply.bytes)
    expect(Object.keys(files)).toEqual(['result.txt'])
    const resident = rowsOf(day, '390')[0]
    const result = strFromU8(files['result.txt'] ?? new Uint8Array())
    expect(
      result
        .trimEnd()
        .split('\r\n')
        .map((row) => row.split('\t')),
    ).toEqual([
      ['P1', first.visitId, first.settlementId, first.msgid, '0', '0', 'null', ...moneyOf(first)],
      [
        'P1',
        second.visitId,
        second.settlementId,
        codes.settled,
        '3',
        '0',
        'acct_pay不一致',
        ...moneyOf(second),
      ],
      [
        'P1',
        first.visitId,
        strange.settlementId,
        'null',
        '2',
        '0',
        '中心无此结算',
        ...moneyOf(first),
      ],
      [
        'P2',
        third.visitId,
        third.settlementId,
        third.msgid,
        '1',
        '0',
        '医药机构无此结算',
        ...moneyOf(third),
      ],
      [
        'P3',
        resident?.visitId,
        resident?.settlementId,
        resident?.msgid,
        '1',
        '0',
        '医药机构无此结算',
        ...(resident ? moneyOf(resident) : []),
      ],
    ])
    // A reversed settlement is on no list, and a file can be fetched again.
    expect(result).not.toContain(codes.reversed)
    expect(Buffer.from((await download(fileinfo)).bytes)).toEqual(Buffer.from(reply.bytes))
  })

  it('compare one insurance alone when asked to, and an empty list', async () => {
    const uploaded = fileNoOf(await upload(zipOf('')))
    const data = { ...details([], uploaded), insutype: '390' }
    const fileinfo = nodeOf(await client.call('3202', { data }), 'fileinfo')
    const text = strFromU8(
      unzipSync((await download(fileinfo)).bytes)['result.txt'] ?? new Uint8Array(),
    )
    expect(text.split('\r\n').map((row) => row.split('\t')[0])).toEqual(['P3', ''])
  })

  it.each<[string, object]>([
    ['in', { in: 'not base64!' }],
    ['in', { in: '' }],
    ['in', { in: [80, 75] }],
    ['filename', { filename: 'x'.repeat(201) }],
    ['fixmedins_code', { fixmedins_code: OTHER_HOSPITAL.insuranceCode }],
  ])('refuse an upload with a wrong %s', async (field, changes) => {
    const answer = await upload(zipOf(''), changes)
    expect([answer.infcode, answer.err_msg]).toEqual([-1, expect.stringContaining(field)])
  })

  it.each<[string, Uint8Array]>([
    ['what is no zip', strToU8('plain')],
    ['two files', zipSync({ 'a.txt': strToU8(''), 'b.txt': strToU8('') })],
    ['a file that is no text', zipOf('', 'a.csv')],
    ['another encoding', zipSync({ 'a.txt': new Uint8Array([0xc4, 0xe3]) })],
    ['too few columns', zipOf('1\t2\t3\n')],
    ['an amount that is none', zipOf('1\t2\t3\tx\t0\t0\t0\n')],
    ['a flag that is none', zipOf('1\t2\t3\t0\t0\t0\tnull\n')],
  ])('refuse %s by the file number', async (_what, bytes) => {
    const no = fileNoOf(await upload(bytes))
    const answer = await client.call('3202', {
      data: { ...details([], no), fixmedins_setl_cnt: 1 },
    })
    expect([answer.infcode, answer.err_msg]).toEqual([-1, expect.stringContaining('file_qury_no')])
  })

  it('refuse totals that are not those of the file', async () => {
    const rows = rowsOf(day)
    const no = fileNoOf(await upload(zipOf(rows.map((row) => cells(row).join('\t')).join('\n'))))
    for (const [field, changes] of [
      ['medfee_sumamt', { medfee_sumamt: 1 }],
      ['fund_pay_sumamt', { fund_pay_sumamt: 1 }],
      ['fixmedins_setl_cnt', { fixmedins_setl_cnt: 5 }],
    ] as const) {
      const answer = await client.call('3202', { data: { ...details(rows, no), ...changes } })
      expect([answer.infcode, answer.err_msg]).toEqual([-1, expect.stringContaining(field)])
    }
  })

  it("keep a file seven days, and from other hospitals' eyes", async () => {
    const own = await startTestCentre({ signInRequired: false })
    const put = await own.client.call('9101', {
      fsUploadIn: { in: 'UEs=', filename: 'a.zip', fixmedins_code: HOSPITAL.insuranceCode },
    })
    const get = async (who: TestCentre['client'], changes: object = {}) => {
      const file = { file_qury_no: put.output?.file_qury_no, filename: 'a.zip', ...changes }
      const input = { fsDownloadIn: { fixmedins_code: 'plc', ...file } }
      return (await who.post('9102', JSON.stringify(who.envelope('9102', input)))).text
    }
    expect(await get(own.client)).toBe('PK')
    const file = { file_qury_no: put.output?.file_qury_no, filename: 'a.zip' }
    const input = { fsDownloadIn: { fixmedins_code: 'plc', ...file } }
    const same = JSON.stringify(own.client.envelope('9102', input))
    const again = async () => (await own.client.post('9102', same)).text
    expect([await again(), await again()]).toEqual(['PK', 'PK'])
    expect(await get(own.client, { filename: 'b.zip' })).toContain('filename')
    expect(await get(own.client, { fixmedins_code: 'x' })).toContain('fixmedins_code')
    const other = createClient(own.simulator.url, own.clock, OTHER_HOSPITAL)
    expect(await get(other)).toContain('file_qury_no')
    own.clock.at = new Date(own.clock.at.getTime() + 7 * 86_400_000 + 1000)
    expect(await get(own.client)).toContain('文件已过期')
    expect(await again()).toContain('文件已过期')
    await own.simulator.stop()
  })
})

const moneyOf = (row: CentreSettlement) => [
  yuanOf(row.totalFen),
  yuanOf(row.fundFen),
  yuanOf(row.accountFen),
]
