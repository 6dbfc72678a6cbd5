import { createCipheriv, createDecipheriv } from 'node:crypto'

import { sm2 } from 'sm-crypto-v2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { MINUTE_MS } from '../../../../kernel/time.ts'
import type { Fault } from '../../kit/simulator.ts'
import { HOSPITAL, startTestCentre, stopSound, suspended, type TestCentre } from '../testing.ts'

// A phone's way to pay, spoken from the public scheme: this file knows no code of the centre's.

const KEYS = sm2.generateKeyPairHex()
const APP = { appId: 'APPID-OF-THE-HOSPITAL', appSecret: 'secret-of-the-hospital' }
const ADMDVS = '999900'

let centre: TestCentre
let fault: { operation: string; fault: Fault } | null = null

beforeEach(async () => {
  fault = null
  centre = await startTestCentre({
    hospitals: [{ ...HOSPITAL, smPublicKey: KEYS.publicKey, mobile: APP }],
    faults: ({ operation, attempt }) =>
      attempt === 1 && fault?.operation === operation ? fault.fault : null,
  })
})
afterEach(() => stopSound(centre))

describe('an order', () => {
  it('is uploaded, paid, asked about and given back', async () => {
    const order = await upload()
    expect(await query(order)).toMatchObject({ ordStas: '0' })
    expect(await query(order)).not.toHaveProperty('feeSumamt')

    const paid = await pay(order)
    // In scope 500 less a deductible of 300, of which 60 % are paid; the account has 200.
    const amounts = {
      feeSumamt: '500.00',
      fundPay: '120.00',
      psnAcctPay: '200.00',
      ownPayAmt: '180.00',
    }
    expect(paid).toMatchObject({ ordStas: '6', ...amounts })
    expect(await pay(order)).toEqual(paid)
    expect(await query(order)).toMatchObject({ ordStas: '6', setlType: 'ALL', ...amounts })

    expect(await refund(order, { fundRefdAmt: '119.99' })).toBe('fundRefdAmt：与结算金额不一致')
    expect(await refund(order)).toMatchObject({ refStatus: 'SUCC' })
    expect(await refund(order)).toMatchObject({ refStatus: 'SUCC' })
    expect(await refund(order, { appRefdSn: 'R2' })).toBe('payOrdId：医保部分已退费')
    expect(await query(order)).toMatchObject({ ordStas: '8' })
    expect(centre.simulator.balanceOf('P1')).toBe(20_000)
    expect(centre.simulator.settlements()).toHaveLength(2)
  })

  it('gives back the insurance alone, and the cash alone after it', async () => {
    const order = await upload()
    await pay(order)
    const hi = { refdType: 'HI', totlRefdAmt: '320.00', cashRefdAmt: '0.00' }
    expect(await refund(order, hi)).toMatchObject({ refStatus: 'SUCC' })
    const cash = {
      appRefdSn: 'R2',
      refdType: 'CASH',
      totlRefdAmt: '180.00',
      fundRefdAmt: '0',
      psnAcctRefdAmt: '0',
    }
    expect(await refund(order, cash)).toMatchObject({ refStatus: 'SUCC' })
    expect(await refund(order, { ...cash, appRefdSn: 'R3' })).toBe('payOrdId：现金部分已退费')
  })

  it('is the same for the same medOrgOrd, and for no other content', async () => {
    const payAuthNo = centre.simulator.authorize('P1')
    const first = await upload({ payAuthNo })
    expect(await upload({ payAuthNo })).toMatchObject({ payOrdId: first.payOrdId })
    expect(await call('uldFeeInfo', fees({ payAuthNo, deptName: '外科' }))).toBe(
      'medOrgOrd：医疗机构订单号重复，而内容不同',
    )
  })

  it('is revoked before and after it was paid', async () => {
    const order = await upload()
    await pay(order)
    expect(await call('revoke_order', who(order))).toMatchObject({ payOrdId: order.payOrdId })
    expect(await call('revoke_order', who(order))).toMatchObject({ payOrdId: order.payOrdId })
    expect(await pay(order)).toBe('payOrdId：支付订单已撤销或已退费')
    expect(centre.simulator.balanceOf('P1')).toBe(20_000)
  })

  it('shows no amounts while it is processing', async () => {
    fault = { operation: '6202', fault: { kind: 'delay_notice', ms: MINUTE_MS } }
    const order = await upload()
    const paid = await pay(order)
    expect(paid).toMatchObject({ ordStas: '1' })
    expect(paid).not.toHaveProperty('fundPay')
    const dueAt = centre.simulator.nextDueAt()
    expect(dueAt).toEqual(new Date(centre.clock.at.getTime() + MINUTE_MS))
    centre.clock.at = dueAt ?? centre.clock.at
    expect(await centre.simulator.runDue()).toBe(1)
    expect(await query(order)).toMatchObject({ ordStas: '6', fundPay: '120.00' })
  })

  it('is settled although the answer was lost, and given back although that one was', async () => {
    fault = { operation: '6202', fault: { kind: 'lose_answer' } }
    const order = await upload()
    await expect(pay(order)).rejects.toThrow(/socket|closed/)
    expect(await query(order)).toMatchObject({ ordStas: '6' })
    fault = { operation: '6203', fault: { kind: 'lose_answer' } }
    await expect(refund(order)).rejects.toThrow(/socket|closed/)
    expect(await query(order)).toMatchObject({ ordStas: '8' })
    expect(await refund(order)).toMatchObject({ refStatus: 'SUCC' })
  })
})

