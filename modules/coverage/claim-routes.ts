import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { findClaim, listClaims } from './claim-store.ts'
import type { ClaimId } from './claim.ts'
import { coverageErrors } from './errors.ts'
import { ClaimOut, ClaimsOut, COVERAGE, type RouteContext } from './route-parts.ts'
import { ClaimsQuery, NewResolution, OfHospital, OfHospitalAndId } from './schemas.ts'
import { viewOfClaim } from './view.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** What becomes of the papers: for the payer their own, for finance all of the hospital. */
export const claimRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    payerRoute(app, context)
    staffRoutes(app, context)
  }

function payerRoute(app: App, { db }: RouteContext): void {
  app.get(
    `${COVERAGE}/my-claims`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyCoverageClaims',
        summary: 'My claims at insurers and where they stand, the latest first',
        tags: ['coverage'],
        params: OfHospital,
        querystring: ClaimsQuery,
        response: { 200: ClaimsOut, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const { before, ...query } = request.query
      const filter = { ...query, personId, before: before as ClaimId | undefined }
      const claims = await inHospital(db, hospitalId, (tx) => listClaims(tx, hospitalId, filter))
      return { items: claims.map((claim) => viewOfClaim(claim, { forOwner: true })) }
    },
  )
}

function staffRoutes(app: App, { db, coverage }: RouteContext): void {
  app.get(
    `${COVERAGE}/claims`,
    {
      config: { access: ['staff:finance', 'staff:auditor'] },
      schema: {
        operationId: 'listCoverageClaims',
        summary: 'Claims at commercial insurers, the latest first',
        tags: ['coverage'],
        params: OfHospital,
        querystring: ClaimsQuery,
        response: { 200: ClaimsOut, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { before, ...query } = request.query
      const filter = { ...query, before: before as ClaimId | undefined }
      const claims = await inHospital(db, hospitalId, (tx) => listClaims(tx, hospitalId, filter))
      return { items: claims.map((claim) => viewOfClaim(claim, { forOwner: false })) }
    },
  )

  app.post(
    `${COVERAGE}/claims/:id/resolution`,
    {
      config: { access: ['staff:finance'] },
      schema: {
        operationId: 'resolveCoverageClaim',
        summary: 'Say how what a claim called for was settled',
        tags: ['coverage'],
        params: OfHospitalAndId,
        body: NewResolution,
        response: { 200: ClaimOut, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as ClaimId
      await coverage.resolve(hospitalId, id, request.body.note, requestActor(request))
      const claim = await inHospital(db, hospitalId, (tx) => findClaim(tx, hospitalId, id))
      if (!claim) throw coverageErrors.claim_not_found({ id })
      return viewOfClaim(claim, { forOwner: false })
    },
  )
}
