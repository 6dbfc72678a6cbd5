import { deflateRawSync, gzipSync } from 'node:zlib'

import fc from 'fast-check'
import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import { type BillRow, tradeBill } from '../../adapters/channels/wechatpay/testing/bills.ts'
import { zipOf } from '../../apps/simulators/alipay/zip.ts'
import { layoutOf, readBytes, type ReadOptions } from '../../modules/statements/testing/reading.ts'
import { csvLine, escapeFormula } from '../../platform/csv.ts'

const MCHID = '1900000109'
const WECHAT = layoutOf('wechat-trade')
const payment = (i: number, change: Partial<BillRow> = {}): BillRow => ({
  state: 'SUCCESS',
  time: '2026-11-20 09:30:00',
  transactionId: `42000000${i}`,
  tradeNo: `P${i}`,
  amountFen: 10_000 + i,
  feeUnits: 60_000,
  ...change,
})
const GOOD = tradeBill([payment(1), payment(2), payment(3)])

const readWechat = (bytes: Buffer | string, options: ReadOptions = {}) =>
  readBytes(WECHAT, Buffer.from(bytes), { account: MCHID, ...options })

const codeOf = async (bytes: Buffer | string, options?: ReadOptions) => {
  const { result } = await readWechat(bytes, options)
  return result.outcome === 'refused' ? result.code : result.outcome
}

const alipay = (rows: string[]) =>
  [
    '#支付宝业务明细查询',
    '#账号：[20880211096256330156]',
    '#起始日期：[2026年11月20日 00:00:00]   终止日期：[2026年11月21日 00:00:00]',
    '#-----业务明细列表-----',
    '支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,商家实收（元）,商家优惠（元）,退款批次号/请求号,服务费（元）,备注',
    ...rows,
    '#-----业务明细列表结束-----',
    `#交易合计：${rows.length}笔，商家实收共${rows.length}.00元，商家优惠共0.00元`,
    '#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元',
    '',
  ].join('\r\n')
const ALIPAY_ROW = 'T1\t,P1\t,交易\t,2026-11-20 09:00:00,1.00,1.00,0.00,\t,-0.01,门诊'

