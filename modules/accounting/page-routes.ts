import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Accounting } from './accounting.ts'
import { STANDARD } from './in-force.ts'
import { LayoutTerms } from './layout.ts'
import { OfHospital, OfHospitalAndId, type VoucherView } from './schemas.ts'
import { STANDARD_LAYOUTS } from './standard-layouts.ts'
import { STANDARD_TEMPLATE } from './standard-template.ts'
import type { VoucherId } from './tables.ts'
import { TemplateTerms } from './template.ts'
import { viewOfVoucher } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Voucher = Type.Unsafe<Type.Static<typeof VoucherView>>(Type.Ref('Voucher'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACCOUNTING = '/hospitals/:hospitalId/accounting'
const TAGS = ['accounting']

/** What the pages of finance need beside the rows: names of subjects, and what a hospital begins with. */
export function pageRoutes(app: App, accounting: Accounting): void {
  voucherRoute(app, accounting)
  standardRoute(app)
}

function voucherRoute(app: App, accounting: Accounting): void {
  app.get(
    `${ACCOUNTING}/vouchers/:id`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getVoucher',
        summary: 'One voucher, with the names of subjects in the template it was made by',
        tags: TAGS,
        params: OfHospitalAndId,
        response: {
          200: Type.Object({
            voucher: Voucher,
            subjects: Type.Record(Type.String(), Type.String(), {
              description: 'The name of each subject by its code',
            }),
            isStandard: Type.Boolean({ description: 'Made by the standard template' }),
          }),
          ...problems,
        },
      },
    },
    async ({ params }) => {
      const key = { hospitalId: params.hospitalId as HospitalId, id: params.id as VoucherId }
      const { voucher, subjects, erpNo } = await accounting.voucherPage(key)
      const isStandard = voucher.template === STANDARD
      return { voucher: viewOfVoucher(voucher, erpNo), subjects, isStandard }
    },
  )
}

function standardRoute(app: App): void {
  app.get(
    `${ACCOUNTING}/standard-terms`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getStandardAccountingTerms',
        summary: 'The template and the layouts a hospital has until it agrees on its own',
        tags: TAGS,
        params: OfHospital,
        response: {
          200: Type.Object({
            template: TemplateTerms,
            layouts: Type.Array(Type.Object({ name: Type.String(), content: LayoutTerms })),
          }),
          ...problems,
        },
      },
    },
    async () => ({
      template: STANDARD_TEMPLATE,
      layouts: [...STANDARD_LAYOUTS].map(([name, content]) => ({ name, content })),
    }),
  )
}
