import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { journalAbout } from '../../modules/ledger/index.ts'
import {
  type PaymentId,
  paymentErrors,
  paymentOwner,
  paymentSubject,
} from '../../modules/payments/index.ts'
import { proofText } from '../../modules/sealing/index.ts'
import type { Platform } from '../../platform/context.ts'
import { inHospital } from '../../platform/db.ts'
import { principalOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import type { Hub } from '../hub/create-hub.ts'

const PAGE = join(import.meta.dirname, '../../docs/proofs/check.html')
const FileText = Type.Unsafe<string>(Type.String())

/** The proof of a payment for whoever paid it, and the page that checks one without us. */
export const proofRoutes =
  (hub: Pick<Hub, 'sealing'>, { db }: Pick<Platform, 'db'>): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/hospitals/:hospitalId/payments/:id/proof',
      {
        config: { access: ['person', 'staff:finance', 'staff:auditor'] },
        schema: {
          operationId: 'getPaymentProof',
          summary:
            'All entries about a payment with what proves that they stand in the sealed books',
          tags: ['payments'],
          params: Type.Object({
            hospitalId: Type.Integer({ minimum: 1, maximum: 1_679_615 }),
            id: Type.String({ format: 'uuid' }),
          }),
          response: {
            200: { content: { 'application/json': { schema: FileText } } },
            ...problems,
          },
        },
      },
      async (request, reply) => {
        const hospitalId = request.params.hospitalId as HospitalId
        const id = request.params.id as PaymentId
        const principal = principalOf(request, 'person', 'staff')
        const lines = await inHospital(db, hospitalId, async (tx) => {
          const owner = await paymentOwner(tx, hospitalId, id)
          const isForeign = principal.kind === 'person' && owner !== principal.personId
          if (owner === null || isForeign) throw paymentErrors.payment_not_found({ id })
          return journalAbout(tx, hospitalId, paymentSubject(id))
        })
        const entryIds = [...new Set(lines.map(({ entryId }) => entryId))]
        const proof = await hub.sealing.proofOf({ hospitalId, log: 'ledger' }, entryIds)
        return reply
          .header('content-disposition', `attachment; filename="proof-${id}.json"`)
          .header('cache-control', 'no-store')
          .type('application/json')
          .send(proofText(proof))
      },
    )

    // Saved and opened from a disk: it is to be believed without us, so it is not shown by us.
    app.get(
      '/proof-check',
      {
        config: { access: ['public'] },
        schema: {
          operationId: 'getProofCheckPage',
          summary: 'The page that checks a proof, to be saved and opened without a network',
          tags: ['payments'],
          response: { 200: { content: { 'text/html': { schema: FileText } } }, ...problems },
        },
      },
      async (_request, reply) =>
        reply
          .header('content-disposition', 'attachment; filename="check-proof.html"')
          .type('text/html; charset=utf-8')
          .send(await readFile(PAGE, 'utf8')),
    )
  }
