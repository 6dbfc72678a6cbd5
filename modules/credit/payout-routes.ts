import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId, Id } from '../../kernel/id.ts'
import { fen } from '../../kernel/money.ts'
import { inHospital } from '../../platform/db.ts'
import { requestActor } from '../../platform/http/access.ts'
import { idempotently } from '../../platform/http/idempotency.ts'
import { problems } from '../../platform/http/problem.ts'
import { Fen, Instant, nullable, strict, Uuid } from '../../platform/http/schemas.ts'
import { accountsOf } from './account-names.ts'
import { creditErrors } from './errors.ts'
import { lenderAsking } from './lender-staff.ts'
import type { PayoutTo } from './payouts.ts'
import type { CreditRouteContext } from './route-context.ts'
import { HospitalParam, OfLender, OfLenderAndId } from './schemas.ts'
import type { PayoutRow } from './tables.ts'
import type { LenderId, PersonId } from './terms.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const PayoutView = Type.Object(
  {
    id: Uuid,
    personId: nullable(Uuid),
    accountNo: nullable(Type.String({ description: 'Of the payer, where they have one' })),
    hospitalId: nullable(HospitalParam),
    amountFen: Fen('Leaves the lender.'),
    grounds: Type.String(),
    status: Type.Enum(['proposed', 'paid', 'refused']),
    transferNo: nullable(Type.String({ description: 'Of the bank’s own transfer' })),
    proposedBy: Type.String(),
    proposedAt: Instant,
    decidedBy: nullable(Type.String()),
    decidedAt: nullable(Instant),
  },
  { $id: 'CreditPayout' },
)

const NewPayout = Type.Object(
  {
    personId: Type.Optional(Uuid),
    hospitalId: Type.Optional(HospitalParam),
    amountFen: Type.Integer({ minimum: 1, maximum: 100_000_000_000, description: 'Fen' }),
    grounds: Text(200),
  },
  strict,
)

const Verdict = Type.Object(
  {
    transferNo: nullable(
      Type.String({ minLength: 1, maxLength: 64, description: 'Null: it is not paid out' }),
    ),
  },
  strict,
)

const Owed = Type.Object({
  payers: Type.Array(
    Type.Object({
      personId: Uuid,
      accountNo: nullable(Type.String({ description: 'Null: they have none with the lender' })),
      owedFen: Fen('Paid in excess, or given back after it was repaid.'),
      heldFen: Fen('Of it, proposed to be paid out.'),
    }),
  ),
  hospitals: Type.Array(
    Type.Object({
      hospitalId: HospitalParam,
      owedFen: Fen('Drawn there, less given back and paid; below zero: the hospital owes it.'),
      heldFen: Fen('Of it, proposed to be paid out.'),
    }),
  ),
})

const Payout = Type.Unsafe<Type.Static<typeof PayoutView>>(Type.Ref('CreditPayout'))
const READERS = ['staff:finance', 'staff:auditor'] as const

/** Money that leaves a lender, by two of its staff. */
export function payoutRoutes(app: App, context: CreditRouteContext): void {
  app.addSchema(PayoutView)
  owedRoute(app, context)
  listRoute(app, context)
  proposeRoute(app, context)
  decideRoute(app, context)
}

function owedRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/owed',
    {
      config: { access: READERS },
      schema: {
        operationId: 'getOwedByLender',
        summary: 'What the lender owes to payers and to hospitals',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Owed, ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const { payers, hospitals } = await credit.payouts.owed(lenderId)
      const accounts = await inHospital(platform.db, lenderId, (tx) =>
        accountsOf(
          tx,
          lenderId,
          payers.map(({ personId }) => personId),
        ),
      )
      return {
        payers: payers.map((payer) => ({
          ...payer,
          accountNo: accounts.get(payer.personId) ?? null,
        })),
        hospitals: hospitals.map(({ careHospitalId: hospitalId, owedFen, heldFen }) => ({
          hospitalId,
          owedFen,
          heldFen,
        })),
      }
    },
  )
}

function listRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.get(
    '/credit/lenders/:lenderId/payouts',
    {
      config: { access: READERS },
      schema: {
        operationId: 'listCreditPayouts',
        summary: 'Money that left the lender or is proposed to, newest first',
        tags: ['credit'],
        params: OfLender,
        response: { 200: Type.Object({ items: Type.Array(Payout) }), ...problems },
      },
    },
    async (request) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      return { items: await viewsOf(platform, lenderId, await credit.payouts.list(lenderId)) }
    },
  )
}

function proposeRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/payouts',
    {
      config: { access: ['staff:finance'], idempotencyKey: true },
      schema: {
        operationId: 'proposeCreditPayout',
        summary: 'Propose that something owed be paid out, to a payer or to a hospital',
        tags: ['credit'],
        params: OfLender,
        body: NewPayout,
        response: { 201: Payout, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const to = payoutTo(request.body)
      return idempotently(platform, request, reply, lenderId, async (id) => {
        const { amountFen, grounds } = request.body
        const wish = { lenderId, id, to, amountFen: fen(amountFen), grounds }
        const row = await credit.payouts.propose(wish, requestActor(request))
        return { status: 201, body: await viewOf(platform, row) }
      })
    },
  )
}

function decideRoute(app: App, { credit, platform }: CreditRouteContext): void {
  app.post(
    '/credit/lenders/:lenderId/payouts/:id/decision',
    {
      config: { access: ['staff:finance'], idempotencyKey: true },
      schema: {
        operationId: 'decideCreditPayout',
        summary: 'Another of the staff agrees, with the number of the transfer, or refuses',
        tags: ['credit'],
        params: OfLenderAndId,
        body: Verdict,
        response: { 200: Payout, ...problems },
      },
    },
    async (request, reply) => {
      const lenderId = lenderAsking(request, request.params.lenderId)
      const id = request.params.id as Id<'CreditPayout'>
      return idempotently(platform, request, reply, lenderId, async () => {
        const verdict = { lenderId, id, transferNo: request.body.transferNo }
        const row = await credit.payouts.decide(verdict, requestActor(request))
        return { status: 200, body: await viewOf(platform, row) }
      })
    },
  )
}

/** Exactly one of the two. Errors: payout_to_one. */
function payoutTo({ personId, hospitalId }: Type.Static<typeof NewPayout>): PayoutTo {
  if (personId !== undefined && hospitalId === undefined) {
    return { personId: personId as PersonId }
  }
  if (hospitalId !== undefined && personId === undefined) {
    return { careHospitalId: hospitalId as HospitalId }
  }
  throw creditErrors.payout_to_one()
}

async function viewsOf(
  { db }: CreditRouteContext['platform'],
  lenderId: LenderId,
  rows: readonly PayoutRow[],
): Promise<View[]> {
  const personIds = rows.flatMap((row) => row.person_id ?? [])
  const accounts = await inHospital(db, lenderId, (tx) => accountsOf(tx, lenderId, personIds))
  return rows.map((row) =>
    viewOfPayout(row, (row.person_id && accounts.get(row.person_id)) ?? null),
  )
}

async function viewOf(platform: CreditRouteContext['platform'], row: PayoutRow): Promise<View> {
  const [view] = await viewsOf(platform, row.hospital_id, [row])
  assert(view, 'one row is one view')
  return view
}

const viewOfPayout = (row: PayoutRow, accountNo: string | null): View => ({
  id: row.id,
  personId: row.person_id,
  accountNo,
  hospitalId: row.care_hospital_id,
  amountFen: row.amount_fen,
  grounds: row.grounds,
  status: row.status,
  transferNo: row.transfer_no,
  proposedBy: row.proposed_by,
  proposedAt: row.proposed_at.toISOString(),
  decidedBy: row.decided_by,
  decidedAt: row.decided_at?.toISOString() ?? null,
})

type View = Type.Static<typeof PayoutView>
