import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../kernel/time.ts'
import {
  type Answer,
  createClient,
  HOSPITAL,
  nodeOf,
  OTHER_HOSPITAL,
  rowsOf,
  startTestCentre,
  type TestCentre,
  uninsured,
} from './testing.ts'

let centre: TestCentre
const byCard = { data: { mdtrt_cert_type: '02', mdtrt_cert_no: '999900198001010001' } }

beforeAll(async () => {
  centre = await startTestCentre()
  await centre.client.signIn()
})
afterAll(() => centre.simulator.stop())

describe('the gateway', () => {
  const body = () => JSON.stringify(centre.client.envelope('1101', byCard))
  const later = (ms: number) => new Date(centre.clock.now().getTime() + ms)

  it.each<[string, () => Record<string, string>, string]>([
    ['no headers', () => ({}), 'TIF_HEADER_MISSING'],
    [
      'a wrong signature',
      () => ({ ...centre.client.sign(), 'x-tif-signature': 'a'.repeat(64) }),
      'TIF_SIGNATURE_INVALID',
    ],
    [
      'a short signature',
      () => ({ ...centre.client.sign(), 'x-tif-signature': 'a' }),
      'TIF_SIGNATURE_INVALID',
    ],
    [
      'the id of another',
      () => ({ ...centre.client.sign(), 'x-tif-paasid': OTHER_HOSPITAL.paasid }),
      'TIF_SIGNATURE_INVALID',
    ],
    [
      'an unknown id',
      () => ({ ...centre.client.sign(), 'x-tif-paasid': 'nobody' }),
      'TIF_SIGNATURE_INVALID',
    ],
    [
      'an old timestamp',
      () => centre.client.sign(later(-5 * MINUTE_MS - 1000)),
      'TIF_TIMESTAMP_INVALID',
    ],
    [
      'one too far ahead',
      () => centre.client.sign(later(5 * MINUTE_MS + 1000)),
      'TIF_TIMESTAMP_INVALID',
    ],
    [
      'milliseconds',
      () => ({ ...centre.client.sign(), 'x-tif-timestamp': String(later(0).getTime()) }),
      'TIF_TIMESTAMP_INVALID',
    ],
    [
      'a nonce past its length',
      () => centre.client.sign(later(0), 'n'.repeat(65)),
      'TIF_NONCE_INVALID',
    ],
  ])('answers 401 to %s', async (_what, headers, code) => {
    const reply = await centre.client.post('1101', body(), headers())
    expect(reply.status).toBe(401)
    expect(JSON.parse(reply.text)).toMatchObject({ code })
  })

  it('takes a timestamp five minutes off', async () => {
    const reply = await centre.client.post('1101', body(), centre.client.sign(later(-300_000)))
    expect(JSON.parse(reply.text)).toMatchObject({ infcode: 0 })
  })

  it('refuses a nonce the second time, and lets a wrong signature use none up', async () => {
    const headers = centre.client.sign(later(0), 'once')
    const forged = { ...headers, 'x-tif-signature': 'b'.repeat(64) }
    expect((await centre.client.post('1101', body(), forged)).status).toBe(401)
    expect((await centre.client.post('1101', body(), headers)).status).toBe(200)
    const again = await centre.client.post('1101', body(), headers)
    expect([again.status, JSON.parse(again.text)]).toMatchObject([
      401,
      { code: 'TIF_NONCE_REPLAYED' },
    ])
  })

  it('refuses it for as long as its timestamp is good', async () => {
    const own = await startTestCentre({ signInRequired: false })
    const { client, clock, simulator } = own
    const ahead = client.sign(new Date(clock.now().getTime() + 5 * MINUTE_MS), 'ahead')
    const post = () => client.post('1101', JSON.stringify(client.envelope('1101', byCard)), ahead)
    expect((await post()).status).toBe(200)
    clock.at = new Date(clock.at.getTime() + 10 * MINUTE_MS)
    expect((await post()).text).toContain('TIF_NONCE_REPLAYED')
    await simulator.stop()
  })

  it('answers in its own words to a path that is none, and to a body past its size', async () => {
    expect((await centre.client.post('fsi/1101', body())).status).toBe(404)
    const large = await centre.client.post('1101', 'x'.repeat(9_000_000))
    expect(large.status).toBe(413)
    expect(JSON.parse(large.text)).toHaveProperty('code')
  })
})

