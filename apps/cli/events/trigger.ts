import type { EventType } from '../../../modules/partners/index.ts'
import type { DemoVisit } from './demo-visit.ts'

/** Makes, in a demo, what an event tells of: a real payment by real steps. Returns the payment's id. */
export type Trigger = (visit: DemoVisit) => Promise<string>

export const TRIGGERS: Partial<Record<EventType, Trigger>> = {
  'payment.succeeded': async (visit) => (await visit.payAll()).id,
  'payment.closed': cancelled,
  'payment.failed': refusedByHospital,
  'payment.returned': refusedByHospital,
  'refund.succeeded': (visit) => refunded(visit, 'succeeded'),
  'refund.refused': (visit) => refunded(visit, 'refused'),
}

async function cancelled(visit: DemoVisit): Promise<string> {
  const payment = await visit.plan()
  await visit.cancel(payment)
  return (await visit.until(payment.id, ({ status }) => status === 'closed')).id
}

/** The hospital takes its bill back while the payer pays: the money goes back. */
async function refusedByHospital(visit: DemoVisit): Promise<string> {
  const payment = await visit.confirm(await visit.plan())
  await visit.voidBill(payment)
  await visit.payInWallet(payment)
  return (await visit.until(payment.id, ({ status }) => status === 'failed')).id
}

/** What was given out already is not taken back. */
async function refunded(visit: DemoVisit, end: 'succeeded' | 'refused'): Promise<string> {
  const payment = await visit.payAll()
  if (end === 'refused') await visit.dispense(payment)
  const refund = await visit.refund(payment, end === 'refused' ? [1] : [])
  const isOver = (of: { id: string; status: string }) => of.id === refund.id && of.status === end
  return (await visit.until(payment.id, ({ refunds }) => refunds.some(isOver))).id
}
