import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { businessDate } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { DepositAccountId } from './account.ts'
import type { DayCharge } from './days.ts'
import type { DepositRouteContext } from './route-parts.ts'
import { DayChargeView, NewDayCharge, NewTopUp, OfHospitalAndId } from './schemas.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Day = Type.Unsafe<Type.Static<typeof DayChargeView>>(Type.Ref('DepositDayCharge'))
const Figures = Type.Object({ balanceFen: Type.Integer(), freeFen: Type.Integer() })

/** Told by the hospital's own system, or entered by a cashier. */
const TELLERS = ['his', 'staff:finance', 'staff:cashier'] as const
const DEPOSIT = '/hospitals/:hospitalId/deposits/:id'

/** What comes into a deposit, and what a stay costs each day. */
export function dayRoutes(app: App, context: DepositRouteContext): void {
  app.addSchema(DayChargeView)
  topUpRoute(app, context)
  chargeRoute(app, context)
  daysRoute(app, context)
}

const keyOf = ({ hospitalId, id }: { hospitalId: number; id: string }) => ({
  hospitalId: hospitalId as HospitalId,
  accountId: id as DepositAccountId,
})

function topUpRoute(app: App, { deposits, platform }: DepositRouteContext): void {
  app.post(
    `${DEPOSIT}/top-ups`,
    {
      config: { access: TELLERS },
      schema: {
        operationId: 'topUpDeposit',
        summary: 'Money came in for a deposit: at a window, by transfer, or through a channel',
        description:
          'Once for its number at its channel. What earlier days cost and it had not is drawn first.',
        tags: ['deposits'],
        params: OfHospitalAndId,
        body: NewTopUp,
        response: { 200: Figures, ...problems },
      },
    },
    async (request) => {
      const key = keyOf(request.params)
      const { channel, channelNo, amountFen } = request.body
      const actor = requestActor(request)
      const came = { cause: `${channel}:${channelNo}`, channel, channelNo, actor }
      await inHospital(platform.db, key.hospitalId, (tx) =>
        deposits.topUp(tx, { ...key, ...came, amountFen: fen(amountFen) }),
      )
      const { account } = await deposits.account(key)
      return { balanceFen: account.balanceFen, freeFen: account.balanceFen - account.heldFen }
    },
  )
}

function chargeRoute(app: App, { deposits }: DepositRouteContext): void {
  app.post(
    `${DEPOSIT}/days`,
    {
      config: { access: TELLERS },
      schema: {
        operationId: 'chargeDepositDay',
        summary: 'What a stay cost on one day: taken from its deposit, as far as that goes',
        tags: ['deposits'],
        params: OfHospitalAndId,
        body: NewDayCharge,
        response: { 200: Day, ...problems },
      },
    },
    async (request) => {
      const { day, totalFen } = request.body
      const charge = { ...keyOf(request.params), day: businessDate(day), totalFen: fen(totalFen) }
      return viewOfDay(await deposits.chargeDay(charge, requestActor(request)))
    },
  )
}

function daysRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    `${DEPOSIT}/days`,
    {
      config: { access: [...TELLERS, 'staff:auditor'] },
      schema: {
        operationId: 'listDepositDays',
        summary: 'What a stay cost each day and how much of it the deposit has paid, newest first',
        tags: ['deposits'],
        params: OfHospitalAndId,
        response: { 200: Type.Object({ items: Type.Array(Day) }), ...problems },
      },
    },
    async (request) => ({ items: (await deposits.daysOf(keyOf(request.params))).map(viewOfDay) }),
  )
}

const viewOfDay = ({ day, total_fen: totalFen, drawn_fen: drawnFen }: DayCharge) => ({
  day,
  totalFen,
  drawnFen,
})
