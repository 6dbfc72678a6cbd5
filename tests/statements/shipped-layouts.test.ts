import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import { layoutOf, readBytes } from '../../modules/statements/testing/reading.ts'

// Layouts of lists that no simulator writes: each is shown a list as its party would write it.

const read = (layout: string, text: string, date: string | null = '2026-11-20') =>
  readBytes(layoutOf(layout), Buffer.from(text), { date })

const ENTRY = (no: string, side: string, amount: string, text = '微信结算') => `
  <Ntry><NtryRef>${no}</NtryRef><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts>BOOK</Sts>
  <BookgDt><Dt>2026-11-20</Dt></BookgDt><AcctSvcrRef>S${no}</AcctSvcrRef>
  <NtryDtls><TxDtls><Refs><EndToEndId>E${no}</EndToEndId></Refs>
  <RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`

const camt = (entries: string, closing = '1040.00') => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><Othr><Id>6222000011112222</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">${closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
${entries}
</Stmt></BkToCstmrStmt></Document>
`
const TWO = ENTRY('1', 'CRDT', '50.00') + ENTRY('2', 'DBIT', '10.00', '退款 &amp; 冲正')

describe('[B2] a layout that comes with the hub', () => {
  it('reads an export of online banking, its separators and its balances', async () => {
    const text = [
      '交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方户名,对方账号,摘要,附言',
      '2026-11-20 09:00:00,B1,,"12,345.60","112,345.60",财付通,622200001,结算,P-1',
      '2026-11-20 10:00:00,B2,15.00,0.00,"112,330.60",银行,622200002,手续费,',
      '',
    ].join('\r\n')
    for (const bytes of [
      Buffer.from(text),
      iconv.encode(text, 'gbk'),
      Buffer.from(`\uFEFF${text}`),
    ]) {
      const { rows, result } = await readBytes(layoutOf('bank-csv'), bytes)
      expect(result).toMatchObject({ outcome: 'taken', otherColumns: ['对方户名'] })
      expect(rows).toEqual([
        '2,payout,P-1,B1,1234560,,2026-11-20T09:00:00+08:00,2026-11-20,622200001,结算',
        '3,fee,,B2,1500,,2026-11-20T10:00:00+08:00,2026-11-20,622200002,手续费',
      ])
    }
    const broken = await read('bank-csv', text.replace('"112,330.60"', '"112,330.61"'))
    expect(broken.result).toMatchObject({ outcome: 'refused', code: 'sums', lineNo: 3 })
  })

  it('reads UTF-16 with its mark where a layout allows it', async () => {
    const layout = { ...layoutOf('bank-csv'), encodings: ['utf-16' as const] }
    const text = '交易时间,交易流水号,借方发生额,贷方发生额,账户余额,对方账号,摘要,附言\n'
    const row = '2026-11-20 09:00:00,B1,,1.00,1.00,6222,结算,P-1\n'
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text + row, 'utf16le')])
    const big = Buffer.from(little).swap16()
    for (const bytes of [little, big]) {
      expect((await readBytes(layout, bytes)).rows).toHaveLength(1)
    }
  })

  it('reads a camt.053, with a prefix too, and holds its balances against its entries', async () => {
    const prefixed = camt(TWO)
      .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1n:')
      .replace('xmlns=', 'xmlns:n=')
    for (const text of [camt(TWO), prefixed]) {
      const { result, rows } = await read('camt053', text)
      expect(result).toMatchObject({ outcome: 'taken', account: '6222000011112222' })
      expect(rows).toEqual([
        '1,payout,E1,S1,5000,,2026-11-20T00:00:00+08:00,2026-11-20,6222000011112222,微信结算',
        '2,return,E2,S2,1000,,2026-11-20T00:00:00+08:00,2026-11-20,6222000011112222,退款 & 冲正',
      ])
    }
  })

  it.each<[string, string, string]>([
    ['another balance', camt(TWO, '1040.01'), 'sums'],
    ['an entry less', camt(ENTRY('1', 'CRDT', '50.00')), 'sums'],
    ['its end missing', camt(TWO).slice(0, -30), 'truncated'],
    [
      'an entity of its own',
      camt(TWO).replace('<Document', '<!DOCTYPE x [<!ENTITY a "b">]><Document'),
      'layout',
    ],
    ['another currency', camt(TWO).replace('Ccy="CNY">50', 'Ccy="USD">50'), 'layout'],
    ['an amount in exponents', camt(TWO).replace('>50.00', '>5e1'), 'amount'],
    ['no balances', camt(TWO).replaceAll(/<Bal>.*<\/Bal>/g, ''), 'truncated'],
    ['another document', '<Document><Other/></Document>\n', 'layout'],
    ['nothing', '', 'empty'],
  ])('refuses a camt.053 with %s', async (_what, text, code) => {
    expect((await read('camt053', text)).result).toMatchObject({ outcome: 'refused', code })
  })

  it('F-106 reads a camt.053 of any size entry by entry, and refuses an entry without end', async () => {
    const many = camt(ENTRY('1', 'CRDT', '0.01').repeat(4_000))
    const balanced = many.replace('1040.00', '1040.00').replace('>1040.00<', '>1040.00<')
    const { result } = await read('camt053', balanced)
    expect(result).toMatchObject({ outcome: 'taken', totals: { payoutCount: 4_000 } })
    const endless = camt('<Ntry>').replace('<Ntry>', `<Ntry>${'x'.repeat(1_100_000)}`)
    expect((await read('camt053', endless)).result).toMatchObject({ code: 'too_large' })
  })

  it('reads the settlements behind 3201, and the result of 3202', async () => {
    const list = 'S1\tM1\tP1\t100.00\t60.00\t20.00\t0\r\nS2\tM2\tP2\t-50.00\t-30.00\t0.00\t1\r\n'
    expect((await read('insurance-3201', list)).rows).toEqual([
      '1,charge,M1,S1,8000,,,2026-11-20,P1,',
      '2,return,M2,S2,3000,,,2026-11-20,P2,',
    ])
    const result = 'P1\tM1\tS1\tH001\t1\t0\t中心多\t100.00\t60.00\t20.00\t\n'
    expect((await read('insurance-3202', result)).rows).toEqual([
      '1,charge,H001,S1,8000,,,2026-11-20,P1,中心多',
    ])
  })

  it('reads an insurer’s claims, and a rejected one moves no money', async () => {
    const text = [
      'insurer_claim_no,hub_claim_no,policy_no,action,amount_yuan,decided_at,reason',
      'C1,H1,POL1,paid,120.00,2026-11-20 09:00:00,',
      'C2,H2,POL2,rejected,80.00,2026-11-20 09:30:00,"等待期, 第 3 条"',
      'C3,H3,POL3,recovered,20.00,2026-11-20 10:00:00,',
      '#TOTAL,3,120.00,20.00',
    ].join('\n')
    const { rows, result } = await read('insurer-claims', text)
    expect(result).toMatchObject({ outcome: 'taken', totals: { rows: 2, chargeFen: 12_000 } })
    expect(rows.map((row) => row.split(',')[1])).toEqual(['charge', 'return'])
  })

  it.each([
    ['lender-draws', 'DRAW', 'charge'],
    ['lender-repayments', 'REPAY', 'return'],
  ])('reads %s, parted by two characters', async (layout, type, kind) => {
    const text = [
      'H|#LENDER01|#20261120',
      `D|#L1|#H1|#${type}|#500.00|#20261120093000|#王|#分期|3`,
      'T|#1|#500.00',
      '',
    ].join('\r\n')
    const { rows } = await readBytes(layoutOf(layout), iconv.encode(text, 'gbk'), { date: null })
    expect(rows).toEqual([`2,${kind},H1,L1,50000,,2026-11-20T09:30:00+08:00,2026-11-20,王,分期|3`])
  })

  it('reads a hospital system’s day, in whole fen', async () => {
    const text = [
      'kind,paymentNo,refundNo,billNo,receiptNo,amountFen,at',
      'payment,P1,,B1,R1,12345,2026-11-20T09:00:00+08:00',
      'refund,P1,F1,B1,R2,345,2026-11-20T10:00:00+08:00',
      '#totals,1,12345,1,345',
    ].join('\n')
    expect((await read('his-day-list', text)).rows).toEqual([
      '2,charge,P1,R1,12345,,2026-11-20T09:00:00+08:00,2026-11-20,,B1',
      '3,return,F1,R2,345,,2026-11-20T10:00:00+08:00,2026-11-20,,B1',
    ])
    const yuan = await read('his-day-list', text.replace(',12345,2026', ',123.45,2026'))
    expect(yuan.result).toMatchObject({ outcome: 'refused', code: 'amount' })
  })

  it('reads Alipay’s account bill, with its two columns of money', async () => {
    const text = [
      '#支付宝账务明细查询',
      '#账号：[20880211096256330156]',
      '#起始日期：[2026年11月20日 00:00:00]   终止日期：[2026年11月21日 00:00:00]',
      `#${'-'.repeat(41)}账务明细列表${'-'.repeat(40)}`,
      '账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注',
      'A1\t,T1\t,P1\t,门诊,2026-11-20 09:00:00,138,100.00,,100.00,余额,在线支付,',
      'A2\t,T2\t,P1\t,门诊,2026-11-20 09:00:01,138,,-0.60,99.40,余额,收费,服务费',
      `#${'-'.repeat(41)}账务明细列表结束${'-'.repeat(36)}`,
      '#支出合计：1笔，共-0.60元',
      '#收入合计：1笔，共100.00元',
      '#导出时间：[2026年11月21日 05:46:49]',
      '',
    ].join('\r\n')
    const { rows, result } = await readBytes(
      layoutOf('alipay-account'),
      iconv.encode(text, 'gbk'),
      {
        account: '2088021109625633',
      },
    )
    expect(result).toMatchObject({ outcome: 'taken', businessDate: '2026-11-20' })
    expect(rows.map((row) => row.split(',').slice(1, 5).join(' '))).toEqual([
      'charge P1 T1 10000',
      'fee P1 T2 60',
    ])
  })
})
