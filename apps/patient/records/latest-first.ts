import type { Payment } from '../../../contract/client.ts'

/** What one hospital answered to one page of the list. */
export type RecordsPage = {
  hospitalId: number
  payments: Payment[]
  hasMore: boolean
  error: unknown
}

/**
 * The pages of several hospitals as one list, newest first. What is older than the oldest payment known of a
 * hospital that has more is kept back: others of that hospital may belong before it.
 */
export function latestFirst(pages: readonly (readonly RecordsPage[])[]): Payment[] {
  const all = pages.flat()
  const hospitalIds = [...new Set(all.map((page) => page.hospitalId))]
  const horizons = hospitalIds.map((hospitalId) => {
    const last = all.findLast((page) => page.hospitalId === hospitalId)
    return (last?.hasMore && last.payments.at(-1)?.createdAt) || ''
  })
  const horizon = horizons.reduce((latest, at) => (at > latest ? at : latest), '')
  return all
    .flatMap((page) => page.payments)
    .filter((payment) => payment.createdAt >= horizon && !wasNeverBegun(payment))
    .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/** A plan that ran out, or that the payer took back: nothing came of it. */
const wasNeverBegun = (payment: Payment) => payment.payerState === 'closed'
