import type { Refund } from '../../../contract/client.ts'

/** What of a refund is the payer's: to their channel, their personal account, their deposit. */
const OWN = new Set<Kind>(['self_pay', 'account', 'deposit'])

type Kind = Refund['parts'][number]['kind']

/** How a refund divides between the payer and the others; null until that is known. */
export function sharesOf(refund: Refund): { ownFen: number; othersFen: number } | null {
  const { toPayerFen, amountFen, parts } = refund
  if (toPayerFen === null) return null
  const elsewhereFen = sumFen(parts.filter(({ kind }) => kind !== 'self_pay' && OWN.has(kind)))
  const ownFen = toPayerFen + elsewhereFen
  return { ownFen, othersFen: amountFen - ownFen }
}

/** The same of several; null when it is not known of one of them. */
export function sharesOfAll(
  refunds: readonly Refund[],
): { ownFen: number; othersFen: number } | null {
  const sum = { ownFen: 0, othersFen: 0 }
  for (const refund of refunds) {
    const shares = sharesOf(refund)
    if (shares === null) return null
    sum.ownFen += shares.ownFen
    sum.othersFen += shares.othersFen
  }
  return sum
}

/** What has gone back, by whose money it was: words under refund.back.<kind>. */
export function backParts(refunds: readonly Refund[]): Refund['parts'] {
  const sums = new Map<string, Refund['parts'][number]>()
  for (const part of refunds.flatMap(({ parts }) => parts)) {
    const key = `${part.provider} ${part.kind}`
    sums.set(key, { ...part, amountFen: (sums.get(key)?.amountFen ?? 0) + part.amountFen })
  }
  return [...sums.values()].filter(({ amountFen }) => amountFen !== 0)
}

const sumFen = (parts: Refund['parts']): number =>
  parts.reduce((sum, { amountFen }) => sum + amountFen, 0)
