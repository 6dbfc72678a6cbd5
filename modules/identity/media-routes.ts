import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { HospitalParam, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { createRequireStepUp } from './authenticate.ts'
import { identityErrors } from './errors.ts'
import type { Identity } from './identity.ts'
import { MEDIUM_KINDS, type MediumKind, type PersonId } from './person.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** Which media a desk takes in: newborns and wristbands come with an arrival. */
const BOUND_KINDS = MEDIUM_KINDS.filter((kind) => kind !== 'newborn' && kind !== 'emergency')
/** One hospital's own, looked for and bound at this one. */
const isOfHospital = (kind: MediumKind) => kind === 'hospital_card'

const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Value = Type.String({ minLength: 1, maxLength: 200 })
const Presented = Type.Object({ kind: Type.Enum([...BOUND_KINDS]), value: Value }, strict)
const NewMedium = Type.Object(
  { kind: Type.Enum([...BOUND_KINDS]), value: Value, reason: Reason },
  strict,
)
const Because = Type.Object({ reason: Reason }, strict)
const Replacement = Type.Object({ value: Value, reason: Reason }, strict)
const OwnAct = Type.Object({ hospitalId: HospitalParam, reason: Reason }, strict)

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfPerson = Type.Object({ hospitalId: HospitalParam, personId: Uuid })
const OfMedium = Type.Object({ hospitalId: HospitalParam, personId: Uuid, id: Uuid })

const Holder = Type.Object({
  personId: Type.String({ format: 'uuid', description: 'Who held it when it was bound' }),
  currentPersonId: Type.String({ format: 'uuid', description: 'As whom that person is read now' }),
  name: Type.String({ description: 'Masked' }),
  status: Type.Enum(['active', 'lost', 'replaced', 'expired']),
  media: Type.Array(
    Type.Object({
      id: Uuid,
      kind: Type.Enum([...MEDIUM_KINDS]),
      masked: Type.String(),
      hospitalId: nullable(HospitalParam),
      status: Type.Enum(['active', 'ended', 'lost', 'replaced']),
    }),
    { description: 'All that the person is known by' },
  ),
})

const History = Type.Object({
  mediumId: Uuid,
  kind: Type.Enum([...MEDIUM_KINDS]),
  masked: Type.String(),
  event: Type.Enum(['bound', 'ended', 'lost', 'replaced']),
  hospitalId: nullable(HospitalParam),
  reason: Type.String(),
  at: Instant,
})

const PERSONS = '/hospitals/:hospitalId/persons/:personId/media'
const DESK = ['staff:cashier', 'staff:it'] as const
const TAGS = ['media']

/**
 * Cards and codes at a desk, and what people do about their own. Who binds, ends or replaces one has just proved who they
 * are, as money may hang on it; to report one lost takes nothing but being signed in, as every minute counts. People bind
 * nothing themselves: a card is bound where somebody sees it.
 */
export const mediaRoutes =
  (identity: Identity): FastifyPluginAsyncTypebox =>
  async (app) => {
    presentRoute(app, identity)
    bindRoute(app, identity)
    endRoutes(app, identity)
    replaceRoute(app, identity)
    ownRoutes(app, identity)
    ownHistoryRoute(app, identity)
  }

function presentRoute(app: App, identity: Identity): void {
  app.post(
    '/hospitals/:hospitalId/media/presented',
    {
      config: { access: DESK },
      schema: {
        operationId: 'resolveMedium',
        summary: 'Whom a card or code identifies; each look-up is written down',
        tags: TAGS,
        params: OfHospital,
        body: Presented,
        response: { 200: Holder, ...problems },
      },
    },
    async (request) => {
      const { kind, value } = request.body
      const hospitalId = request.params.hospitalId as HospitalId
      const medium = { kind, value, hospitalId: isOfHospital(kind) ? hospitalId : null }
      const found = await identity.resolveAtDesk(medium, hospitalId, requestActor(request))
      if (!found) throw identityErrors.medium_unknown()
      const { currentPersonId } = found
      const [{ name }, media] = await Promise.all([
        identity.personView(currentPersonId, 'others'),
        identity.mediaOf(currentPersonId),
      ])
      return { ...found, name, media }
    },
  )
}

function bindRoute(app: App, identity: Identity): void {
  const requireStepUp = createRequireStepUp(identity)
  app.post(
    PERSONS,
    {
      config: { access: DESK },
      schema: {
        operationId: 'bindMedium',
        summary: 'Make a card or code a person’s; told twice, it is one. After a step-up',
        tags: TAGS,
        params: OfPerson,
        body: NewMedium,
        response: { 201: Type.Object({ id: Uuid }), ...problems },
      },
    },
    async (request, reply) => {
      await requireStepUp(request)
      const { kind, value, reason } = request.body
      const hospitalId = request.params.hospitalId as HospitalId
      const medium = { kind, value, ...(isOfHospital(kind) ? { hospitalId } : {}) }
      const by = { hospitalId, actor: requestActor(request), reason }
      const id = await identity.bindMedium(request.params.personId as PersonId, medium, by)
      return reply.code(201).send({ id })
    },
  )
}

function endRoutes(app: App, identity: Identity): void {
  const requireStepUp = createRequireStepUp(identity)
  for (const { path, operationId, summary, isLoss } of ENDS) {
    app.post(
      `${PERSONS}/:id/${path}`,
      {
        config: { access: DESK },
        schema: {
          operationId,
          summary,
          tags: TAGS,
          params: OfMedium,
          body: Because,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        if (!isLoss) await requireStepUp(request)
        const { hospitalId, personId, id } = request.params
        const by = {
          hospitalId: hospitalId as HospitalId,
          actor: requestActor(request),
          reason: request.body.reason,
        }
        const end = isLoss ? identity.reportLost : identity.unbindMedium
        await end(personId as PersonId, id as Id<'Medium'>, by)
        return reply.code(204).send(null)
      },
    )
  }
}

const ENDS = [
  {
    path: 'loss',
    operationId: 'reportMediumLost',
    summary: 'Report a card or code lost: from now on it finds nobody',
    isLoss: true,
  },
  {
    path: 'end',
    operationId: 'unbindMedium',
    summary: 'End a card or code: it is nobody’s from now on. After a step-up',
    isLoss: false,
  },
] as const

function replaceRoute(app: App, identity: Identity): void {
  const requireStepUp = createRequireStepUp(identity)
  app.post(
    `${PERSONS}/:id/replacement`,
    {
      config: { access: DESK },
      schema: {
        operationId: 'replaceMedium',
        summary: 'Another of the same kind in its place, at once. After a step-up',
        tags: TAGS,
        params: OfMedium,
        body: Replacement,
        response: { 201: Type.Object({ id: Uuid }), ...problems },
      },
    },
    async (request, reply) => {
      await requireStepUp(request)
      const { hospitalId, personId, id } = request.params
      const { value, reason } = request.body
      const by = { hospitalId: hospitalId as HospitalId, actor: requestActor(request), reason }
      const newId = await identity.replaceMedium(
        personId as PersonId,
        id as Id<'Medium'>,
        value,
        by,
      )
      return reply.code(201).send({ id: newId })
    },
  )
}

function ownRoutes(app: App, identity: Identity): void {
  const requireStepUp = createRequireStepUp(identity)
  for (const { path, isLoss, operationId, summary } of OWN_ENDS) {
    app.post(
      `/me/media/:id/${path}`,
      {
        config: { access: ['person'] },
        schema: {
          operationId,
          summary,
          tags: TAGS,
          params: Type.Object({ id: Uuid }),
          body: OwnAct,
          response: { 204: Type.Null(), ...problems },
        },
      },
      async (request, reply) => {
        if (!isLoss) await requireStepUp(request)
        const { personId } = principalOf(request, 'person')
        const { hospitalId, reason } = request.body
        const by = { hospitalId: hospitalId as HospitalId, actor: requestActor(request), reason }
        const end = isLoss ? identity.reportLost : identity.giveUpMedium
        await end(personId, request.params.id as Id<'Medium'>, by)
        return reply.code(204).send(null)
      },
    )
  }
}

const OWN_ENDS = [
  {
    path: 'loss',
    operationId: 'reportOwnMediumLost',
    summary: 'Report one’s own card or code lost; the hospital named is told',
    isLoss: true,
  },
  {
    path: 'end',
    operationId: 'unbindOwnMedium',
    summary: 'Give up one’s own card or code, but no identity document. After a step-up',
    isLoss: false,
  },
] as const

function ownHistoryRoute(app: App, identity: Identity): void {
  app.get(
    '/me/media/history',
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listOwnMediumEvents',
        summary: 'All that happened to one’s own cards and codes, in order; the first five hundred',
        tags: TAGS,
        response: { 200: Type.Object({ items: Type.Array(History) }), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const events = await identity.mediumHistory(personId)
      return {
        items: events.map(({ mediumId, kind, masked, event, hospitalId, reason, at }) => ({
          mediumId,
          kind,
          masked,
          event,
          hospitalId,
          reason,
          at: at.toISOString(),
        })),
      }
    },
  )
}
