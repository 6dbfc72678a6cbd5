import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import { packRows, unpackDifferences } from './comparison-file.ts'
import { PROFILES } from './profile.ts'
import { connect } from './testing/fixture.ts'
import { no, ok, type ScriptedGateway, startGateway } from './testing/scripted-gateway.ts'

let gateway: ScriptedGateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway[Symbol.asyncDispose]())
beforeEach(() => {
  gateway.heard.length = 0
  gateway.say = {}
})

const group = {
  clrType: '11',
  setlOptins: '370200',
  date: businessDate('2026-11-21'),
  totalFen: fen(63_800),
  fundFen: fen(25_060),
  accountFen: fen(20_000),
  cashFen: fen(18_740),
  count: 1,
}
const charge = {
  setlId: 'S1',
  mdtrtId: 'M1',
  psnNo: 'P1',
  totalFen: fen(63_800),
  fundFen: fen(25_060),
  accountFen: fen(20_000),
  isReturn: false,
}
const back = {
  ...charge,
  setlId: 'S2',
  totalFen: fen(-63_800),
  fundFen: fen(-25_060),
  accountFen: fen(-20_000),
  isReturn: true,
}
const file = { fileQueryNo: 'F1', filename: 'result.zip' }
const archive = (text: string | Uint8Array, name = 'result.txt') =>
  Buffer.from(zipSync({ [name]: typeof text === 'string' ? strToU8(text) : text }))

describe('comparing totals', () => {
  it.each([
    ['0', 'agrees'],
    ['1', 'theirs_only'],
    ['2', 'ours_only'],
    ['3', 'differs'],
  ])('reads stmt_rslt %s as %s', async (stmt_rslt, result) => {
    gateway.say['3201'] = ok({ stmtinfo: { stmt_rslt, stmt_rslt_dscr: '说明' } })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.compareTotals(call, { ...group, insutype: '310' })
    expect(answer).toEqual({ outcome: 'ok', data: { result, text: '说明' } })
  })

  it('asks for the day with the totals', async () => {
    gateway.say['3201'] = ok({ stmtinfo: { stmt_rslt: '0' } })
    const { centre, call } = connect(gateway.baseUrl)
    await centre.compareTotals(call, { ...group, insutype: '310' })
    expect(gateway.heard.at(-1)?.body.input['data']).toEqual({
      insutype: '310',
      clr_type: '11',
      setl_optins: '370200',
      stmt_begndate: '2026-11-21',
      stmt_enddate: '2026-11-21',
      medfee_sumamt: 638,
      fund_pay_sumamt: 250.6,
      acct_pay: 200,
      fixmedins_setl_cnt: 1,
    })
  })

  it.each([['4'], [''], [null]])('does not know stmt_rslt %s', async (stmt_rslt) => {
    gateway.say['3201'] = ok({ stmtinfo: { stmt_rslt } })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.compareTotals(call, { ...group, insutype: '310' })
    expect(answer.outcome).toBe('unknown')
  })
})

