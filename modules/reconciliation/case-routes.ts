import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { HospitalParam, Uuid } from '../../platform/http/schemas.ts'
import { ageingOf, openedWithin } from './ageing.ts'
import { findCase, listCases, notesOf } from './case-store.ts'
import type { CaseId } from './day.ts'
import { differencesOfCase } from './difference-store.ts'
import { reconciliationErrors } from './errors.ts'
import type { Reconciliation } from './reconciliation.ts'
import { AgeingView, CasesQuery, type CaseView, NewNote, NewResolution } from './schemas.ts'
import { viewOfCase } from './view.ts'

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfCase = Type.Object({ hospitalId: HospitalParam, id: Uuid })
const Case = Type.Unsafe<Type.Static<typeof CaseView>>(Type.Ref('Case'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const CASES = '/hospitals/:hospitalId/reconciliation/cases'

/** What needs a person, and what people do with it. */
export const caseRoutes =
  (reconciliation: Reconciliation, platform: { db: Db; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    await app.register(readRoutes(platform))
    await app.register(actRoutes(reconciliation, platform))
  }

const readRoutes =
  (platform: { db: Db; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      CASES,
      {
        config: { access: READERS },
        schema: {
          operationId: 'listCases',
          summary: 'Cases, newest first, without their notes and differences',
          tags: ['reconciliation'],
          params: OfHospital,
          querystring: CasesQuery,
          response: { 200: Type.Object({ items: Type.Array(Case) }), ...problems },
        },
      },
      async ({ params, query: { before, age, ...query } }) => {
        const hospitalId = params.hospitalId as HospitalId
        const now = platform.clock.now()
        const opened = age && openedWithin(age, now)
        const filter = { ...query, opened, before: before as CaseId | undefined }
        const cases = await inHospital(platform.db, hospitalId, (tx) =>
          listCases(tx, hospitalId, filter),
        )
        return { items: cases.map((known) => viewOfCase(known, now)) }
      },
    )

    app.get(
      `${CASES}-ageing`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getCaseAgeing',
          summary: 'The open cases by how long they have been open, with what is at stake',
          tags: ['reconciliation'],
          params: OfHospital,
          response: { 200: AgeingView, ...problems },
        },
      },
      async ({ params }) => {
        const hospitalId = params.hospitalId as HospitalId
        const now = platform.clock.now()
        const items = await inHospital(platform.db, hospitalId, (tx) =>
          ageingOf(tx, hospitalId, now),
        )
        return { items }
      },
    )

    app.get(
      `${CASES}/:id`,
      {
        config: { access: READERS },
        schema: {
          operationId: 'getCase',
          summary: 'One case with the differences it is about and its notes',
          tags: ['reconciliation'],
          params: OfCase,
          response: { 200: Case, ...problems },
        },
      },
      async ({ params }) => wholeCase(platform, idsOf(params)),
    )
  }

const actRoutes =
  (reconciliation: Reconciliation, platform: { db: Db; clock: Clock }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      `${CASES}/:id/notes`,
      {
        config: { access: ACTORS },
        schema: {
          operationId: 'addCaseNote',
          summary: 'Write a note to a case; notes are never changed',
          tags: ['reconciliation'],
          params: OfCase,
          body: NewNote,
          response: { 201: Case, ...problems },
        },
      },
      async (request, reply) => {
        const ids = idsOf(request.params)
        const actor = requestActor(request)
        await reconciliation.noteCase(ids.hospitalId, ids.id, request.body.text, actor)
        return reply.code(201).send(await wholeCase(platform, ids))
      },
    )

    app.post(
      `${CASES}/:id/resolution`,
      {
        config: { access: ACTORS },
        schema: {
          operationId: 'resolveCase',
          summary: 'Say how a case has ended, and why; moves no money',
          tags: ['reconciliation'],
          params: OfCase,
          body: NewResolution,
          response: { 200: Case, ...problems },
        },
      },
      async (request) => {
        const ids = idsOf(request.params)
        await reconciliation.resolveCase(
          ids.hospitalId,
          ids.id,
          request.body,
          requestActor(request),
        )
        return wholeCase(platform, ids)
      },
    )

    app.post(
      `${CASES}/:id/owner`,
      {
        config: { access: ACTORS },
        schema: {
          operationId: 'takeCase',
          summary: 'Make the case one’s own',
          tags: ['reconciliation'],
          params: OfCase,
          response: { 200: Case, ...problems },
        },
      },
      async (request) => {
        const ids = idsOf(request.params)
        await reconciliation.takeCase(ids.hospitalId, ids.id, requestActor(request))
        return wholeCase(platform, ids)
      },
    )
  }

const idsOf = (params: { hospitalId: number; id: string }) => ({
  hospitalId: params.hospitalId as HospitalId,
  id: params.id as CaseId,
})

async function wholeCase(
  { db, clock }: { db: Db; clock: Clock },
  { hospitalId, id }: { hospitalId: HospitalId; id: CaseId },
) {
  return inHospital(db, hospitalId, async (tx) => {
    const known = await findCase(tx, hospitalId, id)
    if (!known) throw reconciliationErrors.case_not_found({ id })
    const differences = await differencesOfCase(tx, hospitalId, id)
    const notes = await notesOf(tx, hospitalId, id)
    return viewOfCase(known, clock.now(), { differences, notes })
  })
}
