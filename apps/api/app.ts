import { existsSync } from 'node:fs'
import { join } from 'node:path'

import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { accountingRoutes } from '../../modules/accounting/index.ts'
import { benefitRoutes } from '../../modules/benefits/index.ts'
import { billingRoutes } from '../../modules/billing/index.ts'
import { bookingRoutes } from '../../modules/booking/index.ts'
import { type CatalogueRouteContext, catalogueRoutes } from '../../modules/catalogue/index.ts'
import { channelsRoutes } from '../../modules/channels/index.ts'
import { coverageRoutes } from '../../modules/coverage/index.ts'
import { collectionRoutes, creditRoutes, loanRoutes } from '../../modules/credit/index.ts'
import { depositRoutes } from '../../modules/deposits/index.ts'
import { familyRoutes } from '../../modules/family/index.ts'
import { fhirRoutes } from '../../modules/fhir/index.ts'
import {
  addHospitalHook,
  hospitalNoticeRoutes,
  hospitalRoutes,
  onboardingRoutes,
  rolloutRoutes,
} from '../../modules/hospitals/index.ts'
import { createRequireStepUp, identityRoutes, mediaRoutes } from '../../modules/identity/index.ts'
import { clearingRoutes } from '../../modules/insurance/index.ts'
import { ledgerRoutes } from '../../modules/ledger/index.ts'
import { addPartnerHooks, partnerRoutes, verifyPaymentRoute } from '../../modules/partners/index.ts'
import {
  createStatements,
  financeRoutes,
  noticeRoutes,
  paymentRoutes,
  statementRoutes,
} from '../../modules/payments/index.ts'
import { personIndexRoutes, unmaskRoute } from '../../modules/person-index/index.ts'
import { queueRoutes } from '../../modules/queue/index.ts'
import {
  adjustmentRoutes,
  closingRoutes,
  reconciliationRoutes,
} from '../../modules/reconciliation/index.ts'
import { recordSharingRoutes } from '../../modules/record-sharing/index.ts'
import { registryRoutes } from '../../modules/registry/index.ts'
import { sealingRoutes } from '../../modules/sealing/index.ts'
import { settlementRoutes } from '../../modules/settlement/index.ts'
import { statementFileRoutes } from '../../modules/statements/index.ts'
import type { Platform } from '../../platform/context.ts'
import { createHttp } from '../../platform/http/server.ts'
import type { Hub } from '../hub/create-hub.ts'
import { linesOf } from '../hub/estimates.ts'
import { createHubFhir } from '../hub/fhir.ts'
import { createApiAuthenticate } from './authenticate.ts'
import { channelDraftRoutes } from './channel-drafts/routes.ts'
import { type DemoPlaces, demoRoutes } from './demo-routes.ts'
import { explanationRoutes } from './explanation-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { proofRoutes, receiptProofRoute } from './proof-routes.ts'

export type ApiOptions = {
  platform: Platform
  logger: FastifyServerOptions['logger']
  /** Lets a newcomer sign in as an invented person by a click, and pay in the sandbox's wallet. Never in production. */
  demo: DemoPlaces | null
  /** Where the built web apps are; null to serve the API alone. */
  webRoot: string | null
  /** Where people reach the web apps; without it, on this machine. */
  publicUrl?: string
}

const LOCAL_URL = 'http://127.0.0.1:7100'

/** The public HTTP API, and the web apps beside it. */
export async function createApi(hub: Hub, options: ApiOptions) {
  const { platform, logger, demo, webRoot, publicUrl = LOCAL_URL } = options
  const authenticate = createApiAuthenticate(hub, platform)
  const app = await createHttp({
    newId: platform.newId,
    authenticate,
    ...(logger === undefined ? {} : { logger }),
  })
  addPartnerHooks(app, hub.partners, platform)
  addHospitalHook(app, hub.hospitals)
  const v1 = { prefix: '/v1' }
  const isDemo = demo !== null
  const identityOptions = { demo: isDemo, clock: platform.clock, secureCookies: !isDemo }
  await app.register(healthRoutes(platform), v1)
  await app.register(identityRoutes(hub.identity, identityOptions), v1)
  await app.register(mediaRoutes(hub.identity), v1)
  await app.register(personIndexRoutes(hub.personIndex), v1)
  await app.register(unmaskRoute(hub.personIndex, createRequireStepUp(hub.identity)), v1)
  await app.register(hospitalRoutes(hub.hospitals), v1)
  await app.register(rolloutRoutes(hub.rollouts, hub.rolloutProposals), v1)
  await app.register(onboardingRoutes(hub.onboarding), v1)
  await app.register(hospitalNoticeRoutes(hub.hospitalNotices, hub.hospitalMessages), v1)
  await app.register(billingRoutes(hub.billing, hub.partners.acting), v1)
  await app.register(paymentRoutes(hub.payments, hub.paymentDependencies, hub.partners.acting), v1)
  await app.register(
    channelsRoutes({ ...platform, channels: hub.channels, providersOf: hub.providersOf }),
    v1,
  )
  await app.register(channelDraftRoutes(hub, platform, { isDemo }), v1)
  await app.register(financeRoutes(hub.paymentDependencies), v1)
  await app.register(noticeRoutes(hub.payments), v1)
  const { credit, loans, collections, coverage, benefits, deposits, insurersOf } = hub.sources
  await app.register(creditRoutes({ credit, platform }), v1)
  await app.register(collectionRoutes({ collections }), v1)
  await app.register(loanRoutes({ loans, lenders: () => credit.lenders(), platform }), v1)
  await app.register(coverageRoutes({ ...platform, coverage, insurersOf }), v1)
  await app.register(benefitRoutes({ benefits, platform, people: hub.identity }), v1)
  await app.register(
    catalogueRoutes({ ...platform, catalogue: hub.catalogue, billOf: billOf(hub) }),
    v1,
  )
  await app.register(registryRoutes(hub.registry), v1)
  await app.register(depositRoutes({ deposits, platform }), v1)
  await registerCare(app, hub, platform)
  await app.register(clearingRoutes({ insurance: hub.insurance }), v1)
  const statements = createStatements({ ...hub.paymentDependencies, ...hub })
  await app.register(statementRoutes(statements, { publicUrl }), v1)
  await app.register(explanationRoutes(hub, platform), v1)
  const proofParts = { ...hub.paymentDependencies, sealing: hub.sealing }
  await app.register(proofRoutes(proofParts, { publicUrl }), v1)
  await app.register(receiptProofRoute(proofParts))
  await app.register(reconciliationRoutes(hub.reconciliation, platform), v1)
  await app.register(closingRoutes(closingOptions(hub)), v1)
  await app.register(settlementRoutes({ settlement: hub.settlement, platform }), v1)
  await app.register(accountingRoutes(hub.accounting), v1)
  await app.register(statementFileRoutes(hub.statementFiles), v1)
  await app.register(adjustmentRoutes({ reconciliation: hub.reconciliation, db: platform.db }), v1)
  await app.register(ledgerRoutes(platform), v1)
  await app.register(sealingRoutes(hub.sealing, { nameOf: nameOfPartner(hub) }), v1)
  await app.register(partnerRoutes(hub.partners), v1)
  await app.register(fhirRoutes(createHubFhir(hub, platform), { publicUrl }), v1)
  // The bank–hospital document's own interface: its path has no version.
  await app.register(verifyPaymentRoute(hub.partners))
  if (demo) await app.register(demoRoutes(demo), v1)
  if (webRoot !== null) await serveWeb(app, webRoot)
  return app
}

