import { createHash } from 'node:crypto'

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { readNationalInsuranceParams } from './index.ts'
import {
  connect,
  detailResults,
  details,
  idCard,
  MSGID,
  PARAMS,
  settleRequest,
  voucher,
} from './testing/fixture.ts'
import {
  no,
  ok,
  type Said,
  type ScriptedGateway,
  setlinfo,
  startGateway,
} from './testing/scripted-gateway.ts'

let gateway: ScriptedGateway
beforeAll(async () => void (gateway = await startGateway()))
afterAll(() => gateway[Symbol.asyncDispose]())
beforeEach(() => {
  gateway.heard.length = 0
  gateway.say = {}
})

const person = {
  baseinfo: { psn_no: 'P1', psn_name: '张三丰', certno: '370202199001011234' },
  insuinfo: [
    { insutype: '390', psn_insu_stas: '2', insuplc_admdvs: '370200', balc: 0 },
    { insutype: '310', psn_insu_stas: '1', insuplc_admdvs: '370203', balc: '1200.50' },
    { insutype: '330', psn_insu_stas: '0', insuplc_admdvs: '370203', balc: 0 },
  ],
}

describe('the envelope', () => {
  it('[N1] carries what the interface document asks for, and the gateway’s signature', async () => {
    gateway.say['1101'] = ok(person)
    const { centre, call } = connect(gateway.baseUrl)
    await centre.person(call, voucher)

    const [signIn, message] = gateway.heard
    expect(signIn?.infno).toBe('9001')
    // Apart from the numbers that are counted from the beginning of each second.
    expect(signIn?.body).toMatchObject({ msgid: expect.stringMatching(/^.{12}\d{14}9\d{3}$/) })
    expect(message?.body).toEqual({
      infno: '1101',
      msgid: MSGID,
      mdtrtarea_admvs: '370200',
      insuplc_admdvs: '370200',
      recer_sys_code: 'YIQIAO',
      dev_no: '',
      dev_safe_info: '',
      cainfo: '',
      signtype: '',
      infver: 'V1.0',
      opter_type: '3',
      opter: 'hub',
      opter_name: '医桥平台',
      inf_time: '2026-11-21 10:00:00',
      fixmedins_code: 'H99010000001',
      fixmedins_name: '市立医院',
      sign_no: 'SIGN-1',
      input: {
        data: {
          mdtrt_cert_type: '01',
          mdtrt_cert_no: 'TOKEN-123',
          card_sn: '',
          begntime: '',
          psn_cert_type: '',
          certno: '',
          psn_name: '张三丰',
        },
      },
    })
    const headers = message?.headers ?? {}
    const timestamp = String(headers['x-tif-timestamp'])
    const signed = `${timestamp}secret-of-the-test${String(headers['x-tif-nonce'])}${timestamp}`
    expect(headers['x-tif-paasid']).toBe('hub-test')
    expect(timestamp).toBe(String(Date.parse('2026-11-21T10:00:00+08:00') / 1_000))
    expect(headers['x-tif-signature']).toBe(createHash('sha256').update(signed).digest('hex'))
  })

  it('signs each message anew', async () => {
    gateway.say['1101'] = ok(person)
    const { centre, call } = connect(gateway.baseUrl)
    await centre.person(call, voucher)
    await centre.person(call, voucher)
    const nonces = gateway.heard.map((message) => message.headers['x-tif-nonce'])
    expect(new Set(nonces).size).toBe(3)
  })

  it('writes amounts as JSON numbers with two decimals', async () => {
    gateway.say['2204'] = ok({ result: detailResults })
    const { centre, call } = connect(gateway.baseUrl)
    await centre.uploadDetails(call, details)
    const text = gateway.heard.at(-1)?.text ?? ''
    expect(text).toContain('"det_item_fee_sumamt":12.50,"cnt":1,"pric":12.50,')
    expect(text).toContain('"det_item_fee_sumamt":25.00,"cnt":2,"pric":12.50,')
  })
})