describe('the envelope', () => {
  it('answers with every field of the platform, and no other', async () => {
    const answer = await centre.client.call('1101', byCard)
    expect(Object.keys(answer)).toEqual([
      'infcode',
      'inf_refmsgid',
      'refmsg_time',
      'respond_time',
      'err_msg',
      'warn_msg',
      'cainfo',
      'signtype',
      'output',
    ])
    expect(answer.infcode).toBe(0)
    expect(answer.inf_refmsgid).toMatch(/^99990020261121090000\d{10}$/)
    expect(answer.refmsg_time).toBe('20261121090000000')
    expect(answer.respond_time).toBe('20261121090000000')
  })

  it.each<[string, object]>([
    ['msgid', { msgid: '' }],
    ['msgid', { msgid: 'H99990000001202611210900001' }],
    ['msgid', { msgid: 'H99990000001202613210900000001' }],
    ['msgid', { msgid: 'H99990000002202611210900000001' }],
    ['mdtrtarea_admvs', { mdtrtarea_admvs: '440300' }],
    ['mdtrtarea_admvs', { mdtrtarea_admvs: '9999001' }],
    ['insuplc_admdvs', { insuplc_admdvs: '12345678' }],
    ['recer_sys_code', { recer_sys_code: null }],
    ['recer_sys_code', { recer_sys_code: 'HUB-SYSTEM-1' }],
    ['dev_no', { dev_no: 'x'.repeat(101) }],
    ['infver', { infver: 'V2.0' }],
    ['opter_type', { opter_type: '4' }],
    ['opter_type', { opter_type: 1 }],
    ['opter', { opter: 'x'.repeat(31) }],
    ['opter_name', { opter_name: undefined }],
    ['inf_time', { inf_time: '2026-11-21T09:00:00' }],
    ['fixmedins_code', { fixmedins_code: 'H12' }],
    ['fixmedins_name', { fixmedins_name: '医'.repeat(21) }],
    ['input', { input: '12' }],
    ['input', { input: [] }],
    ['input', { input: { data: { pad: 'x'.repeat(40_000) } } }],
    ['sign_no', { sign_no: null }],
    ['sign_no', { sign_no: '999900202611210900000000000000' }],
    ['infno', { infno: '2207' }],
    ['infno', { infno: '12' }],
  ])('refuses a wrong %s by name', async (field, changes) => {
    const answer = await centre.client.call('1101', byCard, changes)
    expect(answer.infcode).toBe(-1)
    expect(answer.err_msg).toContain(field)
    expect(answer.output).toBeNull()
  })

  it.each(['', '12', '"12"', 'null', '[]', '{', '<xml/>'])('refuses the body %j', async (body) => {
    const reply = await centre.client.post('1101', body)
    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.text)).toMatchObject({ infcode: -1 })
    expect((JSON.parse(reply.text) as Answer).err_msg).toContain('报文')
  })

  it('refuses a transaction it does not know', async () => {
    for (const infno of ['12', '9999', '7101', '__proto__']) {
      const answer = await centre.client.call(infno, byCard)
      expect(answer.infcode).toBe(-1)
      expect(answer.err_msg).toContain('infno')
    }
  })

  it('refuses a hospital that is not behind this gateway id', async () => {
    const stranger = createClient(centre.simulator.url, centre.clock, {
      ...OTHER_HOSPITAL,
      paasid: HOSPITAL.paasid,
      secretKey: HOSPITAL.secretKey,
    })
    const answer = await stranger.call('9001', { signIn: {} })
    expect(answer.err_msg).toContain('fixmedins_code')
  })
})

describe('a message id', () => {
  it('brings the first answer again, byte for byte, for the same message', async () => {
    const message = centre.client.envelope('1101', byCard)
    const first = await centre.client.post('1101', JSON.stringify(message))
    const second = await centre.client.post('1101', JSON.stringify(message))
    expect(second.text).toBe(first.text)
  })

  it('is refused for another message and for another transaction', async () => {
    const message = centre.client.envelope('1101', byCard)
    await centre.client.post('1101', JSON.stringify(message))
    const { msgid } = message
    const other = { data: { mdtrt_cert_type: '01', mdtrt_cert_no: 'voucher-1' } }
    expect((await centre.client.call('1101', other, { msgid })).err_msg).toContain('msgid')
    expect((await centre.client.call('2206', byCard, { msgid })).err_msg).toContain('msgid')
  })

  it('outlives the sign_no of the day', async () => {
    const message = centre.client.envelope('1101', byCard)
    const first = await centre.client.post('1101', JSON.stringify(message))
    const { signinoutb } = (await centre.client.signIn()).output as {
      signinoutb: { sign_no: string }
    }
    const again = { ...message, sign_no: signinoutb.sign_no }
    expect((await centre.client.post('1101', JSON.stringify(again))).text).toBe(first.text)
  })
})

