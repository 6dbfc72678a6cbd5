import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { registerTermsRoutes } from '../../platform/terms/routes.ts'
import type { Accounting } from './accounting.ts'
import { exportRoutes } from './export-routes.ts'
import { pageRoutes } from './page-routes.ts'
import {
  DayView,
  ExportView,
  LineView,
  NewTerms,
  SourceView,
  TermsQuery,
  TermsView,
  VoucherView,
} from './schemas.ts'
import { voucherRoutes } from './voucher-routes.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

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
  registerTermsRoutes(app, {
    path: '/hospitals/:hospitalId/accounting/terms',
    tags: TAGS,
    view: Type.Ref('AccountingTerms'),
    list: {
      operationId: 'listAccountingTerms',
      summary: 'Templates or export layouts of the hospital’s own, newest first',
      query: TermsQuery,
      handle: (hospitalId, { kind }) => accounting.termsOf(hospitalId, kind),
    },
    propose: {
      operationId: 'proposeAccountingTerms',
      summary: 'Propose a template for vouchers, or a layout for exports; another person agrees',
      body: NewTerms,
      handle: (hospitalId, terms, actor) => {
        const name = terms.kind === 'layout' ? terms.name : ''
        return accounting.proposeTerms(hospitalId, { ...terms, name }, actor)
      },
    },
    decide: {
      operationId: 'decideAccountingTerms',
      summary: 'Agree to a template or layout that another person proposed, or refuse it',
      handle: accounting.decideTerms,
    },
  })
}