describe('what is refused', () => {
  it('names the field', async () => {
    const payAuthNo = centre.simulator.authorize('P1')
    const cases: [object, string][] = [
      [{ payAuthNo: null }, 'ecToken：ecToken与payAuthNo必填其一'],
      [{ medfeeSumamt: '499.99' }, 'medfeeSumamt：与费用明细合计不一致'],
      [{ userName: '别人' }, 'userName：与参保登记姓名不一致'],
      [{ medType: '21' }, 'medType：取值应为11、12、13、15、16、19、51、53、14之一'],
      [{ inscpScpAmt: '1.00' }, 'inscpScpAmt：与中心计算结果不一致'],
      [{ deptCode: '' }, 'deptCode：必填'],
      [{ orgCodg: 'H99990000009' }, 'orgCodg：不属于该应用'],
    ]
    for (const [changes, reason] of cases) {
      expect(await call('uldFeeInfo', fees({ payAuthNo, ...changes }))).toBe(reason)
    }
    expect(centre.simulator.settlements()).toEqual([])
  })

  it('is a token whose time is over', async () => {
    const payAuthNo = centre.simulator.authorize('P1')
    centre.clock.at = new Date(centre.clock.at.getTime() + 10 * MINUTE_MS)
    expect(await call('uldFeeInfo', fees({ payAuthNo }))).toBe('payAuthNo：医保电子凭证令牌已过期')
  })

  it('is a person whose insurance is suspended', async () => {
    const payAuthNo = centre.simulator.authorize('P4')
    const person = { psnNo: 'P4', idNo: suspended.idCardNo, userName: suspended.name }
    expect(await call('uldFeeInfo', fees({ payAuthNo, ...person }))).toBe(
      'psnNo：参保状态为暂停参保，不能享受医保待遇',
    )
  })

  it('is a message that another has signed or sealed', async () => {
    const body = seal(fees({ payAuthNo: centre.simulator.authorize('P1') }))
    const forged = { ...body, timestamp: '20991231000000' }
    expect(await send('uldFeeInfo', forged)).toMatchObject({ message: 'signData：SM2签名校验失败' })
    const torn = { ...body, encData: '00FF' }
    expect(await send('uldFeeInfo', torn)).toMatchObject({
      message: 'encData：解密失败或不是JSON',
    })
    expect(await send('uldFeeInfo', { ...body, appId: 'x' })).toMatchObject({
      message: 'appId：应用不存在',
    })
    expect((await centre.client.post('org/local/api/hos/other', '{}')).status).toBe(404)
  })

  it('is a 2208 of what was settled on a phone', async () => {
    const order = await upload()
    await pay(order)
    const [settlement] = centre.simulator.settlements()
    await centre.client.signIn()
    const data = { psn_no: 'P1', mdtrt_id: settlement?.visitId, setl_id: settlement?.settlementId }
    const answer = await centre.client.call('2208', { data })
    expect(answer.err_msg).toBe('data.setl_id：移动支付结算请用6203退费')
  })
})

describe('the electronic voucher', () => {
  it('is decoded into a token that is good for a while', async () => {
    const decoded = await decode('voucher-1')
    expect(decoded).toMatchObject({ code: 0, data: { userName: '测试1', insuOrg: ADMDVS } })
    const token = decoded.data?.ecToken
    await centre.client.signIn()
    const byToken = { data: { mdtrt_cert_type: '01', mdtrt_cert_no: token } }
    expect((await centre.client.call('1101', byToken)).output).toMatchObject({
      baseinfo: { psn_no: 'P1' },
    })
    centre.clock.at = new Date(centre.clock.at.getTime() + 10 * MINUTE_MS)
    expect((await centre.client.call('1101', byToken)).err_msg).toBe(
      'data.mdtrt_cert_no：医保电子凭证令牌已过期',
    )
  })

  it('is refused when nobody has it', async () => {
    expect(await decode('nobody')).toMatchObject({
      code: -1,
      message: 'data.ecQrCode：电子凭证码无效',
    })
  })
})

type Order = { payOrdId: string; payToken: string; payAuthNo: string }

