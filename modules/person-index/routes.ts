import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Uuid } from '../../platform/http/schemas.ts'
import { Decision } from '../../platform/terms/schemas.ts'
import type { PersonId } from '../identity/index.ts'
import type { ActRow } from './act-store.ts'
import type { ActId } from './act.ts'
import type { PersonIndex } from './person-index.ts'
import {
  ActView,
  CandidatesQuery,
  CandidateView,
  LookedView,
  MatchRequest,
  MatchView,
  NewAct,
  OfHospital,
  OfHospitalAndId,
  PictureView,
  SideBySideView,
} from './schemas.ts'
import type { CandidateId } from './tables.ts'
import { viewOfAct, viewOfCandidate, viewOfMatch, viewOfPicture } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Match = Type.Unsafe<Type.Static<typeof MatchView>>(Type.Ref('PersonMatch'))
const Candidate = Type.Unsafe<Type.Static<typeof CandidateView>>(Type.Ref('PersonCandidate'))
const Act = Type.Unsafe<Type.Static<typeof ActView>>(Type.Ref('PersonAct'))

const READERS = ['staff:cashier', 'staff:it', 'staff:auditor'] as const
const ACTORS = ['staff:cashier', 'staff:it'] as const
const PERSONS = '/hospitals/:hospitalId/person-index'
const TAGS = ['persons']

/** Looking for a person, the work list, and what staff decides about two records. */
export const personIndexRoutes =
  (index: PersonIndex): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of [MatchView, CandidateView, ActView]) app.addSchema(view)
    matchRoute(app, index)
    lookRoute(app, index)
    candidateRoutes(app, index)
    actRoutes(app, index)
    decideRoute(app, index)
    pictureRoute(app, index)
  }

function matchRoute(app: App, index: PersonIndex): void {
  app.post(
    `${PERSONS}/match`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'matchPersons',
        summary: 'Who of all people somebody might be: graded as FHIR has it, with scores, masked',
        tags: TAGS,
        params: OfHospital,
        body: MatchRequest,
        response: { 200: Type.Object({ items: Type.Array(Match) }), ...problems },
      },
    },
    async (request) => {
      const { onlyCertainMatches, count, birthDate, ...facts } = request.body
      const asked = {
        ...facts,
        birthDate: businessDate(birthDate),
        standing: 'identified' as const,
      }
      const hospitalId = request.params.hospitalId as HospitalId
      const found = await index.matchForStaff(hospitalId, asked, requestActor(request))
      const { roles } = principalOf(request, 'staff')
      const items = found.filter(({ grade }) => !onlyCertainMatches || grade === 'certain')
      return { items: items.slice(0, count).map((one) => viewOfMatch(one, roles)) }
    },
  )
}

function lookRoute(app: App, index: PersonIndex): void {
  app.post(
    `${PERSONS}/persons/:id/look`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'lookForPerson',
        summary:
          'Look for other records of a person: certain ones are linked, others come on the list',
        tags: TAGS,
        params: OfHospitalAndId,
        response: { 200: LookedView, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = request.params
      return index.lookAt(id as PersonId, hospitalId as HospitalId, requestActor(request))
    },
  )
}

function candidateRoutes(app: App, index: PersonIndex): void {
  app.get(
    `${PERSONS}/candidates`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPersonCandidates',
        summary: 'Pairs of records that might be of one person, the surest first',
        tags: TAGS,
        params: OfHospital,
        querystring: CandidatesQuery,
        response: { 200: Type.Object({ items: Type.Array(Candidate) }), ...problems },
      },
    },
    async ({ params, query: { after, limit } }) => {
      const page = { after: after as CandidateId | undefined, limit }
      const found = await index.candidates(params.hospitalId as HospitalId, page)
      const nameOf = await namesIn(
        index,
        found.flatMap(({ low_id, high_id }) => [low_id, high_id]),
      )
      return { items: found.map((row) => viewOfCandidate(row, nameOf)) }
    },
  )
  app.get(
    `${PERSONS}/candidates/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPersonCandidate',
        summary: 'Two records beside each other, masked by role, with what each field says',
        tags: TAGS,
        params: OfHospitalAndId,
        response: { 200: SideBySideView, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, id } = request.params
      const { roles } = principalOf(request, 'staff')
      const viewer = { actor: requestActor(request), roles }
      const seen = await index.candidate(hospitalId as HospitalId, id as CandidateId, viewer)
      const nameOf = await namesIn(index, [seen.candidate.low_id, seen.candidate.high_id])
      return { ...seen, candidate: viewOfCandidate(seen.candidate, nameOf) }
    },
  )
}

function actRoutes(app: App, index: PersonIndex): void {
  app.get(
    `${PERSONS}/acts`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPersonActs',
        summary: 'What waits for a second person to decide, newest first',
        tags: TAGS,
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(Act) }), ...problems },
      },
    },
    async ({ params }) => {
      const found = await index.openActs(params.hospitalId as HospitalId)
      const nameOf = await namesIn(index, peopleOfActs(found))
      return { items: found.map((row) => viewOfAct(row, nameOf)) }
    },
  )
  app.post(
    `${PERSONS}/acts`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'proposePersonAct',
        summary: 'Propose to link two records, to say that they are two people, or to end a link',
        tags: TAGS,
        params: OfHospital,
        body: NewAct,
        response: { 201: Type.Object({ id: Uuid }), ...problems },
      },
    },
    async (request, reply) => {
      const { kind, personId, survivorId, reason, reassign } = request.body
      const act = {
        kind,
        reason,
        personId: personId as PersonId,
        survivorId: survivorId as PersonId,
        reassign: reassign.map(({ paymentId, toPersonId }) => ({
          paymentId,
          toPersonId: toPersonId as PersonId,
        })),
      }
      const hospitalId = request.params.hospitalId as HospitalId
      const id = await index.propose(hospitalId, act, requestActor(request))
      return reply.code(201).send({ id })
    },
  )
}

function decideRoute(app: App, index: PersonIndex): void {
  app.post(
    `${PERSONS}/acts/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'decidePersonAct',
        summary: 'Agree to what another person proposed, or refuse it',
        tags: TAGS,
        params: OfHospitalAndId,
        body: Decision,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = request.params
      const key = { hospitalId: hospitalId as HospitalId, id: id as ActId }
      await index.decide(key, request.body, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}

function pictureRoute(app: App, index: PersonIndex): void {
  app.get(
    `${PERSONS}/persons/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getPersonPicture',
        summary: 'All records that are read as one person, with the charts and the money of each',
        tags: TAGS,
        params: OfHospitalAndId,
        response: { 200: PictureView, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const picture = await index.personPicture(request.params.id as PersonId, hospitalId)
      const { roles } = principalOf(request, 'staff')
      const viewer = { actor: requestActor(request), roles }
      const people = await index.peopleOf(hospitalId, picture.records, viewer)
      const nameOf = await namesIn(index, peopleOfActs(picture.acts))
      return viewOfPicture(picture, people, nameOf)
    },
  )
}

const peopleOfActs = (acts: readonly ActRow[]): PersonId[] =>
  acts.flatMap(({ person_id, survivor_id }) => [person_id, survivor_id])

async function namesIn(index: PersonIndex, ids: readonly PersonId[]) {
  const names = await index.namesOf(ids)
  return (id: PersonId): string => names.get(id) ?? ''
}
