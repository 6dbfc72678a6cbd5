import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { problems } from '../../platform/http/problem.ts'
import type { HeadDetail } from './proofs.ts'
import { HeadsQuery, HeadsView, OfHospital, OfLog, StandingView } from './schemas.ts'
import type { Sealing } from './sealing.ts'
import type { LogStanding } from './standing.ts'
import { viewOfHead } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

/** What an application that countersigned is called; null where nobody knows. */
export type NameOfPartner = (
  hospitalId: HospitalId,
  applicationId: string,
) => Promise<string | null>

const forStaff = { access: ['staff:finance', 'staff:auditor'] } as const
const MOST_SIZE = 2 ** 48

/** How far sealing has come, and the heads one by one: for the hospital's own eyes. */
export function standingRoutes(app: App, sealing: Sealing, nameOf: NameOfPartner): void {
  app.get(
    '/hospitals/:hospitalId/sealing',
    {
      config: forStaff,
      schema: {
        operationId: 'getSealingStanding',
        summary: 'Every sealed log with its newest head, and what waits to be sealed',
        tags: ['sealing'],
        params: OfHospital,
        response: { 200: StandingView, ...problems },
      },
    },
    async ({ params }) => {
      const hospitalId = params.hospitalId as HospitalId
      const items = await sealing.standing(hospitalId)
      const heads = items.flatMap(({ head }) => head ?? [])
      return {
        items: items.map(viewOfStanding),
        partners: await partnersOf(hospitalId, heads, nameOf),
      }
    },
  )

  app.get(
    '/hospitals/:hospitalId/sealing/:log/heads',
    {
      config: forStaff,
      schema: {
        operationId: 'listTreeHeads',
        summary: 'The heads of a log, the newest first, each with who countersigned it',
        tags: ['sealing'],
        params: OfLog,
        querystring: HeadsQuery,
        response: { 200: HeadsView, ...problems },
      },
    },
    async ({ params, query: { before, limit } }) => {
      const hospitalId = params.hospitalId as HospitalId
      const upTo = before === undefined ? MOST_SIZE : before - 1
      const heads = await sealing.heads({ hospitalId, log: params.log }, { upTo, limit: limit + 1 })
      const items = heads.slice(0, limit)
      return {
        items: items.map(viewOfHead),
        next: heads.length > limit ? (items.at(-1)?.head.size ?? null) : null,
        partners: await partnersOf(hospitalId, items, nameOf),
      }
    },
  )
}

const viewOfStanding = ({ head, waitingSince, ...standing }: LogStanding) => ({
  ...standing,
  head: head && viewOfHead(head),
  waitingSince: waitingSince?.toISOString() ?? null,
})

async function partnersOf(
  hospitalId: HospitalId,
  heads: readonly HeadDetail[],
  nameOf: NameOfPartner,
) {
  const ids = heads.flatMap(({ countersignatures }) =>
    countersignatures.map(({ applicationId }) => applicationId),
  )
  const partners = []
  for (const applicationId of new Set(ids)) {
    partners.push({ applicationId, name: await nameOf(hospitalId, applicationId) })
  }
  return partners
}
