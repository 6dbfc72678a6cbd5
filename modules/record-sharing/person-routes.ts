import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { HospitalParam, strict } from '../../platform/http/schemas.ts'
import type { AccessId } from './access.ts'
import type { AlertId, ConsentId } from './consent.ts'
import {
  AccessRef,
  AlertRef,
  type App,
  ConsentRef,
  ConsentsRef,
  pageOf,
  type RecordSharingRouteContext,
  tags,
  viewOfAccess,
  viewOfConsent,
} from './route-parts.ts'
import { NewConsentBody, OfId, PageQuery, QuestionBody } from './schemas.ts'

const config = { access: ['person'] } as const

/** What a person allows hospitals, and who looked at their records: 授权与查阅记录. */
export function personRoutes(app: App, context: RecordSharingRouteContext): void {
  listConsentsRoute(app, context)
  giveConsentRoute(app, context)
  withdrawConsentRoute(app, context)
  listAccessesRoute(app, context)
  askRoute(app, context)
  alertRoutes(app, context)
}

function listConsentsRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.get(
    '/my-record-consents',
    {
      config,
      schema: {
        operationId: 'listMyRecordConsents',
        summary: 'What I allow one hospital to read at another, and the text I agree to',
        tags,
        querystring: PageQuery,
        response: { 200: ConsentsRef, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { after, limit } = request.query
      const page = { after: after as ConsentId | undefined, limit }
      const { items, next, text, now } = await recordSharing.consentsOf(personId, page)
      return {
        items: items.map((consent) => viewOfConsent(consent, now)),
        next,
        text: text && { version: text.version, zh: text.zh, en: text.en },
      }
    },
  )
}

function giveConsentRoute(app: App, { recordSharing, platform }: RecordSharingRouteContext): void {
  app.post(
    '/my-record-consents',
    {
      config: { ...config, idempotencyKey: true },
      schema: {
        operationId: 'giveRecordConsent',
        summary: 'Allow a hospital to read what another has of me, for a purpose and a time',
        tags,
        body: NewConsentBody,
        response: { 201: ConsentRef, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const { expiresAt, ...wish } = request.body
      const holderId = wish.holderId as HospitalId
      const readerId = wish.readerId as HospitalId
      return idempotently(platform, request, reply, holderId, async (id) => {
        const own = { ...wish, id, personId, holderId, readerId, expiresAt: new Date(expiresAt) }
        const given = await recordSharing.giveConsent(own, requestActor(request))
        return { status: 201, body: viewOfConsent(given, given.givenAt) }
      })
    },
  )
}

function withdrawConsentRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.post(
    '/my-record-consents/:id/withdrawal',
    {
      config,
      schema: {
        operationId: 'withdrawRecordConsent',
        summary: 'Take it back: from now on nothing is read by it',
        tags,
        params: OfId,
        body: Type.Object({ holderId: HospitalParam }, strict),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const holderId = request.body.holderId as HospitalId
      const id = request.params.id as ConsentId
      await recordSharing.withdrawConsent({ personId, holderId, id }, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function listAccessesRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.get(
    '/my-record-accesses',
    {
      config,
      schema: {
        operationId: 'listMyRecordAccesses',
        summary:
          'Who looked at my records, by what right, refused looks included, the newest first',
        tags,
        querystring: PageQuery,
        response: { 200: pageOf(AccessRef), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const { after, limit } = request.query
      const page = { after: after as AccessId | undefined, limit }
      const { items, next } = await recordSharing.accessesOf(personId, page)
      return { items: items.map(viewOfAccess), next }
    },
  )
}

function askRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.post(
    '/my-record-accesses/:id/question',
    {
      config,
      schema: {
        operationId: 'askAboutRecordAccess',
        summary: 'Ask what a look was for: the hospital whose records they are has to answer',
        tags,
        params: OfId,
        body: QuestionBody,
        response: { 200: AccessRef, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const id = request.params.id as AccessId
      const wish = { personId, id, words: request.body.words }
      return viewOfAccess(await recordSharing.askAbout(wish, requestActor(request)))
    },
  )
}

function alertRoutes(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.get(
    '/my-record-alerts',
    {
      config,
      schema: {
        operationId: 'listMyRecordAlerts',
        summary: 'Looks at my records in an emergency that I have not seen word of, twenty at most',
        tags,
        response: { 200: Type.Object({ items: Type.Array(AlertRef) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const alerts = await recordSharing.alertsOf(personId)
      return {
        items: alerts.map(({ id, holder_id, reader_id, reason, at }) => ({
          id,
          holderId: holder_id,
          readerId: reader_id,
          reason,
          at: at.toISOString(),
        })),
      }
    },
  )
  app.post(
    '/my-record-alerts/:id/seen',
    {
      config,
      schema: {
        operationId: 'seeRecordAlert',
        summary: 'I have seen it',
        tags,
        params: OfId,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      await recordSharing.seeAlert({ personId, id: request.params.id as AlertId })
      return reply.code(204).send(null)
    },
  )
}
