import type { Credit } from './credit.ts'
import { creditErrors } from './errors.ts'
import type { LenderId } from './terms.ts'

/**
 * The lender of a path, before anything is kept under its number: keys and rows in the book of a lender that is not there
 * would stay for ever. Errors: lender_not_found.
 */
export async function knownLender(
  credit: Pick<Credit, 'lenders'>,
  lenderId: number,
): Promise<LenderId> {
  const known = (await credit.lenders()).find((lender) => lender.lenderId === lenderId)
  if (!known) throw creditErrors.lender_not_found({ lenderId })
  return known.lenderId
}