describe('signing in', () => {
  it('is done once a day', async () => {
    gateway.say['1101'] = ok(person)
    const { centre, call, clock } = connect(gateway.baseUrl)
    await centre.person(call, voucher)
    await centre.person(call, voucher)
    clock.set(new Date('2026-11-22T00:00:01+08:00'))
    await centre.person(call, voucher)
    expect(gateway.heard.map((message) => message.infno)).toEqual([
      '9001',
      '1101',
      '1101',
      '9001',
      '1101',
    ])
  })

  it('is done again when the centre has forgotten the session, and the message repeated', async () => {
    gateway.say['1101'] = (heard) =>
      gateway.heard.filter((m) => m.infno === '9001').length === 1
        ? no('该机构未签到')
        : heard.body['msgid'] === MSGID
          ? ok(person)
          : no('other msgid')
    const { centre, call } = connect(gateway.baseUrl)
    expect((await centre.person(call, voucher)).outcome).toBe('ok')
    expect(gateway.heard.map((message) => message.infno)).toEqual(['9001', '1101', '9001', '1101'])
  })

  it('ends after the second refusal, with nothing known of the matter', async () => {
    gateway.say['2601'] = no('该机构未签到')
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.reverse(call, { psnNo: 'P1', msgid: MSGID, infno: '2207' })
    expect(answer).toEqual({ outcome: 'unknown', reason: 'not signed in: 该机构未签到' })
  })

  it('that is refused leaves everything else unknown, never refused', async () => {
    gateway.say['9001'] = no('机构不存在')
    const { centre, call } = connect(gateway.baseUrl)
    const query = { psnNo: 'P1', mdtrtId: 'M1', setlId: null }
    expect(await centre.querySettlement(call, query)).toEqual({
      outcome: 'unknown',
      reason: 'not signed in: 机构不存在',
    })
    expect(await centre.signIn(call)).toEqual({ outcome: 'refused', message: '机构不存在' })
  })
})

describe('what an answer means', () => {
  const half: Said = { text: '{"infcode":0,"inf_refmsgid":"3702002026112110000' }
  // 张 of the person's name, in GB 18030.
  const inUtf8 = Buffer.from((ok(person) as { text: string }).text).toString('hex')
  const inGb18030: Said = { bytes: Buffer.from(inUtf8.replace('e5bca0', 'd5c5'), 'hex') }
  it.each<[string, Said, object]>([
    ['a yes', ok(person), { outcome: 'ok' }],
    ['a yes as text', ok(person, { infcode: '0' }), { outcome: 'ok' }],
    ['a no', no('人员未参保'), { outcome: 'refused', message: '人员未参保' }],
    ['a no without words', no(''), { outcome: 'refused', message: 'infcode -1' }],
    ['a centre that broke', no('SYS: 系统繁忙'), { outcome: 'unknown', reason: 'SYS: 系统繁忙' }],
    ['a yes without output', ok(null), { outcome: 'unknown' }],
    ['a yes without psn_no', ok({ ...person, baseinfo: {} }), { outcome: 'unknown' }],
    ['no infcode', ok(person, { infcode: undefined }), { outcome: 'unknown' }],
    ['a reference out of shape', ok(person, { inf_refmsgid: '1' }), { outcome: 'unknown' }],
    ['a no under a reference out of shape', no('x', { inf_refmsgid: '' }), { outcome: 'unknown' }],
    ['HTML', { text: '<html>login</html>' }, { outcome: 'unknown' }],
    ['half an answer', half, { outcome: 'unknown' }],
    ['another encoding', inGb18030, { outcome: 'unknown' }],
    ['a list', { text: '[]' }, { outcome: 'unknown' }],
    ['nothing', { text: '' }, { outcome: 'unknown' }],
    ['a yes with status 500', { status: 500, ...(ok(person) as object) }, { outcome: 'unknown' }],
    ['a status 401', { status: 401, text: '{}' }, { outcome: 'unknown', reason: 'HTTP 401' }],
    ['silence', 'silence', { outcome: 'unknown' }],
  ])('%s', async (_what, said, meaning) => {
    gateway.say['1101'] = said
    const { centre, call } = connect(gateway.baseUrl, { timeoutMs: 300 })
    expect(await centre.person(call, voucher)).toMatchObject(meaning)
  })

  it('nobody there is unknown', async () => {
    const { centre, call } = connect('http://127.0.0.1:1/fsi')
    expect((await centre.person(call, voucher)).outcome).toBe('unknown')
  })

  it('the caller’s deadline ends a call before its own time-out', async () => {
    gateway.say['2206'] = 'silence'
    const { centre, call } = connect(gateway.baseUrl, { timeoutMs: 20_000 })
    const signal = AbortSignal.timeout(200)
    const answer = await centre.preSettle({ ...call, signal }, settleRequest)
    expect(answer.outcome).toBe('unknown')
  })
})

describe('the person', () => {
  it('is asked for by voucher or card, and told with what is insured', async () => {
    gateway.say['1101'] = ok(person)
    const { centre, call } = connect(gateway.baseUrl)
    expect(await centre.person(call, idCard)).toEqual({
      outcome: 'ok',
      data: {
        psnNo: 'P1',
        insurances: [
          { insutype: '390', active: false, insuredRegion: '370200', balanceFen: 0 },
          { insutype: '310', active: true, insuredRegion: '370203', balanceFen: 120_050 },
        ],
      },
    })
    expect(gateway.heard.at(-1)?.body.input['data']).toMatchObject({
      mdtrt_cert_type: '02',
      mdtrt_cert_no: '370202199001011234',
    })
  })
})

