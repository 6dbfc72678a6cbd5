import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, businessDate } from '../../../kernel/time.ts'
import { problems } from '../../../platform/http/problem.ts'
import { registerTermsRoutes } from '../../../platform/terms/routes.ts'
import { reconciliationErrors } from '../errors.ts'
import type { CrossChecks } from './cross-checks.ts'
import {
  CrossCheckView,
  DifferencesQuery,
  FoundView,
  NewPlan,
  OfHospital,
  OfNamedDate,
  OfRun,
  PlanView,
  RangeQuery,
  RunView,
} from './schemas.ts'
import { viewOfCrossCheck, viewOfFound, viewOfRun } from './views.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const CrossCheck = Type.Unsafe<Type.Static<typeof CrossCheckView>>(Type.Ref('CrossCheck'))
const Run = Type.Unsafe<Type.Static<typeof RunView>>(Type.Ref('CrossCheckRun'))
const Found = Type.Unsafe<Type.Static<typeof FoundView>>(Type.Ref('CrossCheckDifference'))

const READERS = ['staff:finance', 'staff:auditor'] as const
const ACTORS = ['staff:finance'] as const
const CHECKS = '/hospitals/:hospitalId/reconciliation/cross-checks'
const TAGS = ['reconciliation']
const MOST_DAYS = 62

/** Lists of any number of sources against each other: what is agreed on, how far it has come, and what was found. */
export const crossCheckRoutes =
  (crossChecks: CrossChecks): FastifyPluginAsyncTypebox =>
  async (app) => {
    for (const view of [PlanView, CrossCheckView, RunView, FoundView]) app.addSchema(view)
    planRoutes(app, crossChecks)
    dateRoutes(app, crossChecks)
    runRoutes(app, crossChecks)
  }

function planRoutes(app: App, crossChecks: CrossChecks): void {
  registerTermsRoutes(app, {
    path: `${CHECKS}/plans`,
    tags: TAGS,
    view: Type.Ref('CrossCheckPlan'),
    list: {
      operationId: 'listCrossCheckPlans',
      summary: 'Which sources are held against each other, with who proposed and agreed',
      handle: crossChecks.plans,
    },
    propose: {
      operationId: 'proposeCrossCheckPlan',
      summary: 'Propose which sources to hold against each other, by which rules',
      body: NewPlan,
      handle: crossChecks.propose,
    },
    decide: {
      operationId: 'decideCrossCheckPlan',
      summary: 'Agree to a plan that another person proposed, or refuse it',
      handle: crossChecks.decide,
    },
  })
}

function dateRoutes(app: App, crossChecks: CrossChecks): void {
  app.get(
    CHECKS,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listCrossChecks',
        summary: 'How far the cross-checks of some dates have come; a range of at most 62 days',
        tags: TAGS,
        params: OfHospital,
        querystring: RangeQuery,
        response: { 200: Type.Object({ items: Type.Array(CrossCheck) }), ...problems },
      },
    },
    async ({ params, query }) => {
      const [from, to] = [businessDate(query.from), businessDate(query.to)]
      if (to >= addDays(from, MOST_DAYS)) throw reconciliationErrors.range_too_long({ from, to })
      const found = await crossChecks.between(params.hospitalId as HospitalId, { from, to })
      return { items: found.map(viewOfCrossCheck) }
    },
  )
  app.post(
    `${CHECKS}/:name/:date/rerun`,
    {
      config: { access: ACTORS },
      schema: {
        operationId: 'rerunCrossCheck',
        summary: 'Have a date compared by a cross-check, or compared anew',
        tags: TAGS,
        params: OfNamedDate,
        response: { 202: Type.Null(), ...problems },
      },
    },
    async ({ params }, reply) => {
      const date = businessDate(params.date)
      await crossChecks.again(params.hospitalId as HospitalId, { name: params.name, date })
      return reply.code(202).send(null)
    },
  )
}

function runRoutes(app: App, crossChecks: CrossChecks): void {
  app.get(
    `${CHECKS}/runs/:runId`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'getCrossCheckRun',
        summary: 'What each rule matched, why theirs is not ours, and what differs by class',
        tags: TAGS,
        params: OfRun,
        response: { 200: Run, ...problems },
      },
    },
    async ({ params: { hospitalId, runId } }) => {
      const run = await crossChecks.run(hospitalId as HospitalId, runId)
      if (!run) throw reconciliationErrors.run_not_found({ runId })
      return viewOfRun(run)
    },
  )
  app.get(
    `${CHECKS}/runs/:runId/differences`,
    {
      config: { access: READERS },
      schema: {
        operationId: 'listCrossCheckDifferences',
        summary: 'What differs, with the rows of every side and what stood against a match',
        tags: TAGS,
        params: OfRun,
        querystring: DifferencesQuery,
        response: { 200: Type.Object({ items: Type.Array(Found) }), ...problems },
      },
    },
    async ({ params: { hospitalId, runId }, query }) => {
      const found = await crossChecks.differences(hospitalId as HospitalId, runId, query)
      return { items: found.map(viewOfFound) }
    },
  )
}