const fees = (changes: object) => ({
  orgCodg: HOSPITAL.insuranceCode,
  psnNo: 'P1',
  insutype: '310',
  medOrgOrd: 'O1',
  begntime: '2026-11-21 08:30:00',
  idNo: '999900198001010001',
  userName: '测试1',
  idType: '01',
  insuCode: ADMDVS,
  iptOtpNo: 'V1',
  deptName: '内科',
  deptCode: 'K1',
  caty: 'A03',
  medType: '11',
  feeType: '01',
  medfeeSumamt: '500.00',
  psnSetlway: '01',
  chrgBchno: 'B1',
  pubHospRfomFlag: '1',
  feedetailList: [
    {
      feedetlSn: '1',
      feeOcurTime: '2026-11-21 08:50:00',
      medListCodg: 'XA01',
      medinsListCodg: 'local-XA01',
      detItemFeeSumamt: '500.00',
      cnt: '1',
      pric: '500.00',
    },
  ],
  ...changes,
})

async function upload(changes: { payAuthNo?: string } = {}): Promise<Order> {
  const payAuthNo = changes.payAuthNo ?? centre.simulator.authorize('P1')
  const answer = await call('uldFeeInfo', fees({ payAuthNo }))
  return { ...(answer as Omit<Order, 'payAuthNo'>), payAuthNo }
}

const pay = ({ payOrdId, payToken, payAuthNo }: Order) =>
  call('pay_order', {
    payOrdId,
    payToken,
    payAuthNo,
    orgCodg: HOSPITAL.insuranceCode,
    orgBizSer: 'S1',
    chrgBchno: 'B1',
    feeType: '01',
    acctUsedFlag: '1',
  })

const who = ({ payOrdId, payToken }: Order) => ({
  payOrdId,
  payToken,
  orgCodg: HOSPITAL.insuranceCode,
  idNo: '999900198001010001',
  userName: '测试1',
  idType: '01',
})

const query = (order: Order) => call('query_order_info', who(order))

const refund = ({ payOrdId, payAuthNo }: Order, changes: object = {}) =>
  call('refund_Order', {
    payOrdId,
    payAuthNo,
    appRefdSn: 'R1',
    appRefdTime: '20261121100000',
    totlRefdAmt: '500.00',
    psnAcctRefdAmt: '200.00',
    fundRefdAmt: '120.00',
    cashRefdAmt: '180.00',
    refdType: 'ALL',
    ...changes,
  })

/** The data of the answer, or the words it was refused with. */
async function call(operation: string, data: object): Promise<unknown> {
  const answer = await send(operation, seal(data))
  if (answer.success !== true) return answer.message
  const text = unseal(answer.encData ?? '')
  const { signData = '', encData: _, ...outer } = answer
  const signed = signText({ ...outer, data: JSON.parse(text) as object })
  const signature = Buffer.from(signData, 'base64').toString('hex')
  const key = centre.simulator.smPublicKey
  expect(sm2.doVerifySignature(signed, signature, key, { hash: true })).toBe(true)
  return JSON.parse(text)
}

type Outer = { success?: boolean; message?: string; encData?: string; signData?: string }

async function send(operation: string, body: object): Promise<Outer> {
  const path = `org/local/api/hos/${operation}`
  return JSON.parse((await centre.client.post(path, JSON.stringify(body))).text) as Outer
}

async function decode(ecQrCode: string) {
  const orgId = HOSPITAL.insuranceCode
  const operator = { operatorId: 'op1', operatorName: '收费员' }
  const data = { orgId, ecQrCode, businessType: '01301', ...operator }
  const body = JSON.stringify({ data, orgId, transType: 'ec.query' })
  const reply = await centre.client.post('nationecc/ec.query', body)
  return JSON.parse(reply.text) as { code: number; message: string; data?: { ecToken: string } }
}

function seal(data: object) {
  const outer = {
    appId: APP.appId,
    encType: 'SM4',
    signType: 'SM2',
    version: '2.0.1',
    timestamp: '20261121090000',
  }
  const signature = sm2.doSignature(signText({ ...outer, data }), KEYS.privateKey, { hash: true })
  return {
    ...outer,
    encData: sm4(secretKey(), JSON.stringify(data)),
    signData: Buffer.from(signature, 'hex').toString('base64'),
  }
}

function signText(message: object): string {
  const entries = Object.entries(message).sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = entries.map(
    ([name, value]) =>
      `${name}=${typeof value === 'object' ? JSON.stringify(sorted(value)) : String(value)}`,
  )
  return [...parts, `key=${APP.appSecret}`].join('&')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]))
}

const secretKey = () => sm4(APP.appId.slice(0, 16), APP.appSecret).slice(0, 16)

function sm4(key: string, text: string): string {
  const cipher = createCipheriv('sm4-ecb', key, null)
  const sealed = cipher.update(text, 'utf8', 'hex') + cipher.final('hex')
  return sealed.toUpperCase()
}

function unseal(encData: string): string {
  const decipher = createDecipheriv('sm4-ecb', secretKey(), null)
  return decipher.update(encData, 'hex', 'utf8') + decipher.final('utf8')
}