describe('comparing one by one', () => {
  it('uploads a zip with one text: TABs, UTF-8, no header', async () => {
    gateway.say['9101'] = ok({ file_qury_no: 'F0' })
    const { centre, call } = connect(gateway.baseUrl)
    const sent = await centre.uploadFile(call, { filename: 'day.zip', rows: [charge, back] })
    expect(sent).toEqual({ outcome: 'ok', data: { fileQueryNo: 'F0' } })
    const { in: bytes, filename } = gateway.heard.at(-1)?.body.input['fsUploadIn'] ?? {}
    const unzipped = unzipSync(Buffer.from(String(bytes), 'base64'))
    expect(filename).toBe('day.zip')
    expect(Object.keys(unzipped)).toEqual(['day.txt'])
    expect(strFromU8(unzipped['day.txt'] ?? new Uint8Array())).toBe(
      'S1\tM1\tP1\t638.00\t250.60\t200.00\t0\nS2\tM1\tP1\t-638.00\t-250.60\t-200.00\t1\n',
    )
  })

  it('makes the same bytes of the same rows, also of none', () => {
    const pack = () => packRows('day.zip', [charge], PROFILES.standard)
    expect(pack()).toEqual(pack())
    expect(
      strFromU8(unzipSync(packRows('d.zip', [], PROFILES.standard))['d.txt'] ?? strToU8('x')),
    ).toBe('')
  })

  it('asks 3202 with the cash, and 9102 for its result', async () => {
    gateway.say['3202'] = ok({ fileinfo: { file_qury_no: 'F1', filename: 'result.zip' } })
    gateway.say['9102'] = { bytes: archive('P1\tM1\tS1\tMSG\t1\t0\t备注\n') }
    const { centre, call, exchanges } = connect(gateway.baseUrl)
    const compared = await centre.compareDetails(call, { ...group, fileQueryNo: 'F0' })
    expect(compared).toEqual({ outcome: 'ok', data: file })
    expect(gateway.heard.at(-1)?.body.input['data']).toMatchObject({ cash_payamt: 187.4 })
    const answer = await centre.downloadFile(call, file)
    expect(answer).toEqual({
      outcome: 'ok',
      data: {
        rows: [
          {
            psnNo: 'P1',
            mdtrtId: 'M1',
            setlId: 'S1',
            msgid: 'MSG',
            result: 'theirs_only',
            isReturn: false,
            memo: '备注',
            theirs: null,
          },
        ],
        text: 'P1\tM1\tS1\tMSG\t1\t0\t备注\n',
      },
    })
    expect(gateway.heard.at(-1)?.body.input['fsDownloadIn']).toEqual({
      file_qury_no: 'F1',
      filename: 'result.zip',
      fixmedins_code: 'plc',
    })
    expect(exchanges.at(-1)?.response).toMatch(/^status 200, \d+ bytes, no JSON$/)
  })

  it.each([
    ['a no', no('文件已过期'), 'refused'],
    ['a yes without a file', ok({}), 'unknown'],
    ['HTML', { text: '<html>' }, 'unknown'],
  ])('reads %s in place of the file as what it is', async (_what, said, outcome) => {
    gateway.say['9102'] = said
    const { centre, call } = connect(gateway.baseUrl)
    expect((await centre.downloadFile(call, file)).outcome).toBe(outcome)
  })
})

describe('the result file', () => {
  const read = (text: string) => unpackDifferences(archive(text), PROFILES.standard)
  const rowsOf = (text: string) => {
    const answer = read(text)
    return answer.outcome === 'ok' ? answer.data.rows : answer
  }

  it('may carry the centre’s amounts, CRLF, "null" and a TAB at the end', () => {
    const text =
      'P1\tM1\tS1\tnull\t3\t1\tnull\t-638\t-250.6\t-200.00\t\r\nP2\tM2\tS2\tX\t0\t0\t\t\r\n\r\n'
    expect(rowsOf(text)).toMatchObject([
      {
        msgid: '',
        memo: '',
        result: 'differs',
        isReturn: true,
        theirs: { totalFen: -63_800, fundFen: -25_060, accountFen: -20_000 },
      },
      { setlId: 'S2', result: 'agrees', theirs: null },
    ])
  })

  it('may be empty', () => {
    expect(rowsOf('')).toEqual([])
  })

  it.each([
    ['six columns', 'P\tM\tS\tG\t1\t0\n', 'layout'],
    ['nine columns', 'P\tM\tS\tG\t1\t0\tx\t1\t2\n', 'layout'],
    ['a result that is not in the list', 'P\tM\tS\tG\t7\t0\tx\n', 'layout'],
    ['an amount that is none', 'P\tM\tS\tG\t3\t0\tx\t1\t2\tthree\n', 'layout'],
    ['neither number nor message', 'P\tM\t\tnull\t1\t0\tx\n', 'layout'],
  ])('with %s is refused whole', (_what, text, code) => {
    expect(read(`P\tM\tS\tG\t1\t0\tx\n${text}`)).toMatchObject({ outcome: 'unreadable', code })
  })

  it('cut short, in another encoding, or with another content is refused whole', () => {
    const whole = archive('P\tM\tS\tG\t1\t0\tx\n')
    const { standard } = PROFILES
    const codeOf = (bytes: Uint8Array) => {
      const answer = unpackDifferences(bytes, standard)
      return answer.outcome === 'unreadable' ? answer.code : answer.outcome
    }
    expect(codeOf(whole.subarray(0, whole.length - 30))).toBe('truncated')
    expect(codeOf(archive(Buffer.from([0x50, 0xd6, 0xd0, 0x09])))).toBe('encoding')
    expect(codeOf(archive('x', 'readme.md'))).toBe('layout')
    expect(codeOf(Buffer.from(zipSync({ 'a.txt': strToU8(''), 'b.txt': strToU8('') })))).toBe(
      'layout',
    )
  })
})
