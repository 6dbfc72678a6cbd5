import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { CONSENT_PURPOSES } from './consent.ts'
import { allProducts, consentsOf, policiesOf, textInForce } from './person-store.ts'
import { ConsentOut, COVERAGE, PolicyOut, type RouteContext } from './route-parts.ts'
import {
  CoverView,
  NewBinding,
  NewConsent,
  OfHospital,
  OfHospitalAndId,
  OfInsurer,
  OfPolicy,
} from './schemas.ts'
import { viewOfConsent, viewOfPolicy } from './view.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** A person's policies, and what they allow their insurers. */
export const coverRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    readRoute(app, context)
    findRoute(app, context)
    bindRoutes(app, context)
    consentRoutes(app, context)
  }

function readRoute(app: App, { db, clock, insurersOf }: RouteContext): void {
  app.get(
    COVERAGE,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getMyCoverage',
        summary: 'The insurers that pay here, my policies, and what I allowed',
        tags: ['coverage'],
        params: OfHospital,
        response: { 200: CoverView, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const now = clock.now()
      const insurers = await insurersOf(request.params.hospitalId as HospitalId)
      const texts = await Promise.all(
        CONSENT_PURPOSES.map((purpose) => textInForce(db, purpose, now)),
      )
      const products = await allProducts(db)
      return {
        insurers: [...insurers.values()].map(({ code, name }) => ({ code, name })),
        policies: (await policiesOf(db, personId)).map((policy) =>
          viewOfPolicy(policy.insurerCode, policy, {
            verifiedAt: policy.verifiedAt,
            bound: true,
            products,
          }),
        ),
        consents: (await consentsOf(db, personId)).map((consent) => viewOfConsent(consent, now)),
        texts: texts.flatMap((text) =>
          text ? [{ purpose: text.purpose, version: text.version, zh: text.zh, en: text.en }] : [],
        ),
      }
    },
  )
}

function findRoute(app: App, { coverage, db, clock }: RouteContext): void {
  app.get(
    `${COVERAGE}/insurers/:insurerCode/policies`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'findMyPolicies',
        summary: 'Ask an insurer for my policies, as I allowed',
        tags: ['coverage'],
        params: OfInsurer,
        response: { 200: Type.Object({ items: Type.Array(PolicyOut) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { insurerCode } = request.params
      const hospitalId = request.params.hospitalId as HospitalId
      const actor = requestActor(request)
      const found = await coverage.findPolicies(hospitalId, personId, insurerCode, actor)
      const mine = await policiesOf(db, personId)
      const isBound = (policyNo: string) =>
        mine.some((own) => own.insurerCode === insurerCode && own.policyNo === policyNo)
      const verifiedAt = clock.now()
      const products = await allProducts(db)
      return {
        items: found.map((policy) =>
          viewOfPolicy(insurerCode, policy, {
            verifiedAt,
            bound: isBound(policy.policyNo),
            products,
          }),
        ),
      }
    },
  )
}

function bindRoutes(app: App, { coverage, db }: RouteContext): void {
  app.post(
    `${COVERAGE}/policies`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'bindPolicy',
        summary: 'Let a policy of mine pay from now on',
        tags: ['coverage'],
        params: OfHospital,
        body: NewBinding,
        response: { 201: PolicyOut, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const actor = requestActor(request)
      const bound = await coverage.bind(hospitalId, personId, request.body, actor)
      const { verifiedAt } = bound
      const products = await allProducts(db)
      return reply
        .code(201)
        .send(viewOfPolicy(bound.insurerCode, bound, { verifiedAt, bound: true, products }))
    },
  )

  app.delete(
    `${COVERAGE}/policies/:insurerCode/:policyNo`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'unbindPolicy',
        summary: 'Let a policy of mine pay no more',
        tags: ['coverage'],
        params: OfPolicy,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const { insurerCode, policyNo } = request.params
      const hospitalId = request.params.hospitalId as HospitalId
      const policy = { insurerCode, policyNo }
      await coverage.unbind(hospitalId, personId, policy, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function consentRoutes(app: App, { coverage, clock }: RouteContext): void {
  app.post(
    `${COVERAGE}/consents`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'giveCoverageConsent',
        summary: 'Allow an insurer to be asked about me, or to be sent papers',
        tags: ['coverage'],
        params: OfHospital,
        body: NewConsent,
        response: { 201: ConsentOut, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const wish = { ...request.body, expiresAt: new Date(request.body.expiresAt) }
      const given = await coverage.consent(hospitalId, personId, wish, requestActor(request))
      return reply.code(201).send(viewOfConsent(given, clock.now()))
    },
  )

  app.post(
    `${COVERAGE}/consents/:id/withdrawal`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'withdrawCoverageConsent',
        summary: 'Withdraw what I allowed: nothing is sent from now on',
        tags: ['coverage'],
        params: OfHospitalAndId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as Id<'Consent'>
      await coverage.withdraw(hospitalId, personId, id, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
