import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Application, type App, Detail, listOf, type RouteContext, Secret } from './route-parts.ts'
import {
  AdmissionBody,
  ApplicationChangeBody,
  NewApplicationBody,
  OfHospital,
  OfHospitalAndId,
  PageQuery,
  StatusBody,
} from './schemas.ts'
import type { ApplicationId } from './scope.ts'
import { viewOfApplication, viewOfKey, viewOfSecret } from './view.ts'

const READERS = ['staff:it', 'staff:auditor'] as const
export const IT = ['staff:it'] as const
export const APPLICATIONS = '/hospitals/:hospitalId/partner-applications'

/** What a hospital's IT does with the applications of institutions at that hospital. */
export function applicationRoutes(app: App, context: RouteContext): void {
  readRoutes(app, context)
  newRoutes(app, context)
  changeRoutes(app, context)
}

export const idsOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as ApplicationId,
})

function readRoutes(app: App, { partners }: RouteContext): void {
  app.get(
    APPLICATIONS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPartnerApplications',
        summary: 'Applications that the hospital lets in or has let in, newest first',
        tags: ['partners'],
        params: OfHospital,
        querystring: PageQuery,
        response: { 200: listOf(Application), ...problems },
      },
    },
    async ({ params, query: { before, limit } }) => {
      const page = { before: before as ApplicationId | undefined, limit }
      const found = await partners.applicationsOf(params.hospitalId as HospitalId, page)
      return { items: found.map(viewOfApplication) }
    },
  )

  app.get(
    `${APPLICATIONS}/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPartnerApplication',
        summary: 'One application, with the secrets and keys that are in force',
        tags: ['partners'],
        params: OfHospitalAndId,
        response: { 200: Detail, ...problems },
      },
    },
    async ({ params }) => {
      const { hospitalId, id } = idsOf(params)
      const found = await partners.applicationDetail(hospitalId, id)
      const { secrets, keys } = found
      return {
        ...viewOfApplication(found),
        secrets: secrets.map(viewOfSecret),
        keys: keys.map(viewOfKey),
      }
    },
  )
}

function newRoutes(app: App, { partners }: RouteContext): void {
  app.post(
    APPLICATIONS,
    {
      config: { access: IT },
      schema: {
        operationId: 'registerPartnerApplication',
        summary: 'Register an application; its first secret is shown this once',
        tags: ['partners'],
        params: OfHospital,
        body: NewApplicationBody,
        response: { 201: Type.Object({ application: Application, secret: Secret }), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { secretId, clientSecret, expiresAt, ...admitted } = await partners.registerApplication(
        hospitalId,
        request.body,
        requestActor(request),
      )
      const secret = { secretId, clientSecret, expiresAt: expiresAt.toISOString() }
      void reply.header('cache-control', 'no-store').code(201)
      return { application: viewOfApplication(admitted), secret }
    },
  )

  app.post(
    `${APPLICATIONS}/admissions`,
    {
      config: { access: IT },
      schema: {
        operationId: 'admitPartnerApplication',
        summary: 'Let in an application that another hospital has registered, by its client id',
        tags: ['partners'],
        params: OfHospital,
        body: AdmissionBody,
        response: { 201: Application, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const actor = requestActor(request)
      const admitted = await partners.admitApplication(hospitalId, request.body, actor)
      return reply.code(201).send(viewOfApplication(admitted))
    },
  )
}

function changeRoutes(app: App, { partners }: RouteContext): void {
  app.patch(
    `${APPLICATIONS}/:id`,
    {
      config: { access: IT },
      schema: {
        operationId: 'changePartnerApplication',
        summary: 'Change what it may do at this hospital, and by its home from where it may call',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: ApplicationChangeBody,
        response: { 200: Application, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = idsOf(request.params)
      const actor = requestActor(request)
      return viewOfApplication(
        await partners.changeApplication(hospitalId, id, request.body, actor),
      )
    },
  )

  app.put(
    `${APPLICATIONS}/:id/status`,
    {
      config: { access: IT },
      schema: {
        operationId: 'setPartnerApplicationStatus',
        summary: 'Switch it off or on: everywhere by its home, else at this hospital',
        tags: ['partners'],
        params: OfHospitalAndId,
        body: StatusBody,
        response: { 200: Application, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = idsOf(request.params)
      const { status } = request.body
      const actor = requestActor(request)
      return viewOfApplication(await partners.setApplicationStatus(hospitalId, id, status, actor))
    },
  )
}
