import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import type { DepositAccountId, PersonId } from './account.ts'
import type { AccountKey } from './book.ts'
import { dayRoutes } from './day-routes.ts'
import type { Deposits } from './deposits.ts'
import { depositErrors } from './errors.ts'
import type { DepositRouteContext } from './route-parts.ts'
import {
  AccountsQuery,
  AccountView,
  GiveBackView,
  GivenBack,
  MovementView,
  NewAccount,
  OfHospital,
  OfHospitalAndId,
  StaffAccountView,
} from './schemas.ts'
import { staffRoutes } from './staff-routes.ts'
import { viewForStaff, viewOf } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Account = Type.Unsafe<Type.Static<typeof AccountView>>(Type.Ref('DepositAccount'))
const StaffAccount = Type.Unsafe<Type.Static<typeof StaffAccountView>>(
  Type.Ref('StaffDepositAccount'),
)
const GiveBack = Type.Unsafe<Type.Static<typeof GiveBackView>>(Type.Ref('DepositGiveBack'))
const Movement = Type.Unsafe<Type.Static<typeof MovementView>>(Type.Ref('DepositMovement'))
const Items = <T extends Type.TSchema>(schema: T) => Type.Object({ items: Type.Array(schema) })

const MY_DEPOSITS = '/hospitals/:hospitalId/my-deposits'
const DEPOSITS = '/hospitals/:hospitalId/deposits'
const CASHIERS = ['staff:finance', 'staff:cashier'] as const

/** What people see of their deposits, and what a hospital's cashiers and finance do with them. */
export const depositRoutes =
  (context: DepositRouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of [AccountView, StaffAccountView, GiveBackView, MovementView])
      app.addSchema(view)
    mineRoute(app, context)
    ownerRoutes(app, context)
    listRoute(app, context)
    openRoute(app, context)
    giveBackRoute(app, context)
    givenBackRoute(app, context)
    dayRoutes(app, context)
    staffRoutes(app, context)
  }

function mineRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    MY_DEPOSITS,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'listMyDeposits',
        summary: 'My deposits at a hospital, newest first',
        tags: ['deposits'],
        params: OfHospital,
        response: { 200: Items(Account), ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      const mine = await deposits.accountsOf(request.params.hospitalId as HospitalId, personId)
      return { items: mine.map((account) => viewOf(deposits, account)) }
    },
  )
}

/** One account of the person who asks: all that happened to it, and to have what is left of a prepayment back. */
function ownerRoutes(app: App, { deposits, platform }: DepositRouteContext): void {
  const AccountWithMovements = Type.Object({ account: Account, movements: Type.Array(Movement) })
  const ofOwner = async (key: AccountKey, personId: PersonId) => {
    const { account, movements } = await deposits.accountOfOwner(key, personId)
    return {
      account: viewOf(deposits, account),
      movements: movements.map(({ at, ...movement }) => ({ ...movement, at: at.toISOString() })),
    }
  }

  app.get(
    `${MY_DEPOSITS}/:id`,
    {
      config: { access: ['person'] },
      schema: {
        operationId: 'getMyDeposit',
        summary: 'A deposit of mine and all that happened to it, the latest first',
        tags: ['deposits'],
        params: OfHospitalAndId,
        response: { 200: AccountWithMovements, ...problems },
      },
    },
    async (request) => {
      const { personId } = principalOf(request, 'person')
      return ofOwner(keyOf(request.params), personId)
    },
  )

  app.post(
    `${MY_DEPOSITS}/:id/give-back`,
    {
      config: { access: ['person'], idempotencyKey: true },
      schema: {
        operationId: 'askMyDepositBack',
        summary: 'Have what is left of my outpatient prepayment back: it takes no more payments',
        tags: ['deposits'],
        params: OfHospitalAndId,
        response: { 200: AccountWithMovements, ...problems },
      },
    },
    async (request, reply) => {
      const { personId } = principalOf(request, 'person')
      const key = keyOf(request.params)
      return idempotently(platform, request, reply, key.hospitalId, async () => {
        const { account } = await deposits.accountOfOwner(key, personId)
        if (account.kind !== 'outpatient') throw depositErrors.give_back_at_discharge()
        await deposits.giveRestBack(key, requestActor(request))
        return { status: 200, body: await ofOwner(key, personId) }
      })
    },
  )
}

