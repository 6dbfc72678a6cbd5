import { expect } from 'vitest'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import type { EventType } from '../event-type.ts'
import { startReceiver } from './receiver.ts'
import {
  addApplication,
  bearer,
  deliverAll,
  type PartnersWorld,
  payEnds,
  tokenOf,
} from './world.ts'

let hospitals = 100

export type Bench = Awaited<ReturnType<typeof openBench>>

/** A hospital of its own with one application, its token, and its own server that is told. */
export async function openBench(world: PartnersWorld) {
  const hospitalId = ++hospitals as HospitalId
  const path = `/v1/hospitals/${hospitalId}/partner`
  const receiver = await startReceiver()
  const client = await addApplication(world, { hospitalId })
  let headers = bearer(await tokenOf(world, client))

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', of: string, payload?: object) =>
    world.app.inject({ method, url: path + of, headers, ...(payload ? { payload } : {}) })

  return {
    world,
    hospitalId,
    path,
    receiver,
    client,
    call,
    /** A new token, after more than an hour has gone. */
    async renew() {
      headers = bearer(await tokenOf(world, client))
    },
    async addEndpoint(eventTypes: EventType[] = ['payment.succeeded'], extra: object = {}) {
      const answer = await call('POST', '/endpoints', { url: receiver.url, eventTypes, ...extra })
      expect(answer.statusCode).toBe(201)
      const added = answer.json<{ endpoint: { id: string }; secret: string }>()
      receiver.trust(added.secret)
      return { id: added.endpoint.id, secret: added.secret }
    },
    async deliveries() {
      return (await call('GET', '/deliveries')).json<{ items: DeliveryBody[] }>().items
    },
    async attemptsOf(id = '') {
      const answer = await call('GET', `/deliveries/${id}`)
      return answer.json<{ attempts: AttemptBody[] }>().attempts
    },
    async endpointView(id: string) {
      const { items } = (await call('GET', '/endpoints')).json<{ items: EndpointBody[] }>()
      return items.find((one) => one.id === id)
    },
    async feed(query = '') {
      const answer = await call('GET', `/events?${query}`)
      return answer.json<{ items: { id: string; sequence: number }[]; newest: number }>()
    },
    payEnds: (status?: string, totalFen?: number) => payEnds(world, status, totalFen, hospitalId),
    async refundEnds(status: RefundStatus, cause: 'requested' | 'compensation' | 'late') {
      const refundId: Id<'Refund'> = world.newId()
      const facts = { cause, status, amountFen: fen(500), refusalCode: null, version: 3 }
      world.refunds.set(refundId, facts)
      const event = { hospitalId, refundId, paymentId: world.newId<'Payment'>(), status }
      await world.partners.onRefundEnded(event)
    },
    deliverAll: () => deliverAll(world, hospitalId),
    deliverOnce: () => world.partners.deliverDue(hospitalId),
    nextDueAt: () => world.partners.nextDueAt(hospitalId),
  }
}

type RefundStatus = 'approving' | 'returning' | 'completing' | 'succeeded' | 'refused'
type DeliveryBody = {
  id: string
  status: string
  attempts: number
  lastOutcome: string
  dueAt: string | null
}
type AttemptBody = {
  outcome: string
  responseStatus: number
  responseBody: string
  error: string
}
type EndpointBody = {
  id: string
  status: string
  disabledReason: string | null
  failingSince: string | null
}
