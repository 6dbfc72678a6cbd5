import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { PROFILES, type Profile } from './profile.ts'
import { figuresOf } from './setlinfo.ts'
import { connect, figures, MSGID, settleRequest } from './testing/fixture.ts'
import { no, ok, type ScriptedGateway, setlinfo, startGateway } from './testing/scripted-gateway.ts'

let gateway: ScriptedGateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway[Symbol.asyncDispose]())
beforeEach(() => {
  gateway.heard.length = 0
  gateway.say = {}
})

const AMOUNTS = Object.entries(setlinfo).filter(
  (entry): entry is [string, number] =>
    typeof entry[1] === 'number' &&
    !['pool_prop_selfpay', 'balc', 'act_pay_dedc'].includes(entry[0]),
)

describe('pre-settling', () => {
  it('asks with amounts in yuan and reads the figures', async () => {
    gateway.say['2206'] = ok({ setlinfo, setldetail: [] })
    const { centre, call } = connect(gateway.baseUrl)
    expect(await centre.preSettle(call, settleRequest)).toEqual({ outcome: 'ok', data: figures })
    const text = gateway.heard.at(-1)?.text ?? ''
    expect(text).toContain('"medfee_sumamt":638.00')
    expect(gateway.heard.at(-1)?.body.input['data']).toMatchObject({
      psn_setlway: '01',
      acct_used_flag: '1',
      mdtrt_cert_type: '01',
    })
  })

  it('reads amounts as texts just as well', async () => {
    const texts = Object.fromEntries(
      Object.entries(setlinfo).map(([k, v]) => [k, typeof v === 'number' ? String(v) : v]),
    )
    gateway.say['2206'] = ok({ setlinfo: texts })
    const { centre, call } = connect(gateway.baseUrl)
    expect(await centre.preSettle(call, settleRequest)).toEqual({ outcome: 'ok', data: figures })
  })

  it('believes no figures with any one amount a fen off', async () => {
    const { centre, call } = connect(gateway.baseUrl)
    for (const [name, yuan] of AMOUNTS) {
      for (const off of [-1, 1]) {
        const wrong = (Math.round(yuan * 100) + off) / 100
        gateway.say['2206'] = ok({ setlinfo: { ...setlinfo, [name]: wrong } })
        const answer = await centre.preSettle(call, settleRequest)
        // Of the family's share of the account only the bound is known.
        const mayBe = name === 'acct_mulaid_pay' && off > 0
        const says = answer.outcome === 'unknown' ? answer.reason.slice(0, 10) : answer.outcome
        expect([name, off, says]).toEqual([name, off, mayBe ? 'ok' : 'identity: '])
      }
    }
  })

  it.each<[string, object]>([
    ['another total', { totalFen: 63_801 }],
    ['the account, which was not to be used', { useAccount: false }],
  ])('believes no figures of %s', async (_what, changes) => {
    gateway.say['2206'] = ok({ setlinfo })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.preSettle(call, { ...settleRequest, ...changes } as never)
    expect(answer).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/^identity: /),
    })
  })

  it.each([['1e2'], ['638.001'], ['six'], [638.001], [0.1 + 0.2], [true], [null], ['']])(
    'takes %s for no amount',
    async (medfee_sumamt) => {
      gateway.say['2206'] = ok({ setlinfo: { ...setlinfo, medfee_sumamt } })
      const { centre, call } = connect(gateway.baseUrl)
      const answer = await centre.preSettle(call, settleRequest)
      expect(answer).toMatchObject({
        outcome: 'unknown',
        reason: expect.stringMatching(/medfee_sumamt/),
      })
    },
  )
})

describe('settling', () => {
  const request = { ...settleRequest, quoted: figures }

  it('sends the quoted split and tells the settlement', async () => {
    gateway.say['2207'] = ok({ setlinfo: { ...setlinfo, medins_setl_id: MSGID } })
    const { centre, call } = connect(gateway.baseUrl)
    expect(await centre.settle(call, request)).toEqual({
      outcome: 'ok',
      data: {
        setlId: 'S1',
        at: new Date('2026-11-21T10:00:05+08:00'),
        figures,
        clearing: { insutype: '310', clrType: '11', clrOptins: '370200' },
      },
    })
    expect(gateway.heard.at(-1)?.body['msgid']).toBe(MSGID)
    expect(gateway.heard.at(-1)?.text).toContain(
      '"fulamt_ownpay_amt":98.00,"overlmt_selfpay":18.00,"preselfpay_amt":64.00,"inscp_scp_amt":458.00',
    )
  })

  it('takes the time of the answer where there is no setl_time', async () => {
    gateway.say['2207'] = ok({ setlinfo: { ...setlinfo, setl_time: undefined } })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.settle(call, request)
    expect(answer).toMatchObject({ data: { at: new Date('2026-11-21T10:00:01.234+08:00') } })
  })

  it.each<[string, object]>([
    ['made by another message', { medins_setl_id: `${MSGID.slice(0, -1)}9` }],
    ['without a number', { setl_id: '' }],
    [
      'of another total',
      { medfee_sumamt: 638.01, psn_part_amt: 387.41, psn_cash_pay: 187.41, inscp_scp_amt: 458.01 },
    ],
    ['at no time', { setl_time: '2026-13-41 10:00:05' }],
  ])('does not know a settlement %s', async (_what, changes) => {
    gateway.say['2207'] = ok({ setlinfo: { ...setlinfo, ...changes } })
    const { centre, call } = connect(gateway.baseUrl)
    expect((await centre.settle(call, request)).outcome).toBe('unknown')
  })
})

