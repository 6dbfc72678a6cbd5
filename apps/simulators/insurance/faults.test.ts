import { afterEach, describe, expect, it } from 'vitest'

import type { Fault, FaultPoint } from '../kit/simulator.ts'
import {
  type Answer,
  HOSPITAL,
  nodeOf,
  openBill,
  OP1_LINES,
  registration,
  startTestCentre,
  stopSound,
  type TestCentre,
  visitInfo,
} from './testing.ts'

let centre: TestCentre
let planned: Fault | null = null
let points: FaultPoint[] = []

/** A centre in which the next message meets a fault, if one is planned. */
async function start() {
  planned = null
  points = []
  centre = await startTestCentre({
    faults(point) {
      points.push(point)
      const fault = planned
      planned = null
      return fault
    },
  })
  await centre.client.signIn()
  return centre
}
afterEach(() => stopSound(centre))

const settle = async (fault: Fault | null, message: object) => {
  planned = fault
  return centre.client.post('2207', JSON.stringify(message))
}
const bill = (visitNo = 'F1') => openBill(centre.client, { visitNo, lines: OP1_LINES })
const count = () => centre.simulator.settlements().length
/** How the client says that the connection went. */
const CUT = /other side closed|ECONNRESET/
const infcodeOf = (text: string) => (JSON.parse(text) as Answer).infcode

describe('a fault in 2207', () => {
  it('refuse does nothing, and the same message is heard later', async () => {
    const { client } = await start()
    const { data } = await bill()
    const message = client.envelope('2207', { data })
    const answer = JSON.parse((await settle({ kind: 'refuse' }, message)).text) as Answer
    expect([answer.infcode, answer.err_msg]).toEqual([-1, 'SYS:系统繁忙，请稍后再试'])
    expect(count()).toBe(0)
    expect(infcodeOf((await settle(null, message)).text)).toBe(0)
  })

  it('decline does nothing, and has decided that', async () => {
    const { client } = await start()
    const { data } = await bill()
    const message = client.envelope('2207', { data })
    const reply = await settle({ kind: 'decline', code: 'F1001' }, message)
    expect(JSON.parse(reply.text)).toMatchObject({ infcode: -1, err_msg: 'F1001', output: null })
    expect(count()).toBe(0)
    expect((await settle(null, message)).text).toBe(reply.text)
  })

  it('drop cuts the connection and does nothing', async () => {
    const { client } = await start()
    const { data } = await bill()
    const message = client.envelope('2207', { data })
    await expect(settle({ kind: 'drop' }, message)).rejects.toThrow(CUT)
    expect(count()).toBe(0)
    expect(infcodeOf((await settle(null, message)).text)).toBe(0)
  })

  it('lose_answer does it; 5203 shows whose it is, and 2601 makes it void', async () => {
    const { client } = await start()
    const { data, visit } = await bill()
    const message = client.envelope('2207', { data })
    await expect(settle({ kind: 'lose_answer' }, message)).rejects.toThrow(CUT)
    expect(count()).toBe(1)

    const found = nodeOf(await client.call('5203', { data: visit }), 'setlinfo')
    expect(found.medins_setl_id).toBe(message.msgid)
    const reversal = { psn_no: 'P1', omsgid: message.msgid, oinfno: '2207' }
    expect((await client.call('2601', { data: reversal })).infcode).toBe(0)
    expect(count()).toBe(0)
    expect(centre.simulator.balanceOf('P1')).toBe(200_00)
    expect((await client.call('5203', { data: visit })).err_msg).toContain('mdtrt_id')
  })

  it('lose_answer is answered to the same message, once', async () => {
    const { client } = await start()
    const { data, visit } = await bill()
    const message = client.envelope('2207', { data })
    await expect(settle({ kind: 'lose_answer' }, message)).rejects.toThrow(CUT)
    const answer = JSON.parse((await settle(null, message)).text) as Answer
    expect(nodeOf(answer, 'setlinfo').medins_setl_id).toBe(message.msgid)
    expect(count()).toBe(1)
    // What is done is not declined nor lied about later.
    const declined = await settle({ kind: 'decline', code: 'X' }, message)
    expect(infcodeOf(declined.text)).toBe(0)
    expect(infcodeOf((await settle({ kind: 'lie' }, message)).text)).toBe(0)
    expect((await client.call('5203', { data: visit })).infcode).toBe(0)
  })

  it('garble does it and answers a page of HTML', async () => {
    const { client } = await start()
    const { data } = await bill()
    const reply = await settle({ kind: 'garble' }, client.envelope('2207', { data }))
    expect([reply.status, reply.type]).toEqual([200, expect.stringContaining('text/html')])
    expect(reply.text).toContain('<html>')
    expect(count()).toBe(1)
  })

  it('slow does it and answers later', async () => {
    const { client } = await start()
    const { data } = await bill()
    const began = performance.now()
    const reply = await settle({ kind: 'slow', ms: 120 }, client.envelope('2207', { data }))
    expect(performance.now() - began).toBeGreaterThanOrEqual(115)
    expect(infcodeOf(reply.text)).toBe(0)
  })

  it('lie says it is done, and no book knows of it', async () => {
    const { client } = await start()
    const { data, visit } = await bill()
    const reply = await settle({ kind: 'lie' }, client.envelope('2207', { data }))
    const info = nodeOf(JSON.parse(reply.text) as Answer, 'setlinfo')
    expect(info).toMatchObject({ medfee_sumamt: 638, acct_pay: 200, balc: 0 })
    expect(info.setl_id).toMatch(/^\d{30}$/)
    expect(count()).toBe(0)
    expect(centre.simulator.balanceOf('P1')).toBe(200_00)
    const query = await client.call('5203', { data: { ...visit, setl_id: info.setl_id } })
    expect(query.err_msg).toContain('setl_id')
  })

  it('lose_answer and garble strike a message that is void, too', async () => {
    const { client } = await start()
    const { data } = await bill()
    const message = client.envelope('2207', { data })
    const reversal = { psn_no: 'P1', omsgid: message.msgid, oinfno: '2207' }
    await client.call('2601', { data: reversal })
    await expect(settle({ kind: 'lose_answer' }, message)).rejects.toThrow(CUT)
    expect((await settle({ kind: 'garble' }, message)).text).toContain('<html>')
    expect(count()).toBe(0)
  })

  it('lie lets a refusal be one', async () => {
    const { client } = await start()
    const { data } = await bill()
    const wrong = { ...data, chrg_bchno: 'B9' }
    const reply = await settle({ kind: 'lie' }, client.envelope('2207', { data: wrong }))
    expect((JSON.parse(reply.text) as Answer).err_msg).toContain('chrg_bchno')
  })

  it.each<Fault>([
    { kind: 'lose_notice' },
    { kind: 'delay_notice', ms: 1 },
    { kind: 'duplicate_notice', times: 2 },
  ])('$kind means nothing here', async (fault) => {
    const { client } = await start()
    const { data } = await bill()
    expect(infcodeOf((await settle(fault, client.envelope('2207', { data }))).text)).toBe(0)
    expect(count()).toBe(1)
  })
})

