import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import Type from 'typebox'

import { auditAbout } from '../../platform/audit.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import {
  applicationsOfLender,
  limitsOfLender,
  lineOfLender,
  linesInUse,
  linesOfLender,
  productsOfLender,
} from './desk-store.ts'
import { creditErrors } from './errors.ts'
import { changesOfLine } from './line-store.ts'
import type { CreditRouteContext } from './route-context.ts'
import { HospitalParam, LenderParam, OfLender, OfLenderAndId } from './schemas.ts'
import {
  ApplicationsQuery,
  DeskApplicationView,
  DeskLineView,
  DeskProductView,
  LenderHospitalView,
  LenderView,
  LimitChangeView,
  LineChangeView,
  LinesQuery,
  LineUseView,
} from './staff-schemas.ts'
import {
  viewOfDeskApplication,
  viewOfDeskLine,
  viewOfDeskProduct,
  viewOfHospital,
  viewOfLimitChange,
  viewOfLineUse,
} from './staff-views.ts'
import type { ApplicationId, LenderId, LineId } from './terms.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const READERS = ['staff:finance', 'staff:auditor'] as const
const ROWS = 50

const Lender = Type.Unsafe<Type.Static<typeof LenderView>>(Type.Ref('Lender'))
const Line = Type.Unsafe<Type.Static<typeof DeskLineView>>(Type.Ref('LenderLine'))
const LineUse = Type.Unsafe<Type.Static<typeof LineUseView>>(Type.Ref('LenderLineUse'))
const Hospital = Type.Unsafe<Type.Static<typeof LenderHospitalView>>(
  Type.Ref('LenderHospitalLimit'),
)
const Application = Type.Unsafe<Type.Static<typeof DeskApplicationView>>(
  Type.Ref('LenderApplication'),
)
const Product = Type.Unsafe<Type.Static<typeof DeskProductView>>(Type.Ref('LenderProduct'))

/** What a lender's own staff read of its book: accounts by their number, amounts and hospitals, and nothing medical. */
export function bookStaffRoutes(app: App, context: CreditRouteContext): void {
  const views = [
    LenderView,
    DeskLineView,
    LineUseView,
    LenderHospitalView,
    DeskApplicationView,
    DeskProductView,
  ]
  for (const view of views) app.addSchema(view)
  lenderRoute(app, context)
  lineUseRoute(app, context)
  linesRoute(app, context)
  lineRoute(app, context)
  applicationsRoute(app, context)
  productsRoute(app, context)
  hospitalLimitsRoute(app, context)
  limitChangesRoute(app, context)
}

/** A lender's staff are signed in for its book. Errors: not_of_this_lender for everybody else. */
export function lenderOfStaff(request: FastifyRequest, lenderId: number): LenderId {
  const { hospitalId } = principalOf(request, 'staff')
  if (hospitalId !== lenderId) throw creditErrors.not_of_this_lender({ lenderId })
  return hospitalId
}

function lenderRoute(app: App, { credit }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId',
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getLender',
        summary: 'The lender whose staff is asking',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Lender, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const found = (await credit.lenders()).find((lender) => lender.lenderId === lenderId)
      if (!found) throw creditErrors.lender_not_found({ lenderId })
      return found
    },
  )
}

function lineUseRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/line-use',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLenderLineUse',
        summary: 'Limits granted and in use, of all lines together',
        tags: ['credit'],
        params: OfLender,
        response: { 200: LineUse, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      return viewOfLineUse(
        await inHospital(platform.db, lenderId, (tx) => linesInUse(tx, lenderId)),
      )
    },
  )
}

function linesRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/lines',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderLines',
        summary: 'Lines of credit by the number of their account, the newest first',
        tags: ['credit'],
        params: OfLender,
        querystring: LinesQuery,
        response: { 200: Type.Object({ items: Type.Array(Line) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { before, limit = ROWS, ...filter } = request.query
      const wanted = { ...filter, ...(before ? { before: before as LineId } : {}), limit }
      const lines = await inHospital(platform.db, lenderId, (tx) =>
        linesOfLender(tx, lenderId, wanted),
      )
      return { items: lines.map(viewOfDeskLine) }
    },
  )
}

function lineRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/lines/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getLenderLine',
        summary: 'One line and what was changed of it, by whom and why, the newest first',
        tags: ['credit'],
        params: OfLenderAndId,
        response: {
          200: Type.Object({ line: Line, changes: Type.Array(LineChangeView) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const lineId = request.params.id as LineId
      return inHospital(platform.db, lenderId, async (tx) => {
        const line = await lineOfLender(tx, lenderId, lineId)
        if (!line) throw creditErrors.line_not_found({ id: lineId })
        const changes = await changesOfLine(tx, lenderId, lineId)
        return {
          line: viewOfDeskLine(line),
          changes: changes.map((change) => ({
            kind: change.kind,
            limitBeforeFen: change.limit_before_fen,
            limitAfterFen: change.limit_after_fen,
            reason: change.reason,
            actor: change.actor,
            at: change.at.toISOString(),
          })),
        }
      })
    },
  )
}

function applicationsRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/applications',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderApplications',
        summary: 'Applications with their decision and its reasons, the newest first',
        tags: ['credit'],
        params: OfLender,
        querystring: ApplicationsQuery,
        response: { 200: Type.Object({ items: Type.Array(Application) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const { status, before, limit = ROWS } = request.query
      const wanted = {
        ...(status ? { status } : {}),
        ...(before ? { before: before as ApplicationId } : {}),
        limit,
      }
      const found = await inHospital(platform.db, lenderId, (tx) =>
        applicationsOfLender(tx, lenderId, wanted),
      )
      return { items: found.map(viewOfDeskApplication) }
    },
  )
}

function productsRoute(app: App, { platform: { db, clock } }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/products',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderProducts',
        summary: 'What the lender offers and what it offered before, each way with its yearly rate',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Type.Object({ items: Type.Array(Product) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const products = await productsOfLender(db, lenderId)
      return { items: products.map((product) => viewOfDeskProduct(product, clock.now())) }
    },
  )
}

function hospitalLimitsRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/hospital-limits',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderHospitalLimits',
        summary: 'How much may be in use at each hospital, how much is, and what is left',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Type.Object({ items: Type.Array(Hospital) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderOfStaff(request, request.params.lenderId)
      const limits = await inHospital(platform.db, lenderId, (tx) => limitsOfLender(tx, lenderId))
      return { items: limits.map(viewOfHospital) }
    },
  )
}

function limitChangesRoute(app: App, { platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/hospital-limits/:careHospitalId/changes',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listLenderHospitalLimitChanges',
        summary: 'Who set the limit of a hospital, to what and why, the newest first',
        tags: ['credit'],
        params: Type.Object({ lenderId: LenderParam, careHospitalId: HospitalParam }),
        response: { 200: Type.Object({ items: Type.Array(LimitChangeView) }), ...problems },
      },
    },
    async (request) => {
      const { lenderId: asked, careHospitalId } = request.params
      const lenderId = lenderOfStaff(request, asked)
      const facts = await inHospital(platform.db, lenderId, (tx) =>
        auditAbout(tx, lenderId, `hospital:${careHospitalId}`),
      )
      const changes = facts.filter(({ action }) => action === 'credit.hospital_limit')
      return { items: changes.map(viewOfLimitChange).toReversed() }
    },
  )
}
