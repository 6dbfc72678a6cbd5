import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { readTradeNo, tradeNoOf } from '../../kernel/trade-no.ts'
import { journalAbout } from '../../modules/ledger/index.ts'
import {
  type PaymentId,
  paymentErrors,
  paymentOwner,
  paymentSubject,
} from '../../modules/payments/index.ts'
import { proofText, type Sealing } from '../../modules/sealing/index.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Principal } from '../../platform/principal.ts'
import type { Seal } from '../../platform/seal.ts'
import {
  type Digest,
  type Given,
  isReceiptCode,
  pageWith,
  policyOf,
  receiptCodeOf,
} from './receipt-proof.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Parts = { db: Db; seal: Pick<Seal, 'blindIndex'>; sealing: Pick<Sealing, 'proofOf'> }

const FOLDER = join(import.meta.dirname, '../../docs/proofs')
const PAGE = join(FOLDER, 'check.html')
const FileText = Type.Unsafe<string>(Type.String())
const OfPayment = Type.Object({
  hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }),
  id: Type.String({ format: 'uuid' }),
})
const OWNERS = ['person', 'staff:finance', 'staff:auditor'] as const

/** The proof of a payment for whoever paid it, the code that leads to it, and what checks one without us. */
export const proofRoutes =
  (parts: Parts, { publicUrl }: { publicUrl: string }): FastifyPluginAsyncTypebox =>
  async (app) => {
    proofRoute(app, parts)
    linkRoute(app, parts, publicUrl)
    checkerRoutes(app)
  }

/**
 * What the code on a receipt leads to. Its address is on paper and stays, so it has no version. Whoever has the paper has
 * the code in it; the page shows nothing that the paper does not.
 */
export const receiptProofRoute =
  (parts: Parts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const page = await readFile(PAGE, 'utf8')
    const policy = policyOf(page)
    app.get(
      '/proof',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'getReceiptProofPage',
          summary: 'The proof of a receipt in the page that checks it, by the code printed on it',
          tags: ['payments'],
          querystring: Type.Object({
            no: Type.String({ maxLength: 40 }),
            code: Type.String({ maxLength: 40 }),
          }),
          response: { 200: { content: { 'text/html': { schema: FileText } } }, ...problems },
        },
      },
      async ({ query: { no, code } }, reply) => {
        const given = await givenFor(parts, no, code)
        return reply
          .header('cache-control', 'no-store')
          .header('content-security-policy', policy)
          .header('x-robots-tag', 'noindex')
          .type('text/html; charset=utf-8')
          .send(pageWith(page, given))
      },
    )
  }

async function givenFor(parts: Parts, no: string, code: string): Promise<Given> {
  const known = isReceiptCode(digestOf(parts), no, code) ? readTradeNo(no) : null
  if (!known) return { reason: 'unknown' }
  try {
    const proof = await proofOfPayment(parts, known.hospitalId, known.id as PaymentId)
    return proof === null ? { reason: 'notSealed' } : { no, proof }
  } catch (error) {
    if (error instanceof AppError && error.kind === 'not_found') return { reason: 'notSealed' }
    throw error
  }
}

const digestOf =
  ({ seal }: Parts): Digest =>
  (text) =>
    seal.blindIndex('payments.receipt-proof', text)

