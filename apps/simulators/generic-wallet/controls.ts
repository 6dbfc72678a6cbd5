import type { FastifyInstance } from 'fastify'

import { addFen } from '../../../kernel/money.ts'
import { type Context, nowMs } from './context.ts'
import { findAnywhere, pay } from './payments.ts'
import { refundsOf } from './refunds.ts'

/** What moves a sandbox by hand. `pass` and `endDay` move the clock and do what has come due. */
export type Hands = { pass(ms: number): Promise<void>; endDay(): Promise<void> }

/** The paths of section C of the specimen page. */
export function addControls(app: FastifyInstance, context: Context, name: string, hands: Hands) {
  const standing = () => ({ wallet: name, now: new Date(nowMs(context)).toISOString() })

  app.get('/sandbox', standing)

  app.post('/sandbox/pay', async (request, reply) => {
    const { orderNo } = bodyOf(request.body)
    const payment = typeof orderNo === 'string' ? findAnywhere(context, orderNo) : null
    if (payment === null) return reply.code(404).send({ outcome: 'unknown_payment' })
    const outcome = pay(context, payment.merchant, payment.reference)
    await hands.pass(0)
    return { outcome }
  })

  app.get('/sandbox/books/:orderNo', (request) => {
    const { orderNo = '' } = request.params as Record<string, string>
    return booksOf(context, orderNo)
  })

  app.post('/sandbox/pass', async (request, reply) => {
    const { ms } = bodyOf(request.body)
    if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > 86_400_000) {
      return reply.code(400).send({ message: 'ms is 0 to a day' })
    }
    await hands.pass(ms)
    return standing()
  })

  app.post('/sandbox/end-day', async () => {
    await hands.endDay()
    return standing()
  })
}

/** What the wallet's books say of a payment: taken from the payer, and on its way back or there. */
export function booksOf(context: Context, reference: string) {
  const payment = findAnywhere(context, reference)
  const refunds = payment === null ? [] : refundsOf(context, payment.merchant, reference)
  return {
    takenFen: payment?.state === 'paid' ? payment.amountFen : 0,
    returnedFen: addFen(
      ...refunds.filter(({ state }) => state !== 'failed').map(({ amountFen }) => amountFen),
    ),
  }
}

function bodyOf(body: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body instanceof Buffer ? body.toString('utf8') : '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
