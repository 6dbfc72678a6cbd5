import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import type { DepositAccountId } from './account.ts'
import type { DepositRouteContext } from './route-parts.ts'
import {
  GiveBacksQuery,
  type MovementView,
  OfHospital,
  OfHospitalAndId,
  OpenDaysQuery,
  OpenDayView,
  type StaffAccountView,
  StaffGiveBackView,
} from './schemas.ts'
import { viewForStaff, viewOfGiveBack } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Account = Type.Unsafe<Type.Static<typeof StaffAccountView>>(Type.Ref('StaffDepositAccount'))
const Movement = Type.Unsafe<Type.Static<typeof MovementView>>(Type.Ref('DepositMovement'))
const GiveBack = Type.Unsafe<Type.Static<typeof StaffGiveBackView>>(
  Type.Ref('StaffDepositGiveBack'),
)
const OpenDay = Type.Unsafe<Type.Static<typeof OpenDayView>>(Type.Ref('OpenDepositDay'))

const READERS = ['staff:finance', 'staff:cashier', 'staff:auditor'] as const

/** One account as the staff sees it, and what waits for the staff across accounts. */
export function staffRoutes(app: App, context: DepositRouteContext): void {
  for (const view of [StaffGiveBackView, OpenDayView]) app.addSchema(view)
  oneRoute(app, context)
  giveBacksRoute(app, context)
  openDaysRoute(app, context)
}

function oneRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/deposits/:id',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getDeposit',
        summary: 'A deposit, all that happened to it and what goes back of it, the latest first',
        tags: ['deposits'],
        params: OfHospitalAndId,
        response: {
          200: Type.Object({
            account: Account,
            movements: Type.Array(Movement),
            giveBacks: Type.Array(GiveBack),
          }),
          ...problems,
        },
      },
    },
    async ({ params: { hospitalId, id } }) => {
      const key = { hospitalId: hospitalId as HospitalId, accountId: id as DepositAccountId }
      const { account, movements, giveBacks } = await deposits.accountForStaff(key)
      return {
        account: viewForStaff(deposits, account),
        movements: movements.map(({ at, ...movement }) => ({ ...movement, at: at.toISOString() })),
        giveBacks: giveBacks.map(viewOfGiveBack),
      }
    },
  )
}

function giveBacksRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/deposit-give-backs',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listDepositGiveBacks',
        summary: 'What is to go back of deposits and has not, the first asked first',
        tags: ['deposits'],
        params: OfHospital,
        querystring: GiveBacksQuery,
        response: { 200: Type.Object({ items: Type.Array(GiveBack) }), ...problems },
      },
    },
    async ({ params, query: { after, limit } }) => {
      const page = { after: after as Id<'GiveBack'> | undefined, limit }
      const found = await deposits.askedGiveBacks(params.hospitalId as HospitalId, page)
      return { items: found.map(viewOfGiveBack) }
    },
  )
}

function openDaysRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    '/hospitals/:hospitalId/deposit-open-days',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listOpenDepositDays',
        summary: 'What stays cost that their deposits have not paid, by account and day',
        tags: ['deposits'],
        params: OfHospital,
        querystring: OpenDaysQuery,
        response: { 200: Type.Object({ items: Type.Array(OpenDay) }), ...problems },
      },
    },
    async ({ params, query: { after, afterDay, limit } }) => {
      const last = after ? { accountId: after as DepositAccountId, day: afterDay } : undefined
      const found = await deposits.openDays(params.hospitalId as HospitalId, { after: last, limit })
      return { items: found }
    },
  )
}