const keyOf = ({ hospitalId, id }: { hospitalId: number; id: string }): AccountKey => ({
  hospitalId: hospitalId as HospitalId,
  accountId: id as DepositAccountId,
})

function listRoute(app: App, { deposits }: DepositRouteContext): void {
  app.get(
    DEPOSITS,
    {
      config: { access: [...CASHIERS, 'staff:auditor'] },
      schema: {
        operationId: 'listDeposits',
        summary: 'Deposits, newest first, or the prepayments that are still to be given back',
        tags: ['deposits'],
        params: OfHospital,
        querystring: AccountsQuery,
        response: { 200: Items(StaffAccount), ...problems },
      },
    },
    async ({ params, query: { before, personId, ...query } }) => {
      const filter = {
        ...query,
        personId: personId as PersonId | undefined,
        before: before as DepositAccountId | undefined,
      }
      const found = await deposits.list(params.hospitalId as HospitalId, filter)
      return { items: found.map((account) => viewForStaff(deposits, account)) }
    },
  )
}

function openRoute(app: App, { deposits, platform }: DepositRouteContext): void {
  app.post(
    DEPOSITS,
    {
      config: { access: CASHIERS, idempotencyKey: true },
      schema: {
        operationId: 'openDeposit',
        summary: 'Open the deposit of one stay, kept by a bank in custody',
        tags: ['deposits'],
        params: OfHospital,
        body: NewAccount,
        response: { 201: Account, ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      return idempotently(platform, request, reply, hospitalId, async (id) => {
        const { personId, stayNo, custodyBank, custodyNo, lowFen } = request.body
        const wish = {
          hospitalId,
          id: id as DepositAccountId,
          personId: personId as PersonId,
          stayNo,
          custody: { bank: custodyBank, accountNo: custodyNo },
          lowFen: fen(lowFen),
        }
        const account = await deposits.openInpatient(wish, requestActor(request))
        return { status: 201, body: viewOf(deposits, account) }
      })
    },
  )
}

async function giveBacksOf(
  deposits: Deposits,
  key: { hospitalId: HospitalId; accountId: DepositAccountId },
) {
  const { topUps, giveBacks } = await deposits.account(key)
  return giveBacks.map((row) => {
    const topUp = topUps.find(({ id }) => id === row.top_up_id)
    return {
      id: row.id,
      channel: topUp?.channel ?? '',
      channelNo: topUp?.channelNo ?? '',
      amountFen: row.amount_fen,
      status: row.status,
      doneAt: row.done_at?.toISOString() ?? null,
    }
  })
}

function giveBackRoute(app: App, { deposits, platform }: DepositRouteContext): void {
  app.post(
    `${DEPOSITS}/:id/give-back`,
    {
      config: { access: CASHIERS, idempotencyKey: true },
      schema: {
        operationId: 'giveDepositBack',
        summary: 'Close a deposit, at discharge, and list what goes back of which payment',
        tags: ['deposits'],
        params: OfHospitalAndId,
        response: { 200: Items(GiveBack), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const key = { hospitalId, accountId: request.params.id as DepositAccountId }
      return idempotently(platform, request, reply, hospitalId, async () => {
        await deposits.giveRestBack(key, requestActor(request))
        return { status: 200, body: { items: await giveBacksOf(deposits, key) } }
      })
    },
  )
}

function givenBackRoute(app: App, { deposits, platform }: DepositRouteContext): void {
  app.post(
    '/hospitals/:hospitalId/deposit-give-backs/:id/done',
    {
      config: { access: CASHIERS, idempotencyKey: true },
      schema: {
        operationId: 'recordDepositGivenBack',
        summary:
          'Another person than who asked says that a part has gone back, by its number at the channel or of a transfer',
        tags: ['deposits'],
        params: OfHospitalAndId,
        body: GivenBack,
        response: { 200: Type.Object({}), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const done = { hospitalId, id: request.params.id as Id<'GiveBack'>, ...request.body }
      return idempotently(platform, request, reply, hospitalId, async () => {
        const actor = requestActor(request)
        await inHospital(platform.db, hospitalId, (tx) => deposits.recordGivenBack(tx, done, actor))
        return { status: 200, body: {} }
      })
    },
  )
}
