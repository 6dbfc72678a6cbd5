import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Day, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { NEED_KINDS } from './need.ts'
import { type PersonId, POINT_EVENTS } from './programme.ts'
import type { BenefitRouteContext } from './route-parts.ts'
import { OfHospital, PageQuery, Reason } from './schemas.ts'
import type { NeedRow } from './tables.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Kind = Type.Enum([...NEED_KINDS])
const FoundBy = Type.Enum(['civil_affairs', 'hospital'])
const Paper = Type.String({ minLength: 1, maxLength: 100 })
const MOST_PEOPLE = 500

const NeedView = Type.Object(
  {
    id: Uuid,
    personId: Uuid,
    kind: Kind,
    foundBy: FoundBy,
    document: Type.String({ description: 'The list, or the paper' }),
    validFrom: Day,
    validUntil: Day,
    enteredBy: Type.String(),
    enteredAt: Type.String({ format: 'date-time' }),
    endedBy: nullable(Type.String()),
    endedAt: nullable(Type.String({ format: 'date-time' })),
    endReason: nullable(Type.String()),
  },
  { $id: 'RegisteredNeed' },
)
const Need = Type.Unsafe<Type.Static<typeof NeedView>>(Type.Ref('RegisteredNeed'))
const Needs = Type.Object({ items: Type.Array(Need) })

const NewList = Type.Object(
  {
    foundBy: FoundBy,
    document: Paper,
    validFrom: Day,
    validUntil: Day,
    people: Type.Array(Type.Object({ personId: Uuid, kind: Kind }, strict), {
      minItems: 1,
      maxItems: MOST_PEOPLE,
    }),
  },
  strict,
)

const NewPointEvent = Type.Object(
  {
    personId: Uuid,
    event: Type.Enum([...POINT_EVENTS]),
    evidence: Type.String({
      minLength: 1,
      maxLength: 60,
      description: 'The number of the visit or check-up: each is rewarded once',
    }),
  },
  strict,
)

const Given = Type.Object({
  points: Type.Integer({
    description: '0: rewarded before, by nothing, or the year’s most is reached',
  }),
})

const NeedsQuery = Type.Object({
  ...PageQuery.properties,
  kind: Type.Optional(Kind),
  onlyCurrent: Type.Boolean({
    default: false,
    description: 'Only entries that hold today: begun, not over and not ended',
  }),
})

const ACTORS = ['staff:finance'] as const
const READERS = ['staff:finance', 'staff:auditor'] as const
const NEEDS = '/hospitals/:hospitalId/people-in-need'

/** Who is in need, by which paper; and what people did for which they have points. */
export function needRoutes(app: App, context: BenefitRouteContext): void {
  app.addSchema(NeedView)
  enterRoute(app, context)
  listRoute(app, context)
  ofPersonRoute(app, context)
  endRoute(app, context)
  pointEventRoute(app, context)
}

function enterRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    NEEDS,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'enterPeopleInNeed',
        summary: 'Enter whom a list of civil affairs, or the hospital’s own, names as in need',
        tags: ['benefits'],
        params: OfHospital,
        body: NewList,
        response: { 200: Needs, ...problems },
      },
    },
    async (request) => {
      const { people, validFrom, validUntil, ...list } = request.body
      const entered = await benefits.needs.enter(
        {
          ...list,
          hospitalId: request.params.hospitalId as HospitalId,
          validFrom: businessDate(validFrom),
          validUntil: businessDate(validUntil),
          people: people.map(({ personId, kind }) => ({ personId: personId as PersonId, kind })),
        },
        requestActor(request),
      )
      return { items: entered.map(viewOfNeed) }
    },
  )
}

function listRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    NEEDS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listPeopleInNeed',
        summary: 'The register of people in need as this hospital keeps it, newest first',
        tags: ['benefits'],
        params: OfHospital,
        querystring: NeedsQuery,
        response: { 200: Needs, ...problems },
      },
    },
    async ({ params, query: { before, kind, limit, onlyCurrent } }) => {
      const filter = { kind, limit, onlyCurrent, before: before as Id<'Need'> | undefined }
      const found = await benefits.needs.list(params.hospitalId as HospitalId, filter)
      return { items: found.map(viewOfNeed) }
    },
  )
}

function ofPersonRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.get(
    `${NEEDS}/:personId`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listNeedOfPerson',
        summary: 'By which papers that the hospital entered a person is in need, newest first',
        tags: ['benefits'],
        params: Type.Object({ ...OfHospital.properties, personId: Uuid }),
        response: { 200: Needs, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, personId } = request.params
      const needs = await benefits.needs.ofPerson(hospitalId as HospitalId, personId as PersonId)
      return { items: needs.map(viewOfNeed) }
    },
  )
}

function endRoute(app: App, { benefits }: BenefitRouteContext): void {
  app.post(
    `${NEEDS}/:personId/:id/end`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'endNeed',
        summary: 'A person is not in need any more, or never was; what was granted stands',
        tags: ['benefits'],
        params: Type.Object({ ...OfHospital.properties, personId: Uuid, id: Uuid }),
        body: Reason,
        response: { 200: Need, ...problems },
      },
    },
    async (request) => {
      const { hospitalId, personId, id } = request.params
      const wish = {
        hospitalId: hospitalId as HospitalId,
        personId: personId as PersonId,
        id: id as Id<'Need'>,
        reason: request.body.reason,
      }
      return viewOfNeed(await benefits.needs.end(wish, requestActor(request)))
    },
  )
}

function pointEventRoute(app: App, { benefits, platform }: BenefitRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/point-events',
    {
      config: { access: ['his', 'staff:finance', 'staff:cashier'] },
      schema: {
        operationId: 'reportPointEvent',
        summary: 'A person was at a health station, or went to primary care first: give the points',
        tags: ['benefits'],
        params: OfHospital,
        body: NewPointEvent,
        response: { 200: Given, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { personId, event, evidence } = request.body
      const told = { hospitalId, personId: personId as PersonId, event, evidence }
      const actor = requestActor(request)
      const points = await inHospital(platform.db, hospitalId, (tx) =>
        benefits.rewardEvent(tx, told, actor),
      )
      return { points }
    },
  )
}

const viewOfNeed = (row: NeedRow): Type.Static<typeof NeedView> => ({
  id: row.id,
  personId: row.person_id,
  kind: row.kind,
  foundBy: row.found_by,
  document: row.document,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  enteredBy: row.entered_by,
  enteredAt: row.entered_at.toISOString(),
  endedBy: row.ended_by,
  endedAt: row.ended_at?.toISOString() ?? null,
  endReason: row.end_reason,
})
