import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { FaultPlan } from '../../../kit/simulator.ts'
import type { HisSimulator } from '../../index.ts'
import { startSoapHis } from '../../index.ts'
import { TestClock, testOptions } from '../../testing.ts'
import { ACCOUNT, answerIn, argumentOf, callClient, envelopeOf, post } from './testing.ts'

const clock = new TestClock('2026-11-23T07:20:00+08:00')
let faults: FaultPlan = () => null
let his: HisSimulator
beforeAll(async () => {
  const options = testOptions(clock, { faults: (point) => faults(point) })
  his = await startSoapHis({ ...options, hospitalCode: '4507', account: ACCOUNT })
})
afterAll(() => his.stop())

const SIGN = argumentOf({ signType: '1' })
const sign = (json: string) => envelopeOf('signOrsignUp', json)

describe('an envelope', () => {
  it('is of version 1.1 or 1.2, its argument in entities or a section', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const { status, text } = await post(
        his.url,
        'ICommon',
        envelopeOf('signOrsignUp', SIGN, version),
        version,
      )
      expect(status).toBe(200)
      expect(answerIn(text, 'signOrsignUp').code).toBe('1')
    }
    const section = sign('{}').replace('>{}<', `><![CDATA[${SIGN}]]><`)
    const { text } = await post(his.url, 'ICommon', section)
    expect(answerIn(text, 'signOrsignUp').code).toBe('1')
  })

  it.each([
    ['of the other version', envelopeOf('signOrsignUp', SIGN, '1.2'), 'VersionMismatch'],
    ['without its operation', envelopeOf('doNothing', SIGN), 'no operation'],
    ['of another namespace', sign(SIGN).replace('client.hlp', 'client.abc'), 'namespace'],
    ['with another argument', sign(SIGN).replaceAll('arg0', 'arg1'), 'arg0'],
    ['with no JSON', sign('signType=1'), 'JSON'],
    ['with a number for a text', sign(SIGN.replace('"1"', '1')), 'JSON'],
    ['with a document type', sign(SIGN).replace('<s:Env', '<!DOCTYPE a><s:Env'), 'document type'],
    ['that is none', 'hello', 'XML'],
    ['that is empty', '', 'XML'],
  ])('is a fault: %s', async (_what, body, why) => {
    const { status, text } = await post(his.url, 'ICommon', body)
    expect(status).toBe(500)
    expect(text).toContain('<soap:Fault><faultcode>soap:')
    expect(text).toContain(why)
  })

  it('is a fault of version 1.2 in its own words', async () => {
    const body = envelopeOf('doNothing', SIGN, '1.2')
    const { status, text } = await post(his.url, 'ICommon', body, '1.2')
    expect(status).toBe(400)
    expect(text).toContain('<soap:Value>soap:Sender</soap:Value>')
  })
})

describe('an argument', () => {
  const call = (fields: object) =>
    callClient(his.url, ['ICommon', 'signOrsignUp'], { signType: '1', ...fields })

  it.each([
    ['another key', { synKey: 'guess' }, '-101'],
    ['another user', { synUserName: 'guest' }, '-101'],
    ['no terminal', { terminalCode: '' }, '-100'],
    ['another hospital', { hospitalId: '1' }, '-100'],
    ['a field nobody knows', { signtype: '1' }, '-100'],
    ['a field of extend nobody knows', { extend: '{"a":"1"}' }, '-100'],
  ])('is answered with HTTP 200 and a code: %s', async (_what, fields, code) => {
    expect(await call(fields)).toMatchObject({ code, data: {} })
  })

  it('has amounts in yuan with two decimals and nothing else', async () => {
    for (const payMoney of ['500', '500.0', '50000', '500.000', '-1.00', '1,000.00']) {
      const fields = { inHosNo: 'ZY1', payNo: 'X1', potype: '6', payType: '5', tradeNo: 'T' }
      const pay = { ...fields, payMoney, payTime: '2026-11-23 07:20:00' }
      const answer = await callClient(his.url, ['InHos', 'inpatientPayment'], pay)
      expect(answer.code).toBe('-100')
      expect(answer.message).toContain('payMoney')
    }
  })

  it('is answered as the fault plan has it', async () => {
    faults = ({ operation }) => (operation === 'heartbeat' ? { kind: 'refuse' } : null)
    expect(await call({})).toMatchObject({ code: '-1' })
    faults = () => ({ kind: 'decline', code: 'BILL_VOID' })
    expect(await call({})).toMatchObject({ code: '-404' })
    faults = () => null
  })
})

it('describes itself', async () => {
  const response = await request(`${his.url}/Client/Pay?wsdl`)
  const text = await response.body.text()
  expect(response.statusCode).toBe(200)
  expect(text).toContain('<wsdl:operation name="doPay">')
  expect(text).toContain(`<soap:address location="${his.url}/Client/Pay"/>`)
  expect((await request(`${his.url}/Client/Nothing?wsdl`)).statusCode).toBe(404)
})
