import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { NewId } from '../../../kernel/id.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { Db } from '../../../platform/db.ts'
import type { LenderId } from '../terms.ts'
import type { Loans } from './loans.ts'

export type LoanRouteContext = {
  loans: Loans
  /** Lenders with which a person may have loans. */
  lenders: () => Promise<readonly { lenderId: LenderId }[]>
  platform: { db: Db; clock: Clock; newId: NewId }
}

export type LoanRoutesApp = Parameters<FastifyPluginAsyncTypebox>[0]
