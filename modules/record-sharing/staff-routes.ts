import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { AccessId } from './access.ts'
import type { GlassId } from './consent.ts'
import {
  type App,
  GlassRef,
  pageOf,
  QuestionRef,
  ReadRef,
  type RecordSharingRouteContext,
  tags,
  viewOfGlass,
  viewOfQuestion,
  viewOfRead,
} from './route-parts.ts'
import {
  AnswerBody,
  GlassBody,
  OfHospital,
  OfHospitalAndId,
  ReadingBody,
  ReviewBody,
  ReviewsQuery,
} from './schemas.ts'

const BY_DOCTOR = { access: ['staff:doctor'] } as const
const BY_REVIEWER = { access: ['staff:auditor'] } as const

/** What a hospital's doctors read elsewhere, and what its auditors judge of looks at its own records. */
export function staffRoutes(app: App, context: RecordSharingRouteContext): void {
  readRoute(app, context)
  glassRoute(app, context)
  listGlassesRoute(app, context)
  reviewRoute(app, context)
  listQuestionsRoute(app, context)
  answerRoute(app, context)
}

function readRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/record-readings',
    {
      config: BY_DOCTOR,
      schema: {
        operationId: 'readSharedRecords',
        summary:
          'What a hospital has of a person, for a doctor of this one: by consent or a broken glass',
        description: 'Every look is written down, a refused one too, and the person sees it.',
        tags,
        params: OfHospital,
        body: ReadingBody,
        response: { 200: ReadRef, ...problems },
      },
    },
    async (request) => {
      const readerId = request.params.hospitalId as HospitalId
      const { recordNo = null, ...body } = request.body
      const holderId = body.holderId as HospitalId
      const wish = { ...body, recordNo, readerId, holderId }
      return viewOfRead(await recordSharing.readRecords(wish, requestActor(request)))
    },
  )
}

function glassRoute(app: App, { recordSharing, platform }: RecordSharingRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/broken-glasses',
    {
      config: { ...BY_DOCTOR, idempotencyKey: true },
      schema: {
        operationId: 'breakGlass',
        summary: 'Read without consent in an emergency, for four hours: the person is told',
        tags,
        params: OfHospital,
        body: GlassBody,
        response: { 201: GlassRef, ...problems },
      },
    },
    async (request, reply) => {
      const readerId = request.params.hospitalId as HospitalId
      const { body } = request
      const holderId = body.holderId as HospitalId
      return idempotently(platform, request, reply, readerId, async (id) => {
        const wish = { ...body, id, readerId, holderId }
        const glass = await recordSharing.breakGlass(wish, requestActor(request))
        return { status: 201, body: viewOfGlass({ ...glass, name: '' }) }
      })
    },
  )
}

function listGlassesRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/broken-glasses',
    {
      config: BY_REVIEWER,
      schema: {
        operationId: 'listBrokenGlasses',
        summary: 'Looks at our records without consent: to be judged, or judged',
        tags,
        params: OfHospital,
        querystring: ReviewsQuery,
        response: { 200: pageOf(GlassRef), ...problems },
      },
    },
    async ({ params, query }) => {
      const page = {
        isOpen: query.status === 'open',
        after: query.after as GlassId | undefined,
        limit: query.limit,
      }
      const { items, next } = await recordSharing.glassesAt(params.hospitalId as HospitalId, page)
      return { items: items.map(viewOfGlass), next }
    },
  )
}

function reviewRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/broken-glasses/:id/review',
    {
      config: BY_REVIEWER,
      schema: {
        operationId: 'reviewBrokenGlass',
        summary: 'Say whether it was right; abuse ends it at once',
        tags,
        params: OfHospitalAndId,
        body: ReviewBody,
        response: { 200: GlassRef, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const key = { hospitalId, id: request.params.id as GlassId }
      const { verdict, note = null } = request.body
      const judged = await recordSharing.reviewGlass(key, { verdict, note }, requestActor(request))
      return viewOfGlass({ ...judged, name: '' })
    },
  )
}

function listQuestionsRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/record-questions',
    {
      config: BY_REVIEWER,
      schema: {
        operationId: 'listRecordQuestions',
        summary: 'What people ask of looks at their records here',
        tags,
        params: OfHospital,
        querystring: ReviewsQuery,
        response: { 200: pageOf(QuestionRef), ...problems },
      },
    },
    async ({ params, query }) => {
      const page = {
        isOpen: query.status === 'open',
        after: query.after as AccessId | undefined,
        limit: query.limit,
      }
      const { items, next } = await recordSharing.questionsAt(params.hospitalId as HospitalId, page)
      return { items: items.map(viewOfQuestion), next }
    },
  )
}

function answerRoute(app: App, { recordSharing }: RecordSharingRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/record-questions/:id/answer',
    {
      config: BY_REVIEWER,
      schema: {
        operationId: 'answerRecordQuestion',
        summary: 'Answer a person who asked what a look was for',
        tags,
        params: OfHospitalAndId,
        body: AnswerBody,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const key = { hospitalId, id: request.params.id as AccessId }
      await recordSharing.answerQuestion(key, request.body.answer, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
