import { setTimeout as sleep } from 'node:timers/promises'

import type { FastifyInstance } from 'fastify'

import type { HospitalId, Id } from '../../../kernel/id.ts'
import { fen } from '../../../kernel/money.ts'
import { addMs, DAY_MS } from '../../../kernel/time.ts'
import { createAudit } from '../../../platform/audit.ts'
import { createHttp } from '../../../platform/http/server.ts'
import { type Principal, type Role, systemActor } from '../../../platform/principal.ts'
import { createSeal } from '../../../platform/seal.ts'
import { testPlatform } from '../../../platform/testing/clock.ts'
import { createTestDatabase } from '../../../platform/testing/database.ts'
import type { PartnerOptions } from '../dependencies.ts'
import type { PaymentFacts, RefundFacts } from '../facts.ts'
import {
  addPartnerHooks,
  createPartners,
  createPlatformKey,
  partnerRoutes,
  type Scope,
  verifyPaymentRoute,
} from '../index.ts'
import type { PayableStanding } from '../payable-standing.ts'
import { SCOPES } from '../scope.ts'

export const HOSPITAL = 1 as HospitalId
export const OTHER_HOSPITAL = 2 as HospitalId
const DELIVERY_TIMEOUT_MS = 1_500

export type PartnersWorld = Awaited<ReturnType<typeof openPartnersWorld>>

/** The module on a real database and a real server, where staff are who they say and payments are what is put there. */
export async function openPartnersWorld(changes: Partial<PartnerOptions> = {}) {
  const db = await createTestDatabase()
  const platform = { db, ...testPlatform() }
  const seal = createSeal(new Uint8Array(32).fill(7), platform.random)
  const payments = new Map<string, PaymentFacts>()
  const refunds = new Map<string, RefundFacts>()
  const names = new Map<string, string[]>()
  const standing: { answer: PayableStanding; remainingFen: number | null } = {
    answer: { outcome: 'not_bound' },
    remainingFen: null,
  }
  const options: PartnerOptions = {
    ...platform,
    seal,
    audit: createAudit(platform),
    environment: 'sandbox',
    platformKey: createPlatformKey(seal),
    deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
    pause: (ms) => sleep(ms),
    resolve: async (host) => names.get(host) ?? [],
    facts: {
      payment: async (_hospitalId, id) => payments.get(id) ?? null,
      refund: async (_hospitalId, id) => refunds.get(id) ?? null,
    },
    boundPatient: async () => (standing.answer.outcome === 'payable' ? standing.answer : null),
    payableStanding: async () => standing.answer,
    creditOf: async () =>
      standing.remainingFen === null ? null : { remainingFen: fen(standing.remainingFen) },
    onError: (error) => {
      throw error
    },
    ...changes,
  }
  const partners = createPartners(options)
  const app = await serve(options, partners)
  return {
    ...platform,
    seal,
    options,
    partners,
    app,
    payments,
    refunds,
    names,
    standing,
    async [Symbol.asyncDispose]() {
      await app.close()
      await partners.close()
      await db[Symbol.asyncDispose]()
    },
  }
}

/** A server as another process of the same installation has it. */
export async function serve(options: PartnerOptions, partners = createPartners(options)) {
  const app = await createHttp({
    newId: options.newId,
    async authenticate(request) {
      const as = request.headers['x-as']
      const partner = await partners.authenticatePartner(request)
      return partner ?? (as === undefined ? null : (JSON.parse(String(as)) as Principal))
    },
  })
  addPartnerHooks(app, partners, options)
  await app.register(partnerRoutes(partners), { prefix: '/v1' })
  await app.register(verifyPaymentRoute(partners))
  await app.ready()
  return app as unknown as FastifyInstance
}

const SETUP = systemActor('test')

export type TestApplication = Awaited<ReturnType<typeof addApplication>>

/** An application at hospital 1 with these scopes, or all of them. */
export async function addApplication(
  { partners }: Pick<PartnersWorld, 'partners'>,
  { scopes = SCOPES, hospitalId = HOSPITAL, allowedAddresses = [] }: NewTestApplication = {},
) {
  const wish = { name: '滨海银行', kind: 'bank' as const, scopes, allowedAddresses }
  return partners.registerApplication(hospitalId, wish, SETUP)
}

type NewTestApplication = {
  scopes?: readonly Scope[]
  hospitalId?: HospitalId
  allowedAddresses?: string[]
}

/** A form to the OAuth routes, with the client's credentials in it. */
export const form = (
  { app }: Pick<PartnersWorld, 'app'>,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  app.inject({
    method: 'POST',
    url: `/v1/oauth/${path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })

export const credentialsOf = ({ application, clientSecret }: TestApplication) => ({
  client_id: application.clientId,
  client_secret: clientSecret,
})

export async function tokenOf(
  world: Pick<PartnersWorld, 'app'>,
  application: TestApplication,
  scope?: string,
): Promise<string> {
  const wish = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) }
  const answer = await form(world, 'token', { ...wish, ...credentialsOf(application) })
  return answer.json<{ access_token: string }>().access_token
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** The header by which a request is a member of staff's. */
export const asStaff = (role: Role, hospitalId = HOSPITAL) => ({
  'x-as': JSON.stringify({
    kind: 'staff',
    staffId: '0190b3a0-0000-7000-8000-00000000000a' as Id<'Staff'>,
    hospitalId,
    roles: [role],
  } satisfies Principal),
})

/** The header by which a request is a person's. */
export const asPerson = (personId: Id<'Person'>) => ({
  'x-as': JSON.stringify({ kind: 'person', personId } satisfies Principal),
})

/** The person allows the application everything at hospital 1 for a month. */
export async function allow(
  { partners, clock }: Pick<PartnersWorld, 'partners' | 'clock'>,
  { application }: TestApplication,
  personId: Id<'Person'>,
): Promise<void> {
  await partners.grants.give(
    {
      personId,
      hospitalId: HOSPITAL,
      applicationId: application.id,
      scopes: ['verify', 'pay'],
      textVersion: '2026-11-23',
      expiresAt: addMs(clock.now(), 30 * DAY_MS),
    },
    SETUP,
  )
}

let payments = 0

/** A payment that has just got this status, told to the module as the platform tells it. */
export async function payEnds(
  world: PartnersWorld,
  status = 'succeeded',
  totalFen = 15_000,
  hospitalId = HOSPITAL,
): Promise<string> {
  const paymentId = `0190b3a0-0000-7000-8000-${String(++payments).padStart(12, '0')}`
  const facts = { paymentNo: `P${payments}`, status, failureCode: null, version: 4 }
  world.payments.set(paymentId, { ...facts, totalFen: fen(totalFen) })
  await world.partners.onPaymentEnded({ hospitalId, paymentId, status })
  return paymentId
}

/** Delivers until nothing is due any more; returns how many tries that took. */
export async function deliverAll({ partners }: PartnersWorld, hospitalId = HOSPITAL) {
  let total = 0
  for (;;) {
    const tried = await partners.deliverDue(hospitalId)
    if (tried === 0) return total
    total += tried
  }
}
