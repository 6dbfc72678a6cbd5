import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'

import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import { isBusinessDate } from '../../kernel/time.ts'
import { requestActor } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/problem.ts'
import { HOSPITAL_LEVELS } from './entry.ts'
import { catalogueErrors } from './errors.ts'
import { ACCOUNT_PARTS, type Policy, type PolicyTerms, VISIT_KINDS } from './policy.ts'
import type { RouteContext } from './route-parts.ts'
import { OfHospital } from './schemas.ts'

type App = Parameters<FastifyPluginAsyncTypebox>[0]

const CATALOGUE = '/hospitals/:hospitalId/catalogue'

const MOST_FEN = 100_000_000_000
const Amount = Type.Integer({ minimum: 0, maximum: MOST_FEN, description: 'Fen, 1/100 yuan' })
const SharePpm = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Parts per million' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Day = Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}$` })
const closed = { additionalProperties: false }

const Setting = Type.Object(
  {
    region: Type.String({
      pattern: String.raw`^\d{6}$`,
      description: 'Of the insurance, six digits',
    }),
    level: Type.Enum([...HOSPITAL_LEVELS]),
    acceptFrom: Type.Integer({
      minimum: 1,
      maximum: 1_000,
      description: 'How sure a match must be that nobody looks at',
    }),
  },
  closed,
)

const Terms = Type.Object(
  {
    deductible: Type.Object(
      { per: Type.Enum(['year', 'admission']), firstFen: Amount, laterFen: Amount },
      closed,
    ),
    segments: Type.Array(
      Type.Object(
        {
          fromFen: Amount,
          sharePpm: Type.Object(
            { employed: SharePpm, retired: SharePpm, resident: SharePpm },
            closed,
          ),
        },
        closed,
      ),
      { minItems: 1, maxItems: 20 },
    ),
    capFen: Nullable(Amount),
    largeSum: Nullable(
      Type.Object(
        {
          on: Type.Enum(['above_cap', 'burden']),
          segments: Type.Array(Type.Object({ fromFen: Amount, sharePpm: SharePpm }, closed), {
            minItems: 1,
            maxItems: 20,
          }),
          capFen: Nullable(Amount),
        },
        closed,
      ),
    ),
    accountPays: Type.Array(Type.Enum([...ACCOUNT_PARTS]), { maxItems: ACCOUNT_PARTS.length }),
  },
  closed,
)

const PolicyBody = Type.Object(
  {
    insutype: Type.String({ pattern: String.raw`^\d{3,6}$`, description: '310 职工, 390 居民' }),
    level: Type.Enum([...HOSPITAL_LEVELS]),
    visitKind: Type.Enum([...VISIT_KINDS]),
    from: Day,
    terms: Terms,
  },
  closed,
)
const PolicyOut = Type.Object({ region: Type.String(), ...PolicyBody.properties })

/** Which catalogue a hospital goes by, and the terms that estimates go by in its region. */
export const settingRoutes =
  (context: RouteContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    settingRoute(app, context)
    policyRoutes(app, context)
  }

function settingRoute(app: App, { catalogue }: RouteContext): void {
  app.get(
    `${CATALOGUE}/setting`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'getCatalogueSetting',
        summary: 'Which catalogue the hospital goes by, and how sure a match must be',
        tags: ['catalogue'],
        params: OfHospital,
        response: { 200: Setting, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const setting = await catalogue.settingOf(hospitalId)
      if (!setting) throw catalogueErrors.hospital_not_set({ hospitalId })
      return setting
    },
  )

  app.put(
    `${CATALOGUE}/setting`,
    {
      config: { access: ['staff:it'] },
      schema: {
        operationId: 'putCatalogueSetting',
        summary: 'Say which catalogue the hospital goes by: its items are then matched anew',
        tags: ['catalogue'],
        params: OfHospital,
        body: Setting,
        response: { 200: Setting, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      await catalogue.setHospital(hospitalId, request.body, requestActor(request))
      return request.body
    },
  )
}

function policyRoutes(app: App, { catalogue }: RouteContext): void {
  app.get(
    `${CATALOGUE}/policies`,
    {
      config: { access: ['staff'] },
      schema: {
        operationId: 'listCataloguePolicies',
        summary: 'The terms that estimates go by in the hospital’s region, the latest first',
        tags: ['catalogue'],
        params: OfHospital,
        response: { 200: Type.Object({ items: Type.Array(PolicyOut) }), ...problems },
      },
    },
    async (request) => {
      const region = await regionOf(catalogue, request.params.hospitalId as HospitalId)
      return { items: (await catalogue.policiesOf(region)).map(viewOfPolicy) }
    },
  )

  app.put(
    `${CATALOGUE}/policies`,
    {
      config: { access: ['staff:it'] },
      schema: {
        operationId: 'putCataloguePolicy',
        summary: 'Put the terms of one kind of insurance from a day on; estimates alone go by them',
        tags: ['catalogue'],
        params: OfHospital,
        body: PolicyBody,
        response: { 200: PolicyOut, ...problems },
      },
    },
    async (request) => {
      const hospitalId = request.params.hospitalId as HospitalId
      const { insutype, level, visitKind, from, terms } = request.body
      if (!isBusinessDate(from)) throw catalogueErrors.date_invalid({ from })
      const region = await regionOf(catalogue, hospitalId)
      const policy: Policy = { region, insutype, level, visitKind, from, terms: termsOf(terms) }
      await catalogue.putPolicy(policy, { hospitalId, actor: requestActor(request) })
      return viewOfPolicy(policy)
    },
  )
}

async function regionOf(
  catalogue: RouteContext['catalogue'],
  hospitalId: HospitalId,
): Promise<string> {
  const setting = await catalogue.settingOf(hospitalId)
  if (!setting) throw catalogueErrors.hospital_not_set({ hospitalId })
  return setting.region
}

function termsOf(terms: Type.Static<typeof Terms>): PolicyTerms {
  const { deductible, segments, capFen, largeSum, accountPays } = terms
  return {
    deductible: {
      per: deductible.per,
      firstFen: fen(deductible.firstFen),
      laterFen: fen(deductible.laterFen),
    },
    segments: segments.map((one) => ({ ...one, fromFen: fen(one.fromFen) })),
    capFen: capOf(capFen),
    largeSum: largeSum && {
      on: largeSum.on,
      segments: largeSum.segments.map((one) => ({ ...one, fromFen: fen(one.fromFen) })),
      capFen: capOf(largeSum.capFen),
    },
    accountPays,
  }
}

const capOf = (amount: number | null): Fen | null => (amount === null ? null : fen(amount))

function viewOfPolicy({ terms, ...key }: Policy): Type.Static<typeof PolicyOut> {
  const { segments, largeSum, accountPays } = terms
  return {
    ...key,
    terms: {
      ...terms,
      segments: segments.map((one) => ({ ...one, sharePpm: { ...one.sharePpm } })),
      largeSum: largeSum && { ...largeSum, segments: [...largeSum.segments] },
      accountPays: [...accountPays],
    },
  }
}