describe('signing in', () => {
  it('is good for the day and the hospital, and until signing out', async () => {
    const own = await startTestCentre()
    const { client, clock } = own
    expect((await client.call('1101', byCard)).err_msg).toContain('sign_no')
    const signNo = nodeOf(await client.signIn(), 'signinoutb').sign_no
    expect((await client.call('1101', byCard)).infcode).toBe(0)

    const other = createClient(own.simulator.url, clock, OTHER_HOSPITAL)
    expect((await other.call('1101', byCard, { sign_no: signNo })).err_msg).toContain('sign_no')

    const out = await client.call('9002', { signOut: { sign_no: signNo, opter_no: 'op1' } })
    expect(nodeOf(out, 'signoutoutb').sign_time).toBe('2026-11-21 09:00:00')
    expect((await client.call('1101', byCard)).err_msg).toContain('sign_no')

    await client.signIn()
    clock.at = new Date('2026-11-22T00:00:00+08:00')
    expect((await client.call('1101', byCard)).err_msg).toContain('sign_no')
    await own.simulator.stop()
  })

  it('is not asked for where the region does without', async () => {
    const own = await startTestCentre({ signInRequired: false })
    expect((await own.client.call('1101', byCard)).infcode).toBe(0)
    await own.simulator.stop()
  })
})

describe('1101', () => {
  it.each([
    ['01', 'voucher-1', {}],
    ['02', '999900198001010001', {}],
    ['03', 'S1', { card_sn: 'CARD1' }],
  ])('knows a person by %s', async (type, no, more) => {
    const data = { mdtrt_cert_type: type, mdtrt_cert_no: no, ...more }
    const reply = await centre.client.post(
      '1101',
      JSON.stringify(centre.client.envelope('1101', { data })),
    )
    expect(reply.text).toContain('"balc":200.00')
    expect(reply.text).toContain('"age":46.8')
    const answer = JSON.parse(reply.text) as Answer
    expect(nodeOf(answer, 'baseinfo')).toMatchObject({ psn_no: 'P1', psn_name: '测试1', gend: '1' })
    expect(rowsOf(answer, 'insuinfo')).toEqual([
      {
        balc: 200,
        insutype: '310',
        psn_type: '11',
        psn_insu_stas: '1',
        cvlserv_flag: '0',
        insuplc_admdvs: '999900',
        emp_name: null,
      },
    ])
  })

  it('shows who is retired, a resident, or suspended', async () => {
    const rows = await Promise.all(
      [2, 3, 4].map(async (no) => {
        const data = { mdtrt_cert_type: '01', mdtrt_cert_no: `voucher-${no}` }
        return rowsOf(await centre.client.call('1101', { data }), 'insuinfo')[0]
      }),
    )
    expect(rows.map((row) => [row?.insutype, row?.psn_type, row?.psn_insu_stas])).toEqual([
      ['310', '12', '1'],
      ['390', '15', '1'],
      ['310', '11', '2'],
    ])
  })

  it.each<[string, object]>([
    ['mdtrt_cert_no', { mdtrt_cert_type: '02', mdtrt_cert_no: uninsured.idCardNo }],
    ['mdtrt_cert_no', { mdtrt_cert_type: '01', mdtrt_cert_no: 'S1' }],
    ['mdtrt_cert_no', { mdtrt_cert_type: '02' }],
    ['mdtrt_cert_type', { mdtrt_cert_type: '17', mdtrt_cert_no: 'x' }],
    ['card_sn', { mdtrt_cert_type: '03', mdtrt_cert_no: 'S1' }],
    ['psn_name', { mdtrt_cert_type: '01', mdtrt_cert_no: 'voucher-1', psn_name: '别人' }],
    ['certno', { mdtrt_cert_type: '01', mdtrt_cert_no: 'voucher-1', certno: '1' }],
  ])('refuses a wrong %s', async (field, data) => {
    const answer = await centre.client.call('1101', { data })
    expect([answer.infcode, answer.err_msg]).toEqual([-1, expect.stringContaining(field)])
  })
})