function proofRoute(app: App, parts: Parts): void {
  app.get(
    '/hospitals/:hospitalId/payments/:id/proof',
    {
      config: { access: OWNERS, forMember: 'bills' },
      schema: {
        operationId: 'getPaymentProof',
        summary: 'All entries about a payment with what proves that they stand in the sealed books',
        tags: ['payments'],
        params: OfPayment,
        response: {
          200: { content: { 'application/json': { schema: FileText } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as PaymentId
      await checkOwner(parts, hospitalId, id, principalOf(request, 'person', 'staff'))
      const proof = await proofOfPayment(parts, hospitalId, id)
      if (proof === null) throw paymentErrors.payment_not_found({ id })
      return reply
        .header('content-disposition', `attachment; filename="proof-${id}.json"`)
        .header('cache-control', 'no-store')
        .type('application/json')
        .send(proof)
    },
  )
}

function linkRoute(app: App, parts: Parts, publicUrl: string): void {
  app.get(
    '/hospitals/:hospitalId/payments/:id/proof-link',
    {
      config: { access: OWNERS, forMember: 'bills' },
      schema: {
        operationId: 'getPaymentProofLink',
        summary: 'The address behind the code on a receipt: whoever has it sees the proof',
        tags: ['payments'],
        params: OfPayment,
        response: { 200: Type.Object({ url: Type.String({ format: 'uri' }) }), ...problems },
      },
    },
    async (request, reply) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const id = request.params.id as PaymentId
      await checkOwner(parts, hospitalId, id, principalOf(request, 'person', 'staff'))
      const url = new URL('/proof', publicUrl)
      const no = tradeNoOf(hospitalId, id)
      url.searchParams.set('no', no)
      url.searchParams.set('code', receiptCodeOf(digestOf(parts), no))
      void reply.header('cache-control', 'no-store')
      return { url: url.href }
    },
  )
}

/** Errors: throws payments.payment_not_found, also for the payment of somebody else. */
async function checkOwner(
  { db }: Parts,
  hospitalId: HospitalId,
  id: PaymentId,
  principal: Extract<Principal, { kind: 'person' | 'staff' }>,
): Promise<void> {
  const owner = await inHospital(db, hospitalId, (tx) => paymentOwner(tx, hospitalId, id))
  const isForeign = principal.kind === 'person' && owner !== principal.personId
  if (owner === null || isForeign) throw paymentErrors.payment_not_found({ id })
}

/** Null while nothing is booked of it. Errors: throws sealing.head_not_found, item_not_sealed. */
async function proofOfPayment(
  { db, sealing }: Parts,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<string | null> {
  const lines = await inHospital(db, hospitalId, (tx) =>
    journalAbout(tx, hospitalId, paymentSubject(id)),
  )
  const entryIds = [...new Set(lines.map(({ entryId }) => entryId))]
  if (entryIds.length === 0) return null
  return proofText(await sealing.proofOf({ hospitalId, log: 'ledger' }, entryIds))
}

// Saved and opened from a disk: it is to be believed without us, so it is not shown by us.
const CHECKERS = [
  {
    path: '/proof-check',
    operationId: 'getProofCheckPage',
    summary: 'The page that checks a proof, to be saved and opened without a network',
    file: 'check.html',
    savedAs: 'check-proof.html',
    type: 'text/html',
  },
  {
    path: '/proof-check/script',
    operationId: 'getProofCheckScript',
    summary: 'The script that checks a proof: node check-proof.mjs proof.json',
    file: 'check-proof.mjs',
    savedAs: 'check-proof.mjs',
    type: 'text/javascript',
  },
  {
    path: '/proof-check/sm2',
    operationId: 'getProofCheckSignatures',
    summary: 'Read by the script where somebody signed by SM2, from beside it',
    file: 'sm2.mjs',
    savedAs: 'sm2.mjs',
    type: 'text/javascript',
  },
] as const

function checkerRoutes(app: App): void {
  for (const { path, operationId, summary, file, savedAs, type } of CHECKERS) {
    app.get(
      path,
      {
        config: { access: ['public'] },
        schema: {
          operationId,
          summary,
          tags: ['payments'],
          response: { 200: { content: { [type]: { schema: FileText } } }, ...problems },
        },
      },
      async (_request, reply) =>
        reply
          .header('content-disposition', `attachment; filename="${savedAs}"`)
          .type(`${type}; charset=utf-8`)
          .send(await readFile(join(FOLDER, file), 'utf8')),
    )
  }
}
