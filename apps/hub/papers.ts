import { createHash } from 'node:crypto'

import type { ClaimDocument, PapersRequest } from '../../modules/coverage/index.ts'
import type { createStanding } from '../../modules/payments/index.ts'

/**
 * The papers of a payment that a commercial insurer may ask for, as far as the hub has them: the receipt of each bill. A
 * summary of the visit is the hospital's, and none is sent until its system gives one. Null before the payment has succeeded.
 */
export const createPapers =
  ({ receiptsOf }: Pick<ReturnType<typeof createStanding>, 'receiptsOf'>) =>
  async (request: PapersRequest): Promise<ClaimDocument[] | null> => {
    const receipts = await receiptsOf(request.hospitalId, request.paymentId)
    if (!receipts) return null
    if (!request.kinds.includes('receipt')) return []
    return receipts.map((receipt) => {
      const content = Buffer.from(JSON.stringify(receipt))
      return {
        kind: 'receipt',
        documentNo: receipt.receiptNo,
        title: '收费收据',
        contentType: 'application/json',
        content,
        sha256: createHash('sha256').update(content).digest('hex'),
      }
    })
  }
