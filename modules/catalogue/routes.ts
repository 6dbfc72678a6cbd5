import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Db } from '../../platform/db.ts'
import type { Catalogue } from './catalogue.ts'
import type { Insured } from './estimating.ts'
import type { BillLine } from './explain.ts'
import { lineRoutes } from './line-routes.ts'
import { EntryView, ExplanationView, ItemView } from './schemas.ts'
import { staffRoutes } from './staff-routes.ts'

export type RouteContext = {
  catalogue: Catalogue
  db: Db
  /**
   * The lines of a bill of the person, and whose insurance an estimate goes by; null for a bill that is not theirs. Without an
   * insured person the lines are explained and nothing is estimated.
   */
  billOf: (
    hospitalId: HospitalId,
    personId: Id<'Person'>,
    billNo: string,
  ) => Promise<{ lines: readonly BillLine[]; insured: Insured | null } | null>
}

/** The catalogue and the work on it for staff; what a bill's lines are in it for payers and doctors. */
export const catalogueRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const schema of [EntryView, ItemView, ExplanationView]) app.addSchema(schema)
    await app.register(staffRoutes(context))
    await app.register(lineRoutes(context))
  }
