import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { BroughtGrantBody, NewGrantBody } from './grant-schemas.ts'
import { callerOf, FOR_APPLICATIONS } from './guard.ts'
import type { GrantId } from './person-grant.ts'
import { type App, GrantRef, GrantsRef, type RouteContext } from './route-parts.ts'
import { OfHospital, OfHospitalAndId } from './schemas.ts'
import type { ApplicationId } from './scope.ts'
import { viewOfGrant } from './view.ts'

const GRANTS = '/hospitals/:hospitalId/application-grants'
const config = { access: ['person'] } as const
const tags = ['partners']

/** What a person allows the applications of institutions: 授权给应用. */
export function grantRoutes(app: App, context: RouteContext): void {
  listRoute(app, context)
  giveRoute(app, context)
  withdrawRoute(app, context)
}

function listRoute(app: App, { partners }: RouteContext): void {
  app.get(
    GRANTS,
    {
      config,
      schema: {
        operationId: 'listMyApplicationGrants',
        summary: 'The applications this hospital lets in, and what I allowed them',
        tags,
        params: OfHospital,
        response: { 200: GrantsRef, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const { applications, grants, text, now } = await partners.grants.of(hospitalId, personId)
      return {
        applications: applications.map(({ application: { id, name, kind }, scopes }) => ({
          id,
          name,
          kind,
          scopes,
        })),
        grants: grants.map((grant) => viewOfGrant(grant, now)),
        text: text && { version: text.version, zh: text.zh, en: text.en },
      }
    },
  )
}

function giveRoute(app: App, { partners }: RouteContext): void {
  app.post(
    GRANTS,
    {
      config,
      schema: {
        operationId: 'giveApplicationGrant',
        summary: 'Allow an application to name me here, in place of what I allowed it before',
        tags,
        params: OfHospital,
        body: NewGrantBody,
        response: { 201: GrantRef, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const { applicationId, expiresAt, ...wish } = request.body
      const given = await partners.grants.give(
        {
          ...wish,
          personId,
          hospitalId,
          applicationId: applicationId as ApplicationId,
          expiresAt: new Date(expiresAt),
        },
        requestActor(request),
      )
      return reply.code(201).send(viewOfGrant(given, given.givenAt))
    },
  )
}

function withdrawRoute(app: App, { partners }: RouteContext): void {
  app.post(
    `${GRANTS}/:id/withdrawal`,
    {
      config,
      schema: {
        operationId: 'withdrawApplicationGrant',
        summary: 'Take back what I allowed: from now on the application can name me here no more',
        tags,
        params: OfHospitalAndId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as GrantId
      await partners.grants.withdraw({ personId, hospitalId, id }, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

/** A bank's own: the consent that its customer signed with it. */
export function broughtGrantRoute(app: App, { partners }: RouteContext): void {
  app.post(
    '/hospitals/:hospitalId/partner/person-grants',
    {
      config: { access: FOR_APPLICATIONS, scope: 'grants:write' },
      schema: {
        operationId: 'bringPersonGrant',
        summary: 'Bring the consent that a customer signed with the bank; in a signed request only',
        tags,
        params: OfHospital,
        body: BroughtGrantBody,
        response: { 201: GrantRef, ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, applicationId } = callerOf(request, partners, request.params.hospitalId)
      const { patientId, scopes, expiresAt, ...paper } = request.body
      const signedBy = partners.provenOf(request)?.signedBy ?? { keyId: null, nonce: null }
      const brought = await partners.grants.bring(
        {
          hospitalId,
          applicationId,
          patientId,
          scopes,
          expiresAt: new Date(expiresAt),
          evidence: { ...paper, ...signedBy },
        },
        requestActor(request),
      )
      return reply.code(201).send(viewOfGrant(brought, brought.givenAt))
    },
  )
}
