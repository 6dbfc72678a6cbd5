import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import {
  AtSize,
  Between,
  ConsistencyView,
  CountersignatureView,
  HeadRef,
  HeadView,
  InclusionRef,
  InclusionView,
  NewCountersignatureBody,
  OfHead,
  OfItem,
  OfLeaf,
  OfLog,
  ProofFileView,
} from './schemas.ts'
import type { Sealing } from './sealing.ts'
import { type NameOfPartner, standingRoutes } from './standing-routes.ts'
import { viewOfCountersignature, viewOfHead, viewOfInclusion } from './views.ts'

const LOG = '/hospitals/:hospitalId/sealing/:log'
const TAGS = { tags: ['sealing'] }

// A head and a proof are hashes: they say nothing of what is in the log. What is in it goes to the hospital alone.
const READERS = ['application', 'staff:finance', 'staff:auditor'] as const
const forReaders = { access: READERS, scope: 'reconciliation:read' } as const
const forPartners = { access: ['application'], scope: 'reconciliation:read' } as const
const forStaff = { access: ['staff:finance', 'staff:auditor'] } as const

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** Signed heads, proofs that something stands in a log, and partners' signatures over heads. */
export const sealingRoutes =
  (
    sealing: Sealing,
    { nameOf = async () => null }: { nameOf?: NameOfPartner } = {},
  ): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [HeadView, InclusionView]) app.addSchema(schema)
    standingRoutes(app, sealing, nameOf)
    headRoutes(app, sealing)
    inclusionRoutes(app, sealing)
    consistencyRoute(app, sealing)
    proofFileRoute(app, sealing)
    countersignRoute(app, sealing)
  }

function headRoutes(app: App, sealing: Sealing): void {
  const response = { 200: HeadRef, ...problems }
  app.get(
    `${LOG}/heads/newest`,
    {
      config: forReaders,
      schema: {
        operationId: 'getNewestTreeHead',
        summary: 'The newest signed head of a log',
        ...TAGS,
        params: OfLog,
        response,
      },
    },
    async ({ params }) => viewOfHead(await sealing.headDetail(logIn(params), 'newest')),
  )
  app.get(
    `${LOG}/heads/:size`,
    {
      config: forReaders,
      schema: {
        operationId: 'getTreeHead',
        summary: 'The signed head of a log at a size',
        ...TAGS,
        params: OfHead,
        response,
      },
    },
    async ({ params }) => viewOfHead(await sealing.headDetail(logIn(params), params.size)),
  )
}

function inclusionRoutes(app: App, sealing: Sealing): void {
  const response = { 200: InclusionRef, ...problems }
  app.get(
    `${LOG}/items/:itemId/proof`,
    {
      config: forReaders,
      schema: {
        operationId: 'proveItem',
        summary: 'That an item is in the tree of a head',
        ...TAGS,
        params: OfItem,
        querystring: AtSize,
        response,
      },
    },
    async ({ params, query }) => {
      const what = { itemId: params.itemId }
      return viewOfInclusion(await sealing.inclusion(logIn(params), what, query.size ?? 'newest'))
    },
  )
  app.get(
    `${LOG}/leaves/:index/proof`,
    {
      config: forReaders,
      schema: {
        operationId: 'proveLeaf',
        summary: 'That the leaf at a place is in the tree of a head',
        ...TAGS,
        params: OfLeaf,
        querystring: AtSize,
        response,
      },
    },
    async ({ params, query }) => {
      const what = { leafIndex: params.index }
      return viewOfInclusion(await sealing.inclusion(logIn(params), what, query.size ?? 'newest'))
    },
  )
}

function consistencyRoute(app: App, sealing: Sealing): void {
  app.get(
    `${LOG}/consistency`,
    {
      config: forReaders,
      schema: {
        operationId: 'proveConsistency',
        summary: 'That the tree of one head is the beginning of that of another',
        ...TAGS,
        params: OfLog,
        querystring: Between,
        response: { 200: ConsistencyView, ...problems },
      },
    },
    async ({ params, query }) => {
      const { from, to, path } = await sealing.consistency(logIn(params), query.from, query.to)
      return {
        from: { size: from.size, root: from.root.toString('hex') },
        to: { size: to.size, root: to.root.toString('hex') },
        path: path.map((hash) => hash.toString('hex')),
      }
    },
  )
}

function proofFileRoute(app: App, sealing: Sealing): void {
  app.get(
    `${LOG}/items/:itemId/proof-file`,
    {
      config: forStaff,
      schema: {
        operationId: 'getProofFile',
        summary: 'An item with all that proves it, to be checked without us',
        ...TAGS,
        params: OfItem,
        response: { 200: ProofFileView, ...problems },
      },
    },
    async ({ params }) => sealing.proofOf(logIn(params), [params.itemId]),
  )
}

function countersignRoute(app: App, sealing: Sealing): void {
  app.post(
    `${LOG}/heads/:size/countersignatures`,
    {
      config: forPartners,
      schema: {
        operationId: 'countersignTreeHead',
        summary: 'Say over a signature of one’s own that one has seen a head',
        ...TAGS,
        params: OfHead,
        body: NewCountersignatureBody,
        response: { 201: CountersignatureView, ...problems },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const { applicationId } = principalOf(request, 'application')
      const signed = await sealing.countersign(logIn(params), params.size, {
        applicationId,
        ...body,
      })
      return reply.code(201).send({ size: params.size, ...viewOfCountersignature(signed) })
    },
  )
}

const logIn = ({ hospitalId, log }: Type.Static<typeof OfLog>) => ({
  hospitalId: hospitalId as HospitalId,
  log,
})
