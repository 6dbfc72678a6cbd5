import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { type BusinessDate, businessDate } from '../../kernel/time.ts'
import { requestActor } from '../http/access.ts'
import { problems } from '../http/problem.ts'
import { HospitalParam, Uuid } from '../http/schemas.ts'
import type { Actor } from '../principal.ts'
import { Decision, viewOfTerms } from './schemas.ts'
import type { TermsKey, TermsRow } from './terms-store.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const

const OfHospital = Type.Object({ hospitalId: HospitalParam })
const OfTerms = Type.Object({ hospitalId: HospitalParam, id: Uuid })

/** What a module names its routes in the contract, what they take, and what it does with it. */
export type TermsRoutes<
  IdName extends string,
  Query extends Type.TSchema,
  Body extends Type.TSchema,
> = {
  /** '/hospitals/:hospitalId/settlement/terms' */
  path: string
  tags: string[]
  /** The view that the module adds to the contract, by its name: Type.Ref('SettlementTerms'). */
  view: Type.TSchema
  list: RouteNames & {
    query?: Query
    handle: (
      hospitalId: HospitalId,
      query: Type.Static<Query>,
    ) => Promise<TermsRow<IdName, string>[]>
  }
  propose: RouteNames & {
    body: Body
    handle: (hospitalId: HospitalId, terms: Dated<Body>, actor: Actor) => Promise<Id<IdName>>
  }
  decide: RouteNames & {
    handle: (
      key: TermsKey<IdName>,
      decision: Type.Static<typeof Decision>,
      actor: Actor,
    ) => Promise<void>
  }
}

type RouteNames = { operationId: string; summary: string }

/** What came, with the date from which it is to hold read as one. */
type Dated<Body extends Type.TSchema> = Type.Static<Body> & { validFrom: BusinessDate }

/** To look at terms, to propose some, and to decide as the second person on what another proposed. */
export function registerTermsRoutes<
  IdName extends string,
  Query extends Type.TSchema,
  Body extends Type.TSchema,
>(app: App, routes: TermsRoutes<IdName, Query, Body>): void {
  listRoute(app, routes)
  proposeRoute(app, routes)
  decideRoute(app, routes)
}

type Common = Pick<TermsRoutes<string, Type.TSchema, Type.TSchema>, 'path' | 'tags' | 'view'>

function listRoute<IdName extends string, Query extends Type.TSchema>(
  app: App,
  { path, tags, view, list }: Common & Pick<TermsRoutes<IdName, Query, never>, 'list'>,
): void {
  const { query, handle, ...names } = list
  app.get(
    path,
    {
      config: { access: READERS },
      schema: {
        ...names,
        tags,
        params: OfHospital,
        ...(query && { querystring: query }),
        response: { 200: Type.Object({ items: Type.Array(view) }), ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const found = await handle(hospitalId, request.query as Type.Static<Query>)
      return { items: found.map(viewOfTerms) }
    },
  )
}

function proposeRoute<IdName extends string, Body extends Type.TSchema>(
  app: App,
  { path, tags, propose }: Common & Pick<TermsRoutes<IdName, never, Body>, 'propose'>,
): void {
  const { body, handle, ...names } = propose
  app.post(
    path,
    {
      config: { access: ACTORS },
      schema: {
        ...names,
        tags,
        params: OfHospital,
        body,
        response: { 201: Type.Object({ id: Uuid }), ...problems },
      },
    },
    async (request, reply) => {
      const wish = request.body as Type.Static<Body> & { validFrom: string }
      const terms: Dated<Body> = { ...wish, validFrom: businessDate(wish.validFrom) }
      const hospitalId = request.params.hospitalId as HospitalId
      const id: string = await handle(hospitalId, terms, requestActor(request))
      return reply.code(201).send({ id })
    },
  )
}

function decideRoute<IdName extends string>(
  app: App,
  { path, tags, decide }: Common & Pick<TermsRoutes<IdName, never, never>, 'decide'>,
): void {
  const { handle, ...names } = decide
  app.post(
    `${path}/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        ...names,
        tags,
        params: OfTerms,
        body: Decision,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = request.params
      const key = { hospitalId: hospitalId as HospitalId, id: id as Id<IdName> }
      await handle(key, request.body, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
