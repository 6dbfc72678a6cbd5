import { setTimeout as sleep } from 'node:timers/promises'

import type { Bill, Payment, Refund } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import { type Random, randomHex } from '../../../kernel/random.ts'

/** Where a demo region is reached, and who in it pays and gives back. */
export type DemoRegion = {
  hubUrl: string
  /** The page of the hospital's own system, for what its staff does. */
  hisUrl: string
  hospitalId: number
  payer: { no: number; login: string }
  finance: string
  password: string
  walletPassword: string
  random: Random
}

export type DemoVisit = ReturnType<typeof createDemoVisit>

const POLL_MS = 250
const MOST_POLLS = 240

/** What people do in a demo, over the interfaces that they have: the patient's, finance's, the wallet's and the hospital's. */
export function createDemoVisit(region: DemoRegion) {
  const { hubUrl, hisUrl, hospitalId, payer, random } = region
  const base = `/v1/hospitals/${hospitalId}`
  return { plan, confirm, cancel, payInWallet, voidBill, dispense, refund, until, payAll }

  /** A new bill of the payer's, and the plan to pay it by the wallet. */
  async function plan(): Promise<Payment> {
    const patient = await signIn('patient', payer.login)
    const known = await openBills(patient)
    await hospitalStaff('create', { personNo: String(payer.no) })
    const bill = (await openBills(patient)).find(
      ({ billNo }) => !known.some((other) => other.billNo === billNo),
    )
    assert(bill, 'the hospital has a new bill for the payer')
    const bills = [{ billNo: bill.billNo, version: bill.version }]
    return patient<Payment>('POST', `${base}/payments`, {
      ...{ bills, channel: 'wechat', useAccount: false },
    })
  }

  async function confirm({ id, tenders }: Payment): Promise<Payment> {
    const payFen = tenders.find(({ phase }) => phase === 'payer')?.amountFen ?? 0
    const patient = await signIn('patient', payer.login)
    await patient('POST', `${base}/payments/${id}/confirmation`, { payFen })
    return until(id, ({ payerState }) => payerState === 'to_pay')
  }

  async function cancel({ id }: Payment): Promise<void> {
    const patient = await signIn('patient', payer.login)
    await patient('POST', `${base}/payments/${id}/cancellation`)
  }

  async function payInWallet({ tenders }: Payment): Promise<void> {
    const action = tenders.find(({ phase }) => phase === 'payer')?.payerAction
    assert(action?.kind === 'wechat_jsapi', 'the wallet has the order')
    const { url } = (await (await fetch(`${hubUrl}/v1/demo/wallet`)).json()) as { url: string }
    const form = new URLSearchParams({ ...action.params, password: region.walletPassword })
    const page = await fetch(`${url}/wallet/pay`, { method: 'POST', body: form })
    assert(page.ok, `the wallet pays: ${page.status}`)
  }

  function voidBill({ bills: [bill] }: Payment): Promise<void> {
    return hospitalStaff('void', { billNo: bill?.billNo ?? '' })
  }

  /** Gives out what the first line is for. */
  function dispense({ bills: [bill] }: Payment): Promise<void> {
    return hospitalStaff('dispense', { billNo: bill?.billNo ?? '', line: '1' })
  }

  /** Finance asks for the whole bill, or for some of its lines. */
  async function refund({ id, bills: [bill] }: Payment, lineNos: number[]): Promise<Refund> {
    const finance = await signIn('console', region.finance)
    const wish = { billNo: bill?.billNo ?? '', lineNos, reason: '患者退费' }
    return finance<Refund>('POST', `${base}/payments/${id}/refunds`, wish)
  }

  async function payAll(): Promise<Payment> {
    const payment = await confirm(await plan())
    await payInWallet(payment)
    return until(payment.id, ({ status }) => status === 'succeeded')
  }

  /** Looks at the payment until it is as wanted. Errors: throws after a minute. */
  async function until(id: string, isAsWanted: (payment: Payment) => boolean): Promise<Payment> {
    const patient = await signIn('patient', payer.login)
    for (let poll = 0; ; poll++) {
      const payment = await patient<Payment>('GET', `${base}/payments/${id}`)
      if (isAsWanted(payment)) return payment
      assert(poll < MOST_POLLS, `payment ${id} stays ${payment.status}`)
      await sleep(POLL_MS)
    }
  }

  async function openBills(patient: Signed): Promise<Bill[]> {
    return (await patient<{ bills: Bill[] }>('GET', `${base}/bills`)).bills
  }

  async function hospitalStaff(action: string, fields: Record<string, string>): Promise<void> {
    const form = new URLSearchParams(fields)
    const page = await fetch(`${hisUrl}/panel/${action}`, { method: 'POST', body: form })
    assert(page.ok, `the hospital's system does "${action}": ${page.status}`)
  }

  async function signIn(app: 'patient' | 'console', login: string): Promise<Signed> {
    const response = await fetch(`${hubUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app, login, password: region.password }),
    })
    const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';')
    assert(response.ok && cookie, `${login} signs in to the demo: ${response.status}`)
    return async <T>(method: string, path: string, body?: object) => {
      const answer = await fetch(hubUrl + path, {
        method,
        headers: {
          cookie,
          'x-yiqiao-app': app,
          'idempotency-key': randomHex(random, 16),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await answer.text()
      assert(answer.ok, `${method} ${path} is answered: ${answer.status} ${text}`)
      return JSON.parse(text) as T
    }
  }
}

type Signed = <T>(method: string, path: string, body?: object) => Promise<T>