describe('the spellings of the wire', () => {
  const { psn_part_amt, psn_cash_pay, hosp_part_amt, ...common } = setlinfo

  it('2208 says pdn_cash_pay, and neither the person’s whole nor the hospital’s part', async () => {
    gateway.say['2208'] = ok({ setlinfo: { ...common, pdn_cash_pay: psn_cash_pay } })
    const { centre, call } = connect(gateway.baseUrl)
    const which = { psnNo: 'P1', mdtrtId: 'M1', setlId: 'S1' }
    expect(await centre.cancelSettlement(call, which)).toMatchObject({ data: { figures } })
  })

  it('2208 may say everything below zero', async () => {
    const below = Object.fromEntries(
      Object.entries({ ...common, pdn_cash_pay: psn_cash_pay }).map(([name, value]) => [
        name,
        typeof value === 'number' && !['pool_prop_selfpay', 'balc'].includes(name)
          ? 0 - value
          : value,
      ]),
    )
    gateway.say['2208'] = ok({ setlinfo: below })
    const { centre, call } = connect(gateway.baseUrl)
    const which = { psnNo: 'P1', mdtrtId: 'M1', setlId: 'S1' }
    expect(await centre.cancelSettlement(call, which)).toMatchObject({ data: { figures } })
  })

  it('5203 says psn_pay and cash_payamt', async () => {
    gateway.say['5203'] = ok({
      setlinfo: {
        ...common,
        psn_pay: psn_part_amt,
        cash_payamt: psn_cash_pay,
        medins_setl_id: MSGID,
        refd_setl_flag: 1,
      },
    })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.querySettlement(call, { psnNo: 'P1', mdtrtId: 'M1', setlId: null })
    expect(answer).toMatchObject({ data: { figures, msgid: MSGID, refunded: true } })
    expect(gateway.heard.at(-1)?.body.input['data']).toEqual({
      psn_no: 'P1',
      setl_id: '',
      mdtrt_id: 'M1',
    })
    expect(hosp_part_amt).toBe(0)
  })

  it('Guangdong counts the account into the funds, Hunan does not', () => {
    const guangdong: Profile = { ...PROFILES.standard, fundIncludesAccount: true }
    expect(figuresOf({ ...setlinfo, fund_pay_sumamt: 450.6 }, guangdong)).toEqual(figures)
    expect(() => figuresOf(setlinfo, guangdong)).toThrow('identity')
    expect(() => figuresOf({ ...setlinfo, fund_pay_sumamt: 450.6 }, PROFILES.standard)).toThrow(
      'identity',
    )
  })

  it('whatever the split, figures that hold together are read to the fen', () => {
    const share = fc.integer({ min: 0, max: 99_999_999 })
    fc.assert(
      fc.property(share, share, share, share, share, (own, fund, account, cash, aid) => {
        const yuan = (amountFen: number) =>
          `${Math.floor(amountFen / 100)}.${String(amountFen % 100).padStart(2, '0')}`
        const total = own + fund + account + cash + aid
        const read = figuresOf(
          {
            ...setlinfo,
            medfee_sumamt: yuan(total),
            fulamt_ownpay_amt: yuan(own),
            overlmt_selfpay: 0,
            preselfpay_amt: 0,
            inscp_scp_amt: yuan(total - own),
            hifp_pay: yuan(fund),
            maf_pay: yuan(aid),
            fund_pay_sumamt: yuan(fund + aid),
            acct_pay: yuan(account),
            psn_cash_pay: yuan(cash + own),
            psn_part_amt: yuan(account + cash + own),
          },
          PROFILES.standard,
        )
        expect([read.totalFen, read.fundFen, read.accountFen]).toEqual([total, fund + aid, account])
      }),
    )
  })
})

describe('what is not there', () => {
  const which = { psnNo: 'P1', mdtrtId: 'M1', setlId: null }
  const message = { psnNo: 'P1', msgid: MSGID, infno: '2207' as const }

  it.each(['未查询到结算信息', '结算信息不存在', '查无此记录', '没有符合条件的数据', '无此交易'])(
    '5203 and 2601 say it as "%s"',
    async (words) => {
      gateway.say = { '5203': no(words), '2601': no(words) }
      const { centre, call } = connect(gateway.baseUrl)
      expect(await centre.querySettlement(call, which)).toEqual({ outcome: 'ok', data: null })
      expect(await centre.reverse(call, message)).toEqual({
        outcome: 'ok',
        data: { reversed: false },
      })
    },
  )

  it.each([[{}], [null], [{ setlinfo: null }], [{ setlinfo: {} }]])(
    '5203 says it as %j',
    async (output) => {
      gateway.say['5203'] = ok(output)
      const { centre, call } = connect(gateway.baseUrl)
      expect(await centre.querySettlement(call, which)).toEqual({ outcome: 'ok', data: null })
    },
  )

  it('another no is only a no', async () => {
    gateway.say['2601'] = no('该结算已清算，不能冲正')
    gateway.say['5203'] = no('机构已停用')
    const { centre, call } = connect(gateway.baseUrl)
    expect((await centre.reverse(call, message)).outcome).toBe('refused')
    expect((await centre.querySettlement(call, which)).outcome).toBe('refused')
  })

  it('a reversal that is done says so', async () => {
    gateway.say['2601'] = ok(null)
    const { centre, call } = connect(gateway.baseUrl)
    expect(await centre.reverse(call, message)).toEqual({ outcome: 'ok', data: { reversed: true } })
    expect(gateway.heard.at(-1)?.body.input['data']).toEqual({
      psn_no: 'P1',
      omsgid: MSGID,
      oinfno: '2207',
    })
  })
})