describe('F-103 a file that is cut off or adds up to something else', () => {
  it.each<[string, string, string]>([
    ['its last line', GOOD.trimEnd().split('\r\n').slice(0, -1).join('\r\n'), 'truncated'],
    ['both totals', GOOD.trimEnd().split('\r\n').slice(0, -2).join('\r\n'), 'truncated'],
    ['half of its totals', GOOD.slice(0, GOOD.lastIndexOf(',')), 'truncated'],
    ['a row', GOOD.replace(/`[^\n]*P2[^\n]*\n/, ''), 'truncated'],
    ['all but its header', GOOD.split('\r\n')[0] ?? '', 'truncated'],
    ['everything', '', 'empty'],
  ])('without %s is refused', async (_what, text, code) => {
    expect(await codeOf(text)).toBe(code)
  })

  it.each<[string, (text: string) => string, string]>([
    ['an amount', (text) => text.replace('`100.02', '`100.03'), 'sums'],
    ['a count', (text) => text.replace('\r\n`3,', '\r\n`4,'), 'truncated'],
    ['a sum', (text) => text.replace(/`300.06(?=[^\n]*\r\n$)/, '`300.07'), 'sums'],
    ['a kind', (text) => text.replace('SUCCESS', 'PAID'), 'layout'],
    ['a merchant', (text) => text.replace(MCHID, '1900000110'), 'account'],
    ['a moment', (text) => text.replace('2026-11-20 09', '2026-11-31 09'), 'moment'],
    ['a column’s name', (text) => text.replace('商户订单号', '订单号'), 'layout'],
    ['a column twice', (text) => text.replace('设备号', '商户号'), 'layout'],
    ['a line of nothing', (text) => text.replace('\r\n`', '\r\n\r\n`'), 'layout'],
    ['a line behind the end', (text) => `${text}\`1,\`2\r\n`, 'layout'],
  ])('with another %s is refused', async (_what, change, code) => {
    expect(change(GOOD)).not.toBe(GOOD)
    expect(await codeOf(change(GOOD))).toBe(code)
  })

  it('is refused whose checksum is wrong, or whose archive is cut', async () => {
    const bytes = iconv.encode(alipay([ALIPAY_ROW]), 'gbk')
    const archive = zipOf([{ name: iconv.encode('2088_业务明细.csv', 'gbk'), content: bytes }])
    const read = async (file: Buffer) => {
      const { result } = await readBytes(layoutOf('alipay-trade'), file)
      return result.outcome === 'refused' ? result.code : result.outcome
    }
    expect(await read(archive)).toBe('taken')
    for (let i = 0; i < archive.length; i += 7) {
      const broken = Buffer.from(archive)
      broken[i] = (broken[i] ?? 0) ^ 0x10
      // What neither names nor packs anything, like a time, may change; no row ever does.
      const { result, rows } = await readBytes(layoutOf('alipay-trade'), broken)
      expect(result.outcome === 'refused' || rows.length === 1).toBe(true)
      expect(await read(archive.subarray(0, i))).not.toBe('taken')
    }
    const gzip = gzipSync(GOOD)
    expect(await codeOf(gzip)).toBe('taken')
    expect(await codeOf(gzip.subarray(0, -20))).toBe('truncated')
    gzip[gzip.length - 6] = (gzip[gzip.length - 6] ?? 0) ^ 1
    expect(await codeOf(gzip)).toBe('hash')
  })

  it('changed in any one byte gives the same money or is refused', async () => {
    const bytes = Buffer.from(GOOD)
    const whole = await readWechat(bytes)
    const money = (rows: readonly string[]) =>
      rows.map((row) => /,(\d+),(-?\d+),\d{4}-/.exec(row)?.slice(1).join())
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => {
        const changed = Buffer.from(bytes)
        changed[at] = byte
        const { result, rows } = await readWechat(changed)
        const isSame = JSON.stringify(money(rows)) === JSON.stringify(money(whole.rows))
        expect(result.outcome === 'refused' || isSame).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})

describe('F-104 the encoding of a file', () => {
  const text = alipay([ALIPAY_ROW])
  const layout = layoutOf('alipay-trade')

  it.each<[string, Buffer]>([
    ['GBK', iconv.encode(text, 'gbk')],
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${text}`)],
    ['\\n', Buffer.from(text.replaceAll('\r', ''))],
  ])('is found out: %s', async (_what, bytes) => {
    const { rows } = await readBytes(layout, bytes)
    expect(rows).toEqual(['6,charge,P1,T1,100,1,2026-11-20T09:00:00+08:00,2026-11-20,,门诊'])
  })

  it('is refused when it is none of the declared ones', async () => {
    const only = (encoding: 'utf-8' | 'gb18030') => ({ ...layout, encodings: [encoding] })
    const read = async (encoding: 'utf-8' | 'gb18030', bytes: Buffer) =>
      (await readBytes(only(encoding), bytes)).result
    expect(await read('utf-8', iconv.encode(text, 'gbk'))).toMatchObject({ code: 'encoding' })
    expect(await read('gb18030', Buffer.from(text))).toMatchObject({ code: 'encoding' })
    expect(await read('gb18030', Buffer.from(`\uFEFF${text}`))).toMatchObject({ code: 'encoding' })
    expect(await read('utf-8', Buffer.from(text, 'utf16le'))).toMatchObject({
      outcome: 'refused',
    })
  })

  it('backticks, a comma in a name and every line end are understood', async () => {
    const named = tradeBill([payment(1, { product: '挂号,专家,"一"' })], { bom: true })
    for (const bill of [named, named.replaceAll('\r', '')]) {
      const { rows } = await readWechat(bill)
      expect(rows[0]?.endsWith(`,${MCHID},"挂号,专家,""一"""`)).toBe(true)
    }
  })
})

describe('F-105 money in a file', () => {
  it.each([
    ['in fen for yuan', '`10001', 'sums'],
    ['in exponents', '`1.0001e2', 'amount'],
    ['with separators', '`1,000.01', 'amount'],
    ['below zero', '`-100.01', 'sums'],
    ['with a third decimal', '`100.011', 'amount'],
    ['in words', '`一百元', 'amount'],
    ['that is a formula', '`=100.01', 'amount'],
  ])('%s is refused', async (_what, amount, code) => {
    const bill = tradeBill([payment(1)])
    expect(await codeOf(bill.replace('`100.01', amount))).toBe(code)
  })

  it('is the same to the fen for any amounts, and is added up without a float', async () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 999_999_999_999 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(amounts, async (list) => {
        const { result, rows } = await readWechat(
          tradeBill(list.map((amountFen, i) => payment(i, { amountFen }))),
        )
        const chargeFen = list.reduce((sum, amount) => sum + amount, 0)
        expect(result).toMatchObject({ outcome: 'taken', totals: { chargeFen } })
        expect(rows.map((row) => Number(row.split(',')[4]))).toEqual(list)
      }),
      { numRuns: 50 },
    )
  })
})

describe('F-106 a hostile file', () => {
  it('keeps formulas and HTML as the text they are, and hands them out harmless', async () => {
    const product = '=HYPERLINK("http://x") <script>alert(1)</script>'
    const { rows } = await readWechat(tradeBill([payment(1, { product })]))
    expect(rows[0]).toContain('"=HYPERLINK(""http://x"") <script>alert(1)</script>"')
    expect(csvLine([product])).toBe(`"'=HYPERLINK(""http://x"") <script>alert(1)</script>"\r\n`)
    for (const text of ['=1', '+1+1', '-cmd', '@x', '\tx', '\rx', '＝1', '＠x']) {
      expect(escapeFormula(text)).toBe(`'${text}`)
    }
    for (const text of ['-12.50', '12', 'P1', '', '门诊']) expect(escapeFormula(text)).toBe(text)
  })

  it.each<[string, () => Buffer, string]>([
    ['a gzip in a gzip', () => gzipSync(gzipSync(GOOD)), 'container'],
    ['a zip in a gzip', () => gzipSync(zipSync({ a: Buffer.from(GOOD) })), 'container'],
    ['a zip for a gzip', () => Buffer.from(zipSync({ a: Buffer.from(GOOD) })), 'container'],
    ['a bomb', () => gzipSync(Buffer.alloc(30_000_000, 0x0a)), 'ratio'],
    ['a NUL', () => Buffer.from(GOOD.replace('门诊', '门\0诊')), 'nul'],
  ])('%s is refused', async (_what, make, code) => {
    expect(await codeOf(make())).toBe(code)
  })

  it.each<[string, string, string]>([
    ['up', '../2088_业务明细.csv', 'path'],
    ['to a root', '/etc/业务明细.csv', 'path'],
    ['into a folder', 'a\\业务明细.csv', 'path'],
    ['to a drive', 'C:业务明细.csv', 'path'],
    ['to something else', '2088_其他.csv', 'container'],
  ])('a name in an archive that leads %s is refused', async (_what, name, code) => {
    const content = iconv.encode(alipay([ALIPAY_ROW]), 'gbk')
    const archive = zipOf([{ name: iconv.encode(name, 'gbk'), content }])
    const { result } = await readBytes(layoutOf('alipay-trade'), archive)
    expect(result).toMatchObject({ outcome: 'refused', code })
  })

  it('several members are one list, their lines counted through, and of one day', async () => {
    const content = iconv.encode(alipay([ALIPAY_ROW]), 'gbk')
    const other = iconv.encode(alipay([ALIPAY_ROW.replace('T1', 'T2')]), 'gbk')
    const name = (no: number) => iconv.encode(`${no}_业务明细.csv`, 'gbk')
    const read = (second: Buffer) =>
      readBytes(
        layoutOf('alipay-trade'),
        zipOf([
          { name: name(2), content: second },
          { name: name(1), content },
        ]),
        { date: null },
      )
    const { rows, result } = await read(other)
    expect(rows.map((row) => row.split(',').slice(0, 4).join(' '))).toEqual([
      '6 charge P1 T1',
      '15 charge P1 T2',
    ])
    expect(result).toMatchObject({ outcome: 'taken', businessDate: '2026-11-20' })
    const nextDay = alipay([ALIPAY_ROW.replace('2026-11-20', '2026-11-21')])
      .replace('2026年11月21日', '2026年11月22日')
      .replace('2026年11月20日', '2026年11月21日')
    expect((await read(iconv.encode(nextDay, 'gbk'))).result).toMatchObject({ code: 'date' })
  })

  it('a member that unpacks to more than it says is refused', async () => {
    const content = iconv.encode(alipay([ALIPAY_ROW]), 'gbk')
    const archive = zipOf([{ name: Buffer.from('a.csv'), content }])
    const layout = { ...layoutOf('alipay-trade'), container: { kinds: ['zip' as const] } }
    const at = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    archive.writeUInt32LE(10, at + 24)
    expect((await readBytes(layout, archive)).result).toMatchObject({ code: 'hash' })
    expect(deflateRawSync(content).length).toBeGreaterThan(10)
  })

  it('gives the same rows wherever the stream is cut', async () => {
    const bytes = iconv.encode(alipay([ALIPAY_ROW, ALIPAY_ROW.replace('T1', 'T2')]), 'gbk')
    const layout = layoutOf('alipay-trade')
    const whole = await readBytes(layout, bytes)
    expect(whole.rows).toHaveLength(2)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (places) => {
        const cutAt = places.toSorted((a, b) => a - b)
        expect((await readBytes(layout, bytes, { cutAt })).rows).toEqual(whole.rows)
      }),
      { numRuns: 60 },
    )
  })
})