describe('the fee lines', () => {
  it('are told back with the split of each', async () => {
    gateway.say['2204'] = ok({ result: detailResults })
    const { centre, call } = connect(gateway.baseUrl)
    const answer = await centre.uploadDetails(call, details)
    expect(answer).toMatchObject({
      outcome: 'ok',
      data: [
        { lineId: '1-00001', amountFen: 1_250, ownFen: 1_250, inScopeFen: 0, level: 'C' },
        { lineId: '1-00002', amountFen: 2_500, firstShareFen: 250, inScopeFen: 2_250, level: 'B' },
      ],
    })
  })

  it.each<[string, unknown[]]>([
    ['one is missing', detailResults.slice(1)],
    ['one is there twice', [...detailResults, detailResults[0]]],
    ['one is of nobody', [...detailResults, { ...detailResults[0], feedetl_sn: 'X' }]],
    ['one does not add up', [{ ...detailResults[0], inscp_scp_amt: 0.01 }, detailResults[1]]],
    [
      'one is of another amount',
      [{ ...detailResults[0], det_item_fee_sumamt: 12.49 }, detailResults[1]],
    ],
    ['one has no split', [{ ...detailResults[0], fulamt_ownpay_amt: null }, detailResults[1]]],
  ])('are not believed when %s', async (_what, result) => {
    gateway.say['2204'] = ok({ result })
    const { centre, call } = connect(gateway.baseUrl)
    expect((await centre.uploadDetails(call, details)).outcome).toBe('unknown')
  })
})

describe('the trace', () => {
  it('tells the exchange and nothing of the person', async () => {
    gateway.say['1101'] = ok(person)
    gateway.say['2207'] = ok({ setlinfo: { ...setlinfo, medins_setl_id: MSGID } })
    gateway.say['2206'] = no('人员张三丰(370202199001011234)待遇冻结, 联系13812345678')
    const { centre, call, exchanges } = connect(gateway.baseUrl)
    await centre.person(call, idCard)
    const refused = await centre.preSettle(call, settleRequest)
    expect(refused).toEqual({
      outcome: 'refused',
      message: '人员***(***)待遇冻结, 联系***',
    })
    const told = JSON.stringify(exchanges)
    for (const secret of ['张三丰', '370202199001011234', 'TOKEN-123', 'secret-of', '1381234']) {
      expect(told).not.toContain(secret)
    }
    expect(exchanges.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['9001 签到', 'ok'],
      ['1101 人员信息', 'ok'],
      ['2206 预结算', 'refused: 人员***(***)待遇冻结, 联系***'],
    ])
    expect(exchanges[2]?.request).toContain('"medfee_sumamt":638')
    expect(exchanges[2]?.request).toContain(MSGID)
  })

  it('keeps nothing of what it cannot read but its size', async () => {
    gateway.say['1101'] = { text: '<html>张三丰</html>' }
    const { centre, call, exchanges } = connect(gateway.baseUrl)
    await centre.person(call, voucher)
    expect(exchanges.at(-1)?.response).toBe('status 200, 22 bytes, no JSON')
  })
})

describe('the params', () => {
  it.each<[string, object, string]>([
    ['an address with a password', { baseUrl: 'http://u:p@h/' }, 'baseUrl'],
    ['no address', { baseUrl: 'fsi' }, 'baseUrl'],
    ['a short code', { fixmedinsCode: 'H1' }, 'fixmedinsCode'],
    ['a name past 20', { fixmedinsName: '医'.repeat(21) }, 'fixmedinsName'],
    ['a province that is not known', { profile: 'atlantis' }, 'profile'],
    ['a secret with spaces', { secretKey: 'a b' }, 'secretKey'],
    ['something more', { token: 'x' }, 'token'],
  ])('are refused with %s, by the field', (_what, changes, field) => {
    const read = () => readNationalInsuranceParams({ ...PARAMS, ...changes })
    expect(read).toThrow(`"adapter":"national","field":"${field}"`)
    expect(read).not.toThrow(/a b|u:p/)
  })

  it('are refused when they are none', () => {
    expect(() => readNationalInsuranceParams(null)).toThrow('connection_params_invalid')
    expect(readNationalInsuranceParams(PARAMS)).toEqual(PARAMS)
  })
})