/** What goes with a visit: its number, the wait, and the records of it. */
async function registerCare(app: FastifyInstance, hub: Hub, platform: Platform): Promise<void> {
  const v1 = { prefix: '/v1' }
  await app.register(
    bookingRoutes({
      booking: hub.booking,
      platform,
      phoneOf: phoneOf(hub),
      namesOf: namesOf(hub),
      acting: hub.partners.acting,
    }),
    v1,
  )
  await app.register(familyRoutes(hub.family), v1)
  await app.register(recordSharingRoutes({ recordSharing: hub.recordSharing, platform }), v1)
  await app.register(queueRoutes({ desk: hub.queue, platform, namesOf: namesOf(hub) }), v1)
}

/** Full names, for the queue and stopped clinics, which mask them. */
const namesOf =
  ({ identity }: Hub) =>
  async (personIds: readonly Id<'Person'>[]): Promise<Map<Id<'Person'>, string>> => {
    if (personIds.length === 0) return new Map()
    const facts = await identity.factsOf(personIds)
    return new Map(facts.map(({ personId, name }) => [personId, name]))
  }

/** For the limit of one phone; nobody is told it. */
const phoneOf =
  ({ identity }: Hub) =>
  async (personId: Id<'Person'>): Promise<string | null> => {
    const [facts] = await identity.factsOf([personId])
    return facts?.phone ?? null
  }

/** The lines of a bill that a person owes, to be explained, and what the insurer last said of where the person stands. */
const billOf =
  ({ billing, estimates }: Hub): CatalogueRouteContext['billOf'] =>
  async (hospitalId, personId, billNo) => {
    const { bills } = await billing.openBills(hospitalId, personId)
    const bill = bills.find((open) => open.billNo === billNo)
    if (!bill) return null
    return { lines: linesOf([bill]), insured: await estimates.insuredFor(hospitalId, personId) }
  }

/** Each web app under its own path; a page of theirs that is not a file is theirs to route. */
async function serveWeb(app: Awaited<ReturnType<typeof createHttp>>, webRoot: string) {
  for (const name of ['patient', 'console']) {
    const root = join(webRoot, name)
    if (!existsSync(root)) continue
    const files = async (scope: FastifyInstance) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: ['public'] }
      })
      await scope.register(fastifyStatic, { root, preCompressed: true })
      scope.setNotFoundHandler((_request, reply) => reply.sendFile('index.html'))
    }
    await app.register(files, { prefix: `/${name}` })
  }
  const access = { config: { access: ['public' as const] } }
  app.get('/', { ...access, schema: { hide: true } }, (_request, reply) =>
    reply.redirect('/patient/'),
  )
}

/** What an application that countersigned a head is called; one that the hospital let go has no name here. */
const nameOfPartner =
  ({ partners }: Hub) =>
  async (hospitalId: HospitalId, id: string): Promise<string | null> => {
    try {
      return (await partners.applicationDetail(hospitalId, id as Id<'Application'>)).application
        .name
    } catch (error) {
      if (error instanceof AppError && error.kind === 'not_found') return null
      throw error
    }
  }

const closingOptions = ({ reconciliation, hospitals, identity }: Hub) => ({
  reconciliation,
  hospitalOf: hospitals.get,
  async nameOf(actor: string): Promise<string> {
    const [kind, id] = actor.split(':')
    return kind === 'staff' ? (await identity.staffView(id as Id<'Staff'>)).name : actor
  },
})
