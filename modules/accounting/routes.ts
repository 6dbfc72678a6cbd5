import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { businessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { Decision, viewOfTerms } from '../../platform/terms/schemas.ts'
import type { Accounting } from './accounting.ts'
import { exportRoutes } from './export-routes.ts'
import { pageRoutes } from './page-routes.ts'
import {
  DayView,
  ExportView,
  LineView,
  NewTerms,
  OfHospital,
  OfHospitalAndId,
  SourceView,
  TermsQuery,
  TermsView,
  VoucherView,
} from './schemas.ts'
import type { TermsId } from './tables.ts'
import { voucherRoutes } from './voucher-routes.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Terms = Type.Unsafe<Type.Static<typeof TermsView>>(Type.Ref('AccountingTerms'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const TERMS = '/hospitals/:hospitalId/accounting/terms'
const TAGS = ['accounting']

/** Templates and layouts, vouchers down to the payments in them, and what was handed over. */
export const accountingRoutes =
  (accounting: Accounting): FastifyPluginAsyncTypebox =>
  async (app) => {
    const views = [TermsView, DayView, VoucherView, LineView, SourceView, ExportView]
    for (const view of views) app.addSchema(view)
    termsRoutes(app, accounting)
    voucherRoutes(app, accounting)
    exportRoutes(app, accounting)
    pageRoutes(app, accounting)
  }

function termsRoutes(app: App, accounting: Accounting): void {
  app.get(
    TERMS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listAccountingTerms',
        summary: 'Templates or export layouts of the hospital’s own, newest first',
        tags: TAGS,
        params: OfHospital,
        querystring: TermsQuery,
        response: { 200: Type.Object({ items: Type.Array(Terms) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const found = await accounting.termsOf(params.hospitalId as HospitalId, query.kind)
      return { items: found.map(viewOfTerms) }
    },
  )
  app.post(
    TERMS,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'proposeAccountingTerms',
        summary: 'Propose a template for vouchers, or a layout for exports; another person agrees',
        tags: TAGS,
        params: OfHospital,
        body: NewTerms,
        response: { 201: Type.Object({ id: Type.String({ format: 'uuid' }) }), ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request
      const name = body.kind === 'layout' ? body.name : ''
      const terms = { ...body, name, validFrom: businessDate(body.validFrom) }
      const hospitalId = request.params.hospitalId as HospitalId
      const id = await accounting.proposeTerms(hospitalId, terms, requestActor(request))
      return reply.code(201).send({ id })
    },
  )
  app.post(
    `${TERMS}/:id/decision`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'decideAccountingTerms',
        summary: 'Agree to a template or layout that another person proposed, or refuse it',
        tags: TAGS,
        params: OfHospitalAndId,
        body: Decision,
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { hospitalId, id } = request.params
      const key = { hospitalId: hospitalId as HospitalId, id: id as TermsId }
      await accounting.decideTerms(key, request.body, requestActor(request))
      return reply.code(204).send(null)
    },
  )
}