describe('the fault point', () => {
  it('is the hospital, the visit number and its registration, and counts the attempts', async () => {
    const { client } = await start()
    const code = HOSPITAL.insuranceCode
    const { data, visit } = await bill('K1')
    const message = client.envelope('2207', { data })
    await settle({ kind: 'refuse' }, message)
    await settle(null, message)
    const omsgid = message.msgid
    await client.call('2601', { data: { psn_no: 'P1', omsgid, oinfno: '2207' } })
    await client.call('2202', { data: { ...visit, ipt_otp_no: 'K1' } })
    await bill('K1')
    await client.call('1101', { data: { mdtrt_cert_type: '01', mdtrt_cert_no: 'voucher-2' } })
    await client.call('2601', { data: { psn_no: 'P1', omsgid: client.newMsgid(), oinfno: '2207' } })

    expect(points.every((point) => point.simulator === 'insurance')).toBe(true)
    expect(points.map((point) => `${point.operation} ${point.key} ${point.attempt}`)).toEqual([
      `9001 ${code}/2026-11-21 1`,
      `2201 ${code}/K1#1 1`,
      `2203 ${code}/K1#1 1`,
      `2204 ${code}/K1#1 1`,
      `2207 ${code}/K1#1 1`,
      `2207 ${code}/K1#1 2`,
      `2601 ${code}/K1#1 1`,
      `2202 ${code}/K1#1 1`,
      `2201 ${code}/K1#2 1`,
      `2203 ${code}/K1#2 1`,
      `2204 ${code}/K1#2 1`,
      `1101 ${code}/P2 1`,
      `2601 ${code}/P1 1`,
    ])
  })

  it('stays that of the first try when 2201 is tried again', async () => {
    const { client } = await start()
    const who = {
      psn_no: 'P1',
      insutype: '310',
      mdtrt_cert_type: '01',
      mdtrt_cert_no: 'voucher-1',
    }
    const message = JSON.stringify(client.envelope('2201', registration(who, 'K9')))
    planned = { kind: 'drop' }
    await expect(client.post('2201', message)).rejects.toThrow(CUT)
    planned = { kind: 'lose_answer' }
    await expect(client.post('2201', message)).rejects.toThrow(CUT)
    const reply = await client.post('2201', message)
    expect(infcodeOf(reply.text)).toBe(0)
    expect(points.slice(1).map((point) => `${point.key} ${point.attempt}`)).toEqual([
      `${HOSPITAL.insuranceCode}/K9#1 1`,
      `${HOSPITAL.insuranceCode}/K9#1 2`,
      `${HOSPITAL.insuranceCode}/K9#1 3`,
    ])
  })

  it('strikes other transactions, too', async () => {
    const { client } = await start()
    const { visit } = await bill('K2')
    planned = { kind: 'decline', code: 'E42' }
    expect((await client.call('2203', visitInfo(visit))).err_msg).toBe('E42')
    planned = { kind: 'refuse' }
    expect((await client.call('5203', { data: visit })).err_msg).toMatch(/^SYS:/)
    planned = { kind: 'lie' } // only 2207 lies
    expect((await client.call('2203', visitInfo(visit))).infcode).toBe(0)
  })

  it('lets go of a slow answer when the centre stops', async () => {
    const { client } = await start()
    const { data } = await bill('K3')
    const waiting = settle({ kind: 'slow', ms: 60_000 }, client.envelope('2207', { data }))
    const stopped = new Promise((resolve) => setTimeout(resolve, 50)).then(() =>
      centre.simulator.stop(),
    )
    await Promise.all([expect(waiting).rejects.toThrow(CUT), stopped])
    await start() // for afterEach
  })
})
