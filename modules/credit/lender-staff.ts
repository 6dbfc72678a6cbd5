import type { FastifyRequest } from 'fastify'

import { principalOf } from '../../platform/http/access.ts'
import { creditErrors } from './errors.ts'
import type { LenderId } from './terms.ts'

/** A lender's staff are signed in for its book, and its own system has a key for it. */
export const BY_LENDER = ['staff:finance', 'institution'] as const

/** Errors: not_of_this_lender for everybody else. */
export function lenderAsking(request: FastifyRequest, lenderId: number): LenderId {
  const principal = principalOf(request, 'staff', 'institution')
  const books = principal.kind === 'staff' ? [principal.hospitalId] : principal.hospitalIds
  const own = books.find((book) => book === lenderId)
  if (own === undefined) throw creditErrors.not_of_this_lender({ lenderId })
  return own
}
