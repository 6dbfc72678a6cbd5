import type { EventType } from '../../../modules/partners/index.ts'
import {
  cancelPayment,
  confirmPayment,
  type DemoRegion,
  dispense,
  payInWallet,
  payNewBill,
  planPayment,
  refundBill,
  untilPayment,
  voidBill,
} from './demo-visit.ts'

/** Makes, in a demo, what an event tells of: a real payment by real steps. Returns the payment's id. */
export type Trigger = (region: DemoRegion) => Promise<string>

export const TRIGGERS: Partial<Record<EventType, Trigger>> = {
  'payment.succeeded': async (region) => (await payNewBill(region)).id,
  'payment.closed': cancelled,
  'payment.failed': refusedByHospital,
  'payment.returned': refusedByHospital,
  'refund.succeeded': (region) => refunded(region, 'succeeded'),
  'refund.refused': (region) => refunded(region, 'refused'),
}

async function cancelled(region: DemoRegion): Promise<string> {
  const payment = await planPayment(region)
  await cancelPayment(region, payment)
  return (await untilPayment(region, payment.id, ({ status }) => status === 'closed')).id
}

/** The hospital takes its bill back while the payer pays: the money goes back. */
async function refusedByHospital(region: DemoRegion): Promise<string> {
  const payment = await confirmPayment(region, await planPayment(region))
  await voidBill(region, payment)
  await payInWallet(region, payment)
  return (await untilPayment(region, payment.id, ({ status }) => status === 'failed')).id
}

/** What was given out already is not taken back. */
async function refunded(region: DemoRegion, end: 'succeeded' | 'refused'): Promise<string> {
  const payment = await payNewBill(region)
  if (end === 'refused') await dispense(region, payment)
  const refund = await refundBill(region, payment, end === 'refused' ? [1] : [])
  const isOver = (of: { id: string; status: string }) => of.id === refund.id && of.status === end
  return (await untilPayment(region, payment.id, ({ refunds }) => refunds.some(isOver))).id
}
