import { setTimeout as sleep } from 'node:timers/promises'

import type { Bill, Payment, Refund } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import type { Random } from '../../../kernel/random.ts'
import { sendForm, type Signed, signIn } from './demo-session.ts'

// What people do in a demo, over the interfaces that they have: the patient's, finance's, the wallet's and the
// hospital's own.

/** Where a demo region is reached, and who in it pays and gives back. */
export type DemoRegion = {
  hubUrl: string
  /** The page of the hospital's own system, for what its staff does. */
  hisUrl: string
  /** The wallet's page; the hub is asked for it when it is null. */
  walletUrl: string | null
  hospitalId: number
  payer: { no: number; login: string }
  finance: string
  password: string
  walletPassword: string
  random: Random
}

const POLL_MS = 250
// A wallet's refund is asked about after half a minute, and a busy machine takes its time.
const MOST_POLLS = 480

/** A new bill of the payer's, and the plan to pay it by the wallet. */
export async function planPayment(region: DemoRegion): Promise<Payment> {
  const patient = await signIn(region, 'patient', region.payer.login)
  const known = await openBills(region, patient)
  await atHospital(region, 'create', { personNo: String(region.payer.no) })
  const bill = (await openBills(region, patient)).find(
    ({ billNo }) => !known.some((other) => other.billNo === billNo),
  )
  assert(bill, 'the hospital has a new bill for the payer')
  const bills = [{ billNo: bill.billNo, version: bill.version }]
  const wish = { bills, channel: 'wechat', useAccount: false }
  return patient<Payment>('POST', `${pathOf(region)}/payments`, wish)
}

/** Agrees to the plan; the wallet then waits for the payer. */
export async function confirmPayment(
  region: DemoRegion,
  { id, tenders }: Payment,
): Promise<Payment> {
  const payFen = tenders.find(({ phase }) => phase === 'payer')?.amountFen ?? 0
  const patient = await signIn(region, 'patient', region.payer.login)
  await patient('POST', `${pathOf(region)}/payments/${id}/confirmation`, { payFen })
  return untilPayment(region, id, ({ payerState }) => payerState === 'to_pay')
}

export async function cancelPayment(region: DemoRegion, { id }: Payment): Promise<void> {
  const patient = await signIn(region, 'patient', region.payer.login)
  await patient('POST', `${pathOf(region)}/payments/${id}/cancellation`)
}

export async function payInWallet(region: DemoRegion, { tenders }: Payment): Promise<void> {
  const action = tenders.find(({ phase }) => phase === 'payer')?.payerAction
  assert(action?.kind === 'wechat_jsapi', 'the wallet has the order')
  const url = region.walletUrl ?? (await walletOf(region))
  await sendForm(`${url}/wallet/pay`, { ...action.params, password: region.walletPassword })
}

async function walletOf({ hubUrl }: DemoRegion): Promise<string> {
  const { url } = (await (await fetch(`${hubUrl}/v1/demo/wallet`)).json()) as { url?: string }
  assert(url, 'the demo has a wallet')
  return url
}

/** A new bill, planned, agreed to and paid. */
export async function payNewBill(region: DemoRegion): Promise<Payment> {
  const payment = await confirmPayment(region, await planPayment(region))
  await payInWallet(region, payment)
  return untilPayment(region, payment.id, ({ status }) => status === 'succeeded')
}

export const voidBill = (region: DemoRegion, { bills: [bill] }: Payment): Promise<void> =>
  atHospital(region, 'void', { billNo: bill?.billNo ?? '' })

/** Gives out what the bill's first line is for. */
export const dispense = (region: DemoRegion, { bills: [bill] }: Payment): Promise<void> =>
  atHospital(region, 'dispense', { billNo: bill?.billNo ?? '', line: '1' })

/** Finance asks for the whole bill, or for some of its lines. */
export async function refundBill(
  region: DemoRegion,
  { id, bills: [bill] }: Payment,
  lineNos: number[],
): Promise<Refund> {
  const finance = await signIn(region, 'console', region.finance)
  const wish = { billNo: bill?.billNo ?? '', lineNos, reason: '患者退费' }
  return finance<Refund>('POST', `${pathOf(region)}/payments/${id}/refunds`, wish)
}

/** Looks at the payment until it is as wanted. Errors: throws after two minutes. */
export async function untilPayment(
  region: DemoRegion,
  id: string,
  isAsWanted: (payment: Payment) => boolean,
): Promise<Payment> {
  const patient = await signIn(region, 'patient', region.payer.login)
  for (let poll = 0; ; poll++) {
    const payment = await patient<Payment>('GET', `${pathOf(region)}/payments/${id}`)
    if (isAsWanted(payment)) return payment
    assert(poll < MOST_POLLS, `payment ${id} stays ${payment.status}`)
    await sleep(POLL_MS)
  }
}

async function openBills(region: DemoRegion, patient: Signed): Promise<Bill[]> {
  return (await patient<{ bills: Bill[] }>('GET', `${pathOf(region)}/bills`)).bills
}

const atHospital = ({ hisUrl }: DemoRegion, action: string, fields: Record<string, string>) =>
  sendForm(`${hisUrl}/panel/${action}`, fields)

const pathOf = ({ hospitalId }: DemoRegion) => `/v1/hospitals/${hospitalId}`
